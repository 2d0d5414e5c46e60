"""Parties of a case: who they are, what of the application they see, and what they are asked.

A role is declared in blueprint.yaml below `parties`. Who has it in a case is told by CEL over the
application; nobody is invited before the process asks for it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.expressions import (
    BadExpression,
    Expression,
    Surroundings,
    compile_expression,
)
from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.references import exists

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release
    from dienstweg.blueprint.sources import Sources

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "acknowledge": ("acknowledged",),
    "agree": ("agreed", "objected"),
    "opinion": ("given",),
}
"""What a party may be asked by its role alone, and how it can answer."""
ALL_ANSWERS = frozenset(answer for answers in ANSWERS.values() for answer in answers)
"""Every answer that there is."""
SILENT = "none"
"""Stands for parties who have not answered, where those are named who are to be told."""
MOST_PEOPLE = 50
"""People of one role in one case: a list of neighbours, not a mailing."""
_LONGEST_NAME, _LONGEST_EMAIL, _LONGEST_ADDRESS = 200, 250, 400
_PERIOD = re.compile(r"P([0-9]{1,3})([DW])")
_ROOTS = frozenset(["data", "item", "index", "today", "lists"])


@dataclass(frozen=True, slots=True)
class Role:
    """What the blueprint says of the parties of one role; periods count from the invitation."""

    name: str
    sees: tuple[str, ...]
    does: tuple[str, ...]
    due: timedelta | None
    remind: tuple[timedelta, ...]
    before_signing: tuple[str, ...] = ()

    @property
    def asks(self) -> tuple[str, ...]:
        """What is asked as soon as somebody is invited, without the process."""
        return tuple(one for one in self.does if one in ANSWERS)

    @property
    def uploads(self) -> bool:
        """Whether these parties may hand in files."""
        return "upload" in self.does

    @property
    def proves_first(self) -> bool:
        """Whether these parties must have handed in a file before they can sign."""
        return "upload" in self.before_signing


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the application names: `key` is the same at every look at the same data."""

    key: str
    name: str
    email: str
    address: tuple[str, ...]


def roles(release: "Release") -> tuple[str, ...]:
    """The names of the roles that the blueprint declares, in their order."""
    return tuple(release.manifest.get("parties", {}))


def role(release: "Release", name: str) -> Role | None:
    """What is declared of a role; None where the blueprint does not know it."""
    entry = release.manifest.get("parties", {}).get(name)
    if entry is None:
        return None
    return Role(
        name=name,
        sees=tuple(entry.get("sees", ())),
        does=tuple(entry.get("does", ())),
        due=_period(entry["due"]) if "due" in entry else None,
        remind=tuple(_period(each) for each in entry.get("remind", ())),
        before_signing=tuple(entry.get("before_signing", ())),
    )


def applies(release: "Release", name: str, application: Mapping[str, Any], today: date) -> bool:
    """Whether this case has parties of the role at all.

    What ``when`` says; without it, a role that is named by a list has nobody where that is empty.
    """
    entry = release.manifest.get("parties", {}).get(name, {})
    around = Surroundings({"data": application}, today, release.lists)
    if "when" in entry:
        return _compiled(entry["when"]).holds(around)
    return "each" not in entry or bool(_compiled(entry["each"]).value(around))


def people(
    release: "Release", name: str, application: Mapping[str, Any], today: date
) -> tuple[Person, ...]:
    """The people of a role whom the application names; without a name or address none.

    An entry of a list that says nothing of a person is passed over.
    """
    entry = release.manifest.get("parties", {}).get(name, {})
    who = entry.get("who")
    if who is None or not applies(release, name, application, today):
        return ()
    around = Surroundings({"data": application}, today, release.lists)
    if "each" not in entry:
        return tuple(_person(name, who, around))
    entries = _compiled(entry["each"]).value(around)
    if not isinstance(entries, list):
        return ()
    found: list[Person] = []
    for index, item in enumerate(entries[:MOST_PEOPLE]):
        found += _person(f"{name}@{index}", who, around.with_variables(item=item, index=index))
    return tuple(found)


def check(release: "Release", sources: "Sources") -> list[Problem]:
    """Roles whose expressions cannot be used, pages that there are not, texts that are missing."""
    noted = sources.noted["blueprint.yaml"]
    found: list[Problem] = []
    for name, entry in release.manifest.get("parties", {}).items():
        found += _expressions(release, noted, name, entry)
        found += _pages(release, noted, name, entry)
        found += _before_signing(noted, name, entry)
        if f"parties.{name}.title" not in release.flat["de"]:
            message = f"Der Text „parties.{name}.title“ fehlt: Wie heißen diese Beteiligten?"
            found.append(
                noted.problem(
                    "missing-text",
                    message,
                    "parties",
                    name,
                    remedy="Ergänzen Sie ihn in texts/de.yaml.",
                )
            )
    return [*found, *_left_over(release, sources)]


