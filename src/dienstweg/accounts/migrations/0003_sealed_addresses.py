"""Encrypts the addresses that stand in the clear, and empties their old column."""

from django.db import migrations

from dienstweg.accounts.models.sealed import seal_address, unseal_address


def seal(apps, schema_editor):
    """Move every address into the encrypted column."""
    del apps
    with schema_editor.connection.cursor() as cursor:
        cursor.execute('SELECT "id", "email" FROM "accounts_account" WHERE "email" IS NOT NULL')
        for account_id, email in cursor.fetchall():
            cursor.execute(
                'UPDATE "accounts_account" SET "address" = %s, "email" = NULL WHERE "id" = %s',
                [seal_address(email), account_id],
            )


def unseal(apps, schema_editor):
    """Move every address back."""
    del apps
    with schema_editor.connection.cursor() as cursor:
        cursor.execute('SELECT "id", "address" FROM "accounts_account" WHERE "address" IS NOT NULL')
        for account_id, address in cursor.fetchall():
            cursor.execute(
                'UPDATE "accounts_account" SET "email" = %s WHERE "id" = %s',
                [unseal_address(bytes(address)), account_id],
            )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_applicants")]

    operations = [migrations.RunPython(seal, unseal)]
