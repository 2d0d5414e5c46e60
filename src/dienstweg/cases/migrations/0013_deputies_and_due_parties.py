"""For whom a deputy has taken a task; parties are found by the day their answer is due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_paper_notes")]

    operations = [
        migrations.AddField("task", "claimed_for", models.UUIDField(null=True)),
        migrations.AddField("task", "returned_from", models.UUIDField(null=True)),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["authority", "id"],
                condition=models.Q(state="open", claimed_for__isnull=False),
                name="task_for_another",
            ),
        ),
        migrations.AddIndex(
            "party",
            models.Index(
                fields=["authority", "due_at", "id"],
                condition=models.Q(state__in=["invited", "joined"]),
                name="party_falling_due",
            ),
        ),
    ]
