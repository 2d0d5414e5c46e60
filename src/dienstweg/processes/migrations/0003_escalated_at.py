"""When somebody beyond those who work on a case was told that a period ends soon."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processes", "0002_periods_halts_moves")]

    operations = [
        migrations.AddField("deadline", "escalated_at", models.DateTimeField(null=True)),
    ]
