import pytest

from dienstweg.standards.genericode import NoColumn, NotACodeList, read
from fim_documents import code_list


def test_codes_and_labels_are_read_in_order() -> None:
    found = read(code_list("urn:de:test:land", ("002", "Ausland"), ("001", "Inland")))
    assert found.entries == (("002", "Ausland"), ("001", "Inland"))
    assert (found.canonical_id, found.canonical_version_uri) == (
        "urn:de:test:land",
        "urn:de:test:land_1",
    )


def test_a_doubled_code_keeps_its_first_label() -> None:
    assert read(code_list("u", ("1", "a"), ("1", "b"))).entries == (("1", "a"),)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a/>",
        b"<!DOCTYPE a><a/>",
        code_list("u", ("1", "a")).replace(b"ColumnSet", b"Columns"),
        code_list("u", ("1", "a")).replace(b'Ref="code"', b'Ref="nichts"'),
        code_list("u", *((str(n), "x") for n in range(20_001))),
    ],
    ids=["empty", "other", "dtd", "no columns", "no key", "too many"],
)
def test_what_is_no_code_list_is_refused(content: bytes) -> None:
    with pytest.raises(NotACodeList):
        read(content)


SEVERAL = (
    '<CodeList xmlns="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">'
    "<Identification><ShortName>L</ShortName><LongName>Länder</LongName><Version>7</Version>"
    "<CanonicalUri>u</CanonicalUri><CanonicalVersionUri>u_7</CanonicalVersionUri></Identification>"
    '<ColumnSet><Column Id="id" Use="required"><ShortName>Nr</ShortName></Column>'
    '<Column Id="iso" Use="optional"><ShortName>ISO</ShortName></Column>'
    '<Column Id="name" Use="required"/><Column Id="hilfe" Use="optional"/>'
    '<Key Id="k"><ColumnRef Ref="id"/></Key><Key Id="k2"><ColumnRef Ref="iso"/>'
    '<ColumnRef Ref="name"/></Key></ColumnSet><SimpleCodeList>'
    '<Row><Value ColumnRef="id"><SimpleValue>1</SimpleValue></Value><Value ColumnRef="name">'
    "<SimpleValue>Eins</SimpleValue></Value><Value><SimpleValue>mehr</SimpleValue></Value></Row>"
    "<Row><Value><SimpleValue>2</SimpleValue></Value><Value><SimpleValue>ZW</SimpleValue></Value>"
    '<Value ColumnRef="neu"><SimpleValue>x</SimpleValue></Value></Row>'
    "</SimpleCodeList></CodeList>"
).encode()


def test_all_columns_and_keys_are_read() -> None:
    found = read(SEVERAL)
    assert [(column.id, column.name, column.required) for column in found.columns] == [
        ("id", "Nr", True),
        ("iso", "ISO", False),
        ("name", "", True),
        ("hilfe", "", False),
    ]
    assert found.keys == (("id",), ("iso", "name"))
    assert found.rows == (("1", "", "Eins", "mehr"), ("2", "ZW", "", ""))
    assert (found.name, found.version) == ("Länder", "7")


def test_options_are_taken_from_the_named_columns() -> None:
    found = read(SEVERAL)
    assert found.entries == (("1", "1"), ("2", "ZW"))
    assert found.options(label="name", help="hilfe") == (("1", "Eins", "mehr"), ("2", "2", ""))
    assert found.options(code="iso", label="id") == (("ZW", "2", ""),)
    with pytest.raises(NoColumn, match="nichts"):
        found.options(label="nichts")


def test_a_list_with_a_doubled_column_is_refused() -> None:
    with pytest.raises(NotACodeList, match="doppelt"):
        read(SEVERAL.replace(b'Id="iso"', b'Id="id"'))
