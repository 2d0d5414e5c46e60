"""Who wants e-mails about what falls due, and when they were told last."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_teams")]

    operations = [
        migrations.CreateModel(
            name="Reminding",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("wanted", models.BooleanField(default=True)),
                ("told_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
