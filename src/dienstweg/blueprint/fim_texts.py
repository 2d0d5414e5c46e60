"""Writes `texts/de.yaml` of an imported blueprint: titles, questions, help, in plain German."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from dienstweg.blueprint.fim_labels import is_law, line, plain, question, readable, thing
from dienstweg.blueprint.fim_pages import Entry, Page
from dienstweg.blueprint.fim_places import Place
from dienstweg.blueprint.fim_schema import Contract
from dienstweg.standards.xdatenfelder.model import Field, Schema

LONGEST_TEXT = 19_000
LONGEST_TITLE = 90


def texts(schema: Schema, pages: list[Page], contract: Contract) -> dict[str, Any]:
    """Everything people read, in German."""
    title = plain(schema.label).replace("{", "(").replace("}", ")")
    summary = next(filter(readable, (schema.definition, schema.description)), "")
    service: dict[str, Any] = {
        "title": title,
        "summary": _text(summary) or f"{title}: online einreichen.",
    }
    if schema.help:
        service["who"] = _text(schema.help)
    if schema.legal_basis:
        service["legal"] = _text(schema.legal_basis)
    titles = _titles(pages)
    checks = {check.id: check.message for page in pages for check in page.checks}
    return {
        "service": service,
        "pages": {page.id: _page_texts(page, titles[page.id]) for page in pages},
        "fields": {
            entry.id: _field_texts(entry, contract.labelled, conditional=entry.id in page.shown)
            for page in pages
            for entry in page.entries
        },
        **({"checks": checks} if checks else {}),
        **_process_texts(title),
    }


def _titles(pages: list[Page]) -> dict[str, str]:
    """Titles that differ from page to page: where labels are the same, the group above helps."""
    own = {page.id: _title(page) for page in pages}
    often = Counter(own.values())
    full = {
        page.id: own[page.id] if often[own[page.id]] == 1 else _with_above(page, own[page.id])
        for page in pages
    }
    seen: Counter[str] = Counter()
    for page in pages:
        seen[full[page.id]] += 1
        if seen[full[page.id]] > 1:
            full[page.id] = f"{full[page.id]} ({seen[full[page.id]]})"
    return full


def _title(page: Page) -> str:
    """What a page is called: its group, with what it goes on with; or the groups that share it."""
    if page.merged:
        names = list(dict.fromkeys(plain(group.element.label) for group in page.merged))
        joined = f"{', '.join(names[:-1])} und {names[-1]}" if names[1:] else names[0]
        return joined if len(joined) <= LONGEST_TITLE else f"{names[0]} und mehr"
    topic = plain(page.entries[0].place.element.label) if page.entries else ""
    if isinstance(page.group.element, Schema):
        short = topic and len(topic) <= 60 and not topic.endswith(("?", "."))
        return topic if short else "Weitere Angaben"
    label = plain(page.group.element.label)
    if not page.continued:
        return label
    if page.entries[0].heading:
        return topic
    asked = topic.endswith(("?", ".", "!")) or len(label) + len(topic) > LONGEST_TITLE
    return f"{label}: weitere Angaben" if asked else f"{label}: {topic}"


def _with_above(page: Page, title: str) -> str:
    groups = [place for place in page.above if not isinstance(place.element, Schema)]
    if page.continued and not isinstance(page.group.element, Schema):
        groups.append(page.group)
    return f"{title} – {plain(groups[-1].element.label)}" if groups else title


def _page_texts(page: Page, title: str) -> dict[str, str]:
    said = {"title": title}
    groups = [plain(each.element.label) for each in page.above if each.key]
    intro = [f"Gehört zu: {' › '.join(groups)}."] if groups else []
    helps = _help(page.group)
    if helps and not page.continued and not page.merged:
        intro.append(helps)
    if page.group.key and not page.repeated and not page.merged:
        intro += [_voluntary(page.group)] if _voluntary(page.group) and not page.when else []
    if intro:
        said["intro"] = " ".join(intro)
    if page.repeated:
        said["item"] = thing(page.group.element.label)
        said["add"] = f"{said['item']} hinzufügen"
    return said


def _field_texts(
    entry: Entry, options: Mapping[str, tuple[tuple[str, str], ...]], *, conditional: bool
) -> dict[str, Any]:
    place = entry.place
    element = place.element
    if entry.heading:
        voluntary = "" if conditional else _voluntary(place)
        info = " ".join(filter(None, (_help(place), voluntary)))
        return {"label": plain(element.label), "info": info}
    if place.is_label and isinstance(element, Field):
        return {"label": plain(element.label), "info": _text(element.content) or _help(place)}
    yes_or_no = isinstance(element, Field) and element.datatype == "bool"
    said: dict[str, Any] = {"label": question(element.label, yes_or_no=yes_or_no)}
    if _help(place):
        said["hint"] = _help(place)
    texts = (basis.text for basis in (*place.bases, *element.bases))
    laws = dict.fromkeys(line(text) for text in texts if is_law(text))
    if laws:
        said["purpose"] = f"Rechtsgrundlage: {line('; '.join(laws))}"
    if place.id in options:
        said["options"] = dict(options[place.id])
    return said


def _help(place: Place) -> str:
    return _text(getattr(place.element, "input_help", ""))


def _voluntary(place: Place) -> str:
    wanted = place.occurs.minimum or place.when is not None
    return "" if wanted else "Diese Angaben sind freiwillig."


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
