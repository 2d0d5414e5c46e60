"""Writes small XDatenfelder 3 messages for tests, and draws whole schemas by chance."""

from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

from dienstweg.standards.xdatenfelder.model import (
    Child,
    CodeListReference,
    Facets,
    Field,
    Group,
    Keyword,
    LegalBasis,
    Multiplicity,
    Relation,
    Rule,
    Schema,
    Value,
)

NAMESPACE = "urn:xoev-de:fim:standard:xdatenfelder_3.0.0"


def code(name: str, value: str) -> str:
    return f"<x:{name}><code>{value}</code></x:{name}>"


def tag(name: str, text: str, **attributes: str) -> str:
    said = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<x:{name}{said}>{escape(text)}</x:{name}>"


def named(id: str, name: str, *, version: str = "1.0.0", status: str = "6", inner: str = "") -> str:
    return (
        f"<x:identifikation>{tag('id', id)}{tag('version', version)}</x:identifikation>"
        f"{tag('name', name)}{inner}{code('freigabestatus', status)}"
    )


def field(
    id: str,
    name: str,
    *,
    kind: str = "input",
    datatype: str = "text",
    facets: str = "",
    more: str = "",
    inner: str = "",
) -> str:
    return (
        f"<x:datenfeld>{named(id, name, inner=inner)}{tag('bezeichnungEingabe', name)}"
        f"{tag('bezeichnungAusgabe', name)}{code('schemaelementart', 'RNG')}"
        f"{code('feldart', kind)}{code('datentyp', datatype)}"
        f"{f'<x:praezisierung {facets}/>' if facets else ''}{more}</x:datenfeld>"
    )


def group(id: str, name: str, *children: str, more: str = "") -> str:
    return (
        f"<x:datenfeldgruppe>{named(id, name)}{tag('bezeichnungEingabe', name)}"
        f"{tag('bezeichnungAusgabe', name)}{code('schemaelementart', 'RNG')}{more}"
        f"{''.join(children)}</x:datenfeldgruppe>"
    )


def rule(id: str, name: str, text: str, *, more: str = "") -> str:
    return (
        f"<x:regel><x:identifikation>{tag('id', id)}{tag('version', '1.0.0')}</x:identifikation>"
        f"{tag('name', name)}{tag('freitextRegel', text)}{code('typ', 'K')}{more}</x:regel>"
    )


def at(times: str, element: str, bases: str = "") -> str:
    return (
        f"<x:struktur>{tag('anzahl', times)}{bases}<x:enthaelt>{element}</x:enthaelt></x:struktur>"
    )


def choices(*pairs: tuple[str, str]) -> str:
    rows = "".join(
        f"<x:wert><code>{escape(key)}</code>{tag('name', name)}</x:wert>" for key, name in pairs
    )
    return f"<x:werte>{rows}</x:werte>"


def reference(urn: str, version: str = "") -> str:
    said = tag("canonicalIdentification", urn)
    if version:
        said += tag("version", version) + tag("canonicalVersionUri", f"{urn}_{version}")
    return f"<x:codelisteReferenz>{said}</x:codelisteReferenz>"


def message(
    *children: str,
    inner: str = "",
    more: str = "",
    id: str = "S99000000001",
    status: str = "6",
    namespace: str = NAMESPACE,
    name: str = "xdatenfelder.stammdatenschema.0102",
) -> bytes:
    return wrapped(
        f"<x:stammdatenschema>{named(id, 'Anzeige eines Imkers', status=status, inner=inner)}\n"
        f"{tag('bezeichnung', 'Imkerei anzeigen')}"
        + code("ableitungsmodifikationenStruktur", "3")
        + code("ableitungsmodifikationenRepraesentation", "1")
        + more
        + "\n"
        + "\n".join(children)
        + "\n</x:stammdatenschema>",
        name=name,
        namespace=namespace,
    )


def wrapped(element: str, *, name: str, namespace: str = NAMESPACE) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<x:{name} xmlns:x="{namespace}">\n'
        f"<x:header>{tag('nachrichtID', '1')}"
        f"{tag('erstellungszeitpunkt', '2026-01-01T00:00:00Z')}</x:header>\n{element}</x:{name}>"
    ).encode()


