"""Numbers with rules of their own, as people really write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN

from blueprint.kinds_building import compiled, field, one
from dienstweg.blueprint import formats, messages, reading
from dienstweg.blueprint.kinds import countries


def read(name, *texts):
    return reading.read(field(name), list(texts))


def said(name, code, lang="de"):
    return messages.message(compiled(), field(name), code, lang)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("04321 / 5678", "+4943215678"),
        ("(04321) 56-78", "+4943215678"),
        ("0049 4321 5678", "+4943215678"),
        ("+49 4321 5678", "+4943215678"),
        ("+49 (0) 4321 5678", "+4943215678"),
        ("+49 (0)4321 5678", "+4943215678"),
        ("0170 1234567", "+491701234567"),
        ("+43 1 58858", "+43158858"),
        ("0033 1 42 34 56 78", "+33142345678"),
        ("+1 (202) 555-0143", "+12025550143"),
        ("030.12345678", "+493012345678"),
    ],
)
def test_phone_numbers(typed, value):
    assert read("phone", typed) == reading.Read(value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5678", "phone-area"),
        ("rufen Sie an", "phone"),
        ("04321", "phone-short"),
        ("04321 56781234567890123", "phone-long"),
        ("+999 12345678", "phone"),
        ("110", "phone-area"),
        ("+", "phone"),
        ("04321 5678 oder 5679", "phone"),
    ],
)
def test_what_is_no_phone_number(typed, code):
    assert read("phone", typed).code == code


def test_a_phone_number_is_shown_as_it_is_dialled_here():
    phone = field("phone")
    assert formats.shown(compiled(), phone, "+4943215678", "de") == "04321 5678"
    assert formats.shown(compiled(), phone, "+43158858", "de") == "+43 1 58858"
    assert formats.typed(phone, "+4943215678") == "04321 5678"


def test_a_schema_that_wants_the_number_as_it_is_dialled_gets_it_so():
    old = one({"type": "string", "pattern": "^0[0-9]{3,15}$"}, widget="phone")
    assert reading.read(old, ["+49 4321 5678"]).value == "043215678"
    assert old.kind.faults(old, "043215678") == []


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("de89370400440532013000", "DE89370400440532013000"),
        ("IBAN: AT61 1904 3002 3457 3201", "AT611904300234573201"),
        ("NL91 ABNA 0417 1643 00", "NL91ABNA0417164300"),
        ("CH93 0076 2011 6238 5295 7", "CH9300762011623852957"),
        ("NO93 8601 1117 947", "NO9386011117947"),
        ("MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MT84MALT011000012345MTLCAST001S"),
    ],
)
def test_accounts_at_home_and_abroad(typed, value):
    assert read("iban", typed) == reading.Read(value)
    assert reading.read(field("iban"), [formats.typed(field("iban"), value)]).value == value


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("DE89 3704 0044 0532 0130 01", "iban-check"),
        ("DE98 3704 0044 0532 0130 00", "iban-check"),
        ("DE89 3704 0044 0532 0130", "iban-length"),
        ("AT61 1904 3002 3457 32", "iban-abroad"),
        ("ZZ89 3704 0044 0532 0130 00", "iban"),
        ("0532013000", "iban"),
        ("Sparkasse", "iban"),
    ],
)
def test_wrong_accounts_are_told_apart(typed, code):
    assert read("iban", typed).code == code
    assert said("iban", code) != said("text", "format")


@given(st.integers(0, 10**18 - 1))
def test_every_german_account_is_read_and_one_wrong_digit_is_found(number):
    digits = f"{number:018}"
    iban = str(IBAN.from_bban("DE", digits, allow_invalid=True))
    assert read("iban", formats.typed(field("iban"), iban)).value == iban
    wrong = iban[:-1] + str((int(iban[-1]) + 1) % 10)
    assert read("iban", wrong).code == "iban-check"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("KS-AB 123", "KS-AB 123"),
        ("ks ab 123", "KS-AB 123"),
        ("KS-AB123", "KS-AB 123"),
        ("M-A 1", "M-A 1"),
        ("MA 1", "M-A 1"),
        ("RÜDAB 1", "RÜD-AB 1"),
        ("sü-x 12", "SÜ-X 12"),
        ("ERÖ - AB - 12", "ERÖ-AB 12"),
        ("LÖ AB 123 E", "LÖ-AB 123E"),
        ("HH-AB 123H", "HH-AB 123H"),
        ("KS-AB 123 04-10", "KS-AB 123 04-10"),
        ("KS-AB 123 (4/10)", "KS-AB 123 04-10"),
        ("KS-AB 12H 11-2", "KS-AB 12H 11-02"),
        ("B-XX 9999", "B-XX 9999"),
        ("HJ 12", "H-J 12"),
        ("SS-A 12", "SS-A 12"),
    ],
)
def test_plates(typed, value):
    assert read("plate", typed) == reading.Read(value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("KSAB 123", "plate-parts"),
        ("KAB 12", "plate-parts"),
        ("KS-AB 012", "plate"),
        ("KS-ABC 1", "plate"),
        ("KS-ÄB 1", "plate"),
        ("ABCD-E 1", "plate"),
        ("FLÖ-AB 1234", "plate-long"),
        ("HH-AB 1234E", "plate-long"),
        ("KS-AB 12345", "plate"),
        ("KS-SS 1", "plate-letters"),
        ("ks kz 12", "plate-letters"),
        ("B-HJ 4", "plate-letters"),
        ("M-NS 77H", "plate-letters"),
        ("RÜD-SA 1 04-10", "plate-letters"),
        ("KS-AB 123 04-03", "plate-season"),
        ("KS-AB 123 04-04", "plate-season"),
        ("KS-AB 123 00-13", "plate"),
        ("mein Auto", "plate"),
    ],
)
def test_what_is_no_plate(typed, code):
    assert read("plate", typed).code == code


@given(
    st.text("ABCDÄÖÜ", min_size=1, max_size=3),
    st.text("ABCXYZ", min_size=1, max_size=2),
    st.integers(1, 9999),
    st.sampled_from(["", "E", "H"]),
)
def test_a_plate_reads_back_however_its_spaces_stand(district, letters, number, sign):
    if len(f"{district}{letters}{number}{sign}") > 8:
        return
    plate = f"{district}-{letters} {number}{sign}"
    for typed in (plate, plate.lower(), plate.replace("-", " "), plate.replace("-", " - ")):
        assert read("plate", typed).value == plate


@pytest.mark.parametrize("typed", ["36 574 261 809", "36574261809", "36.574.261.809"])
def test_a_tax_id(typed):
    assert read("taxid", typed) == reading.Read("36574261809")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("36 574 261 890", "taxid-check"),
        ("36 574 261 80", "taxid-length"),
        ("21/815/08150", "taxid-length"),
        ("keine", "taxid"),
        ("00000000000", "taxid-check"),
    ],
)
def test_what_is_no_tax_id(typed, code):
    assert read("taxid", typed).code == code
    assert read("taxid", typed).value is None


def test_an_interface_cannot_bring_in_what_a_person_could_not_type():
    for name, value in {
        "taxid": "36574261890",
        "iban": "DE89370400440532013001",
        "phone": "04321 5678",
        "plate": "KSAB123",
        "country": "XX",
        "partialdate": "1961-02-31",
        "date": "1961-02-31",
        "email": "ada",
    }.items():
        assert field(name).kind.faults(field(name), value), name


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("00.00.1961", "1961"),
        ("1961", "1961"),
        ("00.05.1961", "1961-05"),
        ("5/1961", "1961-05"),
        ("Mai 1961", "1961-05"),
        ("1961-05", "1961-05"),
        ("12.5.1961", "1961-05-12"),
        ("12. Mai 1961", "1961-05-12"),
        ("1961-05-12", "1961-05-12"),
        ("00.00.0875", "0875"),
    ],
)
def test_days_of_which_not_all_is_known(typed, value):
    assert read("partialdate", typed) == reading.Read(value)
    again = formats.typed(field("partialdate"), value)
    assert read("partialdate", again).value == value


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31.2.1961", "date-none"),
        ("13/1961", "date-none"),
        ("00.00.0000", "date-none"),
        ("61", "date-year"),
        ("5.61", "date-year"),
        ("12.00.1961", "partialdate"),
        ("früher", "partialdate"),
    ],
)
def test_what_is_no_day_at_all(typed, code):
    assert read("partialdate", typed).code == code


def test_a_partial_day_is_shown_as_far_as_it_is_known():
    asked = field("partialdate")
    shown = [formats.shown(compiled(), asked, value, "de") for value in ("1961", "1961-05")]
    assert shown == ["1961", "Mai 1961"]
    assert formats.shown(compiled(), asked, "1961-05-12", "de") == "12.05.1961"
    assert formats.shown(compiled(), asked, "1961-05", "en") == "May 1961"


def test_messages_say_what_is_wrong_with_a_day():
    assert said("date", "date-none").startswith("Diesen Tag gibt es nicht")
    assert "vierstellig" in said("date", "date-year")
    assert said("date", "date-none", "en").startswith("There is no such day")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("14:30", "14:30"), ("8.05 Uhr", "08:05"), ("8 Uhr", "08:00"), ("14h30", "14:30")],
)
def test_times(typed, value):
    assert read("time", typed) == reading.Read(value)


@pytest.mark.parametrize("typed", ["25:00", "8", "14:60", "mittags"])
def test_what_is_no_time(typed):
    assert read("time", typed).code == "time"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("ada@example.org", "ada@example.org"),
        (" Ada @ Example.ORG ", "Ada@example.org"),
        ("mailto:ada@example.org", "ada@example.org"),
        ("ada.lovelace+antrag@mail.example.org", "ada.lovelace+antrag@mail.example.org"),
    ],
)
def test_email_addresses(typed, value):
    assert read("email", typed) == reading.Read(value)


@pytest.mark.parametrize(
    "typed",
    [
        "ada",
        "ada@example",
        "ada@example,org",
        "ada lovelace@example.org",
        "a@b@example.org",
        "ada@example..org",
        "<ada@example.org>",
    ],
)
def test_what_is_no_email_address(typed):
    assert read("email", typed).code == "email"


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "ftp://example.org", "https://a:b@example.org", "beispiel"]
)
def test_what_is_no_web_address(typed):
    assert read("url", typed).code == "url"


@pytest.mark.parametrize(
    "name",
    ["Żółć", "Ḥāmid Ǧābir", "Đặng Thị Ngọc", "O’Brien", "D’Ångström-Müller", "Ǆemal", "Ĉu M̂ari"],
)
def test_names_of_din_91379_stay_as_they_are(name):
    read_name = read("text", name).value
    assert read_name == name
    assert formats.shown(compiled(), field("text"), read_name, "de") == name


def test_money_has_two_places_also_as_a_decimal():
    euros = one({"type": "number", "x-money": "euro"})
    assert euros.widget == "money"
    assert reading.read(euros, ["12,50 €"]).value == 12.5
    assert reading.read(euros, ["12,505"]).code == "cents"
    assert formats.typed(euros, 12.5) == "12,50"
    assert formats.shown(compiled(), euros, 1234.5, "de") == "1.234,50 €"


@given(st.integers(-(10**14), 10**14))
def test_every_amount_in_cents_reads_back(cents):
    money = field("money")
    assert read("money", formats.typed(money, cents)).value == cents


@given(st.decimals(-(10**9), 10**9, places=6).map(float))
def test_every_number_of_six_decimals_reads_back(number):
    assert read("number", formats.typed(field("number"), number)).value == number


def test_countries_have_the_names_of_the_language_in_its_order():
    german, english = countries.names("de"), countries.names("en")
    assert len(german) == 250
    assert german["DE"] == "Deutschland"
    assert english["DE"] == "Germany"
    ordered = list(german.values())
    assert ordered[:2] == ["Afghanistan", "Ägypten"]
    assert ordered.index("Österreich") == ordered.index("Oman") + 1
    assert not {"EU", "UN", "XA", "ZZ"} & german.keys()
    assert list(countries.names("de", nationality=True))[-2:] == ["XX", "ZZ"]


def test_a_nationality_may_be_none_and_a_country_not():
    assert read("nationality", "XX").value == "XX"
    assert formats.shown(compiled(), field("nationality"), "XX", "de") == "Staatenlos"
    assert read("country", "XX").code == "enum"
    assert read("country", "de").code == "enum"
    assert formats.shown(compiled(), field("country"), "AT", "en") == "Austria"


def test_a_country_can_be_narrowed_by_the_schema():
    asked = one({"type": "string", "x-kind": "country", "enum": ["DE", "DK"]})
    assert list(asked.kind.names(asked, "de")) == ["DK", "DE"]
    assert asked.kind.faults(asked, "FR")
    assert not asked.kind.faults(asked, "DK")


def test_every_message_is_there_in_both_languages():
    german, english = (
        {code.partition(".")[0] for code in messages._SAID[lang]} for lang in ("de", "en")
    )
    assert german == english
    assert all(text for texts in messages._SAID.values() for text in texts.values())
