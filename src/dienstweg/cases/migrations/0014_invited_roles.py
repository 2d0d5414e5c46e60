"""Which roles a process has invited: whom a correction names first is invited, too.

Nullable: an old process writes cases without it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_deputies_and_due_parties")]

    operations = [
        migrations.AddField("case", "invited_roles", models.JSONField(null=True)),
    ]
