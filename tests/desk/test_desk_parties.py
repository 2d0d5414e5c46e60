"""Parties at the desk: seen on the case, named, reminded, written to, removed; never another's."""

import re

import pytest
from django.core import mail
from django.test import Client

import neighbourhood
from dienstweg.accounts import actions as accounts
from dienstweg.accounts.models import Membership
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.inbox import actions as inbox
from dienstweg.inbox.models import Message
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from journeying import picture
from neighbourhood import code_for, let_in, with_codes
from working import work

pytestmark = pytest.mark.django_db
PASSWORD = "ein-langes-Kennwort-fuer-Tests"


def clerk_of(authority, email="clerk@example.org"):
    accounts.add_staff(
        email=email,
        name="Kim",
        password=PASSWORD,
        authority_slugs=[authorities.card(authority).slug],
        role="sachbearbeitung",
    )
    client = Client(headers={"host": "localhost", "accept-language": "de"})
    client.post("/arbeitsplatz/anmelden", {"email": email, "passwort": PASSWORD})
    return client


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
        own = neighbourhood.given_case()
        actions.sign(case_id=own, key="u", parties=["bauherr", "gutachter"], order="parallel")
        actions.invite(case_id=own, key="n", party="nachbar")
        actions.invite(case_id=own, key="p", party="planer")
        with_codes(own)
    return own


@pytest.fixture
def clerk(town):
    return clerk_of(town)


def path(case_id, *more):
    return "/".join(["/arbeitsplatz/vorgaenge", str(case_id), "beteiligte", *map(str, more)])


def opened(clerk, address):
    answer = clerk.get(address)
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def act(clerk, address, **body):
    return clerk.post(address, body, follow=True)


def party(town, case_id, key):
    with scope.enter(scope.of(town)):
        return with_codes(case_id)[key]


def add(clerk, case_id, **body):
    key = re.search(r'name="handlung" value="([^"]+)"', opened(clerk, path(case_id)))[1]
    return act(clerk, path(case_id), handlung=key, **body)


def test_the_case_says_who_takes_part(clerk, case_id):
    html = opened(clerk, f"/arbeitsplatz/vorgaenge/{case_id}")
    for words in ("Beteiligte", "Änne Ödegård", "Nora Nachbarin", "noch nicht unterschrieben"):
        assert words in html
    assert "Gutachterin" in html, "nobody is known who could sign"


def test_nobody_is_missing_of_a_role_that_the_application_leaves_out(clerk, town):
    with scope.enter(scope.of(town)):
        own = neighbourhood.given_case({**neighbourhood.APPLICATION, "haustier": False})
        actions.sign(case_id=own, key="u", parties=["gutachter", "zuschauer"], order="parallel")
    html = opened(clerk, path(own))
    told = html[html.index("fehlt noch jemand") :][:400]
    assert "Gutachterin" in told and "Zuschauerin" not in told


def test_everything_they_did_can_be_read(clerk, town, case_id):
    ada, nora = (party(town, case_id, key) for key in ("planer", "nachbar@0"))
    with scope.enter(scope.of(town)):
        let_in(ada), let_in(nora)
        card = actions.hand_in(party_id=ada.id, name="plan.png", chunks=[picture()])
        (task,) = actions.open_for_party(party_id=nora.id).tasks
        actions.answer_as_party(
            party_id=nora.id, task_id=task.card.id, outcome="objected", reason="Zu <hoch>."
        )
    html = opened(clerk, path(case_id))
    for words in ("hat Einwände", "Zu &lt;hoch&gt;.", "plan.png", "ada@example.org"):
        assert words in html
    answer = clerk.get(path(case_id, "datei", card.id))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert clerk.get(path(case_id, "datei", new_id())).status_code == 404
    with scope.enter(scope.of(town)):
        assert "proof" in {one.purpose for one in queries.readings(case_id)}


