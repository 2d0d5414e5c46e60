"""Proving an e-mail address by a code: for a new account, a forgotten password, a new address.

Nobody learns from us whether an address has an account: every answer is the same and takes the
same work, and what differs stands in the e-mail alone.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from dienstweg.accounts import passwords, rules
from dienstweg.accounts.actions import letters
from dienstweg.accounts.errors import (
    AddressTaken,
    HasRoles,
    InvalidAddress,
    NoProof,
    WrongCode,
    WrongPassword,
)
from dienstweg.accounts.models import Account, Membership, Passage, Proof, Stay, TeamMember
from dienstweg.authorities.queries import master_key
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id

_LONGEST = 254


@dataclass(frozen=True, slots=True)
class Proven:
    """An account whose address was proven, and what stood in the proof."""

    account_id: UUID
    content: dict[str, Any] = field(repr=False)


def begin_account(*, email: str, password: str, lang: str) -> str:
    """Ask for an account; return the secret by which this browser confirms it.

    The code goes to the address; whoever has an account there is told so instead. Raises
    `InvalidAddress`, `WeakPassword`.
    """
    address = address_of(email)
    passwords.check(password, Account(email=address))
    hashed = make_password(password)
    taken = Account.objects.filter(email=address).exists()
    content = {"email": address, "password": hashed, "lang": lang}
    template = "account_exists" if taken else "account_code"
    return _begin("new", content, None, template, known=not taken, lang=lang)


def confirm_account(*, token: str, code: str) -> UUID:
    """Make the account whose address ``code`` proves; return its id.

    Raises `NoProof`, `WrongCode`, `AddressTaken`.
    """
    content = _prove(token, "new", code).content
    account_id = new_id()
    key = encryption.wrap(encryption.new_key(), master_key(), "account", str(account_id))
    account = Account(
        id=account_id,
        email=content["email"],
        password=content["password"],
        display_name="",
        wrapped_key=key,
        lang=content["lang"],
        made_at=clock.now(),
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise AddressTaken from error
    return account_id


def begin_password(*, email: str, lang: str) -> str:
    """Ask for a code that lets a new password be chosen; return the secret of this browser.

    Staff ask their administration: a mailbox must not open the desk. Raises `InvalidAddress`.
    """
    address = address_of(email)
    account = Account.objects.filter(email=address, is_active=True).first()
    known = account is not None and not has_roles(account.id)
    template = "account_code" if known else "account_unknown"
    content = {"email": address}
    return _begin("password", content, account, template, known=known, lang=lang)


def confirm_password(*, token: str, code: str, password: str) -> UUID:
    """Set a new password by the code that was mailed; everybody signed in is out.

    Returns the account's id. Raises `WeakPassword` (before the code is looked at), `NoProof`,
    `WrongCode`.
    """
    proof = _found(token, "password")
    passwords.check(password, Account(email=_content(proof, token)["email"]))
    proven = _prove(token, "password", code)
    account = Account.objects.get(id=proven.account_id)
    set_password(account, password)
    return account.id


def begin_address(*, account_id: UUID, password: str, email: str) -> str:
    """Ask for another address of the account; return the secret of this browser.

    Raises `WrongPassword`, `InvalidAddress`, `HasRoles`.
    """
    account = confirmed_by_password(account_id, password)
    address = address_of(email)
    taken = Account.objects.filter(email=address).exists()
    template = "account_exists" if taken else "account_code"
    content = {"email": address}
    return _begin("address", content, account, template, known=not taken, lang=account.lang)


def confirm_address(*, token: str, code: str) -> None:
    """Give the account the address that ``code`` proves, and tell both addresses.

    Raises `NoProof`, `WrongCode`, `AddressTaken`.
    """
    proven = _prove(token, "address", code)
    address = str(proven.content["email"])
    try:
        with transaction.atomic():
            account = Account.objects.select_for_update().get(id=proven.account_id)
            old = account.email or ""
            Account.objects.filter(id=account.id).update(email=address)
            for one in (old, address):
                letters.write(to=one, template="account_address", lang=account.lang)
    except IntegrityError as error:
        raise AddressTaken from error


def confirmed_by_password(account_id: UUID, password: str) -> Account:
    """Return an applicant's account whose password this is; raises `WrongPassword`, `HasRoles`."""
    account = Account.objects.filter(id=account_id, is_active=True).first()
    if account is None or not check_password(password, account.password):
        raise WrongPassword
    if has_roles(account_id):
        raise HasRoles
    return account


