"""What people type is read as a friendly clerk would read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.example import compiled
from dienstweg.blueprint import formats, reading


def read(name, *texts):
    return reading.read(compiled().assistant.field[name], list(texts))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.234,50", 1234.5),
        ("1234,5", 1234.5),
        ("1234.50", 1234.5),
        ("1,234.50", 1234.5),
        ("1.234", 1234.0),
        ("1.5", 1.5),
        ("12 €", 12.0),
        ("  7 EUR ", 7.0),
        ("1 234,00", 1234.0),
        ("\u22123", -3.0),
    ],
)
def test_numbers(typed, value):
    assert read("einkommen", typed) == reading.Read(value)


@pytest.mark.parametrize("typed", ["viel", "1,2,3", "1.2.3", "--1", "1e5", "١٢", "9" * 40, "0x10"])
def test_no_numbers(typed):
    assert read("einkommen", typed).code == "number"


@pytest.mark.parametrize(
    ("typed", "cents"), [("12,50", 1250), ("12", 1200), ("1.000,01 €", 100001), ("0,1", 10)]
)
def test_money_is_read_in_euros_and_kept_in_cents(typed, cents):
    assert read("spende", typed) == reading.Read(cents)


def test_money_has_two_places():
    assert read("spende", "1,005").code == "cents"


@pytest.mark.parametrize(
    "typed",
    [
        "3.4.2026",
        "03.04.2026",
        "3. April 2026",
        "3 apr. 2026",
        "3/4/2026",
        "2026-04-03",
        "03042026",
    ],
)
def test_dates(typed):
    assert read("geburt", typed) == reading.Read("2026-04-03")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("morgen", "date"),
        ("4.2026", "date-none"),
        ("31.2.2026", "date-none"),
        ("31.2.", "date-none"),
        ("31.2.26", "date-none"),
        ("1.1.0000", "date-none"),
        ("3.13.2026", "date-none"),
        ("3.4.26", "date-year"),
        ("3.4.", "date-year"),
    ],
)
def test_no_dates(typed, code):
    assert read("geburt", typed).code == code


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("plz", "D-12345", "12345"),
        ("plz", "12 345", "12345"),
        ("iban", "de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("kennzeichen", "ks ab 12e", "KS-AB 12E"),
        ("kennzeichen", "KS-AB12", "KS-AB 12"),
        ("email", " Ada@Example.ORG ", "Ada@example.org"),
        ("telefon", "+49 (0) 4321 / 56-78", "+4943215678"),
        ("hat_auto", "Ja", True),
        ("hat_auto", "no", False),
        ("name", "  Ada\u00a0 Lovelace\u200b ", "Ada Lovelace"),
        ("name", "Cafe\u0301", "Café"),
        ("wuensche", "a\r\nb  \n\n", "a\nb"),
        ("groesse", "3,0", 3),
    ],
)
def test_other_texts(name, typed, value):
    assert read(name, typed) == reading.Read(value)


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("plz", "1234", "postcode"),
        ("iban", "DE89 3704 0044 0532 0130 01", "iban-check"),
        ("email", "ada", "email"),
        ("telefon", "rufen Sie an", "phone"),
        ("ort", "nirgends", "enum"),
        ("essen", "steak", "enum"),
        ("groesse", "3,5", "integer"),
        ("name", "a\x00b", "characters"),
        ("name", "a\ud800", "characters"),
        ("name", "\u202eabc", "characters"),
        ("name", "x" * 1_000_000, "length"),
        ("name", "x" * 3_000, "length"),
    ],
)
def test_refused_texts(name, typed, code):
    assert read(name, typed).code == code


def test_two_answers_to_one_question_are_refused_and_the_same_twice_is_one():
    assert read("name", "Ada", "Bob").code == "repeated"
    assert read("name", "Ada", "Ada").value == "Ada"
    assert read("essen", "vegan", "vegan").value == ["vegan"]


@given(st.text())
def test_what_is_kept_can_be_stored_as_text(text):
    kept = reading.kept([text])[0]
    assert "\x00" not in kept
    kept.encode()
    assert len(kept) <= reading.LONGEST_KEPT


@given(st.integers(100, 10**9))
def test_an_amount_reads_back_as_it_is_shown(cents):
    field = compiled().assistant.field["spende"]
    assert read("spende", formats.typed(field, cents)).value == cents
    assert read("spende", formats.shown_money(cents / 100, "de")).value == cents


@given(st.dates())
def test_a_date_reads_back_as_it_is_shown(day):
    field = compiled().assistant.field["geburt"]
    assert read("geburt", formats.typed(field, day.isoformat())).value == day.isoformat()
    assert read("geburt", formats.shown_date(day.isoformat(), "de")).value == day.isoformat()
