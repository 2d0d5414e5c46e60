"""Cases of small blueprints in a real database: a process, its words, and how it is submitted."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import small_blueprint
from blueprint.process_building import bpmn
from dienstweg.blueprint import archive, process
from dienstweg.offers import actions as offers
from dienstweg.processes import actions
from dienstweg.processes.models import Conduct
from seeding import given_draft, submit

ASK = '<userTask id="pruefen" dw:role="amt" dw:outcomes="ja nein"/>'
CLOSE = '<serviceTask id="zu" dw:intent="close" dw:outcome="granted"/>'
MANIFEST: dict[str, Any] = {"roles": {"amt": {"title": "Amt"}, "leitung": {"title": "Leitung"}}}
TEXTS: dict[str, Any] = {
    "messages": {"gut": {"subject": "Es geht weiter", "body": "Ihr Antrag: {data.name}"}},
    "payments": {"gebuehr": {"purpose": "Gebühr", "item": "Gebühr"}},
}


def files(
    content: bytes,
    *,
    version: str = "1.0.0",
    manifest: Mapping[str, Any] | None = None,
    texts: Mapping[str, Any] | None = None,
    more: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Return a small blueprint with another process; dicts are added to its YAML files."""
    found = {**small_blueprint.files(version), "process.bpmn": content, **(more or {})}
    added = {**MANIFEST, **(manifest or {})}
    found["blueprint.yaml"] += "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in added.items()
    ).encode()
    words = {**TEXTS, **(texts or {})}
    found["texts/de.yaml"] += "".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in words.items()
    ).encode()
    return found


def live(content: bytes, **changes: Any) -> UUID:
    """Let the scope's authority offer a small blueprint with this process."""
    packed = archive.pack(files(content, **changes))
    return offers.go_live(archive=packed, settings={"connection": "akte", "payment": "kasse"})


def submitted(offer_id: UUID, **data: Any) -> UUID:
    """Submit an application of an offer, and let its process begin as the request does."""
    from dienstweg.cases.models import Case
    from dienstweg.offers.models import Offer

    given = submit(given_draft(offer_id), name="Änne", **data)
    digest = Offer.objects.get(id=offer_id).digest
    Case.objects.filter(id=given.case_id).update(digest=digest)
    actions.go_on(case_id=given.case_id, event=process.Submitted())
    return given.case_id


def waiting(case_id: UUID) -> list[str]:
    """Return the keys that a process waits for."""
    keys: list[str] = Conduct.objects.get(id=case_id).waiting
    return sorted(keys)


def straight(*elements: str) -> bytes:
    """Return a process of these elements, one after another."""
    import re

    names = [re.findall(r'\bid="([^"]+)"', each)[0] for each in elements]
    flows = zip(["start", *names], [*names, "ende"], strict=True)
    return bpmn("".join(elements), *(f"{first}>{second}" for first, second in flows))
