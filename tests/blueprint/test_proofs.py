"""What can never happen in an assistant is an error where it is proven, else a named warning."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.example import compiled, files
from dienstweg.blueprint import archive, possible, proofs, search, sources, typed_rules
from dienstweg.blueprint.problems import Files, Problem
from dienstweg.blueprint.release import assemble

ASSISTANT = "assistant.yaml"
BOAT = 'when: data.lager.ort == "see"'
PLATE = "when: data.eltern.hat_auto == true"
BADGE = "when: item.schwimmt == true"
ADULT = "holds: age(data.eltern.geburt) >= 18"


def with_rule(old: str, new: str) -> Files:
    """The example with one rule replaced."""
    content = files()[ASSISTANT].decode()
    assert content.count(old) == 1
    return {**files(), ASSISTANT: content.replace(old, new).encode()}


def found(given_files: Files, module: object = proofs) -> list[Problem]:
    """What a check of the assistant says."""
    read = sources.read(given_files, cases=True)
    release, problems = assemble(given_files, archive.pack(given_files))
    assert release is not None, problems
    return module.check(release, read)  # type: ignore[attr-defined]  # both modules have it


def test_what_can_happen_is_not_mentioned():
    assert found(files()) == []
    assert found(files(), typed_rules) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (BOAT, "when: data.lager.ort == 'see' && data.lager.ort == 'wald'", "Seite „boot“"),
        (
            PLATE,
            "when: data.eltern.hat_auto == true && data.eltern.hat_auto == false",
            "Feld „kennzeichen“",
        ),
        (
            BADGE,
            "when: item.schwimmt == true && blank(item.schwimmt)",
            "Feld „abzeichen“",
        ),
        (
            ADULT,
            "holds: data.eltern.einkommen > 5000 && data.eltern.einkommen < 4000",
            "Prüfung „volljaehrig“",
        ),
    ],
)
def test_what_is_proven_impossible_is_an_error_with_its_line(old: str, new: str, said: str):
    problems = found(with_rule(old, new))
    assert {one.code for one in problems} == {"unreachable"}, problems
    problem = problems[0]
    assert problem.severity == "error"
    assert said in problem.message
    assert problem.remedy
    assert problem.line == files()[ASSISTANT].decode().split(old)[0].count("\n") + 1


def test_a_rule_that_depends_on_a_hidden_answer_is_seen_through():
    """The number plate is null where there is no car: nothing shows both."""
    rule = "when: data.eltern.hat_auto != true && data.eltern.kennzeichen == 'KS-AB 12'"
    (problem,) = found(with_rule(BOAT, rule))
    assert problem.code == "unreachable"


def test_what_is_not_found_is_a_warning_where_a_rule_calculates():
    (problem,) = found(with_rule(BOAT, "when: matches(data.eltern.name, '^x') && 1 == 2"))
    assert (problem.code, problem.severity) == ("unproven", "warning")
    assert "boot" in problem.message


@pytest.mark.parametrize(
    "rule",
    [
        "when: data.eltern.einkommen > 123456 && data.eltern.einkommen < 123458",
        "when: data.eltern.geburt < '1950-01-01'",
        "when: age(data.eltern.geburt) >= 67",
        "when: data.eltern.geburt >= days(today, -45) && data.eltern.geburt < today",
        "when: size(data.kinder) > 1",
        "when: data.kinder.exists(k, k.schwimmt == true && k.abzeichen == 'bronze')",
        "when: data.kinder.all(k, k.schwimmt == false)",
        "when: blank(data.eltern.name)",
        "when: data.lager.preis > 0",
        "when: \"data.eltern.hat_auto ? data.lager.ort == 'wald' : data.lager.ort == 'see'\"",
        "when: data.lager.ort.startsWith('s')",
    ],
)
def test_examples_are_found(rule: str):
    assert found(with_rule(BOAT, rule)) == []


def test_a_search_is_bounded_and_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(proofs, "MOST_IN_ALL", 1)
    problems = found(with_rule(BOAT, "when: data.eltern.einkommen > 1 && 1 == 2"))
    assert {one.code for one in problems} == {"unproven"}
    tried = search.Search(compiled(), date(2026, 3, 2))(
        [("page", "boot")], [], lambda standing: False, most=7
    )
    assert tried.tried <= 7


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (BOAT, "when: data.lager.ort == 5", "nie gleich"),
        (BOAT, "when: data.eltern.einkommen", "Ja oder Nein"),
        (BADGE, "when: item.abzeichen == 'platin'", "ist nie „platin“"),
        (ADULT, "holds: age(data.eltern.einkommen) >= 18", "braucht ein Datum"),
        ("value: age(item.geburt)", "value: item.name", "muss eine ganze Zahl herauskommen"),
    ],
)
def test_a_rule_of_the_wrong_type_is_told_at_its_line(old: str, new: str, said: str):
    problems = found(with_rule(old, new), typed_rules)
    assert problems
    assert all(one.code == "type" for one in problems)
    assert any(said in one.message for one in problems), problems
    line = files()[ASSISTANT].decode().split(old)[0].count("\n") + 1
    assert {one.line for one in problems} == {line}


CONDITIONS = st.recursive(
    st.sampled_from(
        [
            "data.eltern.hat_auto == true",
            "data.eltern.hat_auto == false",
            "blank(data.eltern.hat_auto)",
            "data.lager.ort == 'see'",
            "data.lager.ort == 'wald'",
            "data.lager.ort != 'see'",
            "data.eltern.einkommen > 100",
            "data.eltern.einkommen <= 100",
            "data.eltern.einkommen == null",
        ]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} && {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} || {two[1]})"),
        inner.map(lambda one: f"!({one})"),
    ),
    max_leaves=5,
)


@given(CONDITIONS)
def test_the_search_decides_what_only_compares(condition: str):
    """Compared with trying all the answers by hand: an error if and only if none shows the page."""
    from dienstweg.blueprint.expressions import Surroundings, compile_expression

    rule = compile_expression(condition)
    shown = any(
        rule.holds(
            Surroundings(
                {
                    "data": {
                        "eltern": {"hat_auto": car, "einkommen": money},
                        "lager": {"ort": where},
                    }
                },
                date(2026, 3, 2),
            )
        )
        for car in (True, False, None)
        for money in (None, 99, 100, 101)
        for where in (None, "see", "wald", "berg")
    )
    problems = found(with_rule(BOAT, f'when: "{condition}"'))
    assert problems == [] if shown else [one.code for one in problems] == ["unreachable"]


def test_boxes_are_tried_in_every_mixture_as_long_as_they_are_few():
    schema = {"type": "array", "items": {"type": "string"}}
    seen = possible.Seen(frozenset(), frozenset(), only_compared=False)
    values = possible.possible(schema, ("a", "b", "c", "d"), seen, date(2026, 3, 2)).values
    assert ["a", "b", "d"] in values and len(values) == 2**4  # nothing at all is null
    many = possible.possible(schema, tuple("abcdefghij"), seen, date(2026, 3, 2)).values
    assert len(many) == 12
