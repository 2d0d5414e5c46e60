"""Moves a running case to another release, and back as long as nothing has happened."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.blueprint import deadlines, moving, process
from dienstweg.blueprint.bpmn import Element
from dienstweg.blueprint.release import Release
from dienstweg.cases import actions as cases
from dienstweg.cases.actions import TaskWords
from dienstweg.cases.errors import NotAllowed
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption
from dienstweg.offers import queries as offers
from dienstweg.processes import periods, places
from dienstweg.processes.actions import stepping
from dienstweg.processes.errors import (
    AlreadyEnded,
    NothingToUndo,
    NotMovable,
    OtherBlueprint,
    SameRelease,
)
from dienstweg.processes.facts import ProcessMoved
from dienstweg.processes.intents import Errand, carry_out, facts_of
from dienstweg.processes.models import Conduct, Move


@dataclass(frozen=True, slots=True)
class Preview:
    """What a move would do: where the case waits, and whether its data fits the other release.

    ``sets`` and ``drops`` are keys of timers and tasks that would begin or be given up.
    """

    case_id: UUID
    number: str
    from_version: str
    to_version: str
    points: tuple[moving.Point, ...]
    fits: bool
    sets: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()

    @property
    def movable(self) -> bool:
        """Tell whether every place has its counterpart."""
        return not any(point.reason for point in self.points)


def preview_move(*, case_id: UUID, digest: str, mapping: Mapping[str, str]) -> Preview:
    """Say what moving a case to the release ``digest`` would do; nothing is changed.

    ``mapping`` names the counterparts of elements that are called otherwise there; an empty text
    gives an event on a border up. Raises `NotMovable` never: what cannot move stands in the
    points. Raises `AlreadyEnded`, `SameRelease`, `OtherBlueprint`,
    `dienstweg.cases.errors.NoSuchCase`, `dienstweg.library.errors.NoSuchRelease`.
    """
    with transaction.atomic():
        trip = _Trip.of(case_id, digest)
        points = trip.points(mapping)
        step = None
        if not any(point.reason for point in points):
            step = trip.step(mapping)
        found = step.intents if step is not None else ()
        return Preview(
            case_id=case_id,
            number=trip.held.case.number,
            from_version=trip.old.version,
            to_version=trip.new.version,
            points=points,
            fits=trip.new.schema.validator.is_valid(dict(trip.held.application.data)),
            sets=tuple(one.key for one in found if not isinstance(one, process.NoLongerWait)),
            drops=tuple(one.key for one in found if isinstance(one, process.NoLongerWait)),
        )


def move(
    *, case_id: UUID, digest: str, mapping: Mapping[str, str], actor: str = "operator"
) -> UUID:
    """Move a case to the release ``digest``; tasks, payments, deliveries and timers stay open.

    Its history stays as it is. Returns the id of the move. Raises what `preview_move` raises, and
    `NotMovable`.
    """
    with transaction.atomic():
        trip = _Trip.of(case_id, digest)
        stays = tuple(point for point in trip.points(mapping) if point.reason)
        if stays:
            raise NotMovable(stays)
        step = trip.step(mapping)
        now = clock.now()
        row = Move(
            authority_id=trip.held.case.authority_id,
            case_id=case_id,
            from_digest=trip.held.case.digest,
            to_digest=digest,
            mapping=dict(mapping),
            moved_at=now,
            step_at=now,
            actor=actor,
        )
        row.sealed = encryption.seal_json(trip.held.key, trip.state, *places.move_place(row))
        row.save(force_insert=True)
        trip.arrive(step, now)
        _tell(row, row.from_digest, row.to_digest, actor)
    return UUID(str(row.id))


def undo_move(*, case_id: UUID, actor: str = "operator") -> None:
    """Bring a case back to the release it was moved from, as long as nothing has happened since.

    Raises `NothingToUndo`, `dienstweg.cases.errors.NoSuchCase`.
    """
    with transaction.atomic():
        held = cases.hold(case_id=case_id)
        row = Move.objects.filter(case_id=case_id, undone_at=None).order_by("-id").first()
        conduct = Conduct.objects.filter(id=case_id).first()
        at = conduct.changed_at if conduct is not None else None
        if row is None or held.case.digest != row.to_digest or at not in (row.step_at, None):
            raise NothingToUndo
        place = places.move_place(row)
        state = encryption.unseal_json(held.key, bytes(row.sealed), *place)
        trip = _Trip(held, conduct, state, offers.release(row.to_digest), row.from_digest)
        trip.arrive(_back(trip, state), clock.now())
        periods.forget(case_id, trip.old, besides=trip.new)
        Move.objects.filter(id=row.id).update(undone_at=clock.now())
        _tell(row, row.to_digest, row.from_digest, actor)


def _back(trip: "_Trip", state: dict[str, Any] | None) -> process.Step | None:
    """Return the step that leads back to a state: its timers again, those set since no more."""
    if state is None or trip.conduct is None:
        return None
    since = places.unsealed_state(trip.held.key, trip.conduct)["timers"]
    before = state["timers"]
    intents: list[process.Intent] = [
        process.NoLongerWait(key, "timer") for key in since if key not in before
    ]
    intents += [
        process.Wait(key, datetime.fromisoformat(at))
        for key, at in before.items()
        if key not in since
    ]
    return process.Step(
        state, tuple(intents), finished=state["finished"], waiting=tuple(state["open"])
    )


def _tell(row: Move, from_digest: str, to_digest: str, actor: str) -> None:
    events.record(
        ProcessMoved(
            authority_id=row.authority_id,
            case_id=row.case_id,
            from_digest=from_digest,
            to_digest=to_digest,
        ),
        actor=actor,
    )


@dataclass(frozen=True, slots=True)
class _Trip:
    """A case under its lock, the state it comes with, and the release that it goes to."""

    held: cases.Held
    conduct: Conduct | None
    state: dict[str, Any] | None
    old: Release
    digest: str

    @classmethod
    def of(cls, case_id: UUID, digest: str) -> "_Trip":
        """Lock a case that is to be moved; raises what keeps it from moving at all."""
        held = cases.hold(case_id=case_id)
        if held.case.digest == digest:
            raise SameRelease
        conduct = Conduct.objects.filter(id=case_id).first()
        if conduct is not None and conduct.finished:
            raise AlreadyEnded
        state = places.unsealed_state(held.key, conduct) if conduct is not None else None
        trip = cls(held, conduct, state, offers.release(held.case.digest), digest)
        if trip.old.id != trip.new.id:
            raise OtherBlueprint
        return trip

    @property
    def new(self) -> Release:
        """Return the release that the case goes to."""
        return offers.release(self.digest)

    def points(self, mapping: Mapping[str, str]) -> tuple[moving.Point, ...]:
        """Return where the case waits, and the periods that the other release does not have."""
        lost = tuple(
            moving.Point("", name, name, "no-counterpart")
            for name in periods.at_work(self.held.case.id)
            if name not in deadlines.rules(self.new)
        )
        if self.state is None:
            return lost
        return (*moving.points(self.old, self.new, self.state, mapping), *lost)

    def step(self, mapping: Mapping[str, str]) -> process.Step | None:
        """Return where the case is afterwards, and what follows from that."""
        if self.state is None:
            return None
        kept = periods.load(self.held.case, self.new)
        return moving.moved(
            self.old,
            self.new,
            self.state,
            mapping,
            application=dict(self.held.application.data),
            facts=facts_of(self._errand(), kept.facts(), land=kept.land),
            now=clock.now(),
        )

    def arrive(self, step: process.Step | None, now: datetime) -> None:
        """Store where the case is now, under the other release, and carry out what follows."""
        tasks = {} if step is None else _tasks(step.state, self.new)
        try:
            cases.change_release(case_id=self.held.case.id, digest=self.digest, tasks=tasks)
        except NotAllowed as error:
            raise NotMovable from error
        errand = self._errand()
        periods.save(periods.load(errand.case, self.new), now=now)
        if step is None or self.conduct is None:
            return
        stepping.store(replace(self.held, case=errand.case), self.conduct, step, now)
        for intent in step.intents:
            carry_out(errand, intent)

    def _errand(self) -> Errand:
        return Errand(
            case=replace(self.held.case, digest=self.digest),
            key=self.held.key,
            application=self.held.application.data,
            release=self.new,
        )


def _tasks(state: dict[str, Any], release: Release) -> dict[str, TaskWords]:
    """Return what a release says of the tasks that are open in a state, by their keys."""
    elements: dict[str, Element] = release.process.diagram.elements
    return {
        key: _words(elements[name])
        for key, name in state["open"].items()
        if elements[name].kind == "userTask"
    }


def _words(element: Element) -> TaskWords:
    own = element.own
    role = own.get("role", "")
    return TaskWords(
        task=element.id,
        outcomes=own["outcomes"].split(),
        role="" if role.startswith("=") else role,
        approval=own.get("approval", ""),
        form=own.get("form", "").split(),
    )
