"""Applicants' accounts: proving an address, passwords, what is kept, who is signed in where."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from dienstweg.accounts import actions as accounts
from dienstweg.accounts import queries, rules
from dienstweg.accounts.errors import (
    AddressTaken,
    HasRoles,
    InvalidAddress,
    NoPassage,
    NoProof,
    WeakPassword,
    WrongCode,
    WrongPassword,
)
from dienstweg.accounts.models import Account, Passage, Proof, Stay
from dienstweg.authorities import scope
from dienstweg.kernel import clock
from working import work

pytestmark = pytest.mark.django_db

GOOD = "Regenbogen-Fahrrad-47"
OTHER = "Kürbissuppe im Nebel"
EMAIL = "anna@example.org"


@pytest.fixture(autouse=True)
def _operator(authority):
    """Somebody runs the network, and so sends its e-mails."""


@pytest.fixture
def letters(authority, mailoutbox):
    """Give a function that sends what waits, and returns the e-mails to an address."""

    def to(address):
        with scope.enter(scope.of(authority)):
            work("mail")
        return [one for one in mailoutbox if one.to == [address]]

    return to


def code_in(letter):
    return re.search(r"\b\d{6}\b", letter.body)[0]


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.fixture
def account_id(letters):
    token = accounts.begin_account(email=EMAIL, password=GOOD, lang="de")
    return accounts.confirm_account(token=token, code=code_in(letters(EMAIL)[-1]))


def test_an_account_is_made_when_its_address_is_proven(letters):
    token = accounts.begin_account(email=" Anna@Example.ORG ", password=GOOD, lang="en")
    assert not Account.objects.exists()
    letter = letters(EMAIL)[-1]
    assert letter.subject.startswith("Your code")
    account_id = accounts.confirm_account(token=token, code=f" {code_in(letter)} ")
    holder = queries.holder(account_id)
    assert (holder.email, holder.lang, holder.profile) == (EMAIL, "en", {})
    assert Account.objects.get().check_password(GOOD)
    with pytest.raises(NoProof):
        accounts.confirm_account(token=token, code=code_in(letter))


def test_a_code_can_be_guessed_five_times_and_is_too_old_after_half_an_hour(letters):
    token = accounts.begin_account(email=EMAIL, password=GOOD, lang="de")
    code = code_in(letters(EMAIL)[-1])
    with clock.shifted(timedelta(minutes=30, seconds=1)), pytest.raises(NoProof):
        accounts.confirm_account(token=token, code=code)
    for _ in range(rules.GUESSES):
        with pytest.raises(WrongCode):
            accounts.confirm_account(token=token, code=wrong(code))
    with pytest.raises(NoProof):
        accounts.confirm_account(token=token, code=code)
    with pytest.raises(NoProof):
        accounts.confirm_account(token="of another browser", code=code)


def test_whoever_has_an_account_is_told_in_the_mail_alone(letters, account_id):
    token = accounts.begin_account(email=EMAIL, password=OTHER, lang="de")
    letter = letters(EMAIL)[-1]
    assert letter.subject == "Sie haben schon ein Nutzerkonto"
    assert not re.search(r"\b\d{6}\b", letter.body)
    for guess in ("", "000000"):
        with pytest.raises(WrongCode):
            accounts.confirm_account(token=token, code=guess)
    assert Account.objects.get().id == account_id


def test_two_who_prove_the_same_address_at_once_get_one_account(letters):
    first = accounts.begin_account(email=EMAIL, password=GOOD, lang="de")
    second = accounts.begin_account(email=EMAIL, password=OTHER, lang="de")
    codes = [code_in(one) for one in letters(EMAIL)]
    accounts.confirm_account(token=first, code=codes[0])
    with pytest.raises(AddressTaken):
        accounts.confirm_account(token=second, code=codes[1])


@pytest.mark.parametrize("text", ["", "anna", "anna@", "a b@example.org", "a" * 300 + "@b.de"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(InvalidAddress):
        accounts.begin_account(email=text, password=GOOD, lang="de")
    with pytest.raises(InvalidAddress):
        accounts.begin_password(email=text, lang="de")
    assert not Proof.objects.exists()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Kurz!7x", "short"),
        ("qwertzuiop", "guessable"),
        ("aaaaaaaaaaaaaaaa", "guessable"),
        ("password1234", "guessable"),
        ("anna@example.org", "guessable"),
        ("x" * 129, "long"),
    ],
)
def test_passwords_that_are_guessed_are_refused_with_the_reason(password, why):
    with pytest.raises(WeakPassword) as refused:
        accounts.begin_account(email=EMAIL, password=password, lang="de")
    assert str(refused.value) == why


@pytest.mark.parametrize("password", [GOOD, OTHER, "vier alte graue hunde", "ß" * 3 + GOOD * 5])
def test_no_other_rule_annoys(password):
    assert accounts.begin_account(email=EMAIL, password=password, lang="de")


def test_no_address_and_no_profile_stands_readable_in_the_database(letters, account_id):
    accounts.keep_profile(account_id=account_id, profile={"given": "Änne", "family": "Ödegård"})
    accounts.begin_address(account_id=account_id, password=GOOD, email="neu@example.org")
    stored = b""
    with connection.cursor() as cursor:
        for table in ("accounts_account", "accounts_proof", "mail_mail", "django_session"):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            stored += "".join(row[0] for row in cursor.fetchall()).encode()
    for text in ("anna", "example", "neu@", "Änne", "Ödeg"):
        assert text.encode() not in stored
        assert text.encode().hex().encode() not in stored, "bytes are shown as hexadecimal"
    assert queries.holder(account_id).profile == {"given": "Änne", "family": "Ödegård"}


def test_a_sealed_profile_is_read_only_where_it_belongs(account_id, letters):
    accounts.keep_profile(account_id=account_id, profile={"given": "Änne"})
    sealed = Account.objects.get(id=account_id).profile
    token = accounts.begin_account(email="b@example.org", password=GOOD, lang="de")
    other = accounts.confirm_account(token=token, code=code_in(letters("b@example.org")[-1]))
    Account.objects.filter(id=other).update(profile=sealed)
    from dienstweg.kernel.encryption import Unreadable

    with pytest.raises(Unreadable):
        queries.holder(other)


def test_a_forgotten_password_is_chosen_anew_by_a_code(letters, account_id):
    stay = stay_of(account_id)
    token = accounts.begin_password(email=EMAIL, lang="de")
    code = code_in(letters(EMAIL)[-1])
    with pytest.raises(WeakPassword):
        accounts.confirm_password(token=token, code=code, password="kurz")
    assert accounts.confirm_password(token=token, code=code, password=OTHER) == account_id
    assert Account.objects.get().check_password(OTHER)
    assert letters(EMAIL)[-1].subject == "Das Passwort Ihres Nutzerkontos wurde geändert"
    assert not Stay.objects.filter(session=stay).exists()


def test_an_unknown_address_and_one_of_the_staff_get_no_code(letters, authority):
    accounts.add_staff(
        email="erika@example.org",
        name="Erika",
        password="Sommerregen-42-Wiese",
        authority_slugs=["kranichsee"],
        role="leitung",
    )
    for address in ("niemand@example.org", "erika@example.org"):
        token = accounts.begin_password(email=address, lang="de")
        letter = letters(address)[-1]
        assert "kein Nutzerkonto" in letter.subject
        with pytest.raises(WrongCode):
            accounts.confirm_password(token=token, code="", password=OTHER)
    erika = Account.objects.get(email="erika@example.org")
    assert erika.check_password("Sommerregen-42-Wiese")
    for refused in (
        lambda: accounts.close(account_id=erika.id, password="Sommerregen-42-Wiese"),
        lambda: accounts.change_password(
            account_id=erika.id, old="Sommerregen-42-Wiese", new=OTHER
        ),
    ):
        with pytest.raises(HasRoles):
            refused()


def test_a_new_address_is_proven_and_both_are_told(letters, account_id):
    new = "neu@example.org"
    with pytest.raises(WrongPassword):
        accounts.begin_address(account_id=account_id, password=OTHER, email=new)
    token = accounts.begin_address(account_id=account_id, password=GOOD, email=new)
    accounts.confirm_address(token=token, code=code_in(letters(new)[-1]))
    assert queries.holder(account_id).email == new
    for address in (EMAIL, new):
        assert "E-Mail-Adresse Ihres Nutzerkontos" in letters(address)[-1].subject


def test_a_proof_is_good_for_its_purpose_alone(letters, account_id):
    token = accounts.begin_password(email=EMAIL, lang="de")
    code = code_in(letters(EMAIL)[-1])
    with pytest.raises(NoProof):
        accounts.confirm_address(token=token, code=code)
    with pytest.raises(NoProof):
        accounts.confirm_account(token=token, code=code)


def test_closing_deletes_the_account_and_all_that_stands_in_it(
    letters, account_id, tmp_path, settings
):
    settings.DIENSTWEG_ERASURES = tmp_path / "erasures.log"
    before = Account.objects.get(id=account_id)
    stay_of(account_id)
    with pytest.raises(WrongPassword):
        accounts.close(account_id=account_id, password="falsch")
    accounts.close(account_id=account_id, password=GOOD)
    assert not Account.objects.exists()
    assert not Stay.objects.exists()
    assert letters(EMAIL)[-1].subject == "Ihr Nutzerkonto ist gelöscht"
    before.save(force_insert=True)  # a restored backup brings it back
    from dienstweg.cases import actions as cases

    assert cases.replay_erasures() == cases.replay_erasures() == 1
    assert not Account.objects.exists()


def test_the_export_holds_all_that_stands_in_the_account(account_id):
    accounts.keep_profile(account_id=account_id, profile={"town": "Kranichsee"})
    found = queries.export(account_id)
    assert found["email"] == EMAIL
    assert found["profile"] == {"town": "Kranichsee"}
    assert "password" not in found


# The way to an authority's host


def session_of(account_id):
    session = SessionStore()
    session["who"] = str(account_id)
    session.create()
    return session.session_key


def passage(account_id, authority_id, verifier="v" * 43, session=""):
    return accounts.open_passage(
        account_id=account_id,
        authority_id=authority_id,
        challenge=accounts.challenge_of(verifier),
        session=session or session_of(account_id),
    )


def stay_of(account_id):
    from dienstweg.authorities import queries as authorities

    authority_id = authorities.operator().id
    session = session_of(account_id)
    code = passage(account_id, authority_id, session=session)
    accounts.enter(code=code, verifier="v" * 43, authority_id=authority_id)
    return session


def test_the_challenge_is_that_of_the_standard():
    # RFC 7636, appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert accounts.challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_passage_is_good_once(account_id, authority):
    code = passage(account_id, authority)
    token = accounts.enter(code=code, verifier="v" * 43, authority_id=authority)
    found = queries.signed_in(token, authority)
    assert (found.account_id, found.state) == (account_id, "here")
    with pytest.raises(NoPassage):
        accounts.enter(code=code, verifier="v" * 43, authority_id=authority)


def test_a_passage_is_for_one_browser_one_authority_and_one_minute(
    account_id, authority, other_authority
):
    with pytest.raises(NoPassage):
        code = passage(account_id, authority)
        accounts.enter(code=code, verifier="w" * 43, authority_id=authority)
    with pytest.raises(NoPassage):
        accounts.enter(code=code, verifier="v" * 43, authority_id=authority)
    with pytest.raises(NoPassage):
        code = passage(account_id, authority)
        accounts.enter(code=code, verifier="v" * 43, authority_id=other_authority)
    code = passage(account_id, authority)
    with clock.shifted(timedelta(seconds=61)), pytest.raises(NoPassage):
        accounts.enter(code=code, verifier="v" * 43, authority_id=authority)
    assert not Stay.objects.exists()


def test_a_stay_is_at_one_authority_and_ends_by_time_and_with_its_session(
    account_id, authority, other_authority
):
    session = session_of(account_id)
    code = passage(account_id, authority, session=session)
    token = accounts.enter(code=code, verifier="v" * 43, authority_id=authority)
    assert queries.signed_in(token, other_authority) is None
    assert queries.signed_in("x" * 43, authority) is None
    with clock.shifted(timedelta(minutes=59)):
        assert queries.signed_in(token, authority).state == "here"
        assert queries.signed_in(token, authority).stale
    with clock.shifted(timedelta(minutes=61)):
        assert queries.signed_in(token, authority).state == "idle"
    accounts.go_on(token=token)
    SessionStore(session).delete()
    assert queries.signed_in(token, authority) is None


def test_whoever_is_no_longer_active_is_out_at_once(account_id, authority):
    code = passage(account_id, authority)
    token = accounts.enter(code=code, verifier="v" * 43, authority_id=authority)
    Account.objects.filter(id=account_id).update(is_active=False)
    assert queries.signed_in(token, authority) is None


def test_leaving_at_one_host_ends_the_stays_at_all(account_id, authority, other_authority):
    session = session_of(account_id)
    tokens = {}
    for place in (authority, other_authority):
        code = passage(account_id, place, session=session)
        tokens[place] = accounts.enter(code=code, verifier="v" * 43, authority_id=place)
    accounts.leave(token=tokens[authority])
    assert queries.signed_in(tokens[other_authority], other_authority) is None
    assert not SessionStore().exists(session)
    accounts.leave(token=tokens[authority])


def test_the_sweeper_deletes_what_nobody_can_use_any_more(account_id, authority):
    accounts.begin_password(email=EMAIL, lang="de")
    stay_of(account_id)
    passage(account_id, authority)
    assert accounts.sweep() == 0
    with clock.shifted(timedelta(hours=12, minutes=1)):
        assert accounts.sweep() == 5
    assert not Session.objects.exists()
    assert not (Proof.objects.exists() or Passage.objects.exists() or Stay.objects.exists())
