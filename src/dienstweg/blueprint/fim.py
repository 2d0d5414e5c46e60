"""Turns a federal data schema (FIM, XDatenfelder 2 or 3) into a blueprint to go on with.

The result passes `check` and runs as it is. What a schema says and a blueprint cannot do by itself
(rules in prose, code lists kept elsewhere) is kept as numbered open points in blueprint.yaml; the
FIM ids stay in `x-fim`. The same file gives the same bytes, so that the next version of a schema
can be compared.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from dienstweg.blueprint import (
    fim_assistant,
    fim_case,
    fim_design,
    fim_lists,
    fim_process,
    fim_readme,
    fim_texts,
)
from dienstweg.blueprint.fim_design import Design
from dienstweg.blueprint.fim_places import Findings, OpenPoint, Place
from dienstweg.blueprint.fim_placing import place_all
from dienstweg.blueprint.fim_schema import Contract
from dienstweg.blueprint.fim_source import Source
from dienstweg.standards import genericode
from dienstweg.standards.xdatenfelder import reading
from dienstweg.standards.xdatenfelder.model import Field, Group, Schema

_SERVICE = re.compile(r"(?<!\d)99\d{12}(?!\d)", re.ASCII)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LONGEST_POINT = 20_000
_LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Report:
    """What an import found: the schema, counts by German name, and what is left to the designer."""

    schema_id: str
    schema_version: str
    title: str
    counts: Mapping[str, int]
    open_points: tuple[OpenPoint, ...]
    not_expressible: tuple[OpenPoint, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """A blueprint's files by path, and the report on how they came about."""

    files: dict[str, bytes]
    report: Report


def import_file(
    content: bytes,
    name: str,
    *,
    code_lists: Iterable[bytes] = (),
    rules: bytes | None = None,
    land: str | None = None,
) -> Imported:
    """Make a blueprint of the XDatenfelder schema in `content`; `name` is the file's name.

    `code_lists` are Genericode files; the lists the schema refers to become options. `rules` is a
    JSON file of the FIM portal's translated rules; `land` (two capitals, such as NW) says which
    Land's rules apply where a rule tells them apart. Raises `standards.xdatenfelder.errors.Refused`
    for everything that is no valid XDatenfelder schema, `standards.genericode.NotACodeList`, and
    `problems.Invalid` for a schema too big for a blueprint, rules that are none, a Land unknown.
    """
    source = Source(content, name, tuple(code_lists), rules, land)
    schema = reading.read(content)
    findings = Findings()
    lists = _lists_by_uri(source.code_lists)
    root = place_all(schema, findings, lists)
    contract = Contract(lists, findings)
    data_schema = contract.schema(root)
    made = fim_design.design(
        root, contract, data_schema, findings, machine_rules=rules, land=source.land
    )
    for remark in schema.remarks:
        findings.add("H", remark.what, remark.where or schema.id)
    if not schema.released:
        findings.add("H", f"Das Schema hat den Status „{schema.status_text}“.", schema.id)
    files = _files(schema, made, contract, name) | source.files()
    counts = _counts(root, made)
    return Imported(
        dict(sorted(files.items())),
        Report(
            schema.id,
            schema.version,
            schema.label,
            counts,
            tuple(findings.points),
            findings.of_kind("H"),
        ),
    )


def _lists_by_uri(contents: Iterable[bytes]) -> dict[str, genericode.CodeList]:
    found: dict[str, genericode.CodeList] = {}
    for content in contents:
        one = genericode.read(content)
        found[one.canonical_version_uri] = one
        found.setdefault(one.canonical_id, one)
    return found


