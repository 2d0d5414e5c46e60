"""Writes `assistant.yaml` and `texts/de.yaml` of an imported blueprint."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap

from dienstweg.blueprint.fim_pages import Entry, Page
from dienstweg.blueprint.fim_places import Place
from dienstweg.blueprint.fim_schema import Contract
from dienstweg.standards.xdatenfelder.model import Field, Schema

LONGEST_TEXT = 19_000


def assistant(pages: list[Page], contract: Contract) -> dict[str, Any]:
    """The pages and fields; every field carries its label as a comment for the reader."""
    return {"pages": [_page(page, contract) for page in pages]}


def _page(page: Page, contract: Contract) -> CommentedMap:
    said = CommentedMap(id=page.id)
    said.yaml_add_eol_comment(f"{page.group.element.id} {_line(page.group.element.label)}", "id")
    if page.when:
        said["when"] = page.when
    if page.repeated:
        said["repeat"] = {
            "at": _pointer(page.group.pointer),
            "min": page.least,
            "max": page.group.occurs.maximum,
        }
    said["fields"] = [_field(entry, contract) for entry in page.entries]
    return said


def _field(entry: Entry, contract: Contract) -> CommentedMap:
    place = entry.place
    said = CommentedMap(id=entry.id)
    said.yaml_add_eol_comment(_line(place.element.label)[:70], "id")
    if entry.heading or place.is_label:
        said["info"] = True
        return said
    said["at"] = _pointer(place.relative)
    widget = _widget(place, contract)
    if widget:
        said["widget"] = widget
    return said


def _widget(place: Place, contract: Contract) -> str | None:
    element = place.element
    if not isinstance(element, Field) or element.kind == "select" or element.datatype != "text":
        return None
    pattern = contract.patterns.get(place.id)
    if pattern and "@" in pattern.anchored:
        return "email"
    return None


def _pointer(keys: tuple[str, ...]) -> str:
    return "".join(f"/{key}" for key in keys)


def texts(schema: Schema, pages: list[Page], contract: Contract) -> dict[str, Any]:
    """Everything people read, in German."""
    title = _line(schema.label).replace("{", "(").replace("}", ")")
    service: dict[str, Any] = {
        "title": title,
        "summary": _text(schema.definition or schema.description) or f"{title}: online einreichen.",
    }
    if schema.help:
        service["who"] = _text(schema.help)
    if schema.legal_basis:
        service["legal"] = _text(schema.legal_basis)
    titles = _titles(pages)
    return {
        "service": service,
        "pages": {page.id: _page_texts(page, titles[page.id]) for page in pages},
        "fields": {
            entry.id: _field_texts(entry, contract.options)
            for page in pages
            for entry in page.entries
        },
        **_process_texts(title),
    }


def _titles(pages: list[Page]) -> dict[str, str]:
    """Titles that differ from page to page: where labels are the same, the group above helps."""
    plain = {page.id: _plain_title(page) for page in pages}
    often = Counter(plain.values())
    full = {
        page.id: plain[page.id] if often[plain[page.id]] == 1 else _with_above(page, plain[page.id])
        for page in pages
    }
    seen: Counter[str] = Counter()
    for page in pages:
        seen[full[page.id]] += 1
        if seen[full[page.id]] > 1:
            full[page.id] = f"{full[page.id]} ({seen[full[page.id]]})"
    return full


def _plain_title(page: Page) -> str:
    if isinstance(page.group.element, Schema):
        return "Weitere Angaben"
    if page.continued and len(page.entries) and page.entries[0].heading:
        return _line(page.entries[0].place.element.label)
    label = _line(page.group.element.label)
    return f"{label}: weitere Angaben" if page.continued else label


def _with_above(page: Page, title: str) -> str:
    groups = [place for place in page.above if not isinstance(place.element, Schema)]
    if page.continued and not isinstance(page.group.element, Schema):
        groups.append(page.group)
    return f"{title} – {_line(groups[-1].element.label)}" if groups else title


def _page_texts(page: Page, title: str) -> dict[str, str]:
    said = {"title": title}
    groups = [_line(each.element.label) for each in page.above if each.key]
    intro = [f"Gehört zu: {' › '.join(groups)}."] if groups else []
    helps = _help(page.group)
    if helps and not page.continued:
        intro.append(helps)
    if page.group.key and not page.repeated and _voluntary(page.group):
        intro.append(_voluntary(page.group))
    if intro:
        said["intro"] = " ".join(intro)
    if page.repeated:
        said["item"] = _line(page.group.element.label)
        said["add"] = f"{_line(page.group.element.label)} hinzufügen"
    return said


def _field_texts(
    entry: Entry, options: Mapping[str, tuple[tuple[str, str], ...]]
) -> dict[str, Any]:
    place = entry.place
    said: dict[str, Any] = {"label": _line(place.element.label)}
    if entry.heading:
        said["info"] = " ".join(filter(None, (_help(place), _voluntary(place)))) or said["label"]
        return said
    if place.is_label and isinstance(place.element, Field):
        said["info"] = _text(place.element.content) or _help(place) or said["label"]
        return said
    if _help(place):
        said["hint"] = _help(place)
    if place.id in options:
        said["options"] = dict(options[place.id])
    return said


def _help(place: Place) -> str:
    return _text(getattr(place.element, "input_help", ""))


def _voluntary(place: Place) -> str:
    return "" if place.occurs.minimum else "Diese Angaben sind freiwillig."


def _line(text: str) -> str:
    return " ".join(text.split())[:300]


def _text(text: str) -> str:
    """A text with its paragraphs kept and its line ends inside them made spaces."""
    paragraphs = (" ".join(each.split()) for each in re.split(r"\n\s*\n", text))
    return "\n\n".join(each for each in paragraphs if each)[:LONGEST_TEXT]


def _process_texts(title: str) -> dict[str, Any]:
    return {
        "tasks": {
            "entscheiden": {
                "title": "Über den Antrag entscheiden",
                "help": "Prüfen Sie die Angaben und begründen Sie Ihre Entscheidung.",
                "outcomes": {"granted": "Bewilligen", "refused": "Ablehnen"},
            }
        },
        "messages": {
            "bewilligt": {
                "subject": "Ihr Antrag ist bewilligt",
                "body": f"Guten Tag,\n\nIhr Antrag „{title}“ ({{case_number}}) ist bewilligt. "
                "Den Bescheid finden Sie bei dieser Nachricht.\n\n{authority}",
            },
            "abgelehnt": {
                "subject": "Über Ihren Antrag ist entschieden",
                "body": f"Guten Tag,\n\nwir konnten Ihren Antrag „{title}“ ({{case_number}}) nicht "
                "bewilligen. Die Gründe und was Sie tun können stehen im Bescheid bei dieser "
                "Nachricht.\n\n{authority}",
            },
        },
        "documents": {"bescheid": {"title": "Bescheid"}},
        "outcomes": {"granted": "Bewilligt", "refused": "Abgelehnt"},
    }
