"""What people type is found nowhere but sealed in the database and on their own pages."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, transaction

from dienstweg.authorities import scope
from hostile import watch
from hostile.ground import Ground, everything, grant, undone
from hostile.test_hostile_addresses import ask
from working import live_through, work

ROOMS = ("mail", "documents", "processes", "deliveries", "inbox")


def dump() -> dict[str, str]:
    """Return every row of every table as text, bytes in hexadecimal."""
    with scope.enter(everything()), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{name}\" t")
            (found[str(name)],) = cursor.fetchone()
        return found


def spellings(word: str) -> list[str]:
    """Return the ways in which a word may stand in a dump."""
    escaped = word.encode("ascii", "backslashreplace").decode()
    return [word, escaped, escaped.replace("\\", "\\\\"), word.encode().hex(), word.casefold()]


def hits(ground: Ground, text: str) -> list[str]:
    """Return the canaries that stand in ``text``."""
    low = text.casefold()
    words = [word for who in ground.people for word in who.canaries]
    secrets = [text for who in ground.people for text in (who.secret, who.code)]
    return [
        spelling
        for word in (*words, *secrets)
        for spelling in spellings(word)
        if spelling.casefold() in low
    ]


def test_the_database_holds_nothing_in_the_clear(ground):
    grant(ground.staff["verkehr@muehlbrueck"], ground.anna)
    ground.bert.browser.client.post("/code-vergessen", {
        "nummer": ground.bert.number, "email": f"{ground.bert.plain}@post.example",
    })  # fmt: skip
    tables = dump()
    assert "muehlbrueck.localhost" in tables["authorities_host"], "the dump shows what is there"
    assert len(tables["cases_application"]) > 1_000
    for name, text in tables.items():
        assert not hits(ground, text), name


def test_the_search_would_find_a_word_in_the_clear(ground):
    """The control: written into a free place, the word is found."""
    with undone(), scope.enter(scope.of(ground.ids["muehlbrueck"])), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_task SET outcome = %s", [ground.anna.word[:20]])
        assert hits(ground, dump()["cases_task"])
        cursor.execute("UPDATE cases_task SET sealed = %s", [ground.anna.word.encode()])
        assert hits(ground, dump()["cases_task"])


def test_files_on_the_disk_are_sealed(ground):
    files = [one for one in Path(settings.DIENSTWEG_FILES).rglob("*") if one.is_file()]
    assert len(files) > 10
    for one in files:
        content = one.read_bytes()
        assert b"%PDF" not in content
        assert b"PNG" not in content[:200]
        assert not hits(ground, content.decode("latin-1") + str(one))


def test_mails_say_that_there_is_news_and_nothing_more(ground):
    grant(ground.staff["verkehr@muehlbrueck"], ground.anna)
    live_through(timedelta(minutes=3), *ROOMS, "cases")
    assert mail.outbox
    for one in mail.outbox:
        raw = one.message().as_string() + str(one.body) + str(one.subject)
        for address in one.to:
            raw = raw.replace(address, "")
        assert not [hit for hit in hits(ground, raw) if "-" not in hit], one.subject


def test_addresses_name_nobody(ground):
    assert len(watch.addresses) > 100
    text = "\n".join(unquote(one) for one in watch.addresses)
    assert not hits(ground, text)


@pytest.mark.parametrize("wrong", ["boom", "database"])
def test_an_error_of_ours_is_logged_without_its_text(ground, monkeypatch, wrong):
    """Whatever fails: the log names place and kind, the page a reference, neither the data."""
    from dienstweg.portal.views import assistant

    def fail(*_args: object, **_values: object) -> None:
        if wrong == "database":
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT %s::int", [ground.anna.word])
        raise RuntimeError(ground.anna.word)

    monkeypatch.setattr(assistant, "show", fail)
    with undone():
        path = f"/antrag/{ground.anna.draft_id}/wohnung"
        response = ground.anna.browser.client.get(path)
    assert response.status_code == 500
    assert ground.anna.word not in response.content.decode()
    assert "Traceback" not in response.content.decode()
    logged = ground.log.taken()
    assert "request_failed" in logged
    assert not hits(ground, logged)


def test_jobs_that_fail_log_no_text(ground, monkeypatch):
    from dienstweg.mail import actions

    def fail(*_args: object) -> None:
        raise OSError(f"550 no such user {ground.bert.plain}@post.example")

    monkeypatch.setattr(actions, "_message", lambda _row: type("M", (), {"send": fail})())
    ground.bert.browser.client.post("/code-vergessen", {
        "nummer": ground.bert.number, "email": f"{ground.bert.plain}@post.example",
    })  # fmt: skip
    assert work("mail") >= 1
    assert not hits(ground, ground.log.taken())


def test_pages_with_data_are_kept_by_no_cache_and_lead_no_other_host(ground):
    anna, clerk = ground.anna, ground.staff["verkehr@muehlbrueck"]
    for browser, path in (
        (anna.browser, f"/antrag/{anna.draft_id}/wohnung"),
        (anna.browser, f"/antrag/{anna.case_id}/abgeschickt"),
        (anna.browser, f"/vorgang/{anna.number}"),
        (anna.browser, f"/vorgang/{anna.number}/dokument/{anna.ids['documents_document']}"),
        (clerk, f"/arbeitsplatz/vorgaenge/{anna.case_id}"),
        (clerk, f"/arbeitsplatz/vorgaenge/{anna.case_id}/anlagen/{anna.ids['files_file']}"),
    ):
        response = ask(browser.client, "GET", path)
        assert response.status_code == 200, path
        assert response.headers["Cache-Control"] == "no-store", path
        assert response.headers["X-Content-Type-Options"] == "nosniff", path
        assert response.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, path
        assert "default-src" in response.headers["Content-Security-Policy"], path
        if "anlagen" in path or "dokument" in path:
            assert response.headers["Content-Disposition"].startswith("attachment"), path
            assert "sandbox" in response.headers["Content-Security-Policy"], path
