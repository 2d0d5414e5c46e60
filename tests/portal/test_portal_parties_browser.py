"""Parties in real Chromium, at a desk and on a phone, without script too; every page by axe.

A neighbour objects, a designer hands in a plan and signs, a caseworker sees all of it, writes a
letter and looks at what would be handed over. Pictures go where those of the other journeys go.
"""

import pytest
from PIL import Image

import inspecting
import neighbourhood
from dienstweg.accounts import actions as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases import actions as cases
from dienstweg.offers import queries as offers
from dienstweg.processes import actions
from portal.test_portal_browser import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PASSWORD = "ein-langes-Kennwort-fuer-Tests"


@pytest.fixture
def town(authority, other_authority, settings, tmp_path, live_server):
    """Give a function that makes an address of a host, and a case with people in it."""
    assert other_authority
    settings.DIENSTWEG_STRICT_WORDS = True
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    port = live_server.url.rsplit(":", 1)[1]
    with scope.enter(scope.of(authority)):
        case_id = neighbourhood.given_case()
        actions.go_on(case_id=case_id, event=process.Submitted())
        cases.sign(case_id=case_id, key="u", parties=["bauherr", "planer"], order="parallel")
        cases.invite(case_id=case_id, key="n", party="nachbar")
        people = neighbourhood.with_codes(case_id)
    accounts.add_staff(
        email="clerk@example.org", name="Kim", password=PASSWORD,
        authority_slugs=[authorities.card(authority).slug], role="sachbearbeitung",
    )  # fmt: skip
    yield (lambda host: f"http://{host}:{port}"), case_id, people
    offers.forget()


def plan(tmp_path):
    path = tmp_path / "plan.png"
    Image.new("RGB", (40, 40), "white").save(path, "PNG")
    return path


def press(page, words):
    with page.expect_navigation():
        page.get_by_role("button", name=words).click()


def follow(page, words):
    with page.expect_navigation():
        page.get_by_role("link", name=words).first.click()


def come_in(who, one):
    who.go(f"/beteiligt/{one.number}")
    who.look("beteiligt-eingang")
    who.page.fill("[name=code]", one.code)
    press(who.page, "Öffnen")


@pytest.mark.parametrize(
    ("width", "script"), inspecting.one_of(("phone", False), ("desktop", True))
)
def test_parties_take_part(chromium, town, tmp_path, width, script):
    host, case_id, people = town
    nora = visitor(chromium, host("kranichsee.localhost"), width, script=script)
    come_in(nora, people["nachbar@0"])
    nora.look("beteiligt")
    follow(nora.page, "Jetzt erledigen")
    nora.page.check("[value=objected]")
    press(nora.page, "Antwort absenden")
    nora.look("beteiligt-fehler")
    nora.page.fill("[name=begruendung]", "Das Haus nimmt mir das Licht.")
    press(nora.page, "Antwort absenden")
    nora.look("beteiligt-erledigt")
    ada = visitor(chromium, host("kranichsee.localhost"), width, script=script)
    come_in(ada, people["planer"])
    follow(ada.page, "Unterlagen einreichen")
    ada.page.set_input_files("[name=datei]", plan(tmp_path))
    press(ada.page, "Datei hochladen")
    ada.look("beteiligt-unterlagen")
    follow(ada.page, "Fertig")
    follow(ada.page, "Jetzt erledigen")
    ada.look("beteiligt-unterschrift")
    ada.page.fill("[name=name]", "Ada Planerin")
    ada.page.check("[name=bestaetigt]")
    press(ada.page, "Jetzt unterschreiben")
    assert "Unterschrieben" in ada.page.content()
    ada.look("beteiligt-unterschrieben")
    ada.go(f"/beteiligt/neuer-link?nummer={people['planer'].number}")
    ada.look("beteiligt-neuer-link")
    paul = visitor(chromium, host("kranichsee.localhost"), width, script=script)
    paul.go("/beteiligt")
    press(paul.page, "Öffnen")
    paul.look("beteiligt-leer")
    clerk = visitor(chromium, host("localhost"), width, script=script)
    at_the_desk(clerk, case_id, people)
    for who in (nora, ada, paul, clerk):
        assert (who.findings, who.noise) == ([], [])
        who.context.close()


def at_the_desk(clerk, case_id, people):
    """See who takes part, write the letter, and look at what would be handed over."""
    clerk.go("/arbeitsplatz/anmelden")
    clerk.page.fill("[name=email]", "clerk@example.org")
    clerk.page.fill("[name=passwort]", PASSWORD)
    with clerk.page.expect_navigation():
        clerk.page.locator("form[action*=anmelden] button").last.click()
    clerk.go(f"/arbeitsplatz/vorgaenge/{case_id}")
    clerk.look("desk-vorgang-beteiligte")
    clerk.go(f"/arbeitsplatz/vorgaenge/{case_id}/beteiligte")
    assert "Das Haus nimmt mir das Licht." in clerk.page.content()
    clerk.look("desk-beteiligte")
    letter = f"form[action*='{people['nachbar@1'].id}/brief'] button"
    with clerk.page.expect_navigation():
        clerk.page.locator(letter).click()
    clerk.look("desk-brief")
    clerk.go("/arbeitsplatz/post")
    clerk.look("desk-post-einladungen")
    clerk.go(f"/arbeitsplatz/vorgaenge/{case_id}/abgeben")
    clerk.page.select_option("[name=behoerde]", label="Gemeinde Moorwald")
    press(clerk.page, "Ansehen, was abgegeben wird")
    clerk.look("desk-abgeben")


def visitor(chromium, base, width, *, script):
    """Seat somebody; without script none of ours is loaded (axe must still run its own)."""
    who = Visitor(chromium, base, width)
    if not script:
        who.context.route("**/*.js", lambda route: route.abort())
        who.page.remove_listener("console", who._hear)
    return who
