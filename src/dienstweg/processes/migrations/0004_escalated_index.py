"""What was escalated to a role is found without reading every period that runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processes", "0003_escalated_at")]

    operations = [
        migrations.AddIndex(
            "deadline",
            models.Index(
                fields=["authority", "escalated_to", "due_at", "id"], name="deadline_escalated"
            ),
        ),
    ]
