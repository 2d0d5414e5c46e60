"""Walls, seen from outside: what is not yours is not there, whichever way you ask."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.db import connection

from applicant import Applicant
from dienstweg.authorities import scope
from dienstweg.kernel import clock
from dienstweg.kernel.references import case_number, new_id
from hostile import addresses
from hostile.addresses import TABLE
from hostile.ground import Ground, Person, everything, tables, undone
from hostile.test_hostile_addresses import ask, check_words
from working import work

PUBLIC = frozenset({"pruefen/<str:code>", "filme/<slug:digest>/<str:name>"})
"""What anybody may look at by its name: it says nothing about a person."""
NAMED = sorted(one for one in TABLE.keys() - PUBLIC if "<uuid:" in one or "<str:" in one)
PLAUSIBLE = {
    "ergebnis": "granted",
    "begruendung": "In Ordnung.",
    "bestaetigt": "ja",
    "weg": "post",
    "vorname": "Eve",
    "hochladen": "fahrzeugschein",
    "grund": "-",
    "version": "1",
}
VARYING = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f-]{17}'
    r"|(?:MUE|WEI)-[0-9A-Z-]{13}|<code>[0-9A-F]{8}</code>|\b[0-9A-F]{8}\b"
)


def same(response: Any) -> tuple[int, str, str]:
    """Return an answer without what is different in every answer."""
    body = VARYING.sub("*", response.content.decode())
    return response.status_code, VARYING.sub("*", response.headers.get("Location", "")), body


def told_apart(ground: Ground, route: str, browser: Applicant, other: Person) -> None:
    """Ask for somebody else's thing and for one that is nowhere: the answers must be the same."""
    foreign = addresses.path(route, addresses.things(other))
    nowhere = addresses.path(route, addresses.nowhere())
    before = tables()
    for method in TABLE[route].takes.split():
        answers = []
        for path in (foreign, nowhere):
            with undone():
                key = {"handlung": str(new_id())}
                body = urlencode({**PLAUSIBLE, **key}) if method == "POST" else ""
                response = ask(browser.client, method, path, body)
                assert tables() == before, (method, path)
            assert response.status_code in {302, 303, 404}, (method, path, response.status_code)
            check_words(ground, route, response)
            answers.append(same(response))
        assert answers[0] == answers[1], (method, route)


def test_any_write_is_noticed(ground):
    """The control: even a row that is written as it was counts as changed, until it is undone."""
    before = tables()
    with undone(), scope.enter(everything()), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET number = number WHERE id = %s", [ground.anna.case_id])
        changed = {name for name, found in tables().items() if found != before[name]}
        assert changed == {"cases_case"}
    assert tables() == before


@pytest.mark.parametrize("route", NAMED)
def test_things_of_another_town_are_not_there(ground, route):
    browser = addresses.browser(ground, route)
    for other in (ground.clara, ground.dora):
        told_apart(ground, route, browser, other)


@pytest.mark.parametrize("route", [one for one in NAMED if TABLE[one].who != "staff"])
def test_things_of_another_applicant_are_not_there(ground, route):
    told_apart(ground, route, ground.anna.browser, ground.bert)
    told_apart(ground, route, ground.anna.browser, ground.clara)
    told_apart(ground, route, Applicant("muehlbrueck.localhost"), ground.bert)


@pytest.mark.parametrize("route", [one for one in sorted(TABLE) if TABLE[one].who == "staff"])
def test_nobody_enters_the_desk_without_signing_in(ground, route):
    path = addresses.path(route, addresses.things(ground.anna))
    method = TABLE[route].takes.split()[0]
    for stranger in (Applicant("localhost"), Applicant("muehlbrueck.localhost")):
        before = tables()
        response = ask(stranger.client, method, path, urlencode(PLAUSIBLE))
        assert response.status_code in {302, 404}, path
        if response.status_code == 302:
            assert response.headers["Location"].startswith("/arbeitsplatz/anmelden")
        assert tables() == before


