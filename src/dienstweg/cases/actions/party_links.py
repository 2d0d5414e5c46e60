"""How a party comes in: the link and its code, by e-mail or by letter, and reminders of it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import queries as authorities
from dienstweg.cases import party_codes, party_rules, places, queries
from dienstweg.cases.actions.as_named import as_named
from dienstweg.cases.errors import NoSuchParty, NotAllowed
from dienstweg.cases.facts import PartyCodeRenewed, PartyReminded
from dienstweg.cases.models import Party
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption, references
from dienstweg.mail import actions as mail

DOOR = "/beteiligt"
"""Where parties come in; the number of the invitation follows."""


def renew_link(*, number: str, email: str) -> None:
    """Send a party a new link and code, if this is its address; never says whether.

    At most once in `party_rules.RENEW_PAUSE`. The old code opens nothing any more.
    """
    party_id = queries.party_by_number(number)
    if party_id is None:
        return
    with transaction.atomic():
        row = locked(party_id)
        if row.state == "removed" or row.case.state != "open" or row.moved_to:
            return
        if row.not_meant_since is not None:
            return
        said = queries.said_of(row, queries.key_of(row.case))
        known = party_rules.plain_email(said.get("email", ""))
        last = row.code_made_at
        if not known or known != party_rules.plain_email(email):
            return
        if last is not None and clock.now() - last < party_rules.RENEW_PAUSE:
            return
        send_link(row, said["email"], template="party_code")
        record_renewed(row, actor=f"party:{row.id}")


def send_link_again(*, party_id: UUID, account_id: UUID, email: str = "") -> None:
    """Send a party a new link at a caseworker's wish, maybe to another address.

    Raises `NoSuchParty`, `NotAllowed` (also where the wrong person was invited: `invite_rightly`),
    `dienstweg.mail.errors.InvalidAddress`.
    """
    with transaction.atomic():
        row = locked(party_id)
        if row.state == "removed" or row.case.state != "open" or row.not_meant_since:
            raise NotAllowed
        key = queries.key_of(row.case)
        said = as_named(row, queries.said_of(row, key))
        said["email"] = email or said.get("email", "")
        send_link(row, said["email"], template="party_code")
        sealed = encryption.seal_json(key, said, *places.party_place(row))
        Party.objects.filter(id=party_id).update(by_post=False, sealed=sealed)
        record_renewed(row, actor=f"staff:{account_id}")


def letter_for(*, party_id: UUID, account_id: UUID) -> str:
    """Return a new code for the letter that a caseworker prints; the old one is void then.

    Empty for somebody who is told by letter that they take no part any more. Raises
    `NoSuchParty`, `NotAllowed`.
    """
    with transaction.atomic():
        row = locked(party_id)
        if row.case.state != "open" or row.not_meant_since:
            raise NotAllowed
        if row.state == "removed" and row.news_since is not None:
            return ""
        if row.state == "removed":
            raise NotAllowed
        code = _new_code(row)
        record_renewed(row, actor=f"staff:{account_id}")
    return code


def letter_posted(*, party_id: UUID, account_id: UUID) -> None:
    """Note that the letter to a party is in the post; raises `NoSuchParty`."""
    queries.party_row(id=party_id, by_post=True)
    Party.objects.filter(id=party_id, posted_at=None).update(
        posted_at=clock.now(), posted_by=account_id
    )


def remind_party(*, party_id: UUID, account_id: UUID | None = None) -> bool:
    """Remind a party of what is open, by e-mail; tell whether there was something to remind of.

    By a caseworker (``account_id``) or when it falls due. Whoever had a letter gets another one,
    which waits for the post.
    """
    with transaction.atomic():
        try:
            row = locked(party_id)
        except NoSuchParty:
            return False
        tasks, signatures, _ = queries.open_things(row)
        waits = row.state in ("invited", "joined") and row.case.state == "open"
        if row.not_meant_since or not waits or not (tasks or signatures or row.state == "invited"):
            return False
        said = queries.said_of(row, queries.key_of(row.case))
        if row.by_post and row.posted_at is not None:
            post_again(row)
        elif row.by_post or not said.get("email"):
            return False
        else:
            own = f"party-reminder:{references.new_id()}"
            write_to(row, said["email"], "party_reminder", key=own)
        Party.objects.filter(id=party_id).update(reminded_at=clock.now())
        fact = PartyReminded(
            authority_id=row.authority_id, case_id=row.case_id, party_id=party_id, role=row.role
        )
        events.record(fact, actor=f"staff:{account_id}" if account_id else "system")
    return True


def send_link(row: Party, email: str, *, template: str) -> None:
    """Make a new code and mail it with the link; raises `InvalidAddress`."""
    code = _new_code(row)
    write_to(row, email, template, key=f"party:{references.new_id()}", code=code)


def mail_news(*, party_id: UUID) -> None:
    """Tell a party by e-mail that there is something new; nobody without an address."""
    row = queries.party_row(id=party_id)
    said = queries.said_of(row, queries.key_of(row.case))
    if said.get("email") and not row.by_post and row.not_meant_since is None:
        write_to(row, said["email"], "party_news", key=f"party-news:{references.new_id()}")


def tell_of_more(rows: Sequence[Party]) -> None:
    """Tell parties that something new is asked of them; whoever was just invited knows already.

    To whoever had a letter another one is to be posted.
    """
    for row in rows:
        if row.state == "done":
            Party.objects.filter(id=row.id).update(state="joined")
        if row.by_post:
            post_again(row)
        elif row.state in ("joined", "done"):
            mail_news(party_id=row.id)


def post_again(row: Party) -> None:
    """Have one more letter posted to a party whose last one is in the post; for this room."""
    due = Party.objects.filter(id=row.id, by_post=True, not_meant_since=None)
    due.filter(posted_at__isnull=False).update(
        posted_at=None, posted_by=None, news_since=clock.now()
    )


def write_to(row: Party, email: str, template: str, *, key: str, code: str = "") -> None:
    """Ask for a mail to a party: a link that says nothing of anybody, the code beside it."""
    context = {
        "link": authorities.public_url(row.authority_id, f"{DOOR}/{row.number}"),
        "number": row.number,
    }
    mail.send(
        authority_id=row.authority_id,
        to=email,
        template=template,
        context={**context, "code": code} if code else context,
        key=key,
        lang=queries.case(row.case_id).lang,
        case_id=row.case_id,
    )


def _new_code(row: Party) -> str:
    code, now = references.secret_code(), clock.now()
    Party.objects.filter(id=row.id).update(
        code_hash=party_codes.digest(row.id, code),
        code_of=None,
        code_made_at=now,
        expires_at=now + party_rules.VALID_FOR,
        wrong_codes=0,
        wrong_since=None,
    )
    return code


def record_renewed(row: Party, *, actor: str) -> None:
    """Write that a party gets a new link and code; for this room."""
    events.record(
        PartyCodeRenewed(
            authority_id=row.authority_id, case_id=row.case_id, party_id=row.id, role=row.role
        ),
        actor=actor,
    )


def locked(party_id: UUID) -> Party:
    """Lock the case of a party, and return the party as it then is."""
    case_id = queries.party_row(id=party_id).case_id
    queries.row_of(case_id, lock=True)
    return queries.party_row(id=party_id)
