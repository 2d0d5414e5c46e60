"""The whole case on paper: what the page of the case shows in forms is told in words here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dienstweg.blueprint.figures import shown_money
from dienstweg.cases.queries import CaseFile
from dienstweg.design.words import say
from dienstweg.desk import casefile
from dienstweg.desk.door import Desk
from dienstweg.desk.moments import moment
from dienstweg.desk.panels.decision import DecisionPanel, TaskPanel
from dienstweg.kernel import clock
from dienstweg.payments import queries as payments
from dienstweg.payments.queries import PaymentView


@dataclass(frozen=True, slots=True)
class Told:
    """A task of a caseworker in words: what came of it, who did that when, and why."""

    title: str
    outcome: str
    by: str
    reason: str
    modules: str


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment in words: what for, how much, how it stands."""

    purpose: str
    amount: str
    state: str
    reference: str


def context(desk: Desk, file: CaseFile, lang: str) -> dict[str, Any]:
    """Return everything that the printed case needs."""
    found = casefile.context(desk, file, lang)
    found["printed_at"] = moment(clock.now())
    found["decisions"] = _decisions(found["panels"]["decision"], lang)
    found["paid"] = [_paid(one, lang) for one in payments.of_case(file.case.id)]
    return found


def _decisions(panel: DecisionPanel | None, lang: str) -> Sequence[Told]:
    return [_told(one, lang) for one in panel.tasks] if panel is not None else []


def _told(task: TaskPanel, lang: str) -> Told:
    card = task.task.card
    at = card.decided_at or card.proposed_at
    outcome = task.outcome if at is not None else ""
    word = {"open": "open", "withdrawn": "withdrawn", "proposed": "proposed"}.get(card.state)
    state = say(lang, f"desk.print.task.{word}") if word else ""
    return Told(
        title=task.title,
        outcome=" · ".join(one for one in (outcome, state) if one),
        by=" · ".join(one for one in (task.decided_by, moment(at)) if one) if at else "",
        reason=task.task.reason,
        modules=task.chosen,
    )


def _paid(one: PaymentView, lang: str) -> Paid:
    return Paid(
        purpose=one.purpose,
        amount=shown_money(one.amount / 100, lang),
        state=say(lang, f"desk.payment.{one.state}"),
        reference=one.reference,
    )
