"""Documents that can be verified and sealed, and previews of them. An old process writes documents
without a code and a hash; nobody can verify those, and nothing else is missing."""

import django.db.models.deletion
from django.db import migrations, models

import dienstweg.kernel.references
from dienstweg.authorities.scope import row_security


def _id() -> models.UUIDField:
    return models.UUIDField(
        default=dienstweg.kernel.references.new_id,
        editable=False,
        primary_key=True,
        serialize=False,
    )


def _reference(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("authorities", "0001_initial"),
        ("cases", "0001_initial"),
        ("documents", "0003_paper"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="code",
            field=models.CharField(blank=True, db_default="", default="", max_length=24),
        ),
        migrations.AddField(
            model_name="document", name="sha256", field=models.BinaryField(null=True)
        ),
        migrations.AddField(
            model_name="document", name="sealed_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="document", name="seal_failed_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("authority", "code"),
                name="document_code",
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("sha256__isnull", False)),
                fields=["authority", "sha256"],
                name="document_sha256",
            ),
        ),
        migrations.CreateModel(
            name="Preview",
            fields=[
                ("id", _id()),
                ("account_id", models.UUIDField()),
                ("template", models.CharField(max_length=60)),
                ("state", models.CharField(default="ordered", max_length=10)),
                ("order", models.BinaryField()),
                ("content", models.BinaryField(default=b"")),
                ("ordered_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("authority", _reference("authorities.authority")),
                ("case", _reference("cases.case")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["authority", "ends_at"], name="preview_ends"),
                    models.Index(fields=["case", "account_id"], name="preview_of_case"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ordered", "written", "failed"])),
                        name="preview_state",
                    ),
                ],
            },
        ),
        row_security("documents_preview"),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", _id()),
                ("kind", models.CharField(max_length=60)),
                ("options", models.JSONField(default=dict)),
                ("secrets", models.BinaryField()),
                ("authority", _reference("authorities.authority")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("authority",), name="seal_of_authority"),
                ],
            },
        ),
        row_security("documents_seal"),
    ]
