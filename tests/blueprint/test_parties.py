"""Parties in a blueprint: who they are, and what a check says of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small_blueprint
from dienstweg.blueprint import check, parties, release

TODAY = date(2026, 11, 22)
PARTIES = """
parties:
  mitbewohner:
    who:
      name: item.rufname + ' (Tier)'
      email: data.name + '@example.org'
      address: "['Gasse 1', '05171 Ort']"
    each: data.tiere
    sees: [tiere]
    does: [agree, upload]
    due: P2W
    remind: [P3D, P1W]
  vermieter:
    when: data.haustier == true
    who: {name: data.name}
    does: [sign, upload]
    before_signing: [upload]
  gutachter:
    does: [opinion]
"""
TEXTS = """
parties:
  mitbewohner: {title: Mitbewohner}
  vermieter: {title: Vermieterin}
  gutachter: {title: Gutachterin}
"""


def made(manifest=PARTIES, texts=TEXTS):
    files = dict(small_blueprint.files())
    files["blueprint.yaml"] += manifest.encode()
    files["texts/de.yaml"] += texts.encode()
    return files


def compiled(**given):
    return release.compile(made(**given))


def found(code, **given):
    return [one for one in check.check(made(**given)) if one.code == code]


def test_a_role_says_what_its_parties_see_and_do():
    role = parties.role(compiled(), "mitbewohner")
    assert role == parties.Role(
        name="mitbewohner",
        sees=("tiere",),
        does=("agree", "upload"),
        due=timedelta(weeks=2),
        remind=(timedelta(days=3), timedelta(weeks=1)),
    )
    assert (role.asks, role.uploads) == (("agree",), True)
    assert not role.proves_first
    owner = parties.role(compiled(), "vermieter")
    assert owner is not None
    assert owner.proves_first
    assert parties.role(compiled(), "niemand") is None


@pytest.mark.parametrize(
    ("role", "data", "expected"),
    [
        ("gutachter", {}, True),
        ("vermieter", {"haustier": True}, True),
        ("vermieter", {"haustier": False}, False),
        ("mitbewohner", {"tiere": [{"rufname": "Bello"}]}, True),
        ("mitbewohner", {"tiere": []}, False),
        ("mitbewohner", {}, False),
    ],
)
def test_a_role_applies_where_it_is_wanted_and_somebody_is_named(role, data, expected):
    assert parties.applies(compiled(), role, data, TODAY) is expected


def test_people_come_from_the_application():
    data = {"name": "anna", "haustier": True, "tiere": [{"rufname": "Bello"}, {"rufname": "Ida"}]}
    first, second = parties.people(compiled(), "mitbewohner", data, TODAY)
    assert first == parties.Person(
        key="mitbewohner@0",
        name="Bello (Tier)",
        email="anna@example.org",
        address=("Gasse 1", "05171 Ort"),
    )
    assert second.key == "mitbewohner@1"
    (owner,) = parties.people(compiled(), "vermieter", data, TODAY)
    assert (owner.key, owner.name, owner.email) == ("vermieter", "anna", "")


def test_who_does_not_apply_or_has_no_name_is_nobody():
    made_of = compiled()
    assert parties.people(made_of, "vermieter", {"name": "x", "haustier": False}, TODAY) == ()
    assert not parties.applies(made_of, "vermieter", {"name": "x"}, TODAY)
    assert parties.people(made_of, "vermieter", {"name": " ", "haustier": True}, TODAY) == ()
    assert parties.people(made_of, "mitbewohner", {}, TODAY) == ()
    assert parties.people(made_of, "gutachter", {"name": "x"}, TODAY) == ()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=300),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["name", "tiere", "rufname", "haustier"]), inner)
        ),
        max_leaves=12,
    )
)
def test_any_data_gives_bounded_people(data):
    for one in parties.people(compiled_once(), "mitbewohner", {"name": "a", "tiere": data}, TODAY):
        assert one.name or one.email
        assert len(one.name) <= 200
        assert len(one.email) <= 250


KEPT = []


def compiled_once():
    if not KEPT:
        KEPT.append(compiled())
    return KEPT[0]


def test_a_good_blueprint_has_nothing_to_say_of_parties():
    codes = {one.code for one in check.check(made())}
    assert codes & {"missing-text", "unknown-page", "unknown-reference", "bad-expression"} == set()


@pytest.mark.parametrize(
    ("code", "manifest"),
    [
        ("unknown-page", "parties: {a1: {sees: [gibtsnicht]}}"),
        ("unknown-reference", "parties: {a1: {who: {name: data.gibtsnicht}}}"),
        ("unknown-reference", "parties: {a1: {who: {name: item.rufname}}}"),
        ("unknown-reference", "parties: {a1: {who: {name: draussen}}}"),
        ("bad-expression", "parties: {a1: {who: {name: 'data.'}}}"),
        ("missing-text", "parties: {a1: {does: [sign]}}"),
        ("impossible-party", "parties: {a1: {does: [sign], before_signing: [upload]}}"),
        ("impossible-party", "parties: {a1: {does: [upload], before_signing: [upload]}}"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(code, manifest):
    texts = "" if code == "missing-text" else "\nparties: {a1: {title: A}}\n"
    (problem,) = found(code, manifest=manifest, texts=texts)
    assert problem.file == "blueprint.yaml"
    assert problem.line


def test_unknown_keys_are_refused():
    assert found("unknown-key", manifest="parties: {a1: {darf: [alles]}}", texts="")
    assert check.check(made(manifest="parties: {a1: {does: [fly]}}", texts=""))
    assert check.check(made(manifest="parties: {a1: {due: bald}}", texts=""))


def test_a_left_over_text_is_a_warning():
    (problem,) = found("left-over", manifest="", texts="\nparties: {a1: {title: A}}\n")
    assert problem.severity == "warning"
