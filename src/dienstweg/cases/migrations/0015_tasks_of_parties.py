"""What parties were asked is found by the day their answer is due, without reading other tasks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_invited_roles")]

    operations = [
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["authority", "due_at", "id"],
                condition=models.Q(state="open", role__startswith="party:"),
                name="task_of_parties",
            ),
        ),
    ]
