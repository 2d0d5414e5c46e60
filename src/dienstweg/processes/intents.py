"""Carries out what a process asks for, by the room that can do it.

Each intent has a key that is the same at every repetition, so that each room does it once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dienstweg.authorities import queries as authorities
from dienstweg.blueprint import process
from dienstweg.blueprint.filling import fill
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.when_asked import WhenAsked
from dienstweg.cases import actions as cases
from dienstweg.cases import queries
from dienstweg.cases.queries import CaseView
from dienstweg.deliveries import actions as deliveries
from dienstweg.documents import actions as documents
from dienstweg.events import actions as events
from dienstweg.inbox import actions as inbox
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.payments import actions as payments

TIMER = "processes.after_timer"
_SIGN_IN_REQUIRED = "sign_in_required"
_NO_PERIODS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Errand:
    """What carrying out needs to know: the locked case and the release it began under."""

    case: CaseView
    key: bytes = field(repr=False)
    application: Mapping[str, Any] = field(repr=False)
    release: Release

    @property
    def case_id(self) -> UUID:
        """Return the id of the case."""
        return self.case.id

    def setting(self, name: str) -> str:
        """Return a setting of the offer: its ``connection`` or ``payment`` account."""
        return str(offers.offer(self.case.offer_id).settings[name])


def facts_of(
    errand: Errand, periods: Mapping[str, Any] = _NO_PERIODS, *, land: str = ""
) -> Mapping[str, Any]:
    """Return what expressions of the process see under ``facts``; ``periods`` by their names.

    Who takes part is read when something asks for it.
    """
    case = errand.case
    known = {
        "case_number": case.number,
        "submitted_at": case.submitted_at.isoformat(),
        "land": land,
        "deadlines": dict(periods),
    }
    return WhenAsked(known, {"parties": lambda: _parties(errand)})


def _parties(errand: Errand) -> list[dict[str, str]]:
    """Return who takes part; asked only where the blueprint knows of parties."""
    if not errand.release.manifest.get("parties"):
        return []
    return queries.party_facts(errand.case_id, key=errand.key)


def carry_out(errand: Errand, intent: process.Intent) -> None:
    """Carry out one intent by rows and jobs of the room that it concerns."""
    match intent:
        case process.Collect():
            _collect(errand, intent)
        case process.Deliver():
            _deliver(errand, intent)
        case process.Write():
            _write(errand, intent)
        case process.Tell():
            _tell(errand, intent)
        case process.Ask():
            _ask(errand, intent)
        case process.Invite():
            cases.invite(case_id=errand.case_id, key=intent.key, party=intent.party)
        case process.Sign():
            cases.sign(
                case_id=errand.case_id,
                key=intent.key,
                parties=intent.parties,
                order=intent.order,
            )
        case process.Refund():
            payments.refund(
                case_id=errand.case_id, key=intent.key, of=intent.of, amount=intent.amount
            )
        case process.Wait():
            events.due(
                at=intent.at,
                job=TIMER,
                authority_id=errand.case.authority_id,
                object_id=errand.case_id,
                key=intent.key,
            )
        case process.NoLongerWait():
            _no_longer_wait(errand, intent)
        case process.Close():
            cases.close(case_id=errand.case_id, outcome=intent.outcome)


def _collect(errand: Errand, intent: process.Collect) -> None:
    payments.collect(
        case_id=errand.case_id,
        key=intent.key,
        amount=intent.amount,
        purpose=intent.purpose,
        items=intent.items,
        account_slug=errand.setting("payment"),
    )


def _deliver(errand: Errand, intent: process.Deliver) -> None:
    deliveries.hand_over(
        case_id=errand.case_id,
        key=intent.key,
        connection_slug=errand.setting("connection"),
        mapping=intent.mapping,
        data=intent.data,
        case_key=errand.key,
    )


def _ask(errand: Errand, intent: process.Ask) -> None:
    cases.ask(
        case_id=errand.case_id,
        key=intent.key,
        task=intent.task,
        role=intent.role,
        outcomes=intent.outcomes,
        due=intent.due,
        party=intent.party,
        approval=intent.approval,
        form=intent.form,
        item=intent.item,
    )


def _write(errand: Errand, intent: process.Write) -> None:
    lang = errand.case.lang
    name = f"documents.{intent.document}.title"
    documents.write(
        case_id=errand.case_id,
        case_key=errand.key,
        key=intent.key,
        template=intent.document,
        title=errand.release.text(lang, name, default=intent.document),
        data=intent.data,
    )


def _tell(errand: Errand, intent: process.Tell) -> None:
    view, release = errand.case, errand.release
    words = release.texts(view.lang)["messages"][intent.message]
    context: Mapping[str, Any] = {
        **intent.data,
        "data": errand.application,
        "case_number": view.number,
        "authority": authorities.card(view.authority_id).name,
        "today": clock.today().isoformat(),
    }
    subject, body = (
        fill(release, words[part], context, lang=view.lang) for part in ("subject", "body")
    )
    if intent.party:
        inbox.tell_parties(
            case_id=errand.case_id,
            case_key=errand.key,
            key=intent.key,
            role=intent.party,
            answers=intent.answers,
            subject=subject,
            body=body,
            documents=intent.documents,
        )
        return
    needs = release.manifest.get("needs", {})
    inbox.tell(
        case_id=errand.case_id,
        case_key=errand.key,
        key=intent.key,
        subject=subject,
        body=body,
        documents=intent.documents,
        sign_in_required=needs.get("digital_decision") == _SIGN_IN_REQUIRED,
    )


def _no_longer_wait(errand: Errand, intent: process.NoLongerWait) -> None:
    """Take back what nobody waits for any more; what has left the house goes on by itself."""
    match intent.kind:
        case "ask":
            cases.no_longer_ask(case_id=errand.case_id, key=intent.key)
        case "collect":
            payments.no_longer_collect(case_id=errand.case_id, key=intent.key)
        case "refund":
            payments.no_longer_refund(case_id=errand.case_id, key=intent.key)
        case "sign":
            cases.no_longer_sign(case_id=errand.case_id, key=intent.key)
        case "timer":
            events.no_longer_due(job=TIMER, object_id=errand.case_id, keys=[intent.key])
