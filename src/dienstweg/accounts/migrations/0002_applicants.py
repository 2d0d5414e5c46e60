"""Applicants have accounts: addresses are encrypted, what they say of themselves is sealed.

The old column of addresses stays for as long as processes of the version before may ask for it; it
is emptied by the next migration.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import dienstweg.accounts.models.sealed

ADDRESS = dienstweg.accounts.models.sealed.SealedAddress(
    db_column="address", null=True, unique=True
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("authorities", "0001_initial")]

    operations = [
        migrations.AddField(
            "account", "lang", models.CharField(db_default="de", default="de", max_length=10)
        ),
        migrations.AddField("account", "made_at", models.DateTimeField(null=True)),
        migrations.AddField("account", "profile", models.BinaryField(null=True)),
        migrations.AddField("account", "wrapped_key", models.BinaryField(null=True)),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AlterField("account", "email", ADDRESS)],
            database_operations=[
                migrations.RunSQL(
                    sql=[
                        'ALTER TABLE "accounts_account" ALTER COLUMN "email" DROP NOT NULL',
                        'ALTER TABLE "accounts_account" ADD COLUMN "address" bytea NULL'
                        ' CONSTRAINT "account_address" UNIQUE',
                    ],
                    reverse_sql=[
                        'ALTER TABLE "accounts_account" DROP COLUMN "address"',
                        'ALTER TABLE "accounts_account" ALTER COLUMN "email" SET NOT NULL',
                    ],
                )
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("code_hash", models.BinaryField(primary_key=True, serialize=False)),
                ("challenge", models.CharField(max_length=43)),
                ("session", models.CharField(max_length=40)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="authorities.authority",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stay",
            fields=[
                ("token_hash", models.BinaryField(primary_key=True, serialize=False)),
                ("session", models.CharField(db_index=True, max_length=40)),
                ("began_at", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="authorities.authority",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("token_hash", models.BinaryField(primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=8)),
                ("sealed", models.BinaryField()),
                ("wrong", models.PositiveSmallIntegerField(default=0)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["new", "address", "password"])),
                        name="proof_purpose",
                    )
                ],
            },
        ),
    ]
