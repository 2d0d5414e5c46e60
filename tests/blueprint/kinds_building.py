"""A blueprint that asks for every kind of answer once, made from the kinds' own samples."""

import json
from functools import cache
from typing import Any

from dienstweg.blueprint import release, scaffold
from dienstweg.blueprint.kinds.samples import SAMPLES
from dienstweg.blueprint.notation import read_yaml

OWN_LABELS = {"table": {"was": "Was", "anzahl": "Anzahl", "preis": "Preis", "neu": "Neu?"}}


def files(schemas: dict[str, Any], *, required=(), fields=None, texts=None, lists=None) -> dict:
    """The files of a blueprint with one field for each schema, all on the page "alles"."""
    given = {
        name: content
        for name, content in scaffold.new("kinderstube").items()
        if not name.startswith(("cases/", "mappings/"))
    }
    given["mappings/standard.yaml"] = b"format: json\ncontent: {daten: =data}\n"
    own = fields or {}
    assistant = {
        "pages": [
            {
                "id": "alles",
                "fields": [{"id": name, "at": f"/{name}", **own.get(name, {})} for name in schemas],
            }
        ]
    }
    data = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": schemas,
    }
    labels = {
        name: {
            "label": f"Frage {name}",
            "parts": {key: {"label": text} for key, text in OWN_LABELS.get(name, {}).items()},
        }
        for name in schemas
    }
    base = read_yaml("texts/de.yaml", given["texts/de.yaml"]).data
    german = {
        **base,
        "service": {"title": "Kinderstube", "summary": "Fragt alles einmal."},
        "pages": {"alles": {"title": "Alles"}},
        "fields": {name: {**labels[name], **(texts or {}).get(name, {})} for name in schemas},
    }
    for name, rows in (lists or {}).items():
        lines = [";".join(rows[0]), *(";".join(map(str, row.values())) for row in rows)]
        given[f"lists/{name}.csv"] = "\n".join(lines).encode()
        given["blueprint.yaml"] += f"lists: {{{name}: lists/{name}.csv}}\n".encode()
    return {
        **given,
        "assistant.yaml": json.dumps(assistant).encode(),
        "data.schema.json": json.dumps(data).encode(),
        "texts/de.yaml": json.dumps(german).encode(),
    }


@cache
def compiled() -> release.Release:
    """Every sample, compiled once; fields are named like their widgets."""
    return release.compile(files({name: sample.schema for name, sample in SAMPLES.items()}))


@cache
def field(name: str) -> Any:
    """The field that asks for a kind."""
    return compiled().assistant.field[name]


def one(schema: dict[str, Any], *, widget: str | None = None, texts=None) -> Any:
    """A blueprint with the single field "frage" of a schema."""
    own = {"frage": {"widget": widget}} if widget else {}
    given = files({"frage": schema}, fields=own, texts={"frage": texts} if texts else None)
    return release.compile(given).assistant.field["frage"]
