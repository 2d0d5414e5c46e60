"""E-mail goes to a real SMTP server, once, says nothing private, and waits while that is down."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from procrastinate.contrib.django.models import ProcrastinateJob

from dienstweg.authorities import scope
from dienstweg.events import queries as events
from dienstweg.kernel import clock
from dienstweg.mail import actions, errors, rules
from dienstweg.mail.models import Mail
from simulated import free_port

pytestmark = pytest.mark.django_db

ADDRESS = "erika.mustermann@example.org"


class Letterbox:
    """Takes what is sent; refuses while ``full``."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.full = False

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        if self.full:
            return "452 mailbox full"
        from email import message_from_bytes, policy

        content = envelope.content  # type: ignore[attr-defined]
        self.letters.append(message_from_bytes(content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def letterbox(settings: LazySettings) -> Iterator[Letterbox]:
    box = Letterbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, loop=asyncio.new_event_loop())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "noreply@kranichsee.example"
    yield box
    controller.stop()


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield authority


def ask(inside: UUID, /, key: str = "1", **more: str) -> Mail:
    context = {"link": "http://kranichsee.localhost/vorgang", **more}
    actions.send(authority_id=inside, to=ADDRESS, template="news", context=context, key=key)
    return Mail.objects.get(key=key)


def test_news_arrive_once_and_name_nobody(inside: UUID, letterbox: Letterbox) -> None:
    mail = ask(inside)
    ask(inside)
    for _ in range(3):
        actions.deliver(mail_id=mail.id)
    (letter,) = letterbox.letters
    assert letter["To"] == ADDRESS
    assert letter["Subject"] == "Neue Nachricht von Gemeinde Kranichsee"
    body = letter.get_content()
    assert "http://kranichsee.localhost/vorgang" in body
    assert "Mustermann" not in body
    assert str(mail.id) in letter["Message-ID"]


def test_the_address_is_unreadable_and_forgotten_afterwards(
    inside: UUID, letterbox: Letterbox
) -> None:
    mail = ask(inside)
    assert b"mustermann" not in bytes(mail.address)
    actions.deliver(mail_id=mail.id)
    mail.refresh_from_db()
    assert (mail.state, bytes(mail.address), bytes(mail.context)) == ("sent", b"", b"")


def test_a_full_mailbox_is_tried_again_and_given_up_after_days(
    inside: UUID, letterbox: Letterbox
) -> None:
    mail, letterbox.full = ask(inside), True
    pauses = []
    for attempt in range(1, 7):
        before = clock.now()
        actions.deliver(mail_id=mail.id)
        due = events.due_at(job="mail.deliver", object_id=mail.id)
        assert due is not None
        pauses.append(round((due - before).total_seconds()))
        mail.refresh_from_db()
        assert (mail.state, mail.attempts) == ("waiting", attempt)
    assert pauses == [30, 300, 1800, 7200, 7200, 7200]
    with clock.shifted(timedelta(days=4)):
        actions.deliver(mail_id=mail.id)
    mail.refresh_from_db()
    assert mail.state == "given_up"
    letterbox.full = False
    actions.deliver(mail_id=mail.id)
    assert letterbox.letters == []


def test_a_server_that_is_down_loses_nothing(inside: UUID, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 18726
    mail = ask(inside)
    actions.deliver(mail_id=mail.id)
    mail.refresh_from_db()
    assert mail.state == "waiting"
    assert events.due_at(job="mail.deliver", object_id=mail.id) is not None


def test_a_line_break_adds_no_header(inside: UUID, letterbox: Letterbox) -> None:
    mail = ask(inside, authority="Stadt\r\nBcc: all@example.org")
    actions.deliver(mail_id=mail.id)
    (letter,) = letterbox.letters
    assert letter["Bcc"] is None
    assert "Bcc: all@example.org" in letter["Subject"]


@pytest.mark.parametrize(
    "address", ["", "erika", "a@b\r\nBcc: c@d.de", "a@b.de, c@d.de", "x" * 400]
)
def test_what_is_no_address_is_refused(inside: UUID, address: str) -> None:
    with pytest.raises(errors.InvalidAddress):
        actions.send(
            authority_id=inside, to=address, template="news", context={"link": ""}, key="1"
        )
    assert not Mail.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_every_template_exists_in_german_and_lacks_no_value() -> None:
    names = ("authority", "link", "code", "date", "connection", "since", "waiting")
    values = dict.fromkeys((*names, "page", "contact", "text"), "x")
    for template in ("news", "confirm", "resume", "expiry", "code_lost", "trouble", "feedback"):
        for lang in ("de", "en", "tr"):
            subject, body = rules.text(template, lang, values)
            assert subject
            assert "x" in body
    with pytest.raises(errors.UnknownTemplate):
        rules.text("nothing", "de", values)
