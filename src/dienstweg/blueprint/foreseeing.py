"""What documents would come of an event, if everything went well: for a look before a decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import process

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

MOST = 20
"""Steps that are looked ahead."""


def written(
    release: "Release",
    state: dict[str, Any],
    event: process.Event,
    *,
    application: dict[str, Any],
    facts: Mapping[str, Any],
    now: datetime,
) -> list[process.Write]:
    """Give the documents that the next writing step would order, none where nothing is written.

    Money is taken as paid and deliveries as accepted; people and timers are not waited for. Nothing
    happens: the state stays what it was. Raises `process.Stuck`, `process.UnknownState`.
    """
    pending: list[process.Event] = [event]
    found: list[process.Write] = []
    for _ in range(MOST):
        if not pending or found:
            break
        step = process.step(
            release, state, pending.pop(0), application=application, facts=facts, now=now
        )
        state = step.state
        for intent in step.intents:
            match intent:
                case process.Write():
                    found.append(intent)
                case process.Collect():
                    pending.append(process.PaymentSettled(intent.key, "paid"))
                case process.Deliver():
                    pending.append(process.Delivered(intent.key, ""))
    return found
