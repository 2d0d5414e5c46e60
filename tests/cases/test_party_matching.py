"""Who stays, who is new and who is gone when an application names its people anew."""

from hypothesis import given
from hypothesis import strategies as st

from dienstweg.blueprint.parties import Person
from dienstweg.cases.party_matching import Named, free_key, match
from dienstweg.cases.party_rules import plain_address, plain_email

NORA = ("Nora Nachbarin", "nora@example.org", ())
PAUL = ("Paul Papier", "", ("Gasse 1", "05171 Ort"))


def person(name, email="", address=(), *, key="nachbar@0"):
    return Person(key, name, email, address)


def named(name, email="", address=(), *, key="nachbar@0"):
    return Named(key, name, email, address)


def found(people, known):
    got = match(people, known)
    return {key: one.name for key, one in got.stay.items()}, [p.name for p in got.new], got.gone


def test_whose_place_changes_stays():
    people = [person(*PAUL, key="nachbar@0"), person(*NORA, key="nachbar@1")]
    known = [named(*NORA, key="nachbar@0"), named(*PAUL, key="nachbar@1")]
    assert found(people, known) == (
        {"nachbar@0": "Nora Nachbarin", "nachbar@1": "Paul Papier"}, [], (),
    )  # fmt: skip


def test_whoever_moves_up_is_not_the_one_who_went():
    people = [person(*PAUL, key="nachbar@0")]
    known = [named(*NORA, key="nachbar@0"), named(*PAUL, key="nachbar@1")]
    assert found(people, known) == ({"nachbar@1": "Paul Papier"}, [], ("nachbar@0",))


def test_two_mailboxes_are_two_people_whatever_their_name():
    one, other = person("Karl Müller", "sohn@example.org"), named("Karl Müller", "v@example.org")
    assert found([one], [other]) == ({}, ["Karl Müller"], ("nachbar@0",))


def test_a_corrected_name_is_the_same_person_at_the_same_mailbox():
    one, other = person("Nora Neu", "NORA@example.org"), named(*NORA)
    assert found([one], [other]) == ({"nachbar@0": "Nora Neu"}, [], ())


def test_a_couple_with_one_mailbox_stays_two():
    known = [
        named("Nora Haus", "haus@example.org", key="nachbar@0"),
        named("Nils Haus", "haus@example.org", key="nachbar@1"),
    ]
    people = [person("Nils Haus", "haus@example.org"), person("Nora Haus", "haus@example.org")]
    stay, new, gone = found(people, known)
    assert stay == {"nachbar@0": "Nora Haus", "nachbar@1": "Nils Haus"}
    assert (new, gone) == ([], ())


def test_whoever_gets_a_mailbox_is_known_by_the_name():
    people = [person("Paul Papier", "paul@example.org")]
    assert found(people, [named(*PAUL)]) == ({"nachbar@0": "Paul Papier"}, [], ())


def test_of_two_with_one_name_the_address_tells():
    known = [
        named("Karl Müller", "", ("Gasse 1",), key="nachbar@0"),
        named("Karl Müller", "", ("Gasse 2",), key="nachbar@1"),
    ]
    got = match([person("Karl Müller", "", ("Gasse 2",))], known)
    assert (list(got.stay), got.gone) == (["nachbar@1"], ("nachbar@0",))


def test_without_a_mailbox_one_name_at_two_addresses_is_two_people():
    known = named("Hans Müller", "", ("Gasse 1", "05171 Ort"))
    other = person("Hans Müller", "", ("Weg 9", "05171 Ort"))
    assert found([other], [known]) == ({}, ["Hans Müller"], ("nachbar@0",))
    for same in (("Gasse 1, 05171 Ort",), ("GASSE 1", "05171  Ort"), ()):
        one = person("Hans Müller", "", same)
        assert found([one], [known]) == ({"nachbar@0": "Hans Müller"}, [], ())


def test_ways_to_write_one_address():
    ways = (
        ["Hauptstraße 5", "05171 Ort"],
        ["Hauptstr. 5,", "05171 Ort"],
        ["HAUPTSTRASSE 5 05171 ORT"],
    )
    assert len({plain_address(one) for one in ways}) == 1
    assert plain_address(["Weg 1", "1 Ort"]) != plain_address(["Weg 2", "1 Ort"])


def test_a_key_is_given_once():
    assert free_key("planer", "planer", frozenset()) == "planer"
    assert free_key("planer", "planer", frozenset({"planer"})) == "planer@0"
    taken = frozenset({"nachbar@0", "nachbar@1"})
    assert free_key("nachbar@1", "nachbar", taken) == "nachbar@2"


NAMES = st.sampled_from(["Nora", "Nils", "Paul", "Karl Müller", "Müller, Karl", ""])
MAILS = st.sampled_from(["", "", "a@example.org", "A@example.org", "b@example.org"])
PEOPLE = st.lists(st.builds(Person, st.just("k"), NAMES, MAILS, st.just(())), max_size=6)
KNOWN = st.lists(st.tuples(NAMES, MAILS), max_size=6).map(
    lambda rows: [Named(f"k@{n}", name, mail, ()) for n, (name, mail) in enumerate(rows)]
)


@given(PEOPLE, KNOWN)
def test_everybody_is_somebody_and_nobody_is_two(people, known):
    got = match(people, known)
    assert len(got.stay) + len(got.new) == len(people)
    assert sorted([*got.stay, *got.gone]) == sorted(one.key for one in known)
    assert len({id(one) for one in (*got.stay.values(), *got.new)}) == len(people)
    mails = {one.key: one.email for one in known}
    for key, one in got.stay.items():
        if one.email and mails[key]:
            assert plain_email(one.email) == plain_email(mails[key])


@given(st.permutations([NORA, PAUL, ("Karl Müller", "karl@example.org", ())]), st.data())
def test_the_order_says_nothing(order, data):
    known = [named(*one, key=f"k@{n}") for n, one in enumerate(order)]
    people = [person(*one) for one in data.draw(st.permutations(order))]
    got = match(people, known)
    assert (got.new, got.gone) == ((), ())
    for one in known:
        assert got.stay[one.key].name == one.name
