"""A message may be for one party of the case alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_withheld")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="party_id",
            field=models.UUIDField(null=True),
        ),
    ]
