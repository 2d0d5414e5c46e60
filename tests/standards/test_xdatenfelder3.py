import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dienstweg.standards.xdatenfelder import errors
from dienstweg.standards.xdatenfelder.model import (
    CodeListReference,
    Facets,
    Field,
    Group,
    Keyword,
    LegalBasis,
    Multiplicity,
    Relation,
    Schema,
    Value,
)
from dienstweg.standards.xdatenfelder.reading import read, read_message
from dienstweg.standards.xdatenfelder.translating import as_three
from dienstweg.standards.xdatenfelder.writing import NotWritable, write
from fim_documents import at as old_at
from fim_documents import field as old_field
from fim_documents import message as old_message
from fim_documents import rule as old_rule
from fim_documents3 import (
    at,
    choices,
    code,
    field,
    group,
    message,
    named,
    reference,
    rule,
    schemas,
    tag,
    wrapped,
)

NAME = field("F99000000001", "Name", facets='minLength="1" maxLength="80" pattern="[A-Z]+"')


def only(*children: str, **said: str) -> Field | Group:
    return read(message(*children, **said)).children[0].element


def one_field(**said: str) -> Field:
    found = only(at("1:1", field("F99000000001", "A", **said)))
    assert isinstance(found, Field)
    return found


def faults_of(content: bytes) -> list[str]:
    with pytest.raises(errors.Faulty) as caught:
        read_message(content)
    return [str(fault) for fault in caught.value.faults]


def test_a_schema_says_where_it_comes_from_and_what_it_rests_on() -> None:
    inner = (
        tag("beschreibung", "Wofür")
        + tag("bezug", "§ 1a BienSeuchV", link="https://example.org/1a")
        + tag("bezug", "")
        + tag("bezug", "§ 2 BienSeuchV")
        + tag("statusGesetztAm", "2026-01-31")
        + tag("statusGesetztDurch", "Amt für Bienen")
        + tag("letzteAenderung", "2026-01-31T10:00:00+01:00")
        + f"<x:relation>{code('praedikat', 'ERS')}<x:objekt>{tag('id', 'S99000000009')}"
        f"{tag('version', '0.9.0')}</x:objekt></x:relation>"
        + tag("stichwort", "Imkerei", uri="urn:x")
    )
    steckbrief = f"<x:dokumentsteckbrief>{tag('id', 'D99000000001')}</x:dokumentsteckbrief>"
    schema = read(message(at("1:1", NAME), inner=inner, more=steckbrief))
    assert schema.bases == (
        LegalBasis("§ 1a BienSeuchV", "https://example.org/1a"),
        LegalBasis("§ 2 BienSeuchV"),
    )
    assert schema.legal_basis == "§ 1a BienSeuchV\n§ 2 BienSeuchV"
    assert schema.relations == (Relation("ERS", "S99000000009", "0.9.0"),)
    assert schema.keywords == (Keyword("Imkerei", "urn:x"),)
    assert (schema.creator, schema.released_on) == ("Amt für Bienen", "2026-01-31")
    assert (schema.profile, schema.standard, schema.label) == (
        "D99000000001",
        "3.0.0",
        "Imkerei anzeigen",
    )
    assert schema.released
    assert schema.status_text == "fachlich freigegeben (gold)"
    assert not schema.remarks


def test_a_choice_group_and_every_multiplicity_are_read() -> None:
    inner = group("G99000000001", "Wahl", at("0:*", NAME), at("2:5", NAME), more=code("art", "X"))
    found = only(at("1:*", inner, bases=tag("bezug", "§ 3", link="u") + tag("bezug", "§ 4")))
    assert isinstance(found, Group)
    assert found.choice
    assert [str(child.multiplicity) for child in found.children] == ["0:*", "2:5"]
    outer = read(message(at("1:*", inner, bases=tag("bezug", "§ 3", link="u")))).children[0]
    assert outer.multiplicity == Multiplicity(1, None)
    assert outer.bases == (LegalBasis("§ 3", "u"),)


@pytest.mark.parametrize("kind", ["input", "select", "label", "hidden", "locked"])
@pytest.mark.parametrize(
    "datatype",
    [
        *("text", "text_latin", "date", "time", "datetime", "bool"),
        *("num", "num_int", "num_currency", "file", "obj"),
    ],
)
def test_every_kind_and_data_type_is_known(kind: str, datatype: str) -> None:
    found = one_field(kind=kind, datatype=datatype)
    assert (found.kind, found.datatype) == (kind, datatype)