def test_own_things_are_there_for_their_owners(ground):
    """The control: the same requests with one's own ids do open."""
    opened = 0
    for route in NAMED:
        if "GET" in TABLE[route].takes:
            path = addresses.path(route, addresses.things(ground.bert))
            browser = ground.bert.browser
            if TABLE[route].who == "staff":
                browser = ground.staff["verkehr@muehlbrueck"]
            opened += ask(browser.client, "GET", path).status_code == 200
    assert opened >= 10


def test_a_foreign_file_in_an_own_address_is_not_there(ground):
    anna, clerk = ground.anna, ground.staff["verkehr@muehlbrueck"]
    for other in (ground.bert, ground.clara):
        for path, client in (
            (f"/vorgang/{anna.number}/dokument/{other.ids['documents_document']}", anna.browser),
            (f"/arbeitsplatz/vorgaenge/{anna.case_id}/anlagen/{other.ids['files_file']}", clerk),
            (
                f"/arbeitsplatz/vorgaenge/{anna.case_id}"
                f"/dokumente/{other.ids['documents_document']}",
                clerk,
            ),
        ):
            response = ask(client.client, "GET", path)
            assert response.status_code == 404, path
            assert other.word not in response.content.decode()


def test_a_foreign_payment_in_an_own_form_is_not_there(ground):
    for other in (ground.bert, ground.clara):
        body = {"handlung": str(new_id()), "zahlung": str(other.ids["payments_payment"])}
        before = tables()
        path = f"/vorgang/{ground.anna.number}/bezahlen"
        assert ask(ground.anna.browser.client, "POST", path, urlencode(body)).status_code == 404
        assert tables() == before


def test_lists_of_the_desk_show_the_own_town_only(ground):
    for town, own, foreign in (
        ("muehlbrueck", (ground.anna, ground.bert), (ground.clara, ground.dora)),
        ("weissenfaehr", (ground.clara, ground.dora), (ground.anna, ground.bert)),
    ):
        clerk, seen = ground.staff[f"verkehr@{town}"], ""
        for path in ("", "vorgaenge", "post", "anbindungen", f"vorgaenge?nummer={own[0].number}"):
            seen += clerk.open(f"/arbeitsplatz/{path}").html
        for one in foreign:
            assert one.number not in seen
            assert str(one.case_id) not in seen
            assert one.word not in seen
        assert own[0].number in seen
        found = clerk.open(f"/arbeitsplatz/vorgaenge?nummer={foreign[0].number}")
        assert str(foreign[0].case_id) not in found.html
        page = clerk.open(f"/arbeitsplatz/vorgaenge?vor={foreign[0].case_id}")
        assert foreign[0].word not in page.html


@pytest.mark.parametrize("act", ["entscheiden", "zuruecknehmen"])
def test_a_task_is_for_its_role_only(ground, act):
    cashier, task_id = ground.staff["kasse@muehlbrueck"], ground.anna.ids["cases_task"]
    before = tables()
    body = urlencode({**PLAUSIBLE, "handlung": str(new_id()), "fassung": "1"})
    path = f"/arbeitsplatz/aufgaben/{task_id}/{act}"
    assert ask(cashier.client, "POST", path, body).status_code == 404
    assert tables() == before
    clerk = ground.staff["verkehr@muehlbrueck"]
    assert ask(clerk.client, "POST", path, body).status_code == 302


def test_a_decision_without_reason_or_with_another_outcome_is_refused_with_what_was_typed(ground):
    clerk, task_id = ground.staff["verkehr@muehlbrueck"], ground.anna.ids["cases_task"]
    path, before = f"/arbeitsplatz/aufgaben/{task_id}/entscheiden", tables()["cases_task"]
    for wrong in (
        {"ergebnis": "refused", "begruendung": " "},
        {"ergebnis": "hacked", "begruendung": "Weil <b>ich</b> es will"},
        {"ergebnis": "", "begruendung": "Weil <b>ich</b> es will"},
        {"ergebnis": "granted", "begruendung": "x" * 5_001},
    ):
        response = ask(clerk.client, "POST", path, urlencode({**wrong, "handlung": str(new_id())}))
        assert response.status_code == 422, wrong
        if "ich" in wrong["begruendung"]:
            assert "Weil &lt;b&gt;ich&lt;/b&gt; es will" in response.content.decode()
    assert ask(clerk.client, "POST", path, urlencode(PLAUSIBLE)).status_code == 400
    assert tables()["cases_task"] == before


