"""Parties who had a letter are told of what is new by another one: since when it is to be posted.

Nullable: an old process writes parties without it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_correction_options")]

    operations = [
        migrations.AddField("party", "news_since", models.DateTimeField(null=True)),
    ]
