"""A building permit on its way: with files, signatures, a proof, answers, opinions, a decision.

What the browser does in minutes is done by the rooms' own actions here, for tests of what looks at
a case that has everything.
"""

import base64
import io
import json
import os
import re
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from PIL import Image

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint import acceptance, archive, folder, playing
from dienstweg.cases import actions as cases
from dienstweg.cases import queries
from dienstweg.cases.queries import PartyCard
from dienstweg.deliveries import actions as deliveries
from dienstweg.events.actions import tick
from dienstweg.files import actions as files
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from dienstweg.payments import actions as payments
from neighbourhood import BY_MAIL, let_in, with_codes
from working import work

BLUEPRINT = Path(__file__).parents[1] / "leistungen" / "baugenehmigung"
ROOMS = ("processes", "cases", "documents", "inbox", "mail")
"""Whose jobs are done: nothing is handed over, and nobody pays."""
CLERK, HEAD = new_id(), new_id()
"""Who works on it, and who must agree."""
DESIGNER, NEIGHBOUR = "entwurfsverfasser", "nachbar"


def given_case() -> UUID:
    """Submit the application in which a neighbour has yet to be asked; return the case."""
    content = folder.read_folder(BLUEPRINT)
    deliveries.add_connection(
        slug="akte",
        kind="http",
        options={
            "url": "https://office.example/annahme",
            "key_id": "dienstweg",
            "peer_key_id": "office",
            "peer_public_key": "A" * 43 + "=",
        },
        secrets={"private_key": base64.b64encode(os.urandom(32)).decode()},
    )
    payments.add_account(
        slug="kasse",
        kind="xbezahldienste",
        options={
            "base_url": "https://pay.example",
            "originator_id": "test",
            "endpoint_id": "test",
        },
        secrets={},
    )
    offer_id = offers.go_live(
        archive=archive.pack(content), settings={"connection": "akte", "payment": "kasse"}
    )
    begun = assistants.begin(offer_id=offer_id, lang="de")
    draft = drafts.opened(begun.draft_id, begun.secret)
    case = next(one for one in acceptance.load(content) if one.file.startswith("cases/03-"))
    played = playing.play(
        offered.release(draft.digest), case.answers, today=date.fromisoformat(str(case.today))
    )
    assert played.application is not None, played.problems
    submitted = cases.submit(
        draft=draft,
        application=_with_files(draft, played.application),
        notify=BY_MAIL,
        declaration={"words": ["Die Angaben stimmen."]},
    )
    work(*ROOMS)
    return submitted.case_id


def _with_files(draft: DraftView, application: dict[str, object]) -> dict[str, object]:
    """Keep a picture for each file that the acceptance case only names."""
    text = json.dumps(application)
    for name in sorted(set(re.findall(r'"(\w+)\.pdf"', text))):
        card = files.take(owner_id=draft.id, key=draft.key, name=f"{name}.png", chunks=[picture()])
        text = text.replace(f"{name}.pdf", str(card.id))
    found: dict[str, object] = json.loads(text)
    return found


def picture() -> bytes:
    """Return a small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (9, 9)).save(stream, "PNG")
    return stream.getvalue()


def party(case_id: UUID, role: str) -> PartyCard:
    """Return the only party with this role."""
    found = queries.parties(case_id, key=queries.key(case_id))
    (one,) = [each for each in found if each.role == role]
    return one


def come_in(case_id: UUID, role: str) -> UUID:
    """Let the party with this role open its link for the first time; return its id."""
    invited = {one.role: one for one in with_codes(case_id).values()}
    return let_in(invited[role])


def hand_in_and_sign(case_id: UUID) -> None:
    """Let the designer hand in the proof of entitlement, and sign."""
    designer = come_in(case_id, DESIGNER)
    cases.hand_in(party_id=designer, name="Kammerausweis.png", chunks=[picture()])
    (asked,) = cases.open_for_party(party_id=designer).signatures
    cases.give_signature(
        party_id=designer,
        signature_id=asked.id,
        version=asked.version,
        sha256=asked.sha256,
        name="Thi Mai Nguyễn",
    )
    work(*ROOMS)


def object_as_neighbour(case_id: UUID) -> None:
    """Let the neighbour object."""
    neighbour = come_in(case_id, NEIGHBOUR)
    (task,) = [
        one for one in cases.open_for_party(party_id=neighbour).tasks if one.card.state == "open"
    ]
    cases.answer_as_party(
        party_id=neighbour,
        task_id=task.card.id,
        outcome="objected",
        reason="Der Carport steht zu nah an meinem Zaun.",
    )
    work(*ROOMS)


def decide(case_id: UUID, task: str, outcome: str, reason: str) -> None:
    """Decide the open task of this name, and let the time pass in which that can be undone."""
    found = queries.tasks(case_id, key=queries.key(case_id))
    (one,) = [each for each in found if each.card.task == task and each.card.state == "open"]
    cases.decide(task_id=one.card.id, account_id=CLERK, outcome=outcome, reason=reason)
    if one.card.approval_role:
        cases.agree(task_id=one.card.id, account_id=HEAD)
    pass_time(timedelta(minutes=2))


def pass_time(duration: timedelta) -> None:
    """Let what falls due by then happen now."""
    tick(now=clock.now() + duration)
    with clock.shifted(duration):
        work(*ROOMS)


def grant(case_id: UUID) -> None:
    """Take the case from its submission to the permit."""
    hand_in_and_sign(case_id)
    decide(case_id, "vollstaendigkeit-pruefen", "vollstaendig", "Alles da.")
    object_as_neighbour(case_id)
    decide(case_id, "stellungnahme", "bedingungen", "Der Zaun bleibt stehen.")
    pass_time(timedelta(days=29))
    with clock.shifted(timedelta(days=29)):
        decide(case_id, "entscheiden", "genehmigen", "Das Vorhaben hält die Vorschriften ein.")