def test_who_leaves_is_out_at_once(ground):
    from dienstweg.accounts.models import Account, Membership, TeamMember

    clerk = ground.staff["verkehr@muehlbrueck"]
    assert ask(clerk.client, "GET", "/arbeitsplatz/").status_code == 200
    with undone():
        Membership.objects.filter(account__email=clerk.email).delete()
        TeamMember.objects.filter(account__email=clerk.email).delete()
        assert ask(clerk.client, "GET", "/arbeitsplatz/").status_code == 403
    Account.objects.filter(email=clerk.email).update(is_active=False)
    assert ask(clerk.client, "GET", "/arbeitsplatz/").status_code in {302, 403}


def test_the_session_of_the_desk_is_worth_nothing_at_an_authority(ground):
    clerk = ground.staff["verkehr@muehlbrueck"]
    guest = Applicant("muehlbrueck.localhost")
    guest.client.cookies = clerk.client.cookies
    for route in TABLE:
        if route in addresses.ON_NETWORK:
            path = addresses.path(route, addresses.things(ground.anna))
            method = TABLE[route].takes.split()[0]
            assert ask(guest.client, method, path).status_code == 404, path
    assert guest.open(f"/vorgang/{ground.anna.number}").url == "/vorgang"


def test_cookies_open_nothing_in_each_others_place(ground):
    anna, bert = ground.anna, ground.bert
    own = {name: one.value for name, one in anna.browser.client.cookies.items()}
    for cookies in (
        {"dw_antrag": own["dw_vorgang"], "dw_vorgang": own["dw_antrag"]},
        {"dw_antrag": own["dw_antrag"][:-2] + "--", "dw_vorgang": own["dw_vorgang"] + "A"},
        {"dw_antrag": own["dw_antrag"].replace(":", ".", 1), "dw_vorgang": own["dw_vorgang"][5:]},
        {"dw_antrag": own["dw_csrf"], "dw_vorgang": own["dw_csrf"], "dw_sitzung": own["dw_csrf"]},
    ):
        guest = Applicant("muehlbrueck.localhost")
        for name, value in cookies.items():
            guest.client.cookies[name] = value
        assert ask(guest.client, "GET", f"/antrag/{anna.draft_id}/wohnung").status_code == 404
        assert guest.open(f"/vorgang/{anna.number}").url == "/vorgang"
        assert guest.open("/arbeitsplatz/").status == 404
    for host in ("weissenfaehr.localhost", "localhost"):
        elsewhere = Applicant(host)
        elsewhere.client.cookies = anna.browser.client.cookies
        for path in (f"/antrag/{anna.draft_id}/wohnung", f"/antrag/{anna.case_id}/abgeschickt"):
            response = ask(elsewhere.client, "GET", path)
            assert response.status_code in {302, 303, 404}
            assert anna.word not in response.content.decode()
        assert anna.word not in elsewhere.open(f"/vorgang/{anna.number}").html
    assert ask(bert.browser.client, "GET", f"/antrag/{anna.draft_id}/wohnung").status_code == 404


def test_a_case_is_open_for_an_hour_and_never_longer_than_twelve(ground):
    path = f"/vorgang/{ground.anna.number}"
    assert ask(ground.anna.browser.client, "GET", path).status_code == 200
    with clock.shifted(timedelta(minutes=55)):
        assert ask(ground.anna.browser.client, "GET", path).status_code == 200
    with clock.shifted(timedelta(hours=3)):
        assert ask(ground.anna.browser.client, "GET", path).status_code == 302


