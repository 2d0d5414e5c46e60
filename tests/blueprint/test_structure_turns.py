"""Endings, jumps and narrowed choices: where the way turns off, and what is refused at check."""

import pytest

import structured_blueprint as blueprint
from blueprint.example import TODAY
from dienstweg.blueprint import acceptance, check, pages, release
from dienstweg.blueprint.problems import Invalid
from structured_blueprint import changed, compiled, filled, take

KEINER = 'data.zweck == "keiner"}'
ZUCHT = 'data.zweck == "zucht", to: betrieb'
ALLOWED = "option >= data.hunde.size()"


def visible(answers):
    return [page.id for page in pages.visible_pages(compiled(), answers, TODAY)]


def found(own):
    return [one for one in check.check(dict(own)) if one.severity == "error"]


def line_of(text, passage):
    return text[: text.index(passage)].count("\n") + 1


def test_who_need_not_apply_is_told_so_and_can_go_back():
    taken = take(filled(), "zweck", zweck="keiner")
    assert visible(taken.answers) == ["zweck"]
    ending = pages.ending(compiled(), taken.answers, TODAY)
    assert (ending.id, ending.page, ending.title) == (
        "kein-hund",
        "zweck",
        "Sie müssen nichts anmelden",
    )
    assert "melden Sie ihn dann an" in ending.text
    assert pages.next_page(compiled(), taken.answers, "zweck", today=TODAY) == "ending"
    assert pages.first_open(compiled(), taken.answers, today=TODAY) == "ending"
    assert pages.previous_page(compiled(), taken.answers, "ending", today=TODAY) == "zweck"
    shown = pages.view(compiled(), "zweck", taken.answers, lang="de", today=TODAY)
    assert (shown.ends_after, shown.steps) == (1, 1)
    assert [ref.ends for ref in pages.visible_pages(compiled(), taken.answers, TODAY)] == [True]


def test_nothing_can_be_sent_while_an_ending_holds_and_everything_is_kept():
    answers = take(filled(), "zweck", zweck="keiner").answers
    with pytest.raises(Invalid) as refused:
        pages.application(compiled(), answers, today=TODAY)
    assert [one.code for one in refused.value.problems] == ["ending"]
    assert pages.first_problem(compiled(), answers, TODAY)[1][0].code == "ending"
    back = take(answers, "zweck", zweck="halten").answers
    assert pages.ending(compiled(), back, TODAY) is None
    assert pages.application(compiled(), back, today=TODAY) == pages.application(
        compiled(), filled(), today=TODAY
    )


def test_a_jump_hides_the_pages_between_and_their_answers_are_kept():
    answers = take(filled(), "zweck", zweck="zucht").answers
    assert visible(answers) == ["zweck", "betrieb", "ort"]
    assert pages.next_page(compiled(), answers, "zweck", today=TODAY) == "betrieb"
    assert pages.previous_page(compiled(), answers, "betrieb", today=TODAY) == "zweck"
    with pytest.raises(pages.UnknownPage):
        pages.view(compiled(), "impfungen", answers, lang="de", today=TODAY, entry=(0,))
    answers = take(answers, "betrieb", betrieb="Vom Seeblick").answers
    answers = take(answers, "ort", ort="halle", platz="1").answers
    sent = pages.application(compiled(), answers, today=TODAY)
    assert sent == {"zweck": "zucht", "betrieb": "Vom Seeblick", "ort": "halle", "platz": 1}
    back = take(answers, "zweck", zweck="halten").answers
    back = take(back, "ort", ort="halle", platz="2").answers
    assert len(pages.application(compiled(), back, today=TODAY)["hunde"]) == 2


def test_a_rule_narrows_the_choices_that_are_shown_and_taken():
    def offered(answers, page, entry=()):
        shown = pages.view(compiled(), page, answers, lang="de", today=TODAY, entry=entry)
        return [option.value for option in shown.fields[0].options]

    assert offered(filled(), "ort") == ["haus", "zwinger", "halle"]
    breeding = take(filled(), "zweck", zweck="zucht").answers
    assert offered(breeding, "ort") == ["zwinger", "halle"]
    refused = take(breeding, "ort", ort="haus", platz="2")
    assert [(one.code, one.field) for one in refused.problems] == [("allowed", "ort")]
    assert refused.answers["data"]["ort"] == "haus", "what was chosen is kept"
    assert offered(filled(), "impfungen", (0, 0)) == ["tollwut", "staupe"]
    other = take(filled(), "hunde", (0,), hund_name="Mio", geimpft="true").answers
    assert offered(other, "impfungen", (0, 0)) == ["tollwut", "staupe", "husten"]


