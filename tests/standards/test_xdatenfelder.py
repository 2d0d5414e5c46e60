import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.standards.xdatenfelder import errors
from dienstweg.standards.xdatenfelder.model import Facets, Field, Group, Multiplicity
from dienstweg.standards.xdatenfelder.reading import read
from fim_documents import NAMESPACE, at, field, group, message, named, rule

NAME = field(
    "F99000001",
    "Name",
    facets='{"minLength":"1","maxLength":"80","pattern":"[A-Z]+"}',
    help="Hilfe",
)
BEES = field("F99000002", "Völker", datatype="num_int", facets='{"minValue":"1","maxValue":"9,5"}')
WHERE = field("F99000003", "Land", kind="select", code_list="urn:de:test:land")
RULE = rule("R99000001", "Nicht leer", "Eines der Felder muss befüllt sein.")


def valid() -> bytes:
    return message(
        at("1:1", group("G99000001", "Imker", at("1:1", NAME), at("0:*", BEES), rules=RULE)),
        at("2:5", WHERE),
        rules=RULE,
        bezug="§ 1a BienSeuchV",
    )


def faults_of(content: bytes) -> list[str]:
    with pytest.raises(errors.Faulty) as caught:
        read(content)
    return [str(fault) for fault in caught.value.faults]


def test_everything_of_a_schema_is_read() -> None:
    schema = read(valid())

    assert (schema.id, schema.version, schema.legal_basis) == (
        "S99000001",
        "1.0",
        "§ 1a BienSeuchV",
    )
    assert schema.message_id == "1"
    assert [each.id for each in schema.rules] == ["R99000001"]
    keeper, land = (child.element for child in schema.children)
    assert isinstance(keeper, Group)
    assert isinstance(land, Field)
    assert keeper.rules[0].free_text == "Eines der Felder muss befüllt sein."
    assert [child.multiplicity for child in keeper.children] == [
        Multiplicity(1, 1),
        Multiplicity(0, None),
    ]
    assert schema.children[1].multiplicity == Multiplicity(2, 5)
    name, bees = (child.element for child in keeper.children)
    assert isinstance(name, Field)
    assert isinstance(bees, Field)
    assert name.facets == Facets(min_length=1, max_length=80, pattern="[A-Z]+")
    assert name.input_help == "Hilfe"
    assert bees.facets == Facets(min_value=Decimal(1), max_value=Decimal("9.5"))
    assert land.code_list is not None
    assert land.code_list.canonical_version_uri == "urn:de:test:land_1"


def test_prose_and_unknown_facets_are_kept() -> None:
    prose = field("F99000001", "A", facets="nur Großbuchstaben")
    unknown = field("F99000002", "B", facets='{"maxLength":"","einheit":"kg"}')
    first, second = (
        each.element for each in read(message(at("1:1", prose), at("1:1", unknown))).children
    )
    assert isinstance(first, Field)
    assert isinstance(second, Field)
    assert first.facets.other == (("note", "nur Großbuchstaben"),)
    assert second.facets == Facets(other=(("einheit", "kg"),))


@pytest.mark.parametrize(
    ("namespace", "version"),
    [
        ("urn:xoev-de:fim:standard:xdatenfelder_1", "1"),
        ("urn:xoev-de:fim:standard:xdatenfelder_4.0", "4.0"),
        ("urn:xoev-de:fim:standard:xdatenfelder_3", "3"),
    ],
)
def test_another_version_is_named(namespace: str, version: str) -> None:
    with pytest.raises(errors.OtherVersion, match=f"XDatenfelder {re.escape(version)} ") as caught:
        read(message(at("1:1", NAME), namespace=namespace))
    assert caught.value.version == version


def test_another_message_is_named() -> None:
    with pytest.raises(errors.OtherMessage, match=r"xdatenfelder\.datenfeld\.0104"):
        read(message(at("1:1", NAME), name="xdatenfelder.datenfeld.0104"))


