import django.db.models.deletion
from django.db import migrations, models

import dienstweg.kernel.references
from dienstweg.authorities.scope import row_security


class Migration(migrations.Migration):
    dependencies = [
        ("authorities", "0001_initial"),
        ("catalogue", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Street",
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
                ("name", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=160)),
                ("from_number", models.PositiveSmallIntegerField(null=True)),
                ("to_number", models.PositiveSmallIntegerField(null=True)),
                ("postcode", models.CharField(max_length=5)),
                ("town", models.CharField(max_length=120)),
                ("district", models.CharField(blank=True, max_length=120)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
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
                    models.Index(
                        fields=["authority", "key"],
                        name="street_key",
                        opclasses=["uuid_ops", "varchar_pattern_ops"],
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StreetRegister",
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
                ("edition", models.UUIDField(default=dienstweg.kernel.references.new_id)),
                ("loaded_at", models.DateTimeField()),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
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
                "constraints": [
                    models.UniqueConstraint(fields=("authority",), name="one_street_register")
                ],
            },
        ),
        row_security("catalogue_street"),
        row_security("catalogue_streetregister"),
    ]