def test_precisions_are_attributes() -> None:
    assert one_field(facets='minLength="1" maxLength="9" pattern="[a-z]"').facets == Facets(
        min_length=1, max_length=9, pattern="[a-z]"
    )
    found = one_field(datatype="num", facets='minValue="-0.5" maxValue="1,5"').facets
    assert found == Facets(min_value=Decimal("-0.5"), max_value=Decimal("1.5"))
    assert one_field(datatype="date", facets='minValue="2020-01-01"').facets.min_value == (
        "2020-01-01"
    )
    assert one_field(datatype="time", facets='maxValue="18:00"').facets.max_value == "18:00"
    assert one_field(facets='einheit="kg"').facets.other == (("einheit", "kg"),)


def test_values_stand_in_the_schema_or_are_referred_to() -> None:
    inline = one_field(kind="select", more=choices(("1", "Biene"), ("2", "Hummel")))
    assert inline.values == (Value("1", "Biene"), Value("2", "Hummel"))
    keys = tag("codeKey", "k") + tag("nameKey", "n") + tag("helpKey", "h")
    referred = one_field(kind="select", more=reference("urn:de:test:land", "3") + keys)
    assert referred.code_list == CodeListReference(
        "", "urn:de:test:land", "3", "urn:de:test:land_3"
    )
    assert (referred.code_key, referred.name_key, referred.help_key) == ("k", "n", "h")
    newest = one_field(kind="select", more=reference("urn:de:test:land"))
    assert newest.code_list == CodeListReference("", "urn:de:test:land", "", "")


def test_files_say_how_big_and_of_which_kind() -> None:
    more = tag("maxSize", "20000000") + tag("mediaType", "application/pdf")
    found = one_field(datatype="file", more=more + tag("mediaType", "image/png"))
    assert (found.max_size, found.media_types) == (20_000_000, ("application/pdf", "image/png"))


def test_rules_are_read_whole() -> None:
    more = (
        tag("bezug", "§ 5")
        + tag("fachlicherErsteller", "Amt")
        + f"<x:param>{tag('element', 'F99000000001')}{code('typ', 'A')}</x:param>"
        + f"<x:ziel>{tag('name', 'x')}</x:ziel>"
        + tag("skript", "a > b")
        + f"<x:fehler>{code('code', '7')}{tag('text', 'falsch')}</x:fehler>"
    )
    schema = read(message(at("1:1", NAME), more=rule("R99000000001", "Eins", "Wenn …", more=more)))
    (found,) = schema.rules
    assert (found.free_text, found.type, found.script) == ("Wenn …", "K", "a > b")
    assert found.parameters == ((("element", "F99000000001"), ("typ/code", "A")),)
    assert found.targets == ((("name", "x"),),)
    assert found.errors == ((("code/code", "7"), ("text", "falsch")),)
    assert found.creator == "Amt"


