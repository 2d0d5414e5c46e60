"""Signatures of parties: asked for in order, given under one version, void with the next."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from dienstweg.blueprint import parties as declared
from dienstweg.cases import party_rules, places, queries, rules
from dienstweg.cases.actions.inviting import those_of
from dienstweg.cases.actions.party_links import locked, tell_of_more
from dienstweg.cases.actions.proving import proof_missing
from dienstweg.cases.actions.taking_part import actor_of, settle_standing, visited
from dienstweg.cases.errors import (
    ApplicationChanged,
    NotAllowed,
    NotYours,
    ProofNeeded,
    SameSigner,
)
from dienstweg.cases.facts import (
    CaseSigned,
    SignatureDeclined,
    SignatureGiven,
    SignaturesVoid,
)
from dienstweg.cases.models import Application, Party, Signature, Signing
from dienstweg.cases.party_rules import Signer, Stand
from dienstweg.cases.queries import Opened
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption, references
from dienstweg.offers import queries as offers


def sign(*, case_id: UUID, key: str, parties: Sequence[str], order: str) -> None:
    """Ask the people of these roles to sign the newest version, once for each ``key``.

    ``order`` is ``parallel`` or ``sequential`` (in the order of the roles). Roles that do not apply
    to this case are not waited for; who gets one later signs too. Runs under the case's lock.
    Raises `NoSuchCase`, `Erased`.
    """
    if Signing.objects.filter(case_id=case_id, key=key).exists():
        return
    opened = queries.opened(case_id)
    row = Signing(
        id=references.new_id(),
        authority_id=opened.case.authority_id,
        case_id=case_id,
        key=key,
        roles=list(parties),
        order=order,
        asked_at=clock.now(),
    )
    with transaction.atomic():
        row.save(force_insert=True)
        _add_signers(opened, row)
        _next(row, opened.application.version)


def no_longer_sign(*, case_id: UUID, key: str) -> None:
    """Ask for these signatures no more; those that were given stay on record."""
    for row in Signing.objects.filter(case_id=case_id, key=key, state="open"):
        Signing.objects.filter(id=row.id).update(state="withdrawn")
        Signature.objects.filter(signing_id=row.id, state__in=["waiting", "asked"]).update(
            state="withdrawn"
        )


def end_signings(*, case_id: UUID) -> None:
    """Ask nobody to sign any more, since the case has ended; what was signed stays on record."""
    Signing.objects.filter(case_id=case_id, state="open").update(state="withdrawn")
    Signature.objects.filter(case_id=case_id, state__in=["waiting", "asked"]).update(
        state="withdrawn"
    )


def join_signings(*, party_id: UUID) -> None:
    """Have somebody who was added later sign too, where their role signs; under the lock.

    Raises `NoSuchParty`.
    """
    row = queries.party_row(id=party_id)
    opened = queries.opened(row.case_id)
    for signing in Signing.objects.filter(case_id=row.case_id, state="open"):
        if row.role in signing.roles:
            _add_signers(opened, signing)
            _next(signing, opened.application.version)


def reconsider_signings(*, case_id: UUID) -> None:
    """Ask whoever is next, after somebody was removed; runs under the case's lock."""
    version = queries.newest(case_id).version
    for signing in Signing.objects.filter(case_id=case_id, state="open").order_by("id"):
        _next(signing, version)


def give_signature(
    *,
    party_id: UUID,
    signature_id: UUID,
    version: int,
    sha256: str,
    name: str,
    by: UUID | None = None,
) -> None:
    """Sign the version that the party has read; twice is once.

    ``sha256`` (hex) and ``version`` say what was on the page, ``name`` who signs; ``by`` is the
    caseworker who writes it down, where it was signed on paper. Raises
    `NoSuchParty`, `NotYours` (somebody else's, or not yet their turn), `NotAllowed`,
    `ApplicationChanged`, `ProofNeeded` (the role must hand something in first), `SameSigner`.
    """
    with transaction.atomic():
        party = locked(party_id)
        row = _own(party, signature_id)
        if row.state == "signed":
            return
        newest = queries.newest(party.case_id)
        _refuse_stale(row, newest, version, sha256)
        if not rules.may(party_rules.SIGNATURE, row.state, "signed"):
            raise NotYours
        if proof_missing(party):
            raise ProofNeeded
        same = party_rules.clash(_signer(party, name), _signed(row))
        if same:
            raise SameSigner(same)
        _write(row, party, state="signed", name=name, by=by)
        fact = SignatureGiven(
            authority_id=party.authority_id,
            case_id=party.case_id,
            party_id=party_id,
            role=party.role,
            version=row.version,
            sha256=bytes(row.sha256).hex(),
        )
        events.record(fact, actor=actor_of(party, by))
        _next(row.signing, newest.version)
        settle_standing(party)