def test_who_only_watches_over_cases_does_nothing_about_them(clerk, town, case_id):
    nora = party(town, case_id, "nachbar@0")
    Membership.objects.update(role="datenschutz")
    desk, case = "/arbeitsplatz", f"/arbeitsplatz/vorgaenge/{case_id}"
    for address in (
        path(case_id),
        *(path(case_id, nora.id, what) for what in ("erinnern", "entfernen", "eigene-person")),
        *(path(case_id, nora.id, what) for what in ("link", "brief", "verschickt")),
        f"{case}/abgeben",
        f"{case}/weiter",
    ):
        body = {"handlung": str(new_id()), "rolle": "gutachter", "name": "Gerd", "abgeben": "1"}
        assert clerk.post(address, body).status_code == 403, address
    with scope.enter(scope.of(town)):
        assert queries.party(nora.id).state == "invited"
        assert party(town, case_id, "nachbar@0").code == nora.code
        inbox.tell(
            case_id=case_id, case_key=queries.key(case_id), key="x", subject="Neu", body="Gut."
        )
        Message.objects.update(by_post=True)
        message_id = Message.objects.get().id
    assert clerk.post(f"{desk}/post/{message_id}/erledigt").status_code == 404
    assert "/abgeben" not in opened(clerk, case)


def test_an_expert_is_named_and_signs(clerk, town, case_id):
    answer = add(clerk, case_id, rolle="gutachter", name="Gerd", email="gerd@example.org")
    assert "Gerd" in answer.content.decode()
    work("mail")
    assert mail.outbox[-1].to == ["gerd@example.org"]
    with scope.enter(scope.of(town)):
        (own,) = (one for one in with_codes(case_id).values() if one.role == "gutachter")
        file = actions.open_for_party(party_id=let_in(own))
        assert [one.state for one in file.signatures] == ["asked"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"rolle": "gutachter", "name": " "}, "Bitte geben Sie einen Namen ein."),
        ({"rolle": "koenig", "name": "A"}, "Bitte wählen Sie eine Rolle"),
        ({"rolle": "gutachter", "name": "A", "email": "keine"}, "E-Mail-Adresse ist keine"),
    ],
)
def test_what_cannot_be_named_is_told(clerk, case_id, body, words):
    answer = add(clerk, case_id, **body)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_reminding(clerk, town, case_id):
    nora = party(town, case_id, "nachbar@0")
    answer = act(clerk, path(case_id, nora.id, "erinnern"))
    assert "Die Erinnerung ist verschickt." in answer.content.decode()
    work("mail")
    assert "Etwas ist noch offen" in mail.outbox[-1].body


def test_a_letter_with_a_code_for_who_has_no_mail(clerk, town, case_id):
    paul = party(town, case_id, "nachbar@1")
    assert "Briefe an Beteiligte" in opened(clerk, "/arbeitsplatz/post")
    html = act(clerk, path(case_id, paul.id, "brief")).content.decode()
    code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", html)[0]
    assert "Paul Papier" in html
    assert paul.number in html
    with scope.enter(scope.of(town)):
        assert actions.let_in_party(number=paul.number, code=code).party_id == paul.id
    act(clerk, path(case_id, paul.id, "verschickt"))
    assert "Briefe an Beteiligte" not in opened(clerk, "/arbeitsplatz/post")


def test_a_new_link_to_another_address(clerk, town, case_id):
    paul = party(town, case_id, "nachbar@1")
    bad = act(clerk, path(case_id, paul.id, "link"), email="keine")
    assert bad.status_code == 422
    act(clerk, path(case_id, paul.id, "link"), email="paul@example.org")
    work("mail")
    assert mail.outbox[-1].to == ["paul@example.org"]
    with scope.enter(scope.of(town)):
        code = code_for(paul.number)
        assert actions.let_in_party(number=paul.number, code=code).party_id == paul.id
        assert queries.party(paul.id).by_post is False


def test_removing_and_telling_apart(clerk, town, case_id):
    nora, ada = (party(town, case_id, key) for key in ("nachbar@0", "planer"))
    act(clerk, path(case_id, ada.id, "eigene-person"))
    act(clerk, path(case_id, nora.id, "entfernen"))
    html = opened(clerk, path(case_id))
    assert "Nora" not in html
    with scope.enter(scope.of(town)):
        assert queries.party(ada.id).proven
        let_in(ada)
        actions.hand_in(party_id=ada.id, name="plan.png", chunks=[picture()])
    assert act(clerk, path(case_id, ada.id, "entfernen")).status_code == 409


