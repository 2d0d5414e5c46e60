"""What a page offers beside its questions: suggestions, streets that may be meant, a map.

All of it is comfort. Without a script the same buttons work: they save the page, change what was
sent, and show the page again.
"""

from collections.abc import Iterator, Mapping, Sequence

from django.http import HttpRequest
from django.urls import reverse

from dienstweg.blueprint.views import FieldView
from dienstweg.catalogue import queries as catalogue
from dienstweg.design import maps
from dienstweg.design.composed import MEANT
from dienstweg.design.parts import identifier
from dienstweg.design.question import Means, Suggestion
from dienstweg.design.searches import BUTTON as SEARCH
from dienstweg.design.tables import ADD, REMOVE
from dienstweg.portal.doors import Key

Posted = Mapping[str, list[str]]

BUTTONS = (SEARCH, ADD, REMOVE)
"""Buttons inside a question: they save the page and show it again at that question."""
STREET = "-strasse"
PLACES = frozenset({"point", "line", "area"})
MOST_ADDRESSES = 5
"""Addresses of a page whose streets are looked at."""


def wanted(request: HttpRequest) -> str:
    """Return the id of the question whose own button was pressed; empty if none was."""
    for button in BUTTONS:
        if button in request.POST:
            name, _, _ = request.POST[button][:300].partition("/")
            return identifier(name)
    return ""


def posted(request: HttpRequest) -> Posted:
    """Return what the browser has sent, with a chosen street put in and a removed row left out."""
    sent: dict[str, list[str]] = {name: list(texts) for name, texts in request.POST.lists()}
    for name in [one for one in sent if one.endswith(f"{STREET}{MEANT}")]:
        chosen = sent.pop(name)[-1].split("|")
        if len(chosen) == 3:
            field = name.removesuffix(f"{STREET}{MEANT}")
            for part, text in zip(("strasse", "plz", "ort"), chosen, strict=True):
                if f"{field}-{part}" in sent:
                    sent[f"{field}-{part}"] = [text]
    table, _, row = request.POST.get(REMOVE, "").partition("/")
    if table and row:
        gone = f"{table}-{row}-"
        sent = {name: texts for name, texts in sent.items() if not name.startswith(gone)}
    return sent


def doubts(request: HttpRequest) -> dict[str, Sequence[Suggestion]]:
    """Return streets that may have been meant, by the HTML name of the street that was sent.

    Nothing for a street that was asked about before: whoever says that it is right is right.
    """
    found: dict[str, Sequence[Suggestion]] = {}
    for name in list(_streets(request))[:MOST_ADDRESSES]:
        postcode = request.POST.get(f"{name.removesuffix(STREET)}-plz", "").strip()
        close = catalogue.close_streets(request.POST[name], postcode=postcode)
        if close:
            found[name] = [
                Suggestion(f"{one.name}|{one.postcode}|{one.town}", one.label) for one in close
            ]
    return found


def _streets(request: HttpRequest) -> Iterator[str]:
    for name in request.POST:
        if (
            name.endswith(STREET)
            and request.POST[name].strip()
            and f"{name}{MEANT}" not in request.POST
        ):
            yield name


def means(
    key: Key,
    fields: Sequence[FieldView],
    doubtful: Mapping[str, Sequence[Suggestion]],
    *,
    films_url: str = "",
) -> Means:
    """Return what the fields of a page may offer; a register is asked for only where one helps."""
    widgets = {field.widget for field in fields}
    area = None
    if widgets & ({"address"} | PLACES):
        area = catalogue.street_area()
    return Means(
        choices_url=f"{key.url('draft')}auswahl/",
        streets_url=reverse("portal:streets") if area else "",
        films_url=films_url,
        tiles=maps.tiles(area.centre if area else None) if widgets & PLACES else None,
        doubts=doubtful,
    )
