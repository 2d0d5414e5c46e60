"""A file waits for the virus scan; an upload arrives in pieces.

A process of the release before knows nothing of the new columns: what it inserts is released, as
it was.
"""

import django.db.models.deletion
from django.db import migrations, models

import dienstweg.kernel.references
from dienstweg.authorities.scope import row_security


class Migration(migrations.Migration):
    dependencies = [("authorities", "0001_initial"), ("files", "0001_initial")]

    operations = [
        migrations.AddField(
            "file", "state", models.CharField(max_length=10, default="ready", db_default="ready")
        ),
        migrations.AddField("file", "wrapped_key", models.BinaryField(null=True)),
        migrations.AddField(
            "file",
            "finding",
            models.CharField(max_length=120, blank=True, default="", db_default=""),
        ),
        migrations.AddIndex(
            "file",
            models.Index(
                fields=["authority", "id"],
                name="file_waiting",
                condition=models.Q(("state", "waiting")),
            ),
        ),
        migrations.AddConstraint(
            "file",
            models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "ready", "refused"])),
                name="file_state",
            ),
        ),
        migrations.CreateModel(
            name="Upload",
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
                ("owner_id", models.UUIDField()),
                ("place", models.CharField(max_length=300)),
                ("name", models.BinaryField()),
                ("length", models.PositiveIntegerField()),
                ("offset", models.PositiveIntegerField(default=0)),
                ("pieces", models.JSONField(default=list)),
                ("done", models.BooleanField(default=False)),
                ("expires_at", models.DateTimeField()),
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
                "indexes": [
                    models.Index(fields=["authority", "owner_id"], name="upload_owner"),
                    models.Index(fields=["authority", "expires_at"], name="upload_expires"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("offset__lte", models.F("length"))),
                        name="upload_offset",
                    )
                ],
            },
        ),
        row_security("files_upload"),
    ]
