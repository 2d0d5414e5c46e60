"""Values that the applicant has not typed: given, taken over from an earlier case, asked for."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from dienstweg.assistants import port, queries, rules
from dienstweg.assistants.actions.writing import ATTEMPTS, change, every_page, save
from dienstweg.assistants.errors import TooBusy
from dienstweg.assistants.models import Draft
from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint import carrying, pages, prefill_places, prefilling
from dienstweg.blueprint.prefilling import Prefilled
from dienstweg.blueprint.release import Release
from dienstweg.events.job import defer
from dienstweg.kernel import clock, plugins
from dienstweg.offers import queries as offers

Source = Literal["link", "api", "earlier", "account"]
ASK = "assistants.ask"
ACCOUNT: Source = "account"
Answers = dict[str, Any]

log = logging.getLogger("dienstweg.assistants")


@dataclass(frozen=True, slots=True)
class Given:
    """Values by JSON pointer, where they come from, and that in words for people."""

    values: Mapping[str, Any] = field(repr=False)
    source: Source
    label: str


def prefill(*, draft_id: UUID, secret: str, given: Given) -> Prefilled:
    """Fill what is given into the answers that are still empty; raises as `queries.opened`."""
    filled = Prefilled({})

    def fill(release: Release, answers: Answers) -> Answers:
        nonlocal filled
        filled = prefilling.prefill(
            release, answers, given.values, source=given.source, label=given.label
        )
        return filled.answers

    change(draft_id, secret, fill, touched=every_page)
    return filled


def take_over(
    *, draft_id: UUID, secret: str, digest: str, application: Mapping[str, Any], label: str
) -> Prefilled:
    """Fill in what was said in an earlier application, made under the release ``digest``.

    Only what still fits this draft's release, and only into empty answers; files and declarations
    are the applicant's to give anew. Raises as `queries.opened`.
    """
    draft = queries.opened(draft_id, secret)
    old, new = offers.release(digest), offers.release(draft.digest)
    carried = carrying.carry_over(old, new, pages.from_application(old, application))
    values = {f"/{name}": value for name, value in carried.answers["data"].items()}
    given = Given(values, "earlier", label)
    return prefill(draft_id=draft_id, secret=secret, given=given)


def ask(*, draft_id: UUID, secret: str, source: str, ticket: str) -> None:
    """Ask a source for what it knows about the applicant; a worker does, and nobody must wait.

    ``ticket`` says who is meant; it is sealed with the draft. Raises as `queries.opened`.
    """
    entry = {"state": "waiting", "at": clock.now().isoformat(), "ticket": ticket}
    with transaction.atomic():
        draft = _note(draft_id, secret, source, entry)
        defer(ASK, authority_id=draft.authority_id, object_id=draft_id, key=source)


def stop_asking(*, draft_id: UUID, secret: str, source: str) -> None:
    """Wait for a source no longer: what it says from now on is dropped; as `queries.opened`."""
    asked = queries.opened(draft_id, secret).asked
    if rules.asking(asked, source, clock.now()) == "waiting":
        entry = {"state": "failed", "at": asked[source]["at"]}
        _note(draft_id, secret, source, entry)


def _note(draft_id: UUID, secret: str, source: str, entry: Mapping[str, str]) -> DraftView:
    """Write down how a question stands."""
    for _ in range(ATTEMPTS):
        draft = queries.opened(draft_id, secret)
        noted = replace(draft, asked={**draft.asked, source: entry})
        saved = save(noted, draft.answers, touched=())
        if saved is not None:
            return saved
    raise TooBusy


def fetch(*, draft_id: UUID, source: str) -> None:
    """Ask the source outside any transaction, and write down what it says in time.

    Whatever it does (fails, is late, lies), the draft is as usable as before: a value that does
    not fit is left out, an answer that is late is dropped.
    """
    draft = _unlocked(draft_id)
    if draft is None or rules.asking(draft.asked, source, clock.now()) != "waiting":
        return
    entry = draft.asked[source]
    until = datetime.fromisoformat(entry["at"]) + rules.ANSWERS_WITHIN
    release = offers.release(draft.digest)
    places = prefill_places.wanted(release)
    wanted = port.Wanted(
        purposes=frozenset(places.values()),
        ticket=str(entry["ticket"]),
        lang=draft.lang,
        seconds=max(0.0, (until - clock.now()).total_seconds()),
    )

    def make() -> port.PrefillSource:
        made: port.PrefillSource = plugins.load(port.GROUP, source)()
        return made

    known = _known(source, make, wanted)
    label, found = known or ("", {})
    _write(draft_id, source, lambda one: _filled(one, release, places, found, label), known is None)


def ask_now(
    *, draft_id: UUID, secret: str, source: port.PrefillSource, ticket: str
) -> tuple[str, ...] | None:
    """Fill in at once what a source that reads our own database knows; return the places filled.

    None if it failed: the draft is as it was, and its applicant goes on. Raises as
    `queries.opened`.
    """
    draft = queries.opened(draft_id, secret)
    places = prefill_places.wanted(offers.release(draft.digest))
    seconds = rules.ANSWERS_WITHIN.total_seconds()
    wanted = port.Wanted(frozenset(places.values()), ticket, draft.lang, seconds)
    known = _known(ACCOUNT, lambda: source, wanted)
    if known is None:
        return None
    label, found = known
    values = {
        pointer: found[purpose].value for pointer, purpose in places.items() if purpose in found
    }
    given = Given(values, ACCOUNT, label)
    return prefill(draft_id=draft_id, secret=secret, given=given).taken


def _known(
    name: str, make: Callable[[], port.PrefillSource], wanted: port.Wanted
) -> tuple[str, Mapping[str, port.Known]] | None:
    """Return the source's name and what it knows; None whatever it raises."""
    try:
        source = make()
        label = str(source.label(wanted.lang))
        told = source.find(wanted).items()
        return label, {purpose: one for purpose, one in told if isinstance(one, port.Known)}
    except Exception as error:  # a stranger's code: whatever it raises, the applicant goes on
        log.warning("prefill_failed source=%s error=%s", name, type(error).__name__)
        return None


def _filled(
    draft: DraftView,
    release: Release,
    places: Mapping[str, str],
    found: Mapping[str, port.Known],
    label: str,
) -> Answers:
    """Return the draft's answers with what was found: first what is verified, then the rest."""
    answers = draft.answers
    for verified in (True, False):
        values = {
            pointer: found[purpose].value
            for pointer, purpose in places.items()
            if purpose in found and found[purpose].verified is verified
        }
        answers = prefilling.prefill(
            release, answers, values, source="account", label=label, locked=verified
        ).answers
    return answers


def _write(
    draft_id: UUID, source: str, filled: Callable[[DraftView], Answers], failed: bool
) -> None:
    """Write what came of the question, if it still waits; the ticket is forgotten."""
    for _ in range(ATTEMPTS):
        draft = _unlocked(draft_id)
        if draft is None or rules.asking(draft.asked, source, clock.now()) != "waiting":
            return
        state = "failed" if failed else "done"
        asked = {**draft.asked, source: {"state": state, "at": draft.asked[source]["at"]}}
        answers = draft.answers if failed else filled(draft)
        pages_filled = [] if failed else every_page(offers.release(draft.digest))
        if save(replace(draft, asked=asked), answers, touched=pages_filled) is not None:
            return


def _unlocked(draft_id: UUID) -> DraftView | None:
    """Return an open draft for the worker, which has no secret."""
    row = Draft.objects.filter(id=draft_id, state="open").first()
    if row is None or clock.now() >= row.expires_at:
        return None
    return queries.view_of(row, "")
