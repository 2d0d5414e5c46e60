"""Properties of groups, endings and jumps, for any order of steps."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.example import TODAY
from dienstweg.blueprint import pages
from dienstweg.blueprint.problems import Invalid
from dienstweg.blueprint.standing import stand
from structured_blueprint import compiled, filled

texts = st.sampled_from(["", "Rex", "Mia", "true", "false", "tollwut", "staupe", "husten", "haus"])
texts |= st.sampled_from(["halten", "zucht", "keiner", "1.2.2026", "gestern", "2", "99", "halle"])
names = st.sampled_from([field.id for _, field in compiled().assistant.fields()])
entries = st.lists(st.integers(0, 3), max_size=2).map(tuple)
groups = st.sampled_from(["hunde", "impfungen"])
taking = st.tuples(
    st.just("take"),
    st.sampled_from(list(compiled().assistant.page)),
    entries,
    st.dictionaries(names, st.lists(texts, min_size=1, max_size=1), max_size=5),
)
adding = st.tuples(st.just("add"), groups, entries, st.none())
removing = st.tuples(st.just("remove"), groups, entries, st.none())
putting = st.tuples(st.just("put"), st.sampled_from(["bild", "beleg"]), entries, st.none())
steps = st.lists(taking | adding | removing | putting, max_size=14)


def walk(answers, moves):
    """Carry out the steps; every file has a name of its own."""
    for number, (what, name, entry, posted) in enumerate(moves):
        if what == "take":
            taken = pages.take(compiled(), name, answers, posted, today=TODAY, entry=entry)
            answers = taken.answers
        elif what == "add":
            answers, _ = pages.add_item(compiled(), name, answers, entry)
        elif what == "remove":
            answers = pages.remove_item(compiled(), name, answers, entry)
        else:
            answers = pages.put_file(compiled(), answers, name, f"F{number}", entry=entry)
    return answers


def places(answers):
    """Every entry there is, with the page it belongs to."""
    found = {("hunde", (at,)) for at in range(len(answers["data"].get("hunde") or ()))}
    for _, (at,) in sorted(found):
        inner = answers["data"]["hunde"][at].get("impfungen") or ()
        found |= {("impfungen", (at, below)) for below in range(len(inner))}
    return found


@settings(max_examples=150, deadline=None)
@given(st.booleans(), steps)
def test_whatever_is_added_and_removed_everything_has_its_place(begun, moves):
    answers = walk(filled() if begun else {"data": {}, "raw": {}, "seen": []}, moves)
    assert json.loads(json.dumps(answers)) == answers
    there = places(answers)
    for key in answers["raw"]:
        *place, name = key.split("/")
        page = compiled().assistant.field[name].page
        if place:
            assert place[0] == page
            assert (page, tuple(map(int, place[1:]))) in there
        else:
            assert compiled().assistant.page[page].depth == 0
    standing = stand(compiled(), answers, TODAY)
    fields = compiled().assistant.field
    shown = {(fields[name].page, entry) for name, entry in standing.fields if entry}
    assert shown <= there
    for page in compiled().pages:
        assert all(standing.count(page, (at,)) <= 3 for at in range(3)) or page.depth < 2
    try:
        data = pages.application(compiled(), answers, today=TODAY)
    except Invalid as invalid:
        assert invalid.problems
        assert pages.first_problem(compiled(), answers, TODAY) is not None
    else:
        compiled().schema.validator.validate(data)
        assert pages.ending(compiled(), answers, TODAY) is None
    pages.summary(compiled(), answers, lang="de", today=TODAY)


@settings(max_examples=80, deadline=None)
@given(steps, st.integers(0, 2))
def test_the_files_of_a_removed_entry_are_gone_and_no_others(moves, index):
    answers = walk(filled(), moves)
    dogs = answers["data"].get("hunde") or []
    after = pages.remove_item(compiled(), "hunde", answers, (index,))
    left = [dog for at, dog in enumerate(dogs) if at != index]
    assert (after["data"].get("hunde") or []) == left
    raw = {key: value for key, value in answers["raw"].items() if key.count("/") == 0}
    assert {key: value for key, value in after["raw"].items() if key.count("/") == 0} == raw


ANSWERS = {
    ("zweck", ()): {"zweck": ["halten"]},
    ("hunde", (0,)): {"hund_name": ["Mio"], "geimpft": ["true"]},
    ("hunde", (1,)): {"hund_name": ["Mia"], "geimpft": ["false"]},
    ("impfungen", (0, 0)): {"stoff": ["staupe"], "datum": ["1.2.2026"], "anlass": ["Reise"]},
    ("ort", ()): {"ort": ["haus"], "platz": ["2"]},
}
OTHERWISE = {
    ("zweck", ()): [{"zweck": ["zucht"]}, {"zweck": ["keiner"]}],
    ("hunde", (0,)): [{"hund_name": ["Rex"], "geimpft": ["false"]}],
    ("impfungen", (0, 0)): [{"stoff": ["tollwut"], "datum": ["morgen"]}],
    ("ort", ()): [{"ort": ["halle"], "platz": ["1"]}],
}
detours = st.lists(
    st.sampled_from([(place, posted) for place, each in OTHERWISE.items() for posted in each])
    | st.sampled_from(list(ANSWERS.items())),
    max_size=12,
)


def answered(answers, moves):
    for (page, entry), posted in moves:
        taken = pages.take(compiled(), page, answers, posted, today=TODAY, entry=entry)
        answers = taken.answers
    return answers


@settings(max_examples=100, deadline=None)
@given(detours)
def test_any_order_of_pages_and_changes_gives_the_same_application(moves):
    straight = answered({}, ANSWERS.items())
    wanted = pages.application(compiled(), straight, today=TODAY)
    astray = answered(answered({}, moves), ANSWERS.items())
    assert pages.application(compiled(), astray, today=TODAY) == wanted
    again = answered(straight, [*moves, *ANSWERS.items()])
    assert pages.application(compiled(), again, today=TODAY) == wanted
