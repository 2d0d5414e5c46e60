"""A machine can begin a draft and hand it over by a code that is good for one opening."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistants", "0001_initial")]

    operations = [
        migrations.AddField(
            "draft", "handover", models.BooleanField(default=False, db_default=False)
        ),
    ]
