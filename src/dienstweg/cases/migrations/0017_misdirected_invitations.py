"""It is noted that an invitation reached the wrong person, and who gave up what is asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_paper_options")]

    operations = [
        migrations.AddField("party", "not_meant_since", models.DateTimeField(null=True)),
        migrations.AddField("task", "given_up_by", models.UUIDField(null=True)),
    ]
