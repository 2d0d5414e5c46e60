"""A draft can correct an application that was submitted: it names the case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistants", "0002_handover")]

    operations = [
        migrations.AddField("draft", "corrects", models.UUIDField(null=True)),
        migrations.AddIndex(
            "draft",
            models.Index(
                fields=["corrects"],
                condition=models.Q(corrects__isnull=False),
                name="draft_corrects",
            ),
        ),
    ]
