"""A release in which something is wrong can be withdrawn, with a reason for applicants."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("offers", "0001_initial")]

    operations = [
        migrations.AddField("pin", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "pin",
            "withdrawn_why",
            models.CharField(max_length=500, default="", db_default=""),
        ),
    ]