def has_roles(account_id: UUID) -> bool:
    """Tell whether the account is that of somebody who works here."""
    return (
        Membership.objects.filter(account_id=account_id).exists()
        or TeamMember.objects.filter(account_id=account_id).exists()
    )


def set_password(account: Account, password: str) -> None:
    """Set a password that was checked, sign everybody out, and tell the address of it.

    Codes that are on their way are worth nothing any more: a new password is what somebody chooses
    who fears that another knows the old one, and may have asked for another address with it.
    """
    with transaction.atomic():
        Account.objects.filter(id=account.id).update(password=make_password(password))
        for opened in (Stay, Passage, Proof):
            opened.objects.filter(account_id=account.id).delete()
        letters.write(to=account.email or "", template="account_password", lang=account.lang)


def address_to_prove(token: str, purpose: str, *, account_id: UUID | None = None) -> str:
    """Return the address that this browser's code went to; raises `NoProof`.

    With an ``account_id`` also where another account had asked for the code.
    """
    proof = _found(token, purpose)
    if account_id is not None and proof.account_id not in (None, account_id):
        raise NoProof
    return str(_content(proof, token)["email"])


def address_of(text: str) -> str:
    """Return an e-mail address as it is kept; raises `InvalidAddress`."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidAddress from error
    if len(address) > _LONGEST:
        raise InvalidAddress
    return address


def _begin(
    purpose: str,
    content: dict[str, Any],
    account: Account | None,
    template: str,
    *,
    known: bool,
    lang: str,
) -> str:
    """Keep a proof and send its letter; where it is not ``known``, no code is ever right."""
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06d}"
    row = Proof(
        token_hash=token_hash(token),
        purpose=purpose,
        account=account if known else None,
        expires_at=clock.now() + rules.PROOF_LASTS,
    )
    kept = {**content, "code": code if known else ""}
    row.sealed = encryption.seal_json(master_key(), kept, *_place(row))
    with transaction.atomic():
        row.save(force_insert=True)
        letters.write(to=content["email"], template=template, lang=lang, code=code if known else "")
    return token


def _prove(token: str, purpose: str, code: str) -> Proven:
    """Use a proof up if the code is right, or count the guess."""
    with transaction.atomic():
        proof = _found(token, purpose, lock=True)
        content = _content(proof, token)
        digits = "".join(letter for letter in code if letter in "0123456789")
        right = bool(content["code"]) and hmac.compare_digest(digits, content["code"])
        if right:
            proof.delete()
        else:
            Proof.objects.filter(pk=proof.pk).update(wrong=proof.wrong + 1)
    if not right:
        raise WrongCode
    return Proven(proof.account_id or UUID(int=0), content)


def _found(token: str, purpose: str, *, lock: bool = False) -> Proof:
    rows = Proof.objects.select_for_update() if lock else Proof.objects.all()
    proof = rows.filter(
        token_hash=token_hash(token),
        purpose=purpose,
        expires_at__gt=clock.now(),
        wrong__lt=rules.GUESSES,
    ).first()
    if proof is None:
        raise NoProof
    return proof


def _content(proof: Proof, token: str) -> dict[str, Any]:
    proof.token_hash = token_hash(token)
    content: dict[str, Any] = encryption.unseal_json(
        master_key(), bytes(proof.sealed), *_place(proof)
    )
    return content


def token_hash(token: str) -> bytes:
    """Return what is stored instead of a secret of 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def _place(row: Proof) -> tuple[str, str, str]:
    return "accounts_proof", bytes(row.token_hash).hex(), row.purpose