def decline_signature(
    *, party_id: UUID, signature_id: UUID, reason: str, by: UUID | None = None
) -> None:
    """Note that a party does not want to sign, and why; the signing ends with that.

    ``by`` is the caseworker who writes it down, where that came on paper. Raises `NoSuchParty`,
    `NotYours`, `NotAllowed`, and `ApplicationChanged` where it is another version by now, which
    they may want to sign.
    """
    with transaction.atomic():
        party = locked(party_id)
        row = _own(party, signature_id)
        if row.state == "declined":
            return
        if row.version != queries.newest(party.case_id).version:
            raise ApplicationChanged
        if not rules.may(party_rules.SIGNATURE, row.state, "declined"):
            raise NotYours
        _decline(row, party, reason, by)
        settle_standing(party)


def decline_signings(*, party: Party, reason: str) -> None:
    """Note that somebody signs nothing, since they take no part; for this room, under the lock.

    What is not their turn yet counts too: nobody shall wait for them in vain.
    """
    rows = Signature.objects.select_related("signing").filter(
        party_id=party.id, state__in=["waiting", "asked"]
    )
    for row in rows.order_by("id"):
        _decline(row, party, reason)


def _decline(row: Signature, party: Party, reason: str, by: UUID | None = None) -> None:
    _write(row, party, state="declined", reason=reason, by=by)
    fact = SignatureDeclined(
        authority_id=party.authority_id,
        case_id=party.case_id,
        party_id=party.id,
        role=party.role,
    )
    events.record(fact, actor=actor_of(party, by))
    _next(row.signing, row.version)


def ask_signatures_anew(*, case_id: UUID) -> int:
    """Make signatures under earlier versions void and ask anew; return how many signings those are.

    A new version of the application came. Safe to do twice; nothing happens where the case is not
    open. Raises `NoSuchCase`, `Erased`.
    """
    with transaction.atomic():
        opened = queries.opened_of(queries.held(case_id)[0])
        if opened.case.state != "open":
            return 0
        found = 0
        for signing in Signing.objects.filter(case_id=case_id).exclude(state="withdrawn"):
            found += _asked_anew(opened, signing)
    return found


def _asked_anew(opened: Opened, signing: Signing) -> bool:
    """Ask for the newest version what was signed or declined under an earlier one.

    Whom only the newest version names signs, too. Tell whether a signature became void.
    """
    version = opened.application.version
    old = Signature.objects.filter(signing_id=signing.id, version__lt=version)
    voided = old.filter(state__in=rules.sources(party_rules.SIGNATURE, "void")).update(state="void")
    if voided:
        fact = SignaturesVoid(
            authority_id=signing.authority_id,
            case_id=signing.case_id,
            key=signing.key,
            version=version,
        )
        events.record(fact)
    if _add_signers(opened, signing) or voided:
        Signing.objects.filter(id=signing.id).update(state="open")
        signing.state = "open"
    if signing.state == "open":
        _next(signing, version)
    return bool(voided)


def _add_signers(opened: Opened, signing: Signing) -> bool:
    """Write a signature to be given for everybody of the roles who has none for this version.

    Whoever does not want to take part has declined it. Tell whether there was somebody.
    """
    has = set(
        Signature.objects.filter(
            signing_id=signing.id, version=opened.application.version
        ).values_list("party_id", flat=True)
    )
    rows = []
    for position, role in enumerate(signing.roles):
        willing = those_of(opened, role)
        unwilling = Party.objects.filter(case_id=signing.case_id, role=role, state="declined")
        for party in (*willing, *unwilling.order_by("id")):
            if party.id not in has:
                rows.append(_to_sign(opened, signing, party, position))
    Signature.objects.bulk_create(rows)
    return bool(rows)