@pytest.mark.parametrize("namespace", ["urn:xoev-de:fim:standard:xdatenfelder_unknown", "urn:x"])
def test_another_format_is_named(namespace: str) -> None:
    with pytest.raises(errors.OtherFormat, match=namespace):
        read(message(at("1:1", NAME), namespace=namespace))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "kein XML"),
        (b'{"a": 1}', "sondern JSON"),
        (b"# Text", "kein XML"),
        (b"<a><b></a>", "wohlgeformtes XML"),
        (b"\x00\xff", "kein XML"),
    ],
)
def test_what_is_no_xml_is_said(content: bytes, said: str) -> None:
    with pytest.raises(errors.NotXml, match=said):
        read(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (message(at("1:1", NAME), id="T 1234"), "'T 1234' ist keine FIM-ID"),
        (message(at("1:1", NAME), id=""), "FIM-ID .* ist leer"),
        (message(at("3:1", NAME)), "Das Höchste ist kleiner"),
        (message(at("eins", NAME)), "anzahl 'eins' ist ungültig"),
        (message(at("1:1", NAME + BEES)), "genau ein datenfeld|steht doppelt"),
        (
            message(at("1:1", field("F99000001", "A", kind="hidden"))),
            "feldart hat den Wert 'hidden'",
        ),
        (message(at("1:1", field("F99000001", "A", datatype="x"))), "datentyp hat den Wert 'x'"),
        (message(at("1:1", field("F99000001", "A", facets="{kaputt"))), "kein gültiges JSON"),
        (message(at("1:1", field("F99000001", "A", facets='{"maxLength":"-1"}'))), "keine Länge"),
        (
            message(at("1:1", field("F99000001", "A", facets='{"minValue":"viel"}'))),
            "weder eine Zahl",
        ),
        (
            message(at("1:1", field("F99000001", "A", facets='{"minLength":"9","maxLength":"1"}'))),
            "maxLength 1 ist kleiner",
        ),
        (message(at("1:1", field("F99000001", "A", facets='{"pattern":["a"]}'))), "nur Texte"),
        (
            message(at("1:1", field("F99000001", "A", status="fertig"))),
            "status hat den Wert 'fertig'",
        ),
        (
            message(at("1:1", field("F99000001", "A", inner="<xdf:neu/>"))),
            "Unbekanntes Element 'neu'",
        ),
        (message(at("1:1", NAME), freigabedatum="2026-02-30"), "ist kein Datum"),
        (message(at("1:1", NAME.replace(">1.0<", ">1.0.0<"))), "ist keine Version"),
        (valid().replace(b"<xdf:name>Name</xdf:name>", b""), "fehlt das Element 'name'"),
        (valid().replace(b"<xdf:name>Name</xdf:name>", b"<xdf:name/>"), "Der Name ist leer"),
        (valid().replace(b"<xdf:name>Name<", b"<xdf:name>x</xdf:name><xdf:name>Name<"), "doppelt"),
        (valid().replace(b"xdf:header>", b"xdf:kopf>"), "fehlt das Element 'header'"),
    ],
)
def test_a_fault_is_named_with_its_line(content: bytes, said: str) -> None:
    found = faults_of(content)
    assert any(re.search(said, fault) for fault in found), found
    assert all(fault.startswith("Zeile ") for fault in found)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (message(), "struktur fehlt"),
        (message(at("1:1", NAME), id="T1234"), "'T1234' ist keine FIM-ID von XDatenfelder 2"),
        (message(at("1:1", field("F99000001", "A", kind="select"))), "keine Liste seiner Werte"),
        (valid().replace(b"<xdf:name>Name<", b"<xdf:name/><xdf:name>Name<"), "einmal ist es leer"),
    ],
)
def test_what_can_mean_only_one_thing_is_read_and_remarked(content: bytes, said: str) -> None:
    assert any(said in str(remark) for remark in read(content).remarks)
    assert not read(valid()).remarks


def test_all_faults_are_named_with_their_path() -> None:
    wrong = message(
        at("1:1", group("G99000001", "Imker", at("x", NAME), at("1:1", field("F/1", "A")))),
        id="S 1",
    )
    found = faults_of(wrong)
    assert len(found) == 3
    assert any("S 1/G99000001" in fault and "'F/1'" in fault for fault in found)


def test_faults_are_bounded() -> None:
    many = [at("x", field("F99000001", "A")) for _ in range(500)]
    assert len(faults_of(message(*many))) == 50


ENTITIES = b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"lol") for n in range(10)
)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE x [" + ENTITIES + b"]><x>&a9;</x>",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16"),
        b"<a>" * 200 + b"</a>" * 200,
        b"<a>" * 1_000_000,
        b"<a>" + b"<b/>" * 500_000 + b"</a>",
        b"<a " + b" ".join(b'x%d=""' % n for n in range(250_000)) + b"/>",
        b"<a>" + b"x" * 20_000_000 + b"</a>",
        b"<a>" + b"x" * 12_000_000 + b"</a>",
    ],
    ids=[
        "bomb",
        "file",
        "network",
        "utf-16",
        "deep",
        "deeper",
        "many",
        "wide",
        "huge",
        "long text",
    ],
)
def test_hostile_xml_is_refused(content: bytes) -> None:
    with pytest.raises(errors.Hostile):
        read(content)


def test_an_undefined_entity_is_refused() -> None:
    with pytest.raises(errors.NotXml):
        read(valid().replace(b"Imker", b"&lol;"))


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    with pytest.raises(errors.Refused):
        read(content)


@given(st.integers(0, len(valid()) - 1), st.binary(min_size=1, max_size=3))
def test_a_damaged_schema_is_read_or_refused(position: int, damage: bytes) -> None:
    content = valid()
    damaged = content[:position] + damage + content[position + len(damage) :]
    try:
        schema = read(damaged)
    except errors.Refused as refused:
        assert str(refused)
    else:
        assert schema.children


def test_the_namespace_of_elements_matters() -> None:
    other = valid().replace(b"<xdf:name>Name</xdf:name>", b'<name xmlns="urn:x">Name</name>')
    assert any("urn:x" in fault for fault in faults_of(other))


def test_the_test_documents_use_the_standards_namespace() -> None:
    assert NAMESPACE.encode() in valid()
    assert "identifikation" in named("F99000001", "A")