def test_without_choices_the_rule_is_a_check_with_its_own_words():
    refused = take(filled(), "ort", ort="haus", platz="1")
    assert [(one.code, one.field, one.message) for one in refused.problems] == [
        ("allowed", "platz", "Das sind weniger Plätze als Hunde.")
    ]
    assert take(filled(), "ort", ort="haus", platz="").problems[0].code == "required"


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("to: betrieb}", "to: nirgends}", "unknown-page", "nirgends"),
        ("to: betrieb}", "to: zweck}", "backward-jump", "to: zweck"),
        ("to: betrieb}", "to: impfungen}", "nested-turn", "to: impfungen"),
        (KEINER, "data.platz == 3}", "later-page", "data.platz == 3"),
        (KEINER, "data.farbe == 3}", "unknown-reference", "data.farbe"),
        (KEINER, "data.hunde.size() > 1}", "cycle", None),
        (ZUCHT, "data.hunde.size() > 1, to: betrieb", "cycle", None),
        ("- id: betrieb", "- id: kontakt", "reserved", "- id: kontakt"),
        (KEINER, "data.zweck}", "type", "data.zweck}"),
        (ALLOWED, 'option == "x"', "type", 'option == "x"'),
        (ALLOWED, "option >= data.tiere", "unknown-reference", "data.tiere"),
        ("value: item.impfungen.size()", "value: 3, allowed: option > 2", "allowed", "option > 2"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_or_in_a_circle_is_told_with_its_line(old, new, code, at):
    text = changed(old, new)
    problems = found(blueprint.files(assistant=text))
    wanted = [one for one in problems if one.code == code]
    assert wanted, problems
    if at is not None:
        assert line_of(text, at) in {one.line for one in wanted}
    assert all(one.line for one in wanted)


def test_an_ending_needs_its_words_and_a_name_of_its_own():
    texts = blueprint.files()["texts/de.yaml"].decode()
    start, end = texts.index("endings:"), texts.index("outcomes:")
    lacking = blueprint.files(texts=texts[:start] + texts[end:])
    assert {one.code for one in found(lacking)} == {"missing-text"}
    twice = changed(
        '- {id: kein-hund, when: data.zweck == "keiner"}',
        '- {id: kein-hund, when: data.zweck == "keiner"}\n'
        '      - {id: kein-hund, when: data.zweck == "zucht"}',
    )
    assert "twice" in {one.code for one in found(blueprint.files(assistant=twice))}


def test_a_place_that_a_jump_can_skip_is_not_always_required():
    schema = blueprint.files()["data.schema.json"].decode()
    schema = schema.replace('"required": ["zweck",', '"required": ["zweck", "hunde",')
    own = {**blueprint.files(), "data.schema.json": schema.encode()}
    assert "hidden-required" in {one.code for one in found(own)}


ENDS = """
title: Kein Hund
today: '2026-11-22'
answers:
  zweck: {zweck: keiner}
expect:
  pages: [zweck]
  ending: kein-hund
"""
JUMPS = """
title: Eine Zucht
today: '2026-11-22'
answers:
  zweck: {zweck: zucht}
  betrieb: {betrieb: Vom Seeblick}
  ort: {ort: halle, platz: 1}
expect:
  pages: [zweck, betrieb, ort]
  outcome: granted
"""


def report(*cases):
    own = {
        **blueprint.files(),
        **{f"cases/{at}.yaml": each.encode() for at, each in enumerate(cases, 2)},
    }
    return acceptance.run_all(pages_release(own))


def pages_release(own):
    from dienstweg.blueprint import release

    return release.compile(dict(own))


def test_acceptance_cases_reach_endings_jumps_and_what_is_allowed():
    alone = report()
    assert alone.passed, alone.results
    for text in ("Ende kein-hund", "Sprung von Seite zweck zu betrieb"):
        assert text in alone.missed
    assert "Zulässige Antworten des Feldes platz: nicht erfüllt" in alone.missed
    more = report(ENDS, JUMPS)
    assert more.passed, [result.deviations for result in more.results]
    assert not [text for text in more.missed if text.startswith(("Ende", "Sprung"))]
    assert "Zulässige Antworten des Feldes ort: nicht erfüllt" not in more.missed


@pytest.mark.parametrize(
    ("case", "deviation"),
    [
        (ENDS.replace("  ending: kein-hund\n", ""), "erwartet keins, bekommen kein-hund"),
        (ENDS.replace("keiner", "halten").replace("[zweck]", "[zweck, hunde]"), "bekommen keins"),
    ],
)
def test_a_case_that_ends_otherwise_deviates(case, deviation):
    result = report(case).results[1]
    assert not result.passed
    assert any(deviation in text for text in result.deviations)


def test_nested_problems_and_answers_that_nobody_asks_are_named_by_their_page():
    wrong = blueprint.case("datum: 1.2.2026", "datum: 1.2.2030")
    wrong = wrong[: wrong.index("expect:")] + (
        "expect:\n  pages: [zweck, hunde]\n  problems: {impfungen: {datum: schon-geimpft}}\n"
    )
    assert acceptance.run_all(release.compile(dict(blueprint.files(case=wrong)))).passed
    hidden = blueprint.case("geimpft: ja", "geimpft: nein")
    result = acceptance.run_all(release.compile(dict(blueprint.files(case=hidden)))).results[0]
    assert "Die Seite impfungen hat Antworten, wird aber nicht gezeigt." in result.deviations
    outside = blueprint.case("  ort: {ort: haus", "  impfungen: []\n  ort: {ort: haus")
    result = acceptance.run_all(release.compile(dict(blueprint.files(case=outside)))).results[0]
    assert any("gehören in die Einträge von hunde" in text for text in result.deviations)
