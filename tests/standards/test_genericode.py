import pytest

from dienstweg.standards.genericode import NotACodeList, read
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
