"""Cases are found by number, name, date and text, and what is kept of them tells nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import actions, queries, terms
from dienstweg.cases.actions import indexing
from dienstweg.cases.models import Case, Term
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from plenty import copies
from seeding import given_case

PERSON = {"vorname": "Änne", "nachname": "Ødegård-Müller", "geboren": "1980-05-03"}
HOME = {"strasse": "Große Bleiche", "hausnummer": "12a", "plz": "05174"}


@pytest.fixture
def inside(authority):
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield authority


def search(text="", **more):
    return [one.number for one in queries.found(queries.Sought(text=text, **more))]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "Änne", "anne", "AENNE", "Ødegård", "odegard", "Müller", "mueller", "Muller", "MÜL",
        "3.5.1980", "03.05.1980", "1980-05-03", "änne 03.05.1980", "Große Bleiche 12a", "grosse",
        "05174", "Dachgeschoss", "dachg", "odegard mueller anne", "Ødegård-Müller",
    ],
)  # fmt: skip
def test_a_case_is_found_however_that_is_written(inside, text):
    case = given_case(person=PERSON, wohnung=HOME, bemerkung="Wohnt im Dachgeschoß links.")
    given_case(person={"vorname": "Bert", "nachname": "Kolbe", "geboren": "1980-05-04"})
    assert search(text) == [case.number]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Bert", "3.5.1981", "änne Kolbe", "egard", "31.02.1980", "12"])
def test_a_case_is_not_found_by_what_does_not_fit(inside, text):
    given_case(person=PERSON, wohnung=HOME)
    assert search(text) == []


@pytest.mark.django_db
def test_several_words_are_looked_for_along_the_rarest(inside):
    from dienstweg.cases.queries.search import _rarest_first

    for vorname in ("Anna", "Bert", "Berta", "Carl"):
        given_case(person={"vorname": vorname, "nachname": "Kolbe"})
    given_case(person={"vorname": "Bert", "nachname": "Adam"})
    key = terms.index_key(authorities.authority_key(inside))
    kolbe, bert, anna = terms.tokens(key, terms.of_query("kolbe bert anna"))
    assert _rarest_first([(inside, [kolbe, bert, anna])]) == [(inside, [anna, bert, kolbe])]
    assert search("Kolbe Bert") == search("Bert Kolbe") != []


@pytest.mark.django_db
def test_parts_of_the_number_find_the_case(inside):
    case, _ = given_case(), given_case()
    for part in case.number.split("-")[1:]:
        if len(part) > 2:
            assert search(part.lower()) == [case.number]
    assert search(case.number) == [case.number]


@pytest.mark.django_db
def test_what_says_too_little_finds_nothing(inside):
    given_case()
    for text in ("a", "- / ,", "\x00", "\ud800 a"):
        assert queries.says_too_little(text)
        assert search(text) == []
    assert not queries.says_too_little(" ")
    assert len(search(" ")) == 1


@pytest.mark.django_db
def test_a_search_is_narrowed_and_read_page_by_page(inside):
    cases = [given_case(person=PERSON) for _ in range(5)]
    view = queries.case(cases[0].id)
    today = clock.today()
    assert len(search("anne", offers=(view.offer_id,), state="open", since=today, until=today)) == 5
    for narrowed in (
        {"offers": (new_id(),)},
        {"state": "closed"},
        {"since": today + timedelta(days=1)},
        {"until": today - timedelta(days=1)},
        {"authority_id": new_id()},
    ):
        assert search("anne", **narrowed) == search("", **narrowed) == []
    seen, before = [], None
    while page := queries.found(queries.Sought(text="anne"), before=before, limit=2):
        seen += [one.id for one in page]
        before = page[-1].id
    assert seen == [one.id for one in reversed(cases)]


@pytest.mark.django_db
def test_each_authority_keeps_its_terms_in_its_own_way(authority, other_authority):
    offers.forget()
    made = []
    for one in (authority, other_authority):
        with scope.enter(scope.of(one)):
            made.append(given_case(person=PERSON))
    with scope.enter(scope.of(authority)):
        assert search("anne") == [made[0].number]
    with scope.enter(scope.of(other_authority)):
        assert search("anne") == [made[1].number]
    with scope.enter(scope.of(authority, other_authority)):
        assert sorted(search("anne")) == sorted(one.number for one in made)
        assert search("anne", authority_id=authority) == [made[0].number]
        kept = {
            place: set(Term.objects.filter(authority_id=place).values_list("token", flat=True))
            for place in (authority, other_authority)
        }
    assert not kept[authority] & kept[other_authority], "one's terms say nothing about another's"


@pytest.mark.django_db
def test_the_index_goes_with_the_case(inside):
    case = given_case(person=PERSON)
    assert Term.objects.filter(case_id=case.id).exists()
    actions.close(case_id=case.id, outcome="granted")
    actions.erase(case_id=case.id, reason="test")
    assert not Term.objects.filter(case_id=case.id).exists()
    assert search("anne") == []


@pytest.mark.django_db
def test_a_new_version_is_found_by_old_and_new_and_counts_once(inside):
    case = given_case(person=PERSON)
    row = Case.objects.get(id=case.id)
    before = Term.objects.count()
    indexing.index(row, {"person": PERSON})
    assert Term.objects.filter(case_id=case.id).count() <= before
    indexing.index(row, {"person": {**PERSON, "nachname": "Neumann"}})
    assert search("neumann") == search("mueller") == [case.number]
    tokens = list(Term.objects.values_list("token", flat=True))
    assert len(tokens) == len(set(tokens))


@pytest.mark.django_db
def test_cases_of_before_are_indexed_later(inside):
    case = given_case(person=PERSON)
    Term.objects.all().delete()
    Case.objects.update(indexed=0)
    assert search("anne") == []
    assert indexing.sweep_index() == 1
    assert search("anne") == [case.number]
    assert indexing.sweep_index() == 0


@pytest.mark.django_db(transaction=True)
def test_a_search_walks_along_an_index_under_row_level_security(inside, database_addresses):
    given_case(person=PERSON)
    copies(
        database_addresses.owner, Term.objects.first(), 3000, token="n", case_id="gen_random_uuid()"
    )
    (token,) = terms.tokens(terms.index_key(authorities.authority_key(inside)), ["w:ann"])
    rows = Term.objects.filter(authority_id=inside, token=token).values("case_id")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, params = rows.order_by("-case_id")[:50].query.sql_with_params()
        cursor.execute("EXPLAIN " + sql, params)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    # What is compared by a function that might tell what it sees is no condition of an index.
    (condition,) = re.findall(r"term_finds.*?Index Cond: ([^\n]*)", plan, re.DOTALL)
    assert "token" in condition, plan


@pytest.mark.django_db
def test_nothing_of_the_application_stands_in_the_index(inside):
    given_case(person=PERSON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM cases_term t")
        (text,) = cursor.fetchone()
    assert not re.search("anne|ode|mul", text, re.IGNORECASE)
    key = terms.index_key(authorities.authority_key(inside))
    known = terms.tokens(bytes(32), ["w:ann"]) + terms.tokens(b"", ["w:ann"])
    assert not Term.objects.filter(token__in=known).exists()
    assert Term.objects.filter(token__in=terms.tokens(key, ["w:ann"])).exists()


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=40,
)


@given(st.dictionaries(st.text(max_size=5), TREES, max_size=5))
def test_the_terms_of_whatever_is_sent_are_bounded(data):
    found = terms.of_application("KRA-7F3K-9M2Q-4XB", data)
    assert len(found) == len(set(found)) <= terms.MOST_TERMS
    assert all(len(one) <= 2 + max(terms.BEGINNINGS) for one in found)
    assert all(-(2**63) <= one < 2**63 for one in terms.tokens(bytes(32), found))


@given(st.text(max_size=60))
def test_a_word_finds_itself(text):
    asked = terms.of_query(text)
    kept = terms.of_application("", {"text": " ".join(text.split())})
    if len(asked) < terms.MOST_ASKED:
        assert set(asked) <= set(kept) | {one for one in asked if one.startswith("d:")}


@given(st.text("abcdefgäöüß", min_size=3, max_size=20), st.integers(3, 20))
def test_every_beginning_of_a_word_finds_it(word, length):
    (plain,) = terms.words(word[:length])
    if len(plain) >= terms.SHORTEST:
        assert set(terms.of_query(word[:length])) <= set(terms.of_application("", {"word": word}))