def test_groups_and_fields_come_as_messages_of_their_own() -> None:
    one = read_message(wrapped(NAME, name="xdatenfelder.datenfeld.0104")).element
    assert isinstance(one, Field)
    inner = group("G99000000001", "Imker", at("1:1", NAME))
    several = read_message(wrapped(inner, name="xdatenfelder.datenfeldgruppe.0103"))
    assert isinstance(several.element, Group)
    assert (several.standard, several.id) == ("3.0.0", "1")
    with pytest.raises(errors.OtherMessage, match=r"datenfeldgruppe\.0103"):
        read(wrapped(inner, name="xdatenfelder.datenfeldgruppe.0103"))
    with pytest.raises(errors.OtherMessage, match=r"dokumentsteckbrief\.0101"):
        read_message(wrapped("<x:a/>", name="xdatenfelder.dokumentsteckbrief.0101"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (message(at("1:1", field("F99000000001", "A", kind="neu"))), "feldart hat den Wert 'neu'"),
        (message(at("1:1", NAME), status="10"), "freigabestatus hat den Wert '10'"),
        (message(at("1:1", NAME), status="aktiv"), "freigabestatus hat den Wert 'aktiv'"),
        (message(at("1:1", NAME), id=""), "FIM-ID .* ist leer"),
        (message(at("1:1", NAME), id="S-1"), "'S-1' ist keine FIM-ID"),
        (message(at("1:1", NAME.replace("1.0.0", "1.0"))), "'1.0' ist keine Version"),
        (message(at("1:1", field("F99000000001", "A", facets='maxLength="-1"'))), "keine Länge"),
        (
            message(at("1:1", field("F99000000001", "A", facets='minValue="2" maxValue="1"'))),
            "maxValue 1 ist kleiner",
        ),
        (
            message(at("1:1", field("F99000000001", "A", more=tag("maxSize", "viel")))),
            "keine Größe in Bytes",
        ),
        (
            message(at("1:1", field("F99000000001", "A", more=code("vorbefuellung", "ja")))),
            "vorbefuellung hat den Wert 'ja'",
        ),
        (
            message(at("1:1", field("F99000000001", "A", more="<x:werte><x:wert/></x:werte>"))),
            "keinen Code",
        ),
        (
            message(at("1:1", group("G99000000001", "G", more=code("art", "Y")))),
            "art hat den Wert 'Y'",
        ),
        (
            message(at("1:1", NAME), inner=tag("letzteAenderung", "gestern")),
            "'gestern' ist kein Zeitpunkt",
        ),
        (
            message(at("1:1", NAME), inner=tag("statusGesetztAm", "2026-02-30")),
            "'2026-02-30' ist kein Datum",
        ),
        (message(at("1:1", NAME), inner=tag("fachlicherErsteller", "x")), "Unbekanntes Element"),
        (message(at("1:1", NAME), more=rule("R99000000001", "", "x")), "Der Name ist leer"),
    ],
)
def test_a_fault_is_named_with_its_line(content: bytes, said: str) -> None:
    found = faults_of(content)
    assert any(re.search(said, fault) for fault in found), found
    assert all(fault.startswith("Zeile ") for fault in found)


def test_ids_of_the_older_version_are_read_and_remarked() -> None:
    schema = read(message(at("1:1", NAME), id="S99000001"))
    assert schema.id == "S99000001"
    assert "'S99000001' ist keine FIM-ID von XDatenfelder 3" in str(schema.remarks[0])


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + message(at("1:1", NAME)).partition(b"\n")[2].replace(b"Name", b"&e;", 1),
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'
        + message(at("1:1", NAME)).partition(b"\n")[2],
        message(at("1:1", NAME), more="<x:regel>" * 200 + "</x:regel>" * 200),
        message(at("1:1", NAME), more="<x:regel/>" * 450_000),
        message(at("1:1", NAME), inner=tag("beschreibung", "x" * 17_000_000)),
    ],
    ids=["entity", "network", "deep", "many", "huge"],
)
def test_hostile_xml_is_refused(content: bytes) -> None:
    with pytest.raises(errors.Hostile):
        read(content)


def test_a_list_without_end_is_refused() -> None:
    rows = choices(*((str(number), "x") for number in range(20_001)))
    assert (
        "mehr als 20000 Einträge"
        in faults_of(message(at("1:1", field("F99000000001", "A", kind="select", more=rows))))[0]
    )


WHOLE = message(
    at("1:1", group("G99000000001", "Imker", at("1:*", NAME))),
    more=rule("R99000000001", "Eins", "Wenn"),
)


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=3))
def test_a_damaged_schema_is_read_or_refused(position: int, damage: bytes) -> None:
    damaged = WHOLE[:position] + damage + WHOLE[position + len(damage) :]
    try:
        assert read(damaged).id
    except errors.Refused as refused:
        assert str(refused)


@given(schemas())
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_reads_the_same(schema: Schema) -> None:
    assert read(write(schema)) == schema


def test_what_xml_cannot_carry_is_refused_by_name() -> None:
    schema = read(WHOLE)
    object.__setattr__(schema, "description", "a\x00b")
    with pytest.raises(NotWritable, match="beschreibung"):
        write(schema)


def test_version_two_is_written_as_the_standard_maps_it() -> None:
    old = read(
        old_message(
            old_at("0:*", old_field("F60000319", "Firma", facets='{"maxLength":"9"}')),
            rules=old_rule("R60000001", "Eins", "Wenn F60000319 (nicht F6000031) leer ist"),
        )
    )
    new = read(write(old))
    assert new == as_three(old)
    assert (new.id, new.version, new.status) == ("S99000000001", "1.0.0", "5")
    (child,) = new.children
    assert (child.element.id, str(child.multiplicity)) == ("F60000000319", "0:*")
    assert new.rules[0].free_text == "Wenn F60000000319 (nicht F6000031) leer ist"
    assert named("S99000000001", "x")
