"""A service with parties for tests: an owner and a designer sign, neighbours may object."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core import mail

import small_blueprint
from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.queries import Contact
from dienstweg.blueprint import archive
from dienstweg.cases import actions as cases
from dienstweg.cases import queries
from dienstweg.cases.models import Party
from dienstweg.offers import actions as offers
from working import work

_PARTIES = """
parties:
  bauherr:
    who: {name: data.name, email: data.post.bauherr}
    sees: [person]
    does: [sign]
  planer:
    who: {name: "'Ada Planerin'", email: data.post.planer}
    sees: [person, belege]
    does: [sign, upload]
    remind: [P3D, P7D]
  nachbar:
    each: data.tiere
    who:
      name: item.rufname
      email: item.email
      address: "[has(item.adresse) ? item.adresse : 'Gasse 1', '05171 Ort']"
    sees: [tiere]
    does: [agree, upload]
    due: P14D
  gutachter:
    does: [opinion, sign]
  statiker:
    who: {name: "'Stefan Statiker'", email: "'stefan@example.org'"}
    does: [sign, upload]
    before_signing: [upload]
  zuschauer:
    when: data.haustier == true
    who: {name: "'Zoe Zuschauerin'", email: data.post.planer}
    does: [acknowledge, sign]
"""
_TEXTS = """
parties:
  bauherr: {title: Bauherrin, sign: "Ich baue wirklich."}
  planer: {title: Entwurfsverfasserin, lead: "Sie haben das Haus gezeichnet."}
  nachbar: {title: Nachbarschaft, lead: "Nebenan soll gebaut werden."}
  gutachter: {title: Gutachterin}
  statiker: {title: Statiker, proof: "Nachweis Ihrer Zulassung"}
  zuschauer: {title: Zuschauerin}
tasks:
  pruefen: {title: "Plan prüfen", help: "Bitte lesen.", outcomes: {ja: "Ja", nein: "Nein"}}
"""
_PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:dw="https://dienstweg.example/bpmn/1" targetNamespace="https://dienstweg.example">
  <process id="anmeldung" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="pruefen"/>
    <userTask id="pruefen" dw:role="sachbearbeitung" dw:outcomes="ja nein"/>
    <boundaryEvent id="frist" attachedToRef="pruefen">
      <timerEventDefinition><timeDuration>P30D</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <sequenceFlow id="f2" sourceRef="pruefen" targetRef="melden"/>
    <sequenceFlow id="f3" sourceRef="frist" targetRef="ende-frist"/>
    <serviceTask id="melden" dw:intent="close" dw:outcome="granted"/>
    <serviceTask id="ende-frist" dw:intent="close" dw:outcome="late"/>
    <sequenceFlow id="f4" sourceRef="melden" targetRef="ende"/>
    <sequenceFlow id="f5" sourceRef="ende-frist" targetRef="ende"/>
    <endEvent id="ende"/>
  </process>
</definitions>
"""
APPLICATION: dict[str, Any] = {
    "name": "Änne Ödegård",
    "post": {"bauherr": "anne@example.org", "planer": "ada@example.org"},
    "tiere": [
        {"rufname": "Nora Nachbarin", "email": "nora@example.org"},
        {"rufname": "Paul Papier"},
    ],
}
BY_MAIL = Contact(way="email", email="anne@example.org", confirmed=True)


@dataclass
class Invited:
    """Somebody who was invited, with what they know."""

    id: UUID
    number: str
    code: str
    role: str
    fields: dict[str, Any] = field(default_factory=dict)


def packed() -> bytes:
    """Return the blueprint as an archive."""
    files = dict(small_blueprint.files())
    schema = files["data.schema.json"].decode()
    schema = schema.replace(
        '"haustier": {',
        '"post": {"type": "object", "properties": {"bauherr": {"type": "string", "maxLength": 250},'
        ' "planer": {"type": "string", "maxLength": 250}}}, "haustier": {',
    ).replace(
        '"rufname": {',
        '"email": {"type": "string", "maxLength": 250},'
        ' "adresse": {"type": "string", "maxLength": 100}, "rufname": {',
    )
    files["data.schema.json"] = schema.encode()
    files["process.bpmn"] = _PROCESS.encode()
    files["blueprint.yaml"] += _PARTIES.encode() + b"roles: {sachbearbeitung: {title: Amt}}\n"
    german = files["texts/de.yaml"].decode().replace("outcomes: {", 'outcomes: {late: "Zu spät", ')
    files["texts/de.yaml"] = german.encode() + _TEXTS.encode()
    return archive.pack(files)


def given_offer() -> UUID:
    """Let the scope's authority offer the service."""
    return offers.go_live(archive=packed(), settings={})


def given_case(application: dict[str, Any] | None = None, *, contact: Contact = BY_MAIL) -> UUID:
    """Submit an application of the service; return the id of its case."""
    begun = assistants.begin(offer_id=given_offer(), lang="de")
    draft = drafts.opened(begun.draft_id, begun.secret)
    submitted = cases.submit(
        draft=draft,
        application=application or APPLICATION,
        notify=contact,
        declaration={"confirmed": True},
    )
    return submitted.case_id


def invited(case_id: UUID, roles: Sequence[str]) -> dict[str, Invited]:
    """Invite these roles and read their mail; return who has a code, by role and number."""
    for role in roles:
        cases.invite(case_id=case_id, key=f"laden-{role}", party=role)
    return with_codes(case_id)


def with_codes(case_id: UUID) -> dict[str, Invited]:
    """Send what waits, and return each party with the newest code mailed to it."""
    work("mail")
    key = queries.key(case_id)
    found: dict[str, Invited] = {}
    for one in queries.parties(case_id, key=key):
        name = one.key
        found[name] = Invited(one.id, one.number, code_for(one.number), one.role)
    return found


def code_for(number: str) -> str:
    """Return the newest code that was mailed with a link to this invitation; empty if none."""
    for one in reversed(mail.outbox):
        body = str(one.body)
        if number in body and (code := re.search(r"Code ein: ([0-9A-Z-]{19})", body)):
            return code[1]
    return ""


def let_in(one: Invited) -> UUID:
    """Come in for the first time; return the party's id."""
    got_in = cases.let_in_party(number=one.number, code=one.code)
    cases.open_for_party(party_id=got_in.party_id)
    return got_in.party_id


def new_version(case_id: UUID, **changed: Any) -> None:
    """Write a further version of the application, as a correction does."""
    from dienstweg.cases import places, rules
    from dienstweg.cases.models import Application
    from dienstweg.kernel import clock, encryption
    from dienstweg.kernel.references import new_id

    before = queries.opened(case_id)
    data = {**before.application.data, **changed}
    row = Application(
        id=new_id(),
        authority_id=before.case.authority_id,
        case_id=case_id,
        version=before.application.version + 1,
        sha256=rules.fingerprint(data),
        made_at=clock.now(),
        actor="applicant",
    )
    content = {"data": data, "declaration": {}}
    row.sealed = encryption.seal_json(before.key, content, *places.application_place(row))
    row.save(force_insert=True)


def states(case_id: UUID) -> dict[str, str]:
    """Return the state of each party by its key."""
    rows = Party.objects.filter(case_id=case_id).order_by("id")
    return {row.key if not row.key.startswith("staff:") else row.role: row.state for row in rows}
