"""What is asked back of applicants, and caseworkers' notes."""

import django.db.models.deletion
from django.db import migrations, models

import dienstweg.kernel.references
from dienstweg.authorities.scope import row_security

UNDER_WAY = models.Q(state__in=["asked", "offered"])


def owned():
    """Return the columns that every row of an authority has here."""
    return [
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
                to="cases.case",
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("authorities", "0001_initial"),
        ("cases", "0005_search_and_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                *owned(),
                ("state", models.CharField(default="asked", max_length=12)),
                ("base", models.PositiveSmallIntegerField()),
                ("made", models.PositiveSmallIntegerField(null=True)),
                ("asked_by", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["case", "id"], name="correction_of_case")],
                "constraints": [
                    models.UniqueConstraint(fields=["case", "key"], name="correction_key"),
                    models.UniqueConstraint(
                        fields=["case"], condition=UNDER_WAY, name="correction_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(state__in=["asked", "offered", "answered", "withdrawn"]),
                        name="correction_state",
                    ),
                ],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                *owned(),
                ("account_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("corrected_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["case", "id"], name="note_of_case")],
                "constraints": [models.UniqueConstraint(fields=["case", "key"], name="note_key")],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        row_security("cases_correction"),
        row_security("cases_note"),
    ]
