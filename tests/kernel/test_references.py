"""Numbers that people can read out and never meet twice."""

from hypothesis import given
from hypothesis import strategies as st

from dienstweg.kernel import references

POSITIONS = st.integers(min_value=0, max_value=10)


def test_ids_sort_as_they_were_made() -> None:
    made = [references.new_id() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}


def test_a_case_number_is_recognised_however_it_is_typed() -> None:
    number = references.case_number("kra")
    assert references.is_case_number(number)
    typed = number.lower().replace("-", " ")
    assert references.normalise(typed) == number
    assert references.normalise(number.replace("0", "o").replace("1", "l")) == number


@given(position=POSITIONS, wrong=st.sampled_from(references.ALPHABET))
def test_one_wrong_character_is_always_found(position: int, wrong: str) -> None:
    prefix, body = references.case_number("KRA").split("-", 1)
    plain = body.replace("-", "")
    altered = plain[:position] + wrong + plain[position + 1 :]
    expected = altered == plain
    assert references.is_case_number(f"{prefix}-{altered}") is expected


@given(st.text(max_size=60))
def test_any_text_may_be_asked_about(text: str) -> None:
    assert references.is_case_number(text) in {True, False}


def test_codes_are_derived_again_and_differ_by_purpose() -> None:
    first = references.derived_code("secret", "case")
    assert first == references.derived_code("secret", "case")
    assert first != references.derived_code("secret", "resume")
    assert references.normalise(first.lower()) == first


@given(st.text(alphabet=references.ALPHABET, min_size=16, max_size=16))
def test_a_code_is_read_as_it_was_issued(letters: str) -> None:
    code = "-".join(letters[start : start + 4] for start in range(0, 16, 4))
    assert references.normalise(code.lower().replace("-", "")) == code
    assert references.digest(code, "salt") == references.digest(code.lower(), "salt")
    assert references.digest(code, "salt") != references.digest(code, "other")
