"""Writes small XDatenfelder 2 messages for tests, none of them anybody else's."""

from xml.sax.saxutils import escape

NAMESPACE = "urn:xoev-de:fim:standard:xdatenfelder_2"


def _code(name: str, value: str) -> str:
    return f"<xdf:{name}><code>{value}</code></xdf:{name}>"


def named(id: str, name: str, *, label: str = "", version: str = "1.0", **texts: str) -> str:
    said = {"beschreibung": "", "definition": "", "bezug": "", **texts}
    status = said.pop("status", "aktiv")
    return (
        f"<xdf:identifikation><xdf:id>{id}</xdf:id><xdf:version>{version}</xdf:version>"
        f"</xdf:identifikation><xdf:name>{escape(name)}</xdf:name>"
        f"<xdf:bezeichnungEingabe>{escape(label or name)}</xdf:bezeichnungEingabe>"
        + "".join(f"<xdf:{key}>{escape(value)}</xdf:{key}>" for key, value in said.items())
        + _code("status", status)
    )


def rule(id: str, name: str, definition: str) -> str:
    return (
        f"<xdf:regel>{named(id, name, definition=definition)}"
        "<xdf:script>function script() {}</xdf:script></xdf:regel>"
    )


def field(
    id: str,
    name: str,
    *,
    kind: str = "input",
    datatype: str = "text",
    facets: str = "",
    help: str = "",
    content: str = "",
    code_list: str = "",
    inner: str = "",
    **texts: str,
) -> str:
    reference = (
        "<xdf:codelisteReferenz><xdf:identifikation><xdf:id>C00000001</xdf:id>"
        "</xdf:identifikation><xdf:genericodeIdentification>"
        f"<xdf:canonicalIdentification>{code_list}</xdf:canonicalIdentification>"
        "<xdf:version>1</xdf:version>"
        f"<xdf:canonicalVersionUri>{code_list}_1</xdf:canonicalVersionUri>"
        "</xdf:genericodeIdentification></xdf:codelisteReferenz>"
        if code_list
        else ""
    )
    return (
        f"<xdf:datenfeld>{named(id, name, **texts)}{_code('schemaelementart', 'RNG')}"
        f"<xdf:hilfetextEingabe>{escape(help)}</xdf:hilfetextEingabe>"
        f"{_code('feldart', kind)}{_code('datentyp', datatype)}"
        f"<xdf:praezisierung>{escape(facets)}</xdf:praezisierung>"
        f"<xdf:inhalt>{escape(content)}</xdf:inhalt>{reference}{inner}</xdf:datenfeld>"
    )


def group(id: str, name: str, *children: str, help: str = "", rules: str = "", **texts: str) -> str:
    return (
        f"<xdf:datenfeldgruppe>{named(id, name, **texts)}{_code('schemaelementart', 'RNG')}"
        f"<xdf:hilfetextEingabe>{escape(help)}</xdf:hilfetextEingabe>{rules}"
        f"{''.join(children)}</xdf:datenfeldgruppe>"
    )


def at(times: str, element: str) -> str:
    return (
        f"<xdf:struktur><xdf:anzahl>{times}</xdf:anzahl><xdf:bezug/>"
        f"<xdf:enthaelt>{element}</xdf:enthaelt></xdf:struktur>"
    )


def message(
    *children: str,
    rules: str = "",
    id: str = "S99000001",
    namespace: str = NAMESPACE,
    name: str = "xdatenfelder.stammdatenschema.0102",
    **texts: str,
) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xdf:{name} xmlns:xdf="{namespace}">\n'
        "<xdf:header><xdf:nachrichtID>1</xdf:nachrichtID>"
        "<xdf:erstellungszeitpunkt>2026-01-01T00:00:00Z</xdf:erstellungszeitpunkt></xdf:header>\n"
        f"<xdf:stammdatenschema>{named(id, 'Anzeige eines Imkers', **texts)}\n"
        + _code("ableitungsmodifikationenStruktur", "3")
        + _code("ableitungsmodifikationenRepraesentation", "1")
        + f"{rules}\n"
        + "\n".join(children)
        + f"\n</xdf:stammdatenschema></xdf:{name}>"
    ).encode()


def code_list(uri: str, *entries: tuple[str, str]) -> bytes:
    rows = "".join(
        f'<Row><Value ColumnRef="name"><SimpleValue>{label}</SimpleValue></Value>'
        f'<Value ColumnRef="code"><SimpleValue>{code}</SimpleValue></Value></Row>'
        for code, label in entries
    )
    return (
        '<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">'
        "<Identification><ShortName>L</ShortName><Version>1</Version>"
        f"<CanonicalUri>{uri}</CanonicalUri><CanonicalVersionUri>{uri}_1</CanonicalVersionUri>"
        '</Identification><ColumnSet><Column Id="code" Use="required"/>'
        '<Column Id="name" Use="required"/><Key Id="k"><ColumnRef Ref="code"/></Key></ColumnSet>'
        f"<SimpleCodeList>{rows}</SimpleCodeList></gc:CodeList>"
    ).encode()