# whole schemas, drawn by chance

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"])
WORDS = st.text(LETTERS, min_size=1, max_size=20).map(str.strip).filter(bool)
TEXTS = st.one_of(st.just(""), WORDS, st.tuples(WORDS, WORDS).map("\n".join))
TIMES = st.sampled_from(
    [Multiplicity(*each) for each in [(1, 1), (0, 1), (0, None), (1, None), (2, 5), (0, 3), (0, 0)]]
)
BASES = st.lists(st.builds(LegalBasis, WORDS, st.one_of(st.just(""), WORDS)), max_size=2).map(tuple)
KEYWORDS = st.lists(st.builds(Keyword, WORDS, st.one_of(st.just(""), WORDS)), max_size=2).map(tuple)
RELATIONS = st.lists(
    st.builds(
        Relation,
        st.sampled_from(["ABL", "ERS", "EQU", "VKN"]),
        st.sampled_from(["F60000000001", "G60000000002"]),
        st.sampled_from(["", "1.2.0"]),
    ),
    max_size=3,
).map(tuple)
DAYS = st.sampled_from(["", "2026-01-31", "2024-02-29Z"])
MOMENTS = st.sampled_from(["", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123+02:00"])


def _id(letter: str, most: int) -> st.SearchStrategy[str]:
    return st.integers(1, most).map(lambda number: f"{letter}99{number:09}")


def _common(letter: str, most: int) -> dict[str, st.SearchStrategy]:
    return {
        "id": _id(letter, most),
        "version": st.sampled_from(["1.0.0", "12.3.45"]),
        "name": WORDS,
        "input_label": TEXTS,
        "output_label": TEXTS if letter != "S" else st.just(""),
        "description": TEXTS,
        "definition": TEXTS,
        "bases": BASES,
        "status": st.sampled_from("12345678"),
        "creator": TEXTS,
        "version_note": TEXTS,
        "valid_from": DAYS,
        "valid_until": DAYS,
        "released_on": DAYS,
        "published_on": DAYS,
        "changed_at": MOMENTS,
        "relations": RELATIONS,
        "keywords": KEYWORDS,
    }


DETAILS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["", "element", "name", "typ/code"]), WORDS),
        min_size=1,
        max_size=3,
        unique_by=lambda pair: pair[0],
    ).map(lambda pairs: tuple(sorted(pairs))),
    max_size=2,
).map(tuple)
RULES = st.lists(
    st.builds(
        Rule,
        id=_id("R", 99),
        version=st.just("1.0.0"),
        name=WORDS,
        description=TEXTS,
        free_text=TEXTS,
        bases=BASES,
        keywords=KEYWORDS,
        creator=TEXTS,
        changed_at=MOMENTS,
        type=st.sampled_from(["", "K", "M", "V", "B"]),
        script=TEXTS,
        parameters=DETAILS,
        targets=DETAILS,
        errors=DETAILS,
    ),
    max_size=2,
).map(tuple)
HELPED = {
    "element_kind": st.sampled_from(["ABS", "HAR", "RNG"]),
    "input_help": TEXTS,
    "output_help": TEXTS,
    "rules": RULES,
}
FACETS = {
    "text": st.builds(
        Facets,
        min_length=st.sampled_from([None, 0, 3]),
        max_length=st.sampled_from([None, 9, 2000]),
        pattern=st.sampled_from([None, "[a-z]{3,9}", "(ja|nein)+"]),
        other=st.sampled_from([(), (("note", "nur groß"),), (("einheit", "kg"),)]),
    ),
    "num": st.builds(
        Facets,
        min_value=st.sampled_from([None, Decimal("0.50"), Decimal(-3)]),
        max_value=st.sampled_from([None, Decimal(99)]),
    ),
    "date": st.builds(Facets, min_value=st.sampled_from([None, "1900-01-01"])),
}
FACETS["text_latin"], FACETS["num_int"], FACETS["num_currency"] = (
    FACETS["text"],
    FACETS["num"],
    FACETS["num"],
)
NO_FACETS = st.just(Facets())
LISTS = st.builds(
    CodeListReference,
    st.just(""),
    st.just("urn:de:test:land"),
    st.sampled_from(["", "3"]),
    st.sampled_from(["", "urn:de:test:land_3"]),
)
VALUES = st.lists(
    st.builds(Value, WORDS, WORDS, TEXTS), min_size=1, max_size=4, unique_by=lambda one: one.code
).map(tuple)


@st.composite
def fields(draw: st.DrawFn) -> Field:
    kind = draw(st.sampled_from(["input"] * 5 + ["select", "select", "label", "hidden", "locked"]))
    datatypes = ["text", "text_latin", "date", "time", "datetime", "bool", "num", "num_int"]
    datatypes += ["num_currency", "file", "obj"]
    datatype = draw(st.sampled_from(datatypes)) if kind in {"input", "locked"} else "text"
    listed = draw(st.booleans()) if kind == "select" else None
    facets = FACETS.get(datatype, NO_FACETS) if kind == "input" else NO_FACETS
    return draw(
        st.builds(
            Field,
            **_common("F", 12),
            **HELPED,
            kind=st.just(kind),
            datatype=st.just(datatype),
            facets=facets,
            content=TEXTS if kind in {"label", "locked"} else st.just(""),
            prefill=st.sampled_from(["keine", "optional", "verpflichtend"]),
            code_list=LISTS if listed else st.none(),
            values=VALUES if listed is False else st.just(()),
            name_key=st.sampled_from(["", "bezeichnung"]) if listed else st.just(""),
            max_size=st.sampled_from([None, 1000, 10**9]) if datatype == "file" else st.none(),
            media_types=st.sampled_from([(), ("application/pdf",), ("image/png", "text/x")])
            if datatype == "file"
            else st.just(()),
        )
    )


def groups(inner: st.SearchStrategy[Field | Group]) -> st.SearchStrategy[Group]:
    return st.builds(
        Group,
        **_common("G", 9),
        **HELPED,
        choice=st.sampled_from([False, False, False, True]),
        children=children(inner),
    )


def children(inner: st.SearchStrategy[Field | Group]) -> st.SearchStrategy[tuple[Child, ...]]:
    return st.lists(st.builds(Child, TIMES, BASES, inner), min_size=1, max_size=4).map(tuple)


def schemas(most: int = 12) -> st.SearchStrategy[Schema]:
    """Any schema that version 3 can say."""
    return st.builds(
        Schema,
        **_common("S", 5),
        message_id=WORDS,
        created_at=st.just("2026-01-01T00:00:00Z"),
        help=TEXTS,
        structure_changes=st.sampled_from("0123"),
        representation_changes=st.sampled_from("01"),
        profile=st.sampled_from(["", "D99000000001"]),
        rules=RULES,
        children=children(st.recursive(fields(), groups, max_leaves=most)),
    )
