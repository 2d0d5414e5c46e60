"""A draft goes on: elsewhere by a mailed link, under another release, with what is known."""

from datetime import timedelta
from typing import Any

import pytest

import small_blueprint
from dienstweg.assistants import actions, port, queries, rules
from dienstweg.assistants.actions import Given
from dienstweg.assistants.errors import (
    CannotCarryOver,
    ChangedMeanwhile,
    InvalidAddress,
    TooManyCodes,
)
from dienstweg.assistants.models import Draft
from dienstweg.authorities import scope
from dienstweg.blueprint import archive
from dienstweg.cases import actions as cases
from dienstweg.files import queries as files
from dienstweg.kernel import clock, plugins
from dienstweg.mail.models import Mail
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from seeding import submit
from working import live_through, waiting, work

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


LIST_OF_FILES = '"belege": {"type": "array", "maxItems": 2, "items": '


@pytest.fixture
def inside(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offered.forget()
    with scope.enter(scope.of(authority)):
        yield authority
    offered.forget()


@pytest.fixture
def begun(inside):
    return actions.begin(offer_id=go_live(), lang="de")


def go_live(version="1.0.0", **changed):
    given = dict(small_blueprint.files(version))
    for name, (old, new) in changed.items():
        path = {"assistant": "assistant.yaml", "schema": "data.schema.json"}[name]
        assert old.encode() in given[path]
        given[path] = given[path].replace(old.encode(), new.encode())
    return offers.go_live(archive=archive.pack(given), settings={})


def opened(begun):
    return queries.opened(begun.draft_id, begun.secret)


def access(begun):
    return {"draft_id": begun.draft_id, "secret": begun.secret}


def answer(begun, page, posted, **more):
    return actions.answer(
        **access(begun), page=page, posted=posted, version=opened(begun).version, **more
    )


def sent(mailoutbox):
    work("mail")
    return mailoutbox[-1]


# A link by e-mail


def test_the_link_goes_to_a_confirmed_address_only(begun, mailoutbox):
    assert actions.mail_link(**access(begun), email=" anna@example.org ") == "confirm"
    first = sent(mailoutbox)
    assert begun.secret not in first.body
    code = first.subject.split()[-1]
    assert not actions.confirm_link(**access(begun), code="1")
    assert len(mailoutbox) == 1
    assert actions.confirm_link(**access(begun), code=code)
    link = sent(mailoutbox)
    assert link.to == ["anna@example.org"]
    address = next(line for line in link.body.splitlines() if "#" in line)
    assert address.endswith(f"/fortsetzen#{begun.secret}")
    assert begun.secret not in address.partition("#")[0]
    assert actions.resume(code=address.partition("#")[2]) == begun
    assert actions.mail_link(**access(begun)) == "sent"
    assert queries.address_for_link(**access(begun)) == ("anna@example.org", True)


def test_the_mail_says_nothing_about_the_person_or_the_matter(begun, mailoutbox):
    answer(begun, "person", {"name": ["Ingeborg"]})
    actions.set_contact(**access(begun), way="email", email="inge@example.org")
    actions.confirm_contact(**access(begun), code=sent(mailoutbox).subject.split()[-1])
    actions.mail_link(**access(begun))
    text = sent(mailoutbox).subject + sent(mailoutbox).body
    for word in ("Ingeborg", "inge@", "Hausbewohner"):
        assert word not in text


def test_an_address_for_the_link_is_no_consent_to_news(begun, mailoutbox):
    actions.mail_link(**access(begun), email="anna@example.org")
    actions.confirm_link(**access(begun), code=sent(mailoutbox).subject.split()[-1])
    assert opened(begun).contact is None
    actions.set_contact(**access(begun), way="post")
    assert opened(begun).contact == queries.Contact(way="post")
    assert queries.address_for_link(**access(begun)) == ("anna@example.org", True)
    actions.set_contact(**access(begun), way="email", email="anna@example.org")
    assert opened(begun).contact.confirmed, "it was confirmed for the link already"


def test_mails_are_limited_and_addresses_checked(begun):
    for wrong in ("", "anna", "a@b", "a@b.de\nBcc: x@y.de"):
        with pytest.raises(InvalidAddress):
            actions.mail_link(**access(begun), email=wrong)
    assert Mail.objects.count() == 0
    for _ in range(rules.CODES_PER_HOUR):
        actions.mail_link(**access(begun), email="anna@example.org")
    with pytest.raises(TooManyCodes):
        actions.mail_link(**access(begun), email="other@example.org")
    with clock.shifted(timedelta(hours=2)):
        assert actions.mail_link(**access(begun), email="other@example.org") == "confirm"


def test_expiry_is_announced_and_then_it_expires(begun, mailoutbox, inside):
    actions.mail_link(**access(begun), email="anna@example.org")
    actions.confirm_link(**access(begun), code=sent(mailoutbox).subject.split()[-1])
    before = len(mailoutbox) + 1
    live_through(timedelta(days=16), "assistants", "mail")
    assert len(mailoutbox) == before, "too early to say anything"
    live_through(timedelta(days=18), "assistants", "mail")
    assert len(mailoutbox) == before + 1
    assert "bald gelöscht" in mailoutbox[-1].subject
    assert f"{clock.local(opened(begun).expires_at):%d.%m.%Y}" in mailoutbox[-1].body
    live_through(timedelta(days=21), "assistants", "mail")
    assert Draft.objects.count() == 0
    assert len(mailoutbox) == before + 1


# Another release


def test_a_new_release_never_changes_a_draft_under_way(begun):
    answer(begun, "person", {"name": ["Änne"]})
    before = opened(begun)
    go_live("2.0.0", schema=('"maxLength": 40', '"maxLength": 2'))
    assert opened(begun) == before
    assert queries.change_of_release(before) is None
    kept = answer(begun, "person", {"name": ["Änne Ödegård"]})
    assert kept.problems == []
    with pytest.raises(CannotCarryOver):
        actions.carry_over(**access(begun), version=opened(begun).version, digest=live_digest())
    assert submit(opened(begun)).case_id == begun.draft_id


def live_digest():
    return offered.live("hausbewohner").digest


def test_a_draft_of_a_withdrawn_release_is_carried_over_when_its_applicant_says_so(begun):
    answer(begun, "person", {"name": ["Änne"], "haustier": ["true"]})
    for number, name in enumerate(("Rex", "Mia")):
        actions.add_item(**access(begun), group="tiere")
        answer(begun, "tiere", {"rufname": [name]}, entry=(number,))
    picture = attach(begun, "bild", entry=(0,))
    paper = attach(begun, "nachweis")
    gone = "\n      - {id: nachweis, at: /belege, widget: file}"
    instead = "\n      - {id: strasse, at: /strasse}"
    go_live(
        "2.0.0",
        assistant=(gone, instead),
        schema=(LIST_OF_FILES, '"strasse": {"type": "string"}, "x": {"type": "array", "items": '),
    )
    offers.withdraw_release(slug="hausbewohner", version="1.0.0", reason="Frage 3 war falsch.")
    before = opened(begun)
    with pytest.raises(ChangedMeanwhile):
        submit(before)
    change = queries.change_of_release(before)
    assert change.why == "Frage 3 war falsch."
    assert change.carried.lost == {("nachweis", ())}
    assert opened(begun) == before, "nothing has changed yet"
    for version, digest in ((before.version - 1, change.digest), (before.version, "0" * 64)):
        with pytest.raises(ChangedMeanwhile):
            actions.carry_over(**access(begun), version=version, digest=digest)
    actions.carry_over(**access(begun), version=before.version, digest=change.digest)
    after = opened(begun)
    assert (after.digest, after.version) == (live_digest(), before.version + 1)
    assert after.answers["data"]["tiere"] == [
        {"rufname": "Rex", "bild": str(picture.id)}, {"rufname": "Mia"},
    ]  # fmt: skip
    assert {card.id for card in files.cards(begun.draft_id, key=after.key)} == {picture.id}
    assert paper.id not in {card.id for card in files.cards(begun.draft_id, key=after.key)}
    assert actions.resume(code=begun.resume_code) == begun
    assert queries.change_of_release(after) is None


def test_what_is_said_of_a_withdrawn_release_does_not_wait_until_each_process_knows(
    begun, monkeypatch, remembering
):
    assert queries.change_of_release(opened(begun)) is None
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(offered, "forget", lambda: None)  # another process withdraws it
        offers.withdraw_release(slug="hausbewohner", reason="Alles war falsch.")
    assert offered.withdrawal(opened(begun).digest) is None, "this one does not know yet"
    assert queries.change_of_release(opened(begun)).why == "Alles war falsch."


def attach(begun, field, **more):
    return actions.attach(**access(begun), field=field, name="bild.png", chunks=[PNG], **more)


def test_without_another_release_there_is_nothing_to_carry_over_to(begun):
    offers.withdraw_release(slug="hausbewohner", reason="Alles war falsch.")
    change = queries.change_of_release(opened(begun))
    assert (change.why, change.carried) == ("Alles war falsch.", None)
    with pytest.raises(CannotCarryOver):
        actions.carry_over(**access(begun), version=0, digest="")
    answer(begun, "person", {"name": ["Änne"]})
    assert opened(begun).answers["data"]["name"] == "Änne", "it can still be saved"


# What is known


def test_a_draft_begins_with_what_is_given(inside):
    given = Given({"/name": "Änne", "/unsinn": 1}, "api", "vom Amt")
    begun = actions.begin(offer_id=go_live(), lang="de", given=given)
    got = opened(begun).answers
    assert got["data"] == {"name": "Änne"}
    assert got["from"]["name"]["label"] == "vom Amt"
    changed = answer(begun, "person", {"name": ["Anne"]}).draft
    assert changed.answers["from"] == {}


def test_answers_of_an_earlier_case_fill_what_is_empty(begun):
    first = actions.begin(offer_id=offered.live("hausbewohner").id, lang="de")
    answer(first, "person", {"name": ["Früher"], "haustier": ["true"]})
    actions.add_item(**access(first), group="tiere")
    answer(first, "tiere", {"rufname": ["Rex"]}, entry=(0,))
    old = opened(first)
    case = cases.submit(
        draft=old,
        application={**old.answers["data"], "belege": ["01a20000-0000-7000-8000-000000000000"]},
        notify=queries.Contact(way="post"),
        declaration={},
    )
    assert case.case_id == first.draft_id
    answer(begun, "person", {"name": ["Heute"]})
    filled = actions.take_over(
        **access(begun), digest=old.digest, application=old.answers["data"], label="früher"
    )
    assert filled.taken == ("/haustier", "/tiere/0/rufname")
    data = opened(begun).answers["data"]
    assert data == {"name": "Heute", "haustier": True, "tiere": [{"rufname": "Rex"}]}
    assert "belege" not in data


class Source:
    """A register that does as it is told."""

    def __init__(self) -> None:
        self.known: Any = {"family-name": port.Known("Ödegård", verified=True)}
        self.trouble: Exception | None = None
        self.seconds = 0.0
        self.asked: list[port.Wanted] = []

    def label(self, lang: str) -> str:
        return f"Ihr Konto ({lang})"

    def find(self, wanted: port.Wanted) -> Any:
        self.asked.append(wanted)
        if self.trouble:
            raise self.trouble
        return self.known


@pytest.fixture
def source(monkeypatch):
    found = Source()
    monkeypatch.setattr(plugins, "load", lambda group, name: lambda: found)
    return found


@pytest.fixture
def asking(inside, source):
    """A draft whose account has been asked."""
    token = "{id: name, at: /name, autocomplete: family-name}"
    begun = actions.begin(offer_id=go_live(assistant=("{id: name, at: /name}", token)), lang="de")
    actions.ask(**access(begun), source="account", ticket="session-7")
    return begun


def state(begun):
    return queries.asking(opened(begun), "account")


def test_a_source_is_asked_by_a_worker_and_its_verified_value_is_locked(asking, source):
    assert (state(asking), source.asked) == ("waiting", [])
    assert "assistants.ask" in waiting("assistants")
    work("assistants")
    assert state(asking) == "done"
    (wanted,) = source.asked
    assert (wanted.purposes, wanted.ticket) == (frozenset({"family-name"}), "session-7")
    assert 0 < wanted.seconds <= rules.ANSWERS_WITHIN.total_seconds()
    assert opened(asking).answers["data"] == {"name": "Ödegård"}
    changed = answer(asking, "person", {"name": ["Jemand anders"], "haustier": ["false"]})
    assert changed.draft.answers["data"]["name"] == "Ödegård"
    assert changed.draft.answers["from"]["name"]["label"] == "Ihr Konto (de)"
    assert "session-7" not in str(opened(asking).asked), "the ticket is forgotten"
    actions.fetch(draft_id=asking.draft_id, source="account")
    assert len(source.asked) == 1, "asked once"


@pytest.mark.parametrize(
    "trouble", [port.Unavailable(), RuntimeError("x"), TimeoutError(), KeyError("name")]
)
def test_a_failing_source_never_blocks(asking, source, trouble):
    source.trouble = trouble
    work("assistants")
    assert state(asking) == "failed"
    assert opened(asking).answers.get("data", {}) == {}
    assert answer(asking, "person", {"name": ["Selbst"]}).problems == []


def test_a_slow_source_is_not_waited_for_and_comes_too_late(asking, source):
    with clock.shifted(rules.ANSWERS_WITHIN + timedelta(seconds=1)):
        assert state(asking) == "failed", "whether or not a worker has looked"
        work("assistants")
        assert source.asked == []
    assert opened(asking).answers.get("data", {}) == {}


def test_an_answer_that_comes_after_the_applicant_went_on_is_dropped(asking, source):
    actions.stop_asking(**access(asking), source="account")
    assert state(asking) == "failed"
    work("assistants")
    answer(asking, "person", {"name": ["Selbst"]})
    assert opened(asking).answers["data"]["name"] == "Selbst"
    assert source.asked == []


@pytest.mark.parametrize(
    "lie",
    [
        {"family-name": port.Known("x" * 1000, verified=True)},
        {"family-name": port.Known(["a"], verified=True)},
        {"street-address": port.Known("nicht gefragt")},
        {"family-name": "kein Wert"},
        ["family-name"],
        None,
        {"family-name": port.Known({"a": {"b": []}})},
    ],
)
def test_a_lying_source_fills_nothing_in(asking, source, lie):
    source.known = lie
    work("assistants")
    assert state(asking) in {"done", "failed"}
    assert opened(asking).answers.get("data", {}) == {}
    assert answer(asking, "person", {"name": ["Selbst"]}).problems == []


def test_a_forged_verified_value_is_not_submitted(asking, source):
    work("assistants")
    draft = opened(asking)
    draft.answers["data"]["name"] = "Gefälscht"
    with pytest.raises(ChangedMeanwhile):
        submit(draft)