def _to_sign(opened: Opened, signing: Signing, party: Party, position: int) -> Signature:
    row = Signature(
        id=references.new_id(),
        authority_id=signing.authority_id,
        case_id=signing.case_id,
        signing_id=signing.id,
        party_id=party.id,
        position=position,
        version=opened.application.version,
        sha256=bytes.fromhex(opened.application.sha256),
    )
    if party.state == "declined":
        why = queries.said_of(party, opened.key).get("declined", "")
        content, place = {"name": "", "reason": why}, places.signature_place(row)
        row.state, row.signed_at = "declined", clock.now()
        row.sealed = encryption.seal_json(opened.key, content, *place)
    return row


def _next(signing: Signing, version: int) -> None:
    """Ask whose turn it is, and end the signing when everybody has signed or somebody would not."""
    rows = list(
        Signature.objects.select_related("party", "party__case")
        .filter(signing_id=signing.id, version=version)
        .exclude(state="withdrawn")
        .order_by("position", "id")
    )
    stands = [Stand(row.position, row.party.role, row.state) for row in rows]
    turn = party_rules.turns(signing.order, stands)
    asked = [row for row in rows if row.position in turn and row.state == "waiting"]
    Signature.objects.filter(id__in=[row.id for row in asked]).update(
        state="asked", asked_at=clock.now()
    )
    tell_of_more([row.party for row in asked])
    state = party_rules.signing_state(_needed(signing), stands)
    if state == "declined":
        _spare_others(rows)
    if state != "open" and Signing.objects.filter(id=signing.id, state="open").update(state=state):
        events.record(
            CaseSigned(
                authority_id=signing.authority_id,
                case_id=signing.case_id,
                key=signing.key,
                state=state,
            )
        )


def _spare_others(rows: Iterable[Signature]) -> None:
    """Ask nobody else for a signature that would be in vain, since somebody does not sign."""
    for row in rows:
        if row.state in ("waiting", "asked"):
            Signature.objects.filter(id=row.id).update(state="withdrawn")
            settle_standing(row.party)


def _needed(signing: Signing) -> list[str]:
    """Return the roles without which nothing is signed: those that the newest version has."""
    opened = queries.opened(signing.case_id)
    release = offers.release(opened.case.digest)
    today = clock.local(opened.case.submitted_at).date()
    data = opened.application.data
    return [one for one in signing.roles if declared.applies(release, one, data, today)]


def _own(party: Party, signature_id: UUID) -> Signature:
    """Return a signature of this party; raises `NotYours`, `NotAllowed`."""
    row: Signature | None = (
        Signature.objects.select_related("signing")
        .filter(id=signature_id, party_id=party.id)
        .first()
    )
    if row is None:
        raise NotYours
    if party.case.state != "open" or party.state == "removed" or party.moved_to:
        raise NotAllowed
    return row


def _refuse_stale(row: Signature, newest: Application, version: int, sha256: str) -> None:
    """Refuse to sign what is not, or no longer, what the party has read."""
    current = (newest.version, bytes(newest.sha256).hex())
    read, asked = (version, sha256.lower()), (row.version, bytes(row.sha256).hex())
    if not current == read == asked:
        raise ApplicationChanged


def _signer(party: Party, name: str) -> Signer:
    said = queries.said_of(party, queries.key_of(party.case))
    return Signer(
        party_id=party.id,
        name=name,
        email=said.get("email", ""),
        account_id=party.account_id,
        proven=party.proven_by is not None,
    )


def _signed(row: Signature) -> Iterable[Signer]:
    """Yield who has signed the same version for the same purpose."""
    others = Signature.objects.select_related("party", "party__case", "signing").filter(
        signing_id=row.signing_id, version=row.version, state="signed"
    )
    for other in others:
        key = queries.key_of(other.party.case)
        yield _signer(other.party, queries.signature_card(other, key).name)


def _write(
    row: Signature,
    party: Party,
    *,
    state: str,
    by: UUID | None,
    name: str = "",
    reason: str = "",
) -> None:
    """Write a signature or its refusal, and that the party was here, if it was."""
    key, now = queries.key_of(party.case), clock.now()
    content = {"name": " ".join(name.split()), "reason": reason.strip()}
    Signature.objects.filter(id=row.id).update(
        state=state,
        signed_at=now,
        sealed=encryption.seal_json(key, content, *places.signature_place(row)),
    )
    if by is None:
        visited(party, "sign" if state == "signed" else "refuse")
