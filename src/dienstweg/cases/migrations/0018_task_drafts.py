"""What is written for a decision and not sent has a table of its own. An old process has none."""

import django.db.models.deletion
from django.db import migrations, models

import dienstweg.kernel.references
from dienstweg.authorities.scope import row_security


class Migration(migrations.Migration):
    dependencies = [
        ("authorities", "0001_initial"),
        ("cases", "0017_misdirected_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="TaskDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=dienstweg.kernel.references.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.UUIDField()),
                ("version", models.PositiveIntegerField(default=0)),
                ("kept_at", models.DateTimeField()),
                ("sealed", models.BinaryField(null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="authorities.authority",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="cases.task",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["task", "account_id"], name="task_draft_once"),
                ],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        row_security("cases_taskdraft"),
    ]
