"""An account finds the authorities at which it takes part, so that they let go of it at the end."""

from django.db import migrations, models

from dienstweg.authorities.scope import account_reads


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_party_news")]

    operations = [
        migrations.AddIndex(
            "party",
            models.Index(
                fields=["account_id"],
                condition=models.Q(account_id__isnull=False),
                name="party_of_account",
            ),
        ),
        account_reads("cases_party"),
    ]
