"""Writes `assistant.yaml` of an imported blueprint: pages, fields, conditions, checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap

from dienstweg.blueprint import fim_kinds
from dienstweg.blueprint.fim_labels import line
from dienstweg.blueprint.fim_lists import CODE, LABEL
from dienstweg.blueprint.fim_pages import Entry, Page


def assistant(pages: list[Page], tables: Mapping[str, str]) -> dict[str, Any]:
    """The pages and fields; labels and the rules behind a condition stand beside as comments.

    `tables` names the table of a field's choices by its id, where they are one.
    """
    return {"pages": [_page(page, tables) for page in pages]}


def _page(page: Page, tables: Mapping[str, str]) -> CommentedMap:
    said = CommentedMap(id=page.id)
    said.yaml_add_eol_comment(f"{page.group.element.id} {line(page.group.element.label)}", "id")
    if page.when:
        said["when"] = page.when
        _name_rules(said, "when", page.rules.get(page.id, ()))
    if page.repeated:
        said["repeat"] = {
            **({"in": page.inside} if page.inside else {}),
            "at": _pointer(page.group.relative),
            "min": page.least,
            "max": page.group.occurs.maximum,
        }
    said["fields"] = [_field(page, entry, tables) for entry in page.entries]
    if page.checks:
        said["checks"] = [_check(check) for check in page.checks]
    return said


def _check(check: Any) -> CommentedMap:
    said = CommentedMap(id=check.id)
    _name_rules(said, "id", [check.rule])
    said["holds"] = check.holds
    if check.when:
        said["when"] = check.when
    return said


def _field(page: Page, entry: Entry, tables: Mapping[str, str]) -> CommentedMap:
    place = entry.place
    said = CommentedMap(id=entry.id)
    said.yaml_add_eol_comment(line(place.element.label)[:70], "id")
    if entry.id in page.cuts:
        said["new_leaf"] = True
    if entry.id in page.whens:
        said["when"] = page.whens[entry.id]
        _name_rules(said, "when", page.rules.get(entry.id, ()))
    if entry.heading or place.is_label:
        said["info"] = True
        return said
    said["at"] = _pointer(place.relative)
    if place.fixed is not None:
        said["value"] = place.fixed
    elif place.id in tables:
        said["options"] = {"list": tables[place.id], "value": CODE, "label": LABEL}
    elif widget := fim_kinds.widget(place):
        said["widget"] = widget
    required = page.required.get(entry.id)
    if required is not None and place.fixed is None:
        said["required"] = {"true": True, "false": False}.get(required, required)
        _name_rules(said, "required", page.rules.get(entry.id, ()))
    return said


def _name_rules(said: CommentedMap, key: str, rules: Any) -> None:
    names = ", ".join(dict.fromkeys(rules))
    if names:
        said.yaml_add_eol_comment(names[:120], key)


def _pointer(keys: tuple[str, ...]) -> str:
    return "".join(f"/{key}" for key in keys)
