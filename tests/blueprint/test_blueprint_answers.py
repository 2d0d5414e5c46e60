"""Properties of the interpreter, for whatever anybody posts in whatever order."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.example import GOOD, TODAY, compiled, filled
from dienstweg.blueprint import pages
from dienstweg.blueprint.problems import Invalid
from dienstweg.blueprint.standing import get, stand

HOSTILE = [
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202egnirts",
    "A" * 30_000,
    "9" * 400,
    "-0",
    "1e400",
    "NaN",
    "Infinity",
    "31.2.2020",
    "0.0.0000",
    "٣.٤.٢٠٢٦",
    "true",
    "null",
    "[]",
    "{}",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "data.x",
    "../../etc/passwd",
    "DE89370400440532013000",
    "a@b",
    "\n\r\t",
    "\u200b\u200b",
    "e\u0301",
    "💥" * 50,
]
texts = st.sampled_from(HOSTILE) | st.text(max_size=40)
names = st.sampled_from([field.id for _, field in compiled().assistant.fields()]) | st.text(
    max_size=12
)
posts = st.dictionaries(names, st.lists(texts, max_size=4), max_size=25)
moves = st.lists(
    st.tuples(
        st.sampled_from(["eltern", "kinder", "lager", "boot", "anlagen", "nix"]),
        posts,
        st.lists(st.integers(-1, 5), max_size=3).map(tuple),
    ),
    max_size=5,
)
good_moves = st.lists(
    st.sampled_from(["eltern", "lager", "lager-berg", "boot", "boot-falsch", "kind-weg", "kind"]),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(moves)
def test_whatever_is_posted_is_taken_shown_and_stored_without_an_exception(steps):
    answers = {}
    for page, posted, entry in steps:
        taken = pages.take(compiled(), page, answers, posted, today=TODAY, entry=entry)
        answers = json.loads(json.dumps(taken.answers).encode().decode())
        assert answers == taken.answers
        assert "\\u0000" not in json.dumps(answers)
        for problem in taken.problems:
            assert problem.code
            assert problem.message
        try:
            pages.view(
                compiled(),
                page,
                answers,
                lang="en",
                today=TODAY,
                entry=entry,
                problems=taken.problems,
            )
        except pages.UnknownPage:
            assert page in {"nix", "boot", "kinder"} or entry
    pages.summary(compiled(), answers, lang="de", today=TODAY)
    try:
        data = pages.application(compiled(), answers, today=TODAY)
    except Invalid as invalid:
        assert invalid.problems
    else:
        compiled().schema.validator.validate(data)


@settings(max_examples=100, deadline=None)
@given(posts)
def test_problems_never_repeat_what_was_entered(posted):
    secret = "Geheim4711"
    posted = {name: [secret + text for text in texts] for name, texts in posted.items()}
    taken = pages.take(compiled(), "eltern", {}, posted, today=TODAY)
    assert all(secret not in problem.message for problem in taken.problems)


def walked(steps):
    answers = filled()
    for step in steps:
        if step == "kind-weg":
            answers = pages.remove_item(compiled(), "kinder", answers, (0,))
            continue
        page, posted, entry = step, None, ()
        if step == "lager-berg":
            page, posted = "lager", {**GOOD["lager"], "ort": ["berg"]}
        elif step == "boot-falsch":
            page, posted = "boot", {"groesse": ["77"]}
        elif step == "kind":
            page, posted, entry = "kinder", GOOD["kinder"][1], (1,)
        taken = pages.take(
            compiled(), page, answers, posted or GOOD[page], today=TODAY, entry=entry
        )
        answers = taken.answers
    return answers


@settings(max_examples=80, deadline=None)
@given(good_moves)
def test_every_visible_answer_arrives_exactly_once_and_no_hidden_one(steps):
    answers = walked(steps)
    standing = stand(compiled(), answers, TODAY)
    try:
        data = pages.application(compiled(), answers, today=TODAY)
    except Invalid:
        assert pages.first_problem(compiled(), answers, TODAY) is not None
        return
    arrived = set()
    for page, field in compiled().assistant.fields():
        if field.at is None:
            continue
        numbers = range(len(data.get("kinder", [])))
        entries = [()] if page.repeat is None else [(number,) for number in numbers]
        for entry in entries:
            tree = data["kinder"][entry[0]] if entry else data
            value = get(tree, field.at)
            visible = (field.id, entry) in standing.fields
            expected = standing.value(page, field, entry) if visible else None
            assert value == (None if expected == [] else expected)
            if value is not None:
                arrived.add((field.id, entry))
    assert leaves(data) == len(arrived)


def leaves(tree):
    if isinstance(tree, dict):
        return sum(leaves(each) for each in tree.values())
    if isinstance(tree, list) and tree and isinstance(tree[0], dict):
        return sum(leaves(each) for each in tree)
    return 1


@settings(max_examples=60, deadline=None)
@given(good_moves)
def test_going_back_and_posting_what_is_shown_loses_nothing(steps):
    answers = walked(steps)
    for ref in pages.visible_pages(compiled(), answers, TODAY):
        entries = [()]
        if ref.repeat:
            items = pages.view(compiled(), ref.id, answers, lang="de", today=TODAY).items
            entries = [item.entry for item in items]
        for entry in entries:
            shown = pages.view(compiled(), ref.id, answers, lang="de", today=TODAY, entry=entry)
            posted = {
                field.name: field.value if isinstance(field.value, list) else [field.value]
                for field in shown.fields
                if field.widget not in ("output", "info", "file")
                and (field.value or field.widget not in ("checkbox", "yesno", "radio"))
            }
            again = pages.take(compiled(), ref.id, answers, posted, today=TODAY, entry=entry)
            assert again.answers["data"] == with_nulls(again.answers["data"], answers["data"])
            assert again.answers["raw"] == answers["raw"]


def with_nulls(wanted, tree):
    """The tree with the nulls that posting an empty field writes."""
    if isinstance(wanted, dict):
        tree = tree if isinstance(tree, dict) else {}
        return {
            **{key: with_nulls(each, tree.get(key)) for key, each in wanted.items()},
            **{key: each for key, each in tree.items() if key not in wanted},
        }
    if isinstance(wanted, list) and isinstance(tree, list) and len(wanted) == len(tree):
        return [with_nulls(left, right) for left, right in zip(wanted, tree, strict=True)]
    return tree
