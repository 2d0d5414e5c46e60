"""A case can belong to an account, which sees its own cases at every authority."""

from django.db import migrations, models

from dienstweg.authorities.scope import account_reads


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_corrections")]

    operations = [
        migrations.AddField("case", "account_id", models.UUIDField(null=True)),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["account_id", "id"],
                condition=models.Q(account_id__isnull=False),
                name="case_of_account",
            ),
        ),
        account_reads("cases_case"),
    ]
