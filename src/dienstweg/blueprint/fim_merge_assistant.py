"""Merges `assistant.yaml` three ways: pages, fields by their ids wherever they stand, checks.

A field that a designer has moved to another page stays there; a new one comes to where its
neighbours are now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from dienstweg.blueprint.fim_merge_tree import MISSING, Merging, order

FILE = "assistant.yaml"
_PAGE = "@page"
_LEAF = "new_leaf"
Fields = dict[str, dict[str, Any]]


def merge(
    merging: Merging, base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any]:
    """The merged assistant; collisions are noted in `merging`."""
    sides = (base, ours, _uncut(base, ours, theirs))
    pages = [{page["id"]: page for page in side.get("pages", ())} for side in sides]
    fields = [_fields(side) for side in sides]
    merged_fields = _merge_fields(merging, *fields)
    of_page = _placed(merged_fields, *fields, *pages)
    found: list[Any] = CommentedSeq() if isinstance(ours.get("pages"), CommentedSeq) else []
    for name in order(*(list(each) for each in pages)):
        page = _page(merging, name, [each.get(name, MISSING) for each in pages], of_page)
        if page is not None:
            found.append(page)
    rest = [{key: value for key, value in side.items() if key != "pages"} for side in sides]
    merged = merging.objects(FILE, (), *rest)
    return CommentedMap({**merged, "pages": found})


def _uncut(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any]:
    """The new side without its own screens for those entries that the designer has cut anew.

    Cuts are even by the number of questions: two sets of them together would be none.
    """
    old, own = _cuts(base), _cuts(ours)
    decided = {page for page in own if own[page] != old.get(page)}
    return {
        **theirs,
        "pages": [
            {
                **page,
                "fields": [_cut_as(each, old.get(page["id"], set())) for each in page["fields"]],
            }
            if page["id"] in decided
            else page
            for page in theirs.get("pages", ())
        ],
    }


def _cuts(side: Mapping[str, Any]) -> dict[str, set[str]]:
    return {
        page["id"]: {each["id"] for each in page.get("fields", ()) if each.get(_LEAF)}
        for page in side.get("pages", ())
    }


def _cut_as(field: Mapping[str, Any], cuts: set[str]) -> Mapping[str, Any]:
    if bool(field.get(_LEAF)) == (field["id"] in cuts):
        return field
    bare = _without(field, _LEAF)
    return {**bare, _LEAF: True} if field["id"] in cuts else bare


def _fields(side: Mapping[str, Any]) -> Fields:
    """All fields by id; the page is one of their properties."""
    return {
        each["id"]: {"field": each, _PAGE: page["id"]}
        for page in side.get("pages", ())
        for each in page.get("fields", ())
    }


def _merge_fields(merging: Merging, base: Fields, ours: Fields, theirs: Fields) -> Fields:
    found: Fields = {}
    for name in order(list(base), list(ours), list(theirs)):
        sides = [each.get(name) for each in (base, ours, theirs)]
        values = [MISSING if side is None else side["field"] for side in sides]
        field = merging.merge(FILE, ("fields", name), *values)
        if field is MISSING:
            continue
        places = [MISSING if side is None else side[_PAGE] for side in sides]
        if MISSING in places[1:]:  # one side knows no page: the other's counts
            page = places[2] if places[1] is MISSING else places[1]
        else:
            page = merging.merge(FILE, ("fields", name, "page"), *places)
        found[name] = {"field": field, _PAGE: page}
    return found


def _placed(
    merged: Fields,
    base: Fields,
    ours: Fields,
    theirs: Fields,
    *pages: Mapping[str, Any],
) -> dict[str, list[Any]]:
    """The fields of every page in their order; a new one follows its neighbours."""
    for name, each in merged.items():
        if name not in ours and name in theirs and each[_PAGE] not in pages[1]:
            each[_PAGE] = _with_neighbours(name, each[_PAGE], theirs, ours)
    names: dict[str, list[list[str]]] = {}
    for number, side in enumerate((base, ours, theirs)):
        for name in side:
            if name in merged:
                lists = names.setdefault(merged[name][_PAGE], [[], [], []])
                lists[number].append(name)
    return {
        page: [merged[name]["field"] for name in order(*lists)] for page, lists in names.items()
    }


def _with_neighbours(name: str, page: str, theirs: Fields, ours: Fields) -> str:
    """The page of the nearest field before (else after) a new one that the designer still has."""
    beside = [each for each in theirs if theirs[each][_PAGE] == page]
    at = beside.index(name)
    for each in (*reversed(beside[:at]), *beside[at + 1 :]):
        if each in ours:
            return str(ours[each][_PAGE])
    return page


def _page(
    merging: Merging, name: str, sides: list[Any], of_page: dict[str, list[Any]]
) -> dict[str, Any] | None:
    """One page with its fields; none where it goes and nothing is left on it."""
    own: list[Any] = [side if side is MISSING else _without(side, "fields") for side in sides]
    fields = of_page.get(name, [])
    page = own[2] if own[1] is MISSING and fields else own[1]
    if MISSING not in own[1:] or not fields:
        page = merging.merge(FILE, ("pages", name), *own)
    if page is not MISSING:
        return _with_fields(page, fields)
    if not fields:
        return None
    return _with_fields(next((each for each in own if each is not MISSING), {"id": name}), fields)


def _without(said: Mapping[str, Any], gone: str) -> dict[str, Any]:
    left: dict[str, Any] = CommentedMap()
    for key, value in said.items():
        if key != gone:
            left[key] = value
            if isinstance(said, CommentedMap) and key in said.ca.items:
                left.ca.items[key] = said.ca.items[key]  # type: ignore[attr-defined]  # made above
    return left


def _leaved(page: Mapping[str, Any], fields: list[Any]) -> list[Any]:
    """The fields without those cuts into screens that the merge has left senseless.

    What repeats no more has no screens, and on each of them something is asked.
    """
    asks = [not each.get("info") and "value" not in each for each in fields]
    found, asked = [], False
    for at, each in enumerate(fields):
        is_cut = bool(each.get(_LEAF)) and "repeat" in page and asked and any(asks[at:])
        asked = asks[at] if is_cut else asked or asks[at]
        found.append(each if is_cut or _LEAF not in each else _without(each, _LEAF))
    return found


def _with_fields(page: Mapping[str, Any], fields: list[Any]) -> dict[str, Any]:
    """The page with its fields where they stand in every page: before the checks."""
    fields = _leaved(page, fields)
    found = CommentedMap()
    for key, value in page.items():
        if key == "checks":
            found["fields"] = fields
        found[key] = value
        if isinstance(page, CommentedMap) and key in page.ca.items:
            found.ca.items[key] = page.ca.items[key]
    if "fields" not in found:
        found["fields"] = fields
    return found
