"""A draft can belong to an account, which sees its own drafts at every authority."""

from django.db import migrations, models

from dienstweg.authorities.scope import account_reads


class Migration(migrations.Migration):
    dependencies = [("assistants", "0003_corrections")]

    operations = [
        migrations.AddField("draft", "account_id", models.UUIDField(null=True)),
        migrations.AddField("draft", "kept_secret", models.BinaryField(null=True)),
        migrations.AddIndex(
            "draft",
            models.Index(
                fields=["account_id", "changed_at"],
                condition=models.Q(account_id__isnull=False),
                name="draft_of_account",
            ),
        ),
        account_reads("assistants_draft"),
    ]
