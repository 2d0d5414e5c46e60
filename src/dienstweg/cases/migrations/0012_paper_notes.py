"""What parties did on paper: when it came, who wrote it down, the scan. An old process has none."""

import django.db.models.deletion
from django.db import migrations, models

import dienstweg.kernel.references
from dienstweg.authorities.scope import row_security


class Migration(migrations.Migration):
    dependencies = [
        ("authorities", "0001_initial"),
        ("cases", "0011_parties_of_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperNote",
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
                ("what", models.CharField(max_length=12)),
                ("about_id", models.UUIDField()),
                ("came_on", models.DateField()),
                ("file_id", models.UUIDField()),
                ("noted_by", models.UUIDField()),
                ("noted_at", models.DateTimeField()),
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
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="cases.party",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["case", "about_id"], name="paper_note_once"),
                    models.CheckConstraint(
                        condition=models.Q(what__in=["answer", "signature", "refusal", "file"]),
                        name="paper_note_what",
                    ),
                ],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        row_security("cases_papernote"),
    ]
