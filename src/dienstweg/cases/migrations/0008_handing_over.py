"""A case says to which authority it is being handed over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_accounts")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="handing_to",
            field=models.UUIDField(null=True),
        ),
    ]
