"""Documents of a case as they are issued: written, sealed or waiting, verified, previewed."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob
from pyhanko.pdf_utils.reader import PdfFileReader

import decided_blueprint
from dienstweg.adapters.pades import test_identity as identity
from dienstweg.authorities import actions as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import appeals
from dienstweg.blueprint.pdftext import text_of
from dienstweg.cases import actions as cases
from dienstweg.cases import queries as opened
from dienstweg.cases.errors import Erased, NoSuchCase
from dienstweg.cases.facts import CaseCorrected
from dienstweg.config import network
from dienstweg.documents import actions, queries
from dienstweg.documents.errors import InvalidOptions, NoSuchDocument
from dienstweg.documents.models import Document, Preview, Seal
from dienstweg.documents.port import Unavailable
from dienstweg.events import queries as events
from dienstweg.events.actions import record
from dienstweg.events.job import LATER, SOON, USUAL, defer, known_jobs
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from neighbourhood import new_version
from seeding import given_case
from working import work

pytestmark = pytest.mark.django_db

ANNA = new_id()
TASK: Mapping[str, Any] = {
    "outcome": "granted",
    "reason": "Alles liegt vor.\n\n#panic() ist kein Befehl.",
    "data": {
        "frist": "2027-01-31",
        "modules": [
            {"id": "hof", "text": 'Der Hof ist *frei* zu halten.\n\n- #read("/etc/passwd")'},
            {"id": "frei", "text": "Ein eigener Satz."},
            {"id": "ablehnung", "text": "Auch das."},
        ],
    },
}
KNOWN = {"task": {"pruefen": TASK}, "outcome": "granted", "reason": TASK["reason"]}


@pytest.fixture
def inside(authority: UUID, monkeypatch: pytest.MonkeyPatch) -> Iterator[UUID]:
    made = decided_blueprint.compiled()
    monkeypatch.setattr(offers, "release", lambda _digest: made)
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def case_id(inside: UUID) -> UUID:
    return given_case(name="Änne Ödegård").id


def order(case_id: UUID, template: str = "bescheid", key: str = "") -> UUID:
    actions.write(
        case_id=case_id,
        case_key=opened.key(case_id),
        key=key or template,
        template=template,
        title="Bescheid",
        data=KNOWN,
    )
    return UUID(str(Document.objects.get(case_id=case_id, key=key or template).id))


def written(case_id: UUID, template: str = "bescheid") -> bytes:
    document_id = order(case_id, template)
    actions.render(document_id=document_id)
    return queries.content(document_id, case_id=case_id)[1]


def test_a_decision_says_what_was_chosen_why_and_how_to_appeal(case_id: UUID) -> None:
    text = text_of(written(case_id))
    for part in (
        "Guten Tag Änne Ödegård",
        "gültig bis 31. Januar 2027",
        "Nebenbestimmungen Der Hof ist *frei* zu halten.",
        '#read("/etc/passwd")',
        "Ein eigener Satz. Auch das.",
        "Begründung Alles liegt vor. #panic() ist kein Befehl.",
        "Rechtsbehelfsbelehrung Gegen diesen Bescheid kann innerhalb eines Monats",
        "Prüfcode",
    ):
        assert part in text


def test_a_module_of_another_document_is_left_out(
    case_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = decided_blueprint.compiled(
        merkblatt='#import "/letter.typ": letter, modules\n#show: letter\n#modules(title: "Dazu")'
    )
    monkeypatch.setattr(offers, "release", lambda _digest: made)
    text = text_of(written(case_id, "merkblatt"))
    assert "Dazu Ein eigener Satz. Auch das." in text
    assert "Hof" not in text
    assert "Rechtsbehelfsbelehrung" not in text


def test_the_appeal_goes_where_the_authority_says(case_id: UUID, inside: UUID) -> None:
    card = next(one for one in _cards() if one.id == inside)
    common = {"slug": card.slug, "name": card.name, "host": card.host, "ars": card.ars}
    court = {"way": "court", "court": ["Verwaltungsgericht Ansee", "Ring 1", "12345 Ansee"]}
    authorities.add(**common, number_prefix=card.number_prefix, texts={"appeal": court})
    assert "Klage beim Verwaltungsgericht Ansee, Ring 1, 12345 Ansee, erhoben" in text_of(
        written(case_id)
    )
    with pytest.raises(appeals.IncompleteAppeal):
        authorities.add(
            **common, number_prefix=card.number_prefix, texts={"appeal": {"way": "court"}}
        )


def _cards() -> list[Any]:
    from dienstweg.authorities import queries as known

    return known.all_cards()


def test_what_was_issued_can_be_verified_by_code_and_by_hash(case_id: UUID) -> None:
    document_id = order(case_id)
    code = Document.objects.get(id=document_id).code
    assert queries.issued(code=code) is None
    actions.render(document_id=document_id)
    pdf = queries.content(document_id, case_id=case_id)[1]
    digest = hashlib.sha256(pdf).digest()
    by_code = queries.issued(code=code.lower().replace("-", " "))
    assert by_code is not None
    assert (by_code.sha256, by_code.sealed) == (digest, False)
    assert queries.issued(sha256=digest) == by_code
    assert queries.issued(sha256=hashlib.sha256(pdf + b" ").digest()) is None
    assert code in text_of(pdf)


def test_another_authority_knows_nothing_of_it(case_id: UUID, other_authority: UUID) -> None:
    pdf = written(case_id)
    with scope.enter(scope.of(other_authority)):
        assert queries.issued(sha256=hashlib.sha256(pdf).digest()) is None


def test_an_erased_case_is_verified_no_more(case_id: UUID) -> None:
    pdf = written(case_id)
    cases.close(case_id=case_id, outcome="granted")
    cases.erase(case_id=case_id, reason="retention")
    assert queries.issued(sha256=hashlib.sha256(pdf).digest()) is None


def test_the_receipt_has_a_code_too(case_id: UUID) -> None:
    actions.write_receipt(case_id=case_id, version=1)
    row = Document.objects.get(case_id=case_id, key=actions.RECEIPT)
    assert queries.issued(code=row.code) is not None


# The seal


def with_seal(**options: Any) -> None:
    actions.set_seal(kind="pades", options=options, secrets=identity("Kreis Musterland"))


def test_a_decision_is_sealed_and_stays_an_archive(case_id: UUID) -> None:
    plain = text_of(written(case_id))
    with_seal()
    document_id = order(case_id, key="bescheid#2")
    actions.render(document_id=document_id)
    pdf = queries.content(document_id, case_id=case_id)[1]
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert signature.compute_integrity_info() is None
    status = signature.summarise_integrity_info()
    assert status["coverage"].name == "ENTIRE_FILE"
    assert text_of(pdf).split("Prüfcode")[0] == plain.split("Prüfcode")[0]
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert "/StructTreeRoot" in read.Root
        with read.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfuaid:part"]) == ("3", "1")
        assert "application.json" in read.attachments
    issued = queries.issued(sha256=hashlib.sha256(pdf).digest())
    assert issued is not None
    assert issued.sealed


def test_a_letter_is_not_sealed(case_id: UUID) -> None:
    with_seal()
    assert not list(PdfFileReader(io.BytesIO(written(case_id, "merkblatt"))).embedded_signatures)


def test_a_document_waits_for_a_seal_that_is_away(case_id: UUID, tmp_path: Any) -> None:
    key = tmp_path / "siegel.p12"
    actions.set_seal(kind="pades", options={"file": str(key)}, secrets={"passphrase": "falsch"})
    document_id = order(case_id)
    for _ in range(2):
        with pytest.raises(Unavailable):
            actions.render(document_id=document_id)
    assert Document.objects.get(id=document_id).state == "ordered"
    ((title, _since),) = queries.waiting_for_seal(case_id)
    assert title == "Bescheid"
    with pytest.raises(NoSuchDocument):
        queries.content(document_id, case_id=case_id)
    assert "document.written" not in [one.name for one in events.timeline(case_id)]
    assert actions.check_seals()[0][1]
    with_seal()
    with clock.shifted(timedelta(minutes=6)):
        assert actions.sweep(authority_id=scope.one()) == 0, "its own job still waits"
        ProcrastinateJob.objects.filter(task_name="documents.render").delete()
        assert actions.sweep(authority_id=scope.one()) == 1
        work("documents")
    row = Document.objects.get(id=document_id)
    assert (row.state, row.seal_failed_at) == ("written", None)
    assert row.sealed_at is not None
    assert not queries.waiting_for_seal(case_id)
    assert not actions.check_seals()[0][1]


def test_a_seal_is_one_for_an_authority_and_its_secrets_are_sealed(inside: UUID) -> None:
    with_seal()
    secret = identity("Neu")
    actions.set_seal(kind="pades", options={}, secrets=secret)
    (row,) = Seal.objects.all()
    assert secret["passphrase"].encode() not in bytes(row.secrets)
    assert queries.has_seal()
    with pytest.raises(InvalidOptions):
        actions.set_seal(kind="pades", options={"nichts": 1}, secrets={})
    actions.remove_seal()
    assert not queries.has_seal()


# Previews


def preview(case_id: UUID, **data: Any) -> UUID:
    return actions.order_preview(
        case_id=case_id, account_id=ANNA, template="bescheid", data={**KNOWN, **data}
    )


def test_a_preview_is_a_draft_without_a_code_and_records_nothing(case_id: UUID) -> None:
    before = [one.name for one in events.timeline(case_id)]
    preview_id = preview(case_id)
    assert queries.preview_state(preview_id, account_id=ANNA) == "ordered"
    known_jobs()
    assert work("documents") >= 1
    assert queries.preview_state(preview_id, account_id=ANNA) == "written"
    text = text_of(queries.preview_content(preview_id, case_id=case_id, account_id=ANNA))
    assert "ENTWURF" in text
    assert "Prüfcode" not in text
    assert "Alles liegt vor." in text
    assert not Document.objects.filter(case_id=case_id, key="bescheid").exists()
    assert [one.name for one in events.timeline(case_id) if "receipt" not in one.name] == before


def test_a_preview_is_for_one_person_and_one_at_a_time(case_id: UUID) -> None:
    first = preview(case_id)
    second = preview(case_id)
    assert queries.preview_state(first, account_id=ANNA) == ""
    actions.render_preview(preview_id=first)
    actions.render_preview(preview_id=second)
    assert queries.preview_state(second, account_id=new_id()) == ""
    with pytest.raises(NoSuchDocument):
        queries.preview_content(second, case_id=case_id, account_id=new_id())
    with pytest.raises(NoSuchDocument):
        queries.preview_content(second, case_id=new_id(), account_id=ANNA)


def test_a_preview_is_soon_forgotten(case_id: UUID) -> None:
    preview_id = preview(case_id)
    actions.render_preview(preview_id=preview_id)
    with clock.shifted(timedelta(minutes=16)):
        assert queries.preview_state(preview_id, account_id=ANNA) == ""
        with pytest.raises(NoSuchDocument):
            queries.preview_content(preview_id, case_id=case_id, account_id=ANNA)
        actions.sweep(authority_id=scope.one())
        assert not Preview.objects.exists()


def test_a_preview_of_a_broken_template_fails_and_keeps_nothing(
    case_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = decided_blueprint.compiled(bescheid='#import "/letter.typ": letter\n#nichts')
    monkeypatch.setattr(offers, "release", lambda _digest: made)
    preview_id = preview(case_id)
    actions.render_preview(preview_id=preview_id)
    assert queries.preview_state(preview_id, account_id=ANNA) == "failed"
    assert bytes(Preview.objects.get(id=preview_id).order) == b""


def test_a_preview_of_an_erased_case_is_void(case_id: UUID) -> None:
    preview_id = preview(case_id)
    cases.close(case_id=case_id, outcome="granted")
    cases.erase(case_id=case_id, reason="retention")
    with pytest.raises(Erased):
        actions.render_preview(preview_id=preview_id)


# Heaps


def test_what_is_urgent_overtakes_a_heap_of_decisions(case_id: UUID) -> None:
    known_jobs()
    for number in range(30):
        order(case_id, key=f"bescheid#{number}")
    defer("documents.sweep", authority_id=scope.one())
    preview(case_id)
    waiting = list(_in_the_order_of_the_worker())
    assert waiting[1] == ("documents.render_preview", SOON)  # after the copy of the application
    assert waiting.index(("documents.sweep", 0)) < waiting.index(("documents.render", LATER))
    assert queue.tasks["documents.render"].priority == LATER


def queue_full_of_decisions(case_id: UUID) -> None:
    """Fill the queue as a bulk of decisions does: processes go on, documents are to be set."""
    known_jobs()
    for number in range(100):
        order(case_id, key=f"bescheid#{number}")
        defer("processes.after_task", authority_id=scope.one(), case_id=case_id)


def test_the_copy_of_an_application_comes_before_a_queue_full_of_decisions(case_id: UUID) -> None:
    queue_full_of_decisions(case_id)
    given_case(name="Wartet am Bildschirm")
    waiting = list(_in_the_order_of_the_worker())
    # two cases were submitted: that of the decisions, and the one behind them
    assert waiting[:2] == [("documents.write_receipt", SOON)] * 2
    assert [name for name, _ in waiting[-100:]] == ["documents.render"] * 100


def test_without_its_priority_the_copy_would_wait(
    case_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_jobs()
    for name in ("documents.write_receipt", "documents.render"):
        monkeypatch.setattr(queue.tasks[name], "priority", USUAL)
    queue_full_of_decisions(case_id)
    given_case(name="Wartet am Bildschirm")
    names = [name for name, _ in _in_the_order_of_the_worker()]
    assert len(names) - 1 - names[::-1].index("documents.write_receipt") >= 200


# The copy of the application


def test_each_version_has_its_copy_even_if_the_first_was_late(case_id: UUID) -> None:
    new_version(case_id, name="Anna Neu")
    corrected = CaseCorrected(authority_id=scope.one(), case_id=case_id, version=2)
    record(corrected, actor="applicant")
    work("documents")  # both copies are asked for, and the second version is there already
    copies = {one.key: one.id for one in queries.of_case(case_id)}
    assert set(copies) == {"receipt", "receipt-2"}
    words = {key: text_of(queries.content(own, case_id=case_id)[1]) for key, own in copies.items()}
    assert "Änne Ödegård" in words["receipt"]
    assert "Anna Neu" in words["receipt-2"]
    actions.write_receipt(case_id=case_id, version=1)
    assert len(queries.of_case(case_id)) == 2
    with pytest.raises(NoSuchCase):
        actions.write_receipt(case_id=case_id, version=3)


def _in_the_order_of_the_worker() -> Iterator[tuple[str, int]]:
    """Take the jobs as the queue hands them to a worker."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        (worker,) = cursor.fetchone()
        while True:
            cursor.execute(
                "SELECT task_name, priority FROM procrastinate_fetch_job_v2(NULL, %s)", [worker]
            )
            name, priority = cursor.fetchone()
            if name is None:
                return
            yield str(name), int(priority)


# The network's file


def test_a_seal_to_try_out_keeps_its_key_when_the_file_is_loaded_again(
    inside: UUID, tmp_path: Any
) -> None:
    card = next(one for one in _cards() if one.id == inside)
    file = tmp_path / "network.yaml"
    file.write_text(
        f"authorities:\n  - {{slug: {card.slug}, name: {card.name}, host: {card.host},"
        f" ars: '{card.ars}', number_prefix: {card.number_prefix},"
        " appeal: {way: court, court: [VG Ansee, 12345 Ansee]}}\n"
        f"seals:\n  - {{authority: {card.slug}, kind: pades, test: true}}\n"
    )
    keys = set()
    for _ in range(2):
        network.load(path=file, root=tmp_path, addresses={})
        keys.add(bytes(Seal.objects.get().secrets))
    assert len(keys) == 1
    assert next(one for one in _cards() if one.id == inside).appeal["way"] == "court"
    assert actions.check_seals() == [(card.name, [])]