def _expressions(
    release: "Release", noted: Noted, name: str, entry: Mapping[str, Any]
) -> Iterator[Problem]:
    who = entry.get("who", {})
    places = [("when",), ("each",), *(("who", part) for part in who)]
    for place in places:
        source = entry.get(place[0]) if len(place) == 1 else who[place[1]]
        if source is None:
            continue
        where = ("parties", name, *place)
        try:
            expression = compile_expression(source)
        except BadExpression as error:
            yield noted.problem("bad-expression", str(error), *where, remedy=error.remedy)
            continue
        inside = place[0] == "who" and "each" in entry
        yield from _refers(release, noted, expression, where, inside=inside)


def _refers(
    release: "Release",
    noted: Noted,
    expression: Expression,
    where: tuple[str, ...],
    *,
    inside: bool,
) -> Iterator[Problem]:
    for path in sorted(expression.paths):
        text, message = ".".join(path), ""
        if path[0] not in _ROOTS:
            message = f"„{path[0]}“ gibt es hier nicht. Es gibt data, today und lists."
        elif path[0] in ("item", "index") and not inside:
            message = f"„{path[0]}“ gibt es nur zusammen mit „each“."
        elif path[0] == "data" and not exists(release.schema.root, path[1:]):
            message = f"{text} gibt es im Datenschema nicht."
        elif path[0] == "lists" and path[1:2] and path[1] not in release.lists:
            message = f"{text} gibt es in dieser Blaupause nicht."
        if message:
            remedy = "Prüfen Sie die Schreibweise, oder ergänzen Sie die Angabe."
            yield noted.problem("unknown-reference", message, *where, remedy=remedy)


def _pages(
    release: "Release", noted: Noted, name: str, entry: Mapping[str, Any]
) -> Iterator[Problem]:
    for number, page in enumerate(entry.get("sees", ())):
        if page not in release.assistant.page:
            message = f"Die Seite „{page}“, die „{name}“ sehen soll, gibt es nicht."
            yield noted.problem(
                "unknown-page",
                message,
                "parties",
                name,
                "sees",
                number,
                remedy="Nennen Sie die id einer Seite aus assistant.yaml.",
            )


def _before_signing(noted: Noted, name: str, entry: Mapping[str, Any]) -> Iterator[Problem]:
    """What must come before signing by somebody who cannot do it, or who does not sign."""
    wanted = entry.get("before_signing")
    if not wanted:
        return
    lacking = [one for one in ("sign", *wanted) if one not in entry.get("does", ())]
    if lacking:
        yield noted.problem(
            "impossible-party",
            f"„{name}“ soll vor der Unterschrift etwas tun, darf es aber nicht: In „does“ fehlt "
            f"{', '.join(lacking)}.",
            "parties",
            name,
            "before_signing",
            remedy="Ergänzen Sie „does“, oder nehmen Sie „before_signing“ weg.",
        )


def _left_over(release: "Release", sources: "Sources") -> Iterator[Problem]:
    noted = sources.noted["texts/de.yaml"]
    for name in noted.data.get("parties", {}):
        if name not in release.manifest.get("parties", {}):
            message = f"Der Text „parties.{name}“ gehört zu niemandem in blueprint.yaml."
            yield noted.problem("left-over", message, "parties", name, severity="warning")


def _person(key: str, who: Mapping[str, str], around: Surroundings) -> Iterator[Person]:
    said = {part: _said(source, around) for part, source in who.items()}
    name = " ".join(said.get("name", "").split())[:_LONGEST_NAME]
    email = said.get("email", "").strip()[:_LONGEST_EMAIL]
    lines = said.get("address", "")[:_LONGEST_ADDRESS].splitlines()
    if name or email:
        yield Person(key, name, email, tuple(line.strip() for line in lines if line.strip()))


def _said(source: str, around: Surroundings) -> str:
    """What an expression says as text; a list is joined by line breaks."""
    value = _compiled(source).value(around)
    if isinstance(value, list):
        return "\n".join(str(each) for each in value if each is not None)
    return "" if value is None else str(value)


@lru_cache(maxsize=1024)
def _compiled(source: str) -> Expression:
    return compile_expression(source)


def _period(text: str) -> timedelta:
    """A period of days or weeks (ISO 8601), which the schema has checked."""
    found = _PERIOD.fullmatch(text)
    assert found is not None, "the schema lets nothing else through"
    return timedelta(days=int(found[1]) * (7 if found[2] == "W" else 1))
