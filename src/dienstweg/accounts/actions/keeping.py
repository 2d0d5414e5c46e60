"""What applicants do with their accounts: say who they are, change the password, close it."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from dienstweg.accounts import passwords, rules
from dienstweg.accounts.actions import letters
from dienstweg.accounts.actions.proving import confirmed_by_password, set_password
from dienstweg.accounts.errors import InvalidProfile
from dienstweg.accounts.models import Account
from dienstweg.authorities import queries as authorities
from dienstweg.authorities.queries import master_key
from dienstweg.kernel import clock, encryption, ledger


def keep_profile(*, account_id: UUID, profile: Mapping[str, str]) -> None:
    """Keep what the applicant has typed about themselves, sealed; raises `InvalidProfile`."""
    typed = rules.cleaned(profile)
    if "born" in typed:
        typed["born"] = rules.read_date(typed["born"])
    if "phone" in typed:
        typed["phone"] = rules.read_phone(typed["phone"])
    if faults := rules.faults(typed, clock.today()):
        raise InvalidProfile(faults)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        if account.wrapped_key is None:
            # An account of somebody on the staff, made before there were applicants' ones.
            fresh = encryption.new_key()
            account.wrapped_key = encryption.wrap(fresh, master_key(), "account", str(account_id))
        key = encryption.unwrap(
            bytes(account.wrapped_key), master_key(), "account", str(account_id)
        )
        account.profile = encryption.seal_json(
            key, typed, "accounts_account", str(account_id), "profile"
        )
        account.save(update_fields=["wrapped_key", "profile"])


def change_password(*, account_id: UUID, old: str, new: str) -> None:
    """Change the password; whoever is signed in elsewhere is out.

    Raises `WrongPassword`, `WeakPassword`, `HasRoles`.
    """
    account = confirmed_by_password(account_id, old)
    passwords.check(new, account)
    set_password(account, new)


def close(*, account_id: UUID, password: str) -> None:
    """Delete the account with its key and all that stands in it, and tell the address of it.

    What other rooms keep under its id is let go of before. Noted outside the database first, for
    every restore. Raises `WrongPassword`, `HasRoles`.
    """
    account = confirmed_by_password(account_id, password)
    operator = authorities.operator()
    ledger.append(Path(settings.DIENSTWEG_ERASURES), "account", str(operator.id), str(account_id))
    with transaction.atomic():
        letters.write(to=account.email or "", template="account_closed", lang=account.lang)
        account.delete()


def forget(*, account_id: UUID) -> None:
    """Delete an account again that a restored backup has brought back, if it has."""
    Account.objects.filter(id=account_id).delete()
