"""Three-way merging of plain data: its laws, for any data."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dienstweg.blueprint.fim import import_file
from dienstweg.blueprint.fim_merge import update
from dienstweg.blueprint.fim_merge_tree import MISSING, Merging, order
from fim_documents import at, field, group, message

_NAMES = st.sampled_from(["a", "b", "c", "d"])
_LEAVES = st.none() | st.booleans() | st.integers(0, 3) | _NAMES
_ITEMS = st.lists(st.fixed_dictionaries({"id": _NAMES, "v": _LEAVES}), max_size=4,
                  unique_by=lambda each: each["id"])  # fmt: skip
DATA = st.recursive(
    _LEAVES | _ITEMS | st.lists(_NAMES, max_size=4),
    lambda inner: st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)


def merged(base: Any, ours: Any, theirs: Any) -> tuple[Any, int]:
    merging = Merging()
    return merging.merge("x", (), base, ours, theirs), len(merging.collisions)


@given(DATA, DATA)
def test_what_one_side_left_alone_is_the_others(base: Any, other: Any) -> None:
    assert merged(base, base, other) == (other, 0)
    assert merged(base, other, base) == (other, 0)
    assert merged(base, other, other) == (other, 0)


@given(DATA, DATA, DATA)
def test_whoever_decides_for_one_side_never_sees_a_collision(base: Any, a: Any, b: Any) -> None:
    merging = Merging(lambda _: "theirs")
    merging.merge("x", (), base, a, b)
    assert merging.collisions == []


@given(st.dictionaries(_NAMES, _LEAVES), st.dictionaries(_NAMES, _LEAVES))
def test_changes_of_different_keys_are_both_taken(ours: dict[str, Any], more: Any) -> None:
    base: dict[str, Any] = {}
    theirs = {f"{key}'": value for key, value in more.items()}
    found, collisions = merged(base, ours, theirs)
    assert collisions == 0
    assert dict(found) == {**ours, **theirs}


_ORDERED = st.lists(st.integers(0, 6), unique=True, max_size=7)


@given(_ORDERED, _ORDERED, _ORDERED)
def test_an_order_holds_every_name_once_and_keeps_one_side(a: Any, b: Any, c: Any) -> None:
    found = order(a, b, c)
    assert sorted(found) == sorted({*b, *c})
    kept = {*a} & {*b} & {*c}
    by_designer = [x for x in b if x in kept] != [x for x in a if x in kept]
    side = b if by_designer else c
    assert [x for x in found if x in side] == side


def test_what_is_gone_on_both_sides_is_gone() -> None:
    merging = Merging()
    assert merging.merge("x", (), 1, MISSING, MISSING) is MISSING
    assert merging.merge("x", (), {"a": 1, "b": 2}, {"b": 2}, {"a": 1, "b": 3}) == {"b": 3}
    assert merging.collisions == []


_FIELDS = st.lists(st.sampled_from(range(1, 12)), unique=True, min_size=1, max_size=9)


def _schema(numbers: list[int]) -> bytes:
    fields = [at("0:1", field(f"F9900{n:04}", f"Frage {n}")) for n in numbers]
    return message(
        at("1:1", group("G99000001", "Gruppe", *fields)), at("1:1", field("F99009999", "Z"))
    )


@settings(max_examples=25, deadline=None)
@given(_FIELDS, _FIELDS)
def test_an_untouched_blueprint_becomes_the_new_import(old: list[int], new: list[int]) -> None:
    before, after = _schema(old), _schema(new)
    result = update(import_file(before, "a.xml").files, after, "a.xml")
    assert result.files == import_file(after, "a.xml").files
    assert {each.id for each in result.came} == {f"F9900{n:04}" for n in {*new} - {*old}}
    assert {each.id for each in result.went} == {f"F9900{n:04}" for n in {*old} - {*new}}


@settings(max_examples=15, deadline=None)
@given(_FIELDS, st.text("abc xyz\n#:", max_size=30))
def test_the_same_schema_leaves_any_file_alone(old: list[int], text: str) -> None:
    files = import_file(_schema(old), "a.xml").files | {"README.md": text.encode()}
    assert update(files, _schema(old), "a.xml").files == files
