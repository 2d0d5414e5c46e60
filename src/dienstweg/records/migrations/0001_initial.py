"""Archives of cases that were asked for."""

import django.db.models.deletion
from django.db import migrations, models

import dienstweg.kernel.references
from dienstweg.authorities.scope import row_security


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("authorities", "0001_initial"),
        ("cases", "0006_corrections"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
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
                ("key", models.CharField(max_length=120)),
                ("account_id", models.UUIDField()),
                ("state", models.CharField(default="ordered", max_length=10)),
                ("file_id", models.UUIDField(null=True)),
                ("size", models.PositiveIntegerField(default=0)),
                ("ordered_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
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
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["authority", "ends_at"], name="export_ends"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["case", "key"], name="export_key"),
                    models.CheckConstraint(
                        condition=models.Q(state__in=["ordered", "made"]), name="export_state"
                    ),
                ],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        row_security("records_export"),
    ]