def enter(browser: Applicant, number: str, code: str) -> Any:
    """Try number and code at the door."""
    return ask(browser.client, "POST", "/vorgang", urlencode({"nummer": number, "code": code}))


def spellings(number: str) -> list[str]:
    """Return ways to write a number that all mean the same."""
    plain = number.replace("-", "")
    return [
        number,
        number.lower(),
        number.replace("-", " "),
        number[:3] + " " + plain[3:],
        f"  {number}  ",
        number.replace("-", "–"),
        number[:8] + "." + number[8:],
    ]


def test_five_wrong_codes_and_one_must_wait_however_the_number_is_spelled(ground):
    anna = ground.anna
    statuses = []
    for turn, spelling in enumerate(spellings(anna.number)):
        guest = Applicant("muehlbrueck.localhost")
        guest.client.defaults["REMOTE_ADDR"] = f"192.0.2.{turn}"
        statuses.append(enter(guest, spelling, "0000-0000-0000-0000").status_code)
    assert statuses == [422] * 5 + [429] * 2
    guest = Applicant("muehlbrueck.localhost")
    guest.client.defaults["REMOTE_ADDR"] = "192.0.2.99"
    refused = enter(guest, anna.number, anna.code)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert enter(guest, ground.bert.number, ground.bert.code).status_code == 303
    with clock.shifted(timedelta(days=1)):
        assert enter(guest, anna.number, anna.code).status_code == 303


def test_the_door_answers_the_same_for_a_number_that_nobody_has(ground):
    answers = set()
    for number in (ground.anna.number, ground.clara.number, case_number("MUE")):
        guest = Applicant("muehlbrueck.localhost")
        response = enter(guest, number, "0000-0000-0000-0000")
        answers.add((response.status_code, VARYING.sub("*", response.content.decode())))
    assert len(answers) == 1


def test_a_lost_code_comes_by_mail_and_nobody_learns_for_whom(ground):
    anna, guest = ground.anna, Applicant("muehlbrueck.localhost")
    pages = set()
    mail.outbox = []
    for number, email in (
        (anna.number, f"{anna.plain}@post.example"),
        (anna.number, "eve@post.example"),
        (ground.clara.number, f"{anna.plain}@post.example"),
        (case_number("MUE"), "eve@post.example"),
    ):
        body = urlencode({"nummer": number, "email": email})
        pages.add(same(ask(guest.client, "POST", "/code-vergessen", body)))
    assert len(pages) == 1
    work("mail")
    assert [one.to for one in mail.outbox] == [[f"{anna.plain}@post.example"]]
    code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", str(mail.outbox[0].body))[0]
    assert enter(guest, anna.number, anna.code).status_code == 422
    assert enter(guest, anna.number, code).status_code == 303


def test_passwords_are_guessed_five_times_and_no_more(ground):
    guest, clerk = Applicant("localhost"), ground.staff["verkehr@muehlbrueck"]
    statuses = []
    for turn in range(7):
        guest.client.defaults["REMOTE_ADDR"] = f"192.0.2.{turn}"
        body = urlencode({"email": clerk.email.upper(), "passwort": "falsch", "weiter": "//evil"})
        statuses.append(ask(guest.client, "POST", "/arbeitsplatz/anmelden", body).status_code)
    assert statuses == [403] * 5 + [429] * 2


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/arbeitsplatz//evil.example/x",
     "/arbeitsplatz/\r\nX: y", "javascript:alert(1)", "/arbeitsplatz/" + "a" * 5_000, "\t//evil"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_host(ground, target):
    clerk = ground.staff["verkehr@muehlbrueck"]
    body = urlencode({"email": clerk.email, "passwort": clerk.password, "weiter": target})
    guest = Applicant("localhost")
    response = ask(guest.client, "POST", "/arbeitsplatz/anmelden", body)
    assert response.status_code in {302, 400}
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/arbeitsplatz/")
        assert "\n" not in response.headers["Location"]
