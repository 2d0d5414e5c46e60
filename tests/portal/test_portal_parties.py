"""A party's own pages: in by number and code, its part and nothing else, answer, sign, hand in."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile

import neighbourhood
from applicant import Applicant, Page
from dienstweg.accounts import actions as accounts
from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.documents import queries as documents
from dienstweg.inbox import actions as inbox
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from dienstweg.reception import staying
from neighbourhood import APPLICATION, code_for, new_version, with_codes
from staffing import colleague
from working import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(authority, settings, tmp_path):
    settings.DIENSTWEG_STRICT_WORDS = True
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    yield authority
    offers.forget()


@pytest.fixture
def case_id(town):
    with scope.enter(scope.of(town)):
        return neighbourhood.given_case()


class Party:
    """Somebody who was invited, with a browser of their own."""

    def __init__(self, town, case_id, key):
        self.town, self.case_id, self.browser = town, case_id, Applicant()
        with self.inside():
            self.own = with_codes(case_id)[key]
        self.path = f"/beteiligt/{self.own.number}"

    def inside(self):
        return scope.enter(scope.of(self.town))

    def come_in(self, code=""):
        self.browser.open(self.path)
        page = self.browser.send(action="/beteiligt", code=code or self.own.code)
        assert page.url == self.path, page.html
        return page

    def link(self, start):
        return next(one for one in self.browser.page.links if one.startswith(self.path + start))

    def post(self, path, **body):
        return Page(self.browser.client.post(path, body, follow=True))


@pytest.fixture
def invite(town, case_id):
    def made(*roles, keys=None):
        with scope.enter(scope.of(town)):
            for role in roles:
                actions.invite(case_id=case_id, key="l", party=role)
        return [Party(town, case_id, key) for key in (keys or roles)]

    return made


@pytest.fixture
def nora(invite):
    return invite("nachbar", keys=["nachbar@0"])[0]


@pytest.fixture
def ada(town, case_id):
    with scope.enter(scope.of(town)):
        actions.sign(case_id=case_id, key="u", parties=["bauherr", "planer"], order="parallel")
    return Party(town, case_id, "planer")


def test_the_way_in(nora):
    page = nora.browser.open(nora.path)
    assert page.heading == "An einem Vorgang mitwirken"
    assert page.form("/beteiligt")["fields"]["nummer"] == [nora.own.number]
    page = nora.browser.send(action="/beteiligt", code="0000-0000-0000-0000")
    assert (page.status, "passen nicht zusammen" in page.html) == (422, True)
    page = nora.browser.send(action="/beteiligt", code="")
    assert "Bitte geben Sie den Code ein." in page.html
    page = nora.come_in()
    for words in ("Guten Tag, Nora Nachbarin", "Nebenan soll gebaut werden.", "Nachbarschaft"):
        assert words in page.html


def test_who_is_signed_in_besides_is_noted(nora):
    account, session = colleague("nora"), SessionStore()
    session.create()
    code = accounts.open_passage(
        account_id=account, authority_id=nora.town, session=session.session_key,
        challenge=accounts.challenge_of("v" * 43),
    )  # fmt: skip
    stay = accounts.enter(code=code, verifier="v" * 43, authority_id=nora.town)
    nora.browser.client.cookies[staying.COOKIE] = stay
    nora.come_in()
    assert queries_of(nora, lambda: queries.party(nora.own.id)).account_id == account


def test_only_the_own_pages_can_be_read(nora):
    page = nora.come_in()
    assert "Nora Nachbarin" in page.html
    for hidden in ("Änne", "anne@example.org", "Ada", "ada@example.org"):
        assert hidden not in page.html
    assert queries_of(nora, lambda: queries.case(nora.case_id).number) not in page.html


def queries_of(party, ask):
    with party.inside():
        return ask()


def test_an_objection_from_the_page(nora):
    nora.come_in()
    nora.browser.open(nora.link("/aufgabe/"))
    assert nora.browser.page.heading == "Sind Sie einverstanden?"
    page = nora.browser.send(antwort="objected")
    assert (page.status, "Bitte schreiben Sie dazu, warum" in page.html) == (422, True)
    page = nora.browser.send(antwort=None)
    assert "Bitte wählen Sie eine Antwort aus." in page.html
    page = nora.browser.send(antwort="objected", begruendung="x" * 6_000)
    assert "zu lang" in page.html
    page = nora.browser.send(antwort="objected", begruendung="Mir wird es zu dunkel <b>")
    assert page.url == nora.path
    for words in ("Ich habe Einwände", "Mir wird es zu dunkel &lt;b&gt;", "Alles erledigt"):
        assert words in page.html


def test_an_answer_is_taken_once(nora):
    nora.come_in()
    path = nora.link("/aufgabe/")
    nora.browser.open(path)
    form = {name: value[0] for name, value in nora.browser.page.form()["fields"].items()}
    body = {**form, "antwort": "agreed", "begruendung": ""}
    assert nora.post(path, **body).url == nora.path
    assert nora.post(path, **body).url == nora.path, "the same answer again"
    assert nora.browser.open(path).url == nora.path, "there is nothing to answer any more"


def test_a_signature_from_the_page(ada):
    page = ada.come_in()
    ada.browser.open(ada.link("/unterschrift/"))
    assert ada.browser.page.heading == "Antrag unterschreiben"
    page = ada.browser.send(name="", bestaetigt=None)
    assert "Bitte schreiben Sie Ihren Vor- und Nachnamen." in page.html
    assert "Bitte bestätigen Sie, was Sie unterschreiben." in page.html
    page = ada.browser.send(name="Ada Planerin", bestaetigt="true")
    assert page.url == ada.path
    sha = queries_of(ada, lambda: queries.opened(ada.case_id).application.sha256)
    assert "Unterschrieben" in page.html
    assert " ".join(sha[n : n + 8] for n in range(0, 64, 8)) in page.html


def test_the_proof_comes_before_the_signature(town, case_id, photo):
    with scope.enter(scope.of(town)):
        actions.sign(case_id=case_id, key="u", parties=["statiker"], order="parallel")
    stefan = Party(town, case_id, "statiker")
    page = stefan.come_in()
    assert "Bitte hochladen: Nachweis Ihrer Zulassung" in page.html
    url = stefan.link("/unterschrift/")
    page = stefan.browser.open(url)
    assert "brauchen wir von Ihnen: Nachweis Ihrer Zulassung." in page.html
    assert f"{stefan.path}/unterlagen" in page.links
    assert "name" not in page.forms[0]["fields"], "there is nothing to sign yet"
    page = stefan.post(url, handlung=str(new_id()), name="Stefan Statiker", bestaetigt="true")
    assert (page.status, "Zuerst der Nachweis" in page.html) == (422, True)
    stefan.post(f"{stefan.path}/unterlagen", datei=SimpleUploadedFile("nachweis.png", photo))
    assert "Bitte hochladen" not in stefan.browser.open(stefan.path).html
    stefan.browser.open(url)
    assert stefan.browser.send(name="Stefan Statiker", bestaetigt="true").url == stefan.path
    page = stefan.browser.open(f"{stefan.path}/unterlagen")
    kept = page.forms[0]["fields"]["entfernen"][0]
    page = stefan.post(f"{stefan.path}/unterlagen", entfernen=kept)
    assert (page.status, "beruht Ihre Unterschrift" in page.html) == (422, True)


def test_somebody_does_not_sign(ada):
    ada.come_in()
    ada.browser.open(ada.link("/unterschrift/"))
    refuse = next(one for one in ada.browser.page.forms if "ablehnen" in one["fields"])
    body = {name: value[0] for name, value in refuse["fields"].items()}
    page = ada.post(ada.browser.page.url, **{**body, "grund": "Nicht mein Plan."})
    assert "Nicht unterschrieben" in page.html
    assert "Nicht mein Plan." in page.html


def test_what_changed_meanwhile_is_not_refused_unread(ada):
    ada.come_in()
    ada.browser.open(ada.link("/unterschrift/"))
    refuse = next(one for one in ada.browser.page.forms if "ablehnen" in one["fields"])
    with ada.inside():
        new_version(ada.case_id, name="Änne Neu")
    body = {name: value[0] for name, value in refuse["fields"].items()}
    page = ada.post(ada.browser.page.url, **{**body, "grund": "Nicht mein Plan."})
    assert (page.status, "Der Antrag wurde geändert" in page.html) == (409, True)


def test_who_is_to_sign_and_takes_no_part_is_told_what_that_means(ada):
    ada.come_in()
    page = ada.browser.open(ada.link("/absage"))
    assert "dass Sie nicht unterschreiben" in page.html
    assert "anders überlegen" not in page.html, "nothing is promised that is not kept"
    page = ada.browser.send(grund="")
    assert "Sie wirken nicht mit" in page.html
    assert "Doch mitwirken" not in page.html
    with ada.inside():
        assert {one.state for one in queries.signings(ada.case_id)} == {"declined"}


def test_the_wrong_person_declines_nothing_and_is_out(ada):
    ada.come_in()
    ada.browser.open(ada.link("/absage"))
    page = ada.browser.send(action="/nicht-gemeint")
    assert page.heading == "Danke, dass Sie uns das gesagt haben"
    with ada.inside():
        assert {one.state for one in queries.signings(ada.case_id)} == {"open"}
    assert ada.browser.open(ada.path).url == "/beteiligt"


def test_what_changed_meanwhile_is_read_again(ada):
    ada.come_in()
    ada.browser.open(ada.link("/unterschrift/"))
    with ada.inside():
        new_version(ada.case_id, name="Änne Neu")
    page = ada.browser.send(name="Ada Planerin", bestaetigt="true")
    assert (page.status, "Der Antrag wurde geändert" in page.html) == (409, True)
    with ada.inside():
        actions.ask_signatures_anew(case_id=ada.case_id)
    page = ada.browser.open(ada.path)
    assert "Gilt nicht mehr" in page.html
    ada.browser.open(ada.link("/unterschrift/"))
    assert ada.browser.send(name="Ada Planerin", bestaetigt="true").url == ada.path


def test_the_same_name_is_told_what_to_do(ada, town, case_id):
    anne = Party(town, case_id, "bauherr")
    for one in (anne, ada):
        one.come_in()
        one.browser.open(one.link("/unterschrift/"))
    assert anne.browser.send(name="Karl Müller", bestaetigt="true").url == anne.path
    page = ada.browser.send(name="Karl Mueller", bestaetigt="true")
    assert (page.status, "rufen Sie uns bitte an" in page.html) == (422, True)


def test_files_are_handed_in_and_taken_back(ada, photo):
    ada.come_in()
    path = ada.link("/unterlagen")
    ada.browser.open(path)
    assert "Bitte wählen Sie" in ada.post(path).html
    wrong = SimpleUploadedFile("plan.exe", b"MZ" + b"x" * 100)
    assert ada.post(path, datei=wrong).status == 422
    page = ada.post(path, datei=SimpleUploadedFile("plan <1>.png", photo))
    assert "plan &lt;1&gt;.png" in page.html
    url = next(one for one in page.links if "/datei/" in one)
    answer = ada.browser.client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    page = ada.post(path, entfernen=url.rpartition("/")[2])
    assert "plan" not in "".join(page.links)
    assert ada.browser.client.get(url).status_code == 404
    assert ada.post(path, entfernen="unsinn").status == 422


def test_who_may_not_upload_is_led_back(town, case_id):
    with scope.enter(scope.of(town)):
        actions.invite(case_id=case_id, key="l", party="bauherr")
    anne = Party(town, case_id, "bauherr")
    anne.come_in()
    assert anne.browser.open(f"{anne.path}/unterlagen").url == anne.path


def test_declining_and_thinking_better_of_it(nora):
    nora.come_in()
    nora.browser.open(nora.link("/absage"))
    page = nora.browser.send(grund="Keine Zeit")
    assert "Sie wirken nicht mit" in page.html
    nora.browser.open(nora.link("/absage"))
    page = nora.browser.send()
    assert "Sind Sie einverstanden?" in page.html


def test_a_new_link_by_mail(nora):
    page = nora.browser.open(f"/beteiligt/neuer-link?nummer={nora.own.number}")
    assert page.form("/neuer-link")["fields"]["nummer"] == [nora.own.number]
    assert nora.browser.send(action="/neuer-link", email="").status == 422
    with clock.shifted(timedelta(hours=1)):
        for email in ("fremd@example.org", "nora@example.org"):
            nora.browser.open(f"/beteiligt/neuer-link?nummer={nora.own.number}")
            page = nora.browser.send(action="/neuer-link", email=email)
            assert page.heading == "Sehen Sie in Ihr E-Mail-Postfach", "the same for everybody"
        work("mail")
        new = code_for(nora.own.number)
        assert new != nora.own.code
        nora.come_in(new)


def test_a_new_code_ends_the_session_of_the_old(nora):
    nora.come_in()
    with clock.shifted(timedelta(minutes=20)):
        with nora.inside():
            actions.send_link_again(party_id=nora.own.id, account_id=new_id())
        assert nora.browser.open(nora.path).url == "/beteiligt"


def test_leaving(nora):
    nora.come_in()
    nora.browser.send(action="/verlassen")
    assert nora.browser.open(nora.path).url == "/beteiligt"


def test_guessing_ends_at_the_door(nora):
    for _ in range(5):
        nora.browser.open(nora.path)
        nora.browser.send(action="/beteiligt", code="0000-0000-0000-0000")
    nora.browser.open(nora.path)
    page = nora.browser.send(action="/beteiligt", code=nora.own.code)
    assert page.status == 429


def test_an_expired_invitation_says_what_to_do(nora):
    with clock.shifted(timedelta(days=61)):
        nora.browser.open(nora.path)
        page = nora.browser.send(action="/beteiligt", code=nora.own.code)
        assert "Diese Einladung ist abgelaufen" in page.html


def test_a_message_is_read_by_whom_it_is_for(nora, ada):
    with nora.inside():
        inbox.tell_parties(
            case_id=nora.case_id, case_key=queries.key(nora.case_id), key="t",
            role="nachbar", subject="Ortstermin", body="Am Montag.",
        )  # fmt: skip
    assert "Ortstermin" in nora.come_in().html
    assert "Ortstermin" not in ada.come_in().html


def test_a_document_comes_with_the_message_that_speaks_of_it(nora, ada):
    with nora.inside():
        work("documents")
        (receipt,) = documents.of_case(nora.case_id)
        inbox.tell_parties(
            case_id=nora.case_id, case_key=queries.key(nora.case_id), key="t", role="nachbar",
            subject="Entschieden", body="Anbei.", documents=[receipt.key],
        )  # fmt: skip
    page = nora.come_in()
    url = next(one for one in page.links if one.endswith(str(receipt.id)))
    answer = nora.browser.client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    ada.come_in()
    assert ada.browser.client.get(f"{ada.path}/datei/{receipt.id}").status_code == 404


def test_an_ended_case_can_be_read_but_not_answered(nora):
    nora.come_in()
    path = nora.link("/aufgabe/")
    nora.browser.open(path)
    form = {name: value[0] for name, value in nora.browser.page.form()["fields"].items()}
    with nora.inside():
        actions.close(case_id=nora.case_id, outcome="granted")
    assert nora.post(path, **{**form, "antwort": "agreed"}).status == 404
    assert "Der Vorgang ist abgeschlossen" in nora.browser.open(nora.path).html


# Hostile: what belongs to others


def test_nothing_of_another_party_opens(nora, ada, photo):
    ada.come_in()
    page = ada.post(f"{ada.path}/unterlagen", datei=SimpleUploadedFile("geheim.png", photo))
    proof = next(one for one in page.links if "/datei/" in one).rpartition("/")[2]
    ada.browser.open(ada.path)
    signature = ada.link("/unterschrift/").rpartition("/")[2]
    nora.come_in()
    own_task = nora.link("/aufgabe/").rpartition("/")[2]
    for path in (
        f"{nora.path}/datei/{proof}",
        f"{nora.path}/unterschrift/{signature}",
        f"{ada.path}/aufgabe/{own_task}",
        f"{nora.path}/datei/{new_id()}",
    ):
        browser = ada.browser if path.startswith(ada.path) else nora.browser
        assert browser.client.get(path).status_code == 404, path
        assert browser.client.post(path, {"handlung": "x"}).status_code in (404, 405), path
    for path in (ada.path, f"{ada.path}/unterlagen", f"{ada.path}/datei/{proof}"):
        answer = nora.browser.client.get(path)
        assert answer.status_code == 302, "not opened in this browser"
        assert answer.headers["Location"].startswith("/beteiligt?")


def test_files_of_hidden_pages_do_not_open(town, photo):
    """A neighbour may not read what stands on pages that are not theirs, whatever id is asked."""
    with scope.enter(scope.of(town)):
        from dienstweg.files import actions as files

        case_id = neighbourhood.given_case(APPLICATION)
        actions.invite(case_id=case_id, key="l", party="nachbar")
        key = queries.key(case_id)
        card = files.take(owner_id=case_id, key=key, name="beleg.png", chunks=[photo])
    nora = Party(town, case_id, "nachbar@0")
    nora.come_in()
    assert nora.browser.client.get(f"{nora.path}/datei/{card.id}").status_code == 404


def test_a_replayed_cookie_opens_no_other_case(nora, town, make_authority):
    """The cookie of one invitation at another authority, and with another number."""
    nora.come_in()
    other = make_authority("moorwald", ars="120650136136", number_prefix="MOO")
    assert other
    elsewhere = Applicant("moorwald.localhost")
    elsewhere.client.cookies = nora.browser.client.cookies
    assert elsewhere.client.get(nora.path).status_code == 302
    forged = Applicant()
    forged.client.cookies["dw_beteiligt"] = "e30:1:abc"
    assert forged.client.get(nora.path).status_code == 302


def test_a_case_session_is_no_party_session(nora):
    """The applicant's own cookie opens no party's page."""
    browser = Applicant()
    browser.client.cookies["dw_vorgang"] = nora.browser.client.cookies.get("dw_beteiligt", "x")
    assert browser.client.get(nora.path).status_code == 302


def test_a_removed_party_is_out_at_once(nora):
    nora.come_in()
    with nora.inside():
        actions.remove_party(party_id=nora.own.id, account_id=new_id())
    assert nora.browser.open(nora.path).url == "/beteiligt"


@pytest.mark.usefixtures("remembering")
def test_few_statements_a_page(nora, django_assert_max_num_queries):
    nora.come_in()
    with django_assert_max_num_queries(11):
        nora.browser.client.get(nora.path)


def test_english(nora):
    nora.browser = Applicant(lang="en")
    assert "Hello Nora Nachbarin" in nora.come_in().html
