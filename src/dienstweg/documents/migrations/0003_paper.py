"""Papers: assistants printed to be filled in by hand. A table of its own, which an old process
does not know and does not miss."""

import django.db.models.deletion
from django.db import migrations, models

import dienstweg.kernel.references
from dienstweg.authorities.scope import row_security


class Migration(migrations.Migration):
    dependencies = [
        ("authorities", "0001_initial"),
        ("documents", "0002_unfinished"),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
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
                ("key", models.CharField(max_length=64)),
                ("draft_id", models.UUIDField(null=True)),
                ("state", models.CharField(default="ordered", max_length=10)),
                ("order", models.BinaryField()),
                ("content", models.BinaryField(default=b"")),
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
            ],
            options={
                "indexes": [models.Index(fields=["authority", "ends_at"], name="paper_ends")],
                "constraints": [
                    models.UniqueConstraint(fields=("authority", "key"), name="paper_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ordered", "written", "failed"])),
                        name="paper_state",
                    ),
                ],
            },
        ),
        row_security("documents_paper"),
    ]