def test_nothing_of_another_case_or_authority(clerk, town, case_id, other_authority):
    nora = party(town, case_id, "nachbar@0")
    with scope.enter(scope.of(town)):
        second = neighbourhood.given_case()
    stranger = clerk_of(other_authority, "fremd@example.org")
    for what in ("erinnern", "entfernen", "eigene-person", "link", "brief", "verschickt"):
        assert act(clerk, path(second, nora.id, what)).status_code == 404, "a swapped case"
        assert act(stranger, path(case_id, nora.id, what)).status_code == 404
    assert stranger.get(path(case_id)).status_code == 404
    assert Client(headers={"host": "localhost"}).get(path(case_id)).status_code == 302
    with scope.enter(scope.of(town)):
        assert queries.party(nora.id).state == "invited"


def test_whom_a_correction_does_not_name_any_more_is_written_to(clerk, town, case_id):
    nora, paul = (party(town, case_id, key) for key in ("nachbar@0", "nachbar@1"))
    act(clerk, path(case_id, paul.id, "verschickt"))
    with scope.enter(scope.of(town)):
        let_in(nora)
        (task,) = actions.open_for_party(party_id=nora.id).tasks
        actions.answer_as_party(
            party_id=nora.id, task_id=task.card.id, outcome="objected", reason="Zu hoch."
        )
        neighbourhood.new_version(case_id, tiere=[])
        actions.follow_correction(case_id=case_id)
    assert "Briefe an Beteiligte" in opened(clerk, "/arbeitsplatz/post")
    html = opened(clerk, path(case_id))
    for words in ("nicht mehr beteiligt", "Zu hoch.", "Paul Papier", "Brief zeigen"):
        assert words in html
    letter = act(clerk, path(case_id, paul.id, "brief")).content.decode()
    assert "Sie müssen nichts mehr tun" in letter
    assert re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", letter) is None
    act(clerk, path(case_id, paul.id, "verschickt"))
    assert "Briefe an Beteiligte" not in opened(clerk, "/arbeitsplatz/post")
    html = opened(clerk, path(case_id))
    assert "Paul Papier" not in html
    assert "Zu hoch." in html, "what was said stays on record"


def test_the_second_letter_says_that_there_is_news(clerk, town, case_id):
    paul = party(town, case_id, "nachbar@1")
    act(clerk, path(case_id, paul.id, "verschickt"))
    with scope.enter(scope.of(town)):
        assert actions.remind_party(party_id=paul.id)
    assert "Ein weiterer Brief" in opened(clerk, path(case_id))
    letter = act(clerk, path(case_id, paul.id, "brief")).content.decode()
    assert "Es gibt Neues" in letter
    assert re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", letter)


def test_an_invitation_that_reached_somebody_else_is_put_right(clerk, town, case_id):
    nora = party(town, case_id, "nachbar@0")
    with scope.enter(scope.of(town)):
        actions.say_not_meant(party_id=nora.id)
    words = "Die Einladung hat jemand anderen erreicht"
    for address in (f"/arbeitsplatz/vorgaenge/{case_id}", path(case_id)):
        assert words in opened(clerk, address)
    due = opened(clerk, "/arbeitsplatz/fristen?stand=ueberfaellig")
    assert "Nachbarschaft: " + words in due
    link = path(case_id, nora.id, "link")
    assert act(clerk, link, email="", anschrift=" ").status_code == 422
    assert act(clerk, link, email="keine").status_code == 422
    html = act(clerk, link, email="nora.richtig@example.org").content.decode()
    assert "noch einmal eingeladen" in html
    work("mail")
    assert mail.outbox[-1].to == ["nora.richtig@example.org"]
    assert "noch einmal eingeladen" not in opened(clerk, path(case_id))
    assert "Nachbarschaft: " + words not in opened(clerk, "/arbeitsplatz/fristen")