def _files(schema: Schema, made: Design, contract: Contract, name: str) -> dict[str, bytes]:
    blueprint_id = _blueprint_id(schema)
    title = " ".join(schema.label.split())
    cases = fim_case.cases(made, contract)
    schema_text = json.dumps(made.data_schema, ensure_ascii=False, indent=2)
    files = {
        "blueprint.yaml": as_yaml(_manifest(schema, blueprint_id, contract)),
        "data.schema.json": schema_text.encode() + b"\n",
        "assistant.yaml": as_yaml(fim_assistant.assistant(made.pages, contract.listed)),
        "texts/de.yaml": as_yaml(fim_texts.texts(schema, made.pages, contract)),
        "process.bpmn": fim_process.bpmn(blueprint_id, title),
        "documents/bescheid.typ": fim_process.LETTER.encode(),
        "mappings/standard.yaml": as_yaml(fim_process.mapping(schema)),
        "README.md": fim_readme.readme(schema, title, name, made, contract.findings).encode(),
        "CHANGELOG.md": fim_readme.changelog(schema).encode(),
    }
    files |= {
        fim_lists.path_of(key): fim_lists.table(rows) for key, rows in contract.tables.items()
    }
    return files | {path: as_yaml(case) for path, case in cases.items()}


def _manifest(schema: Schema, blueprint_id: str, contract: Contract) -> dict[str, Any]:
    tables = {name: fim_lists.path_of(name) for name in contract.tables}
    described = "\n".join((schema.description, schema.definition, schema.version_note))
    return {
        "format": 1,
        "id": blueprint_id,
        "version": "0.1.0",
        "publisher": "noch-offen",
        "licence": "EUPL-1.2",
        "services": sorted(set(_SERVICE.findall(described))),
        "subject": "querschnitt",
        "needs": {
            "assurance": "none",
            "payment": False,
            "connector": ["acknowledges"],
            "digital_decision": "allowed",
        },
        "roles": {fim_process.ROLE: {"title": "Sachbearbeitung"}},
        "decision_period_days": fim_process.DECISION_DAYS,
        "draft_days": 30,
        "documents": {"bescheid": {"title": "Bescheid", "kind": "decision"}},
        "extension_points": [
            {"kind": "texts", "ids": ["service.*", "messages.*", "documents.*"]},
            {"kind": "letterhead"},
            {"kind": "mapping", "ids": ["standard"]},
            {"kind": "role", "ids": [fim_process.ROLE]},
        ],
        **({"lists": tables} if tables else {}),
        "open_points": [
            {
                "id": point.id,
                "text": point.text[:_LONGEST_POINT],
                "source": point.source[-_LONGEST_SOURCE:],
            }
            for point in contract.findings.points
        ],
    }


def _blueprint_id(schema: Schema) -> str:
    """A name from the schema's id, for the next import, and two words to recognise it by."""
    words = re.findall(r"[a-z]+", schema.name.lower().translate(_UMLAUTS))
    longer = list(dict.fromkeys(word for word in words if len(word) > 5))
    return "-".join(["fim", schema.id.lower(), *longer[:2]])[:60].rstrip("-")


def _counts(root: Place, made: Design) -> dict[str, int]:
    # the question inside a repeated field is the field itself and is not counted again
    places = [place for place, _ in root.walk() if not place.is_single and not place.is_selector]
    fields = [(place, place.element) for place in places if isinstance(place.element, Field)]
    lists = {element.code_list.canonical_id for _, element in fields if element.code_list}
    return {
        "Gruppen": sum(isinstance(place.element, Group) for place in places),
        "Felder": sum(not place.is_label for place, _ in fields),
        "Hinweistexte": sum(place.is_label for place, _ in fields),
        "Wiederholungen": sum(place.repeated for place in places),
        "Codelisten": len(lists),
        **made.book.counts(),
        "Seiten": len(made.pages),
    }


def as_yaml(data: Any) -> bytes:
    """Block style, texts with several lines as such, the same bytes for the same data."""
    writer = YAML()
    writer.width = 100
    writer.representer.ignore_aliases = lambda _data: True  # the format knows no anchors
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.BytesIO()
    writer.dump(_readable(data), out)
    # where it wraps a line ruamel leaves a blank behind, which means nothing and hinders a diff
    return b"".join(line.rstrip() + b"\n" for line in out.getvalue().splitlines())


def _readable(data: Any) -> Any:
    """Replace texts of several lines in place, so that comments stay where they are."""
    if isinstance(data, dict):
        for key in data:
            data[key] = _readable(data[key])
    elif isinstance(data, list):
        return [_readable(each) for each in data]
    elif isinstance(data, str) and "\n" in data:
        return LiteralScalarString("\n".join(line.rstrip() for line in data.split("\n")))
    return data
