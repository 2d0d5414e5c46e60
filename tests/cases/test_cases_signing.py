"""Signatures: in order, by different people, under one version, void with the next."""

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.authorities import scope
from dienstweg.cases import actions, party_rules, queries
from dienstweg.cases.errors import (
    ApplicationChanged,
    NotAllowed,
    NotYours,
    ProofNeeded,
    SameSigner,
)
from dienstweg.cases.models import Application, Party, Signature
from dienstweg.cases.party_rules import Signer, Stand, clash, plain_email, plain_name
from dienstweg.events import queries as events
from dienstweg.files.models import File
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from journeying import picture
from neighbourhood import APPLICATION, given_case, let_in, new_version, states, with_codes
from working import work

ANNA = new_id()


@pytest.fixture
def inside(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def case_id(inside):
    return given_case()


def ask(case_id, roles=("bauherr", "planer"), order="parallel", key="unterschriften"):
    actions.sign(case_id=case_id, key=key, parties=roles, order=order)
    found = with_codes(case_id)
    for one in found.values():
        if one.code and Party.objects.get(id=one.id).state == "invited":
            let_in(one)
    return {one.role: one.id for one in found.values()}


def asked(party_id):
    file = actions.open_for_party(party_id=party_id)
    return next((one for one in file.signatures if one.state == "asked"), None)


def sign(party_id, name, **more):
    own = more.pop("own", None) or asked(party_id)
    assert own is not None, "it is not their turn"
    given = {"version": own.version, "sha256": own.sha256, **more}
    actions.give_signature(party_id=party_id, signature_id=own.id, name=name, **given)
    return own


def told(case_id, start=("signature.", "case.signed")):
    return [
        (one.name, one.data.get("state") or one.data.get("version"))
        for one in events.timeline(case_id)
        if one.name.startswith(start)
    ]


@pytest.mark.django_db
def test_all_sign_in_any_order(case_id):
    people = ask(case_id)
    ask(case_id)
    sign(people["planer"], "Ada Planerin")
    sign(people["bauherr"], "Änne Ödegård")
    assert told(case_id) == [
        ("signature.given", 1),
        ("signature.given", 1),
        ("case.signed", "signed"),
    ]
    assert states(case_id) == {"bauherr": "done", "planer": "done"}
    (signing,) = queries.signings(case_id)
    assert (signing.state, signing.roles) == ("signed", ("bauherr", "planer"))


@pytest.mark.django_db
def test_a_signature_says_what_when_and_who(case_id):
    people = ask(case_id)
    before = clock.now()
    sign(people["planer"], " Ada   Planerin ")
    one = next(
        one
        for one in queries.signatures(case_id, key=queries.key(case_id))
        if one.party_id == people["planer"]
    )
    application = queries.opened(case_id).application
    assert (one.name, one.version, one.sha256) == ("Ada Planerin", 1, application.sha256)
    assert before <= one.signed_at <= clock.now()
    fact = next(e for e in events.timeline(case_id) if e.name == "signature.given")
    assert fact.data["sha256"] == application.sha256
    assert fact.actor == f"party:{people['planer']}"


@pytest.mark.django_db
def test_one_after_another_waits_for_those_before(case_id):
    people = ask(case_id, order="sequential")
    assert asked(people["planer"]) is None
    waiting = actions.open_for_party(party_id=people["planer"]).signatures[0]
    with pytest.raises(NotYours):
        sign(people["planer"], "Ada Planerin", own=waiting)
    sent = len(mail.outbox)
    sign(people["bauherr"], "Änne Ödegård")
    work("mail")
    assert [one.to for one in mail.outbox[sent:]] == [["ada@example.org"]]
    sign(people["planer"], "Ada Planerin")
    assert told(case_id)[-1] == ("case.signed", "signed")


@pytest.mark.django_db
def test_twice_is_once_and_somebody_elses_is_refused(case_id):
    people = ask(case_id)
    own = sign(people["planer"], "Ada Planerin")
    sign(people["planer"], "Ada Planerin", own=own)
    assert len(told(case_id)) == 1
    others = asked(people["bauherr"])
    with pytest.raises(NotYours):
        sign(people["planer"], "Änne Ödegård", own=others)


@pytest.mark.django_db
def test_one_mailbox_cannot_sign_twice(inside):
    post = {"bauherr": "Ada+haus@Example.org", "planer": "ada@example.org"}
    case_id = given_case({**APPLICATION, "post": post})
    people = ask(case_id)
    sign(people["bauherr"], "Änne Ödegård")
    with pytest.raises(SameSigner) as refused:
        sign(people["planer"], "Ada Planerin")
    assert refused.value.by == "email"
    actions.prove_person(party_id=people["planer"], account_id=ANNA)
    with pytest.raises(SameSigner):
        sign(people["planer"], "Ada Planerin")


@pytest.mark.django_db
def test_one_name_needs_a_caseworker_to_be_two_people(case_id):
    people = ask(case_id)
    sign(people["bauherr"], "Karl Müller")
    with pytest.raises(SameSigner) as refused:
        sign(people["planer"], "Dr. Mueller, Karl")
    assert refused.value.by == "name"
    for _ in range(2):
        actions.prove_person(party_id=people["planer"], account_id=ANNA)
    noted = [one.actor for one in events.timeline(case_id) if one.name == "party.proven"]
    assert noted == [f"staff:{ANNA}"]
    sign(people["planer"], "Dr. Mueller, Karl")
    assert told(case_id)[-1] == ("case.signed", "signed")


@pytest.mark.django_db
def test_one_account_cannot_sign_twice(case_id):
    people = ask(case_id)
    Party.objects.filter(case_id=case_id).update(account_id=ANNA)
    sign(people["bauherr"], "Änne Ödegård")
    with pytest.raises(SameSigner) as refused:
        sign(people["planer"], "Ada Planerin")
    assert refused.value.by == "account"


@pytest.mark.django_db
def test_who_must_prove_something_first_signs_after_that(case_id):
    stefan = ask(case_id, roles=("statiker",))["statiker"]
    assert actions.open_for_party(party_id=stefan).proof_missing
    with pytest.raises(ProofNeeded):
        sign(stefan, "Stefan Statiker")
    assert told(case_id) == []
    proof = actions.hand_in(party_id=stefan, name="zulassung.png", chunks=[picture()])
    assert not actions.open_for_party(party_id=stefan).proof_missing
    sign(stefan, "Stefan Statiker")
    assert told(case_id)[-1] == ("case.signed", "signed")
    with pytest.raises(ProofNeeded):
        actions.take_file_back(party_id=stefan, file_id=proof.id)
    actions.hand_in(party_id=stefan, name="neuere.png", chunks=[picture()])
    actions.take_file_back(party_id=stefan, file_id=proof.id)
    assert len(queries.proofs(case_id)) == 1


@pytest.mark.django_db
def test_a_proof_that_the_virus_scan_refused_proves_nothing(case_id):
    stefan = ask(case_id, roles=("statiker",))["statiker"]
    proof = actions.hand_in(party_id=stefan, name="zulassung.png", chunks=[picture()])
    File.objects.filter(id=proof.id).update(state="refused")
    with pytest.raises(ProofNeeded):
        sign(stefan, "Stefan Statiker")
    actions.take_file_back(party_id=stefan, file_id=proof.id)
    File.objects.filter(owner_id=case_id).update(state="waiting")
    other = actions.hand_in(party_id=stefan, name="zulassung.png", chunks=[picture()])
    File.objects.filter(id=other.id).update(state="waiting")
    sign(stefan, "Stefan Statiker")


@pytest.mark.django_db
def test_who_would_rather_not_sign_needs_no_proof(case_id):
    stefan = ask(case_id, roles=("statiker",))["statiker"]
    own = asked(stefan)
    actions.decline_signature(party_id=stefan, signature_id=own.id, reason="Nicht mein Plan.")
    assert told(case_id)[-1] == ("case.signed", "declined")


@pytest.mark.django_db
def test_who_does_not_sign_ends_it(case_id):
    people = ask(case_id)
    own = asked(people["planer"])
    for _ in range(2):
        actions.decline_signature(
            party_id=people["planer"], signature_id=own.id, reason="Das ist nicht mein Plan."
        )
    assert told(case_id) == [("signature.declined", None), ("case.signed", "declined")]
    (signing,) = queries.signings(case_id)
    assert signing.state == "declined"


@pytest.mark.django_db
def test_a_new_version_voids_and_asks_anew(case_id):
    people = ask(case_id)
    sign(people["bauherr"], "Änne Ödegård")
    sign(people["planer"], "Ada Planerin")
    old = queries.opened(case_id).application.sha256
    sent = len(mail.outbox)
    new_version(case_id, name="Änne Neu")
    assert actions.ask_signatures_anew(case_id=case_id) == 1
    assert actions.ask_signatures_anew(case_id=case_id) == 0
    work("mail")
    assert len(mail.outbox) == sent + 2
    key = queries.key(case_id)
    assert [(one.version, one.state) for one in queries.signatures(case_id, key=key)] == [
        (1, "void"),
        (1, "void"),
        (2, "asked"),
        (2, "asked"),
    ]
    own = asked(people["planer"])
    with pytest.raises(ApplicationChanged):
        sign(people["planer"], "Ada Planerin", own=own, sha256=old, version=1)
    assert states(case_id)["planer"] == "joined"
    sign(people["planer"], "Ada Planerin")
    sign(people["bauherr"], "Änne Neu")
    assert told(case_id)[-4:] == [
        ("signature.void", 2),
        ("signature.given", 2),
        ("signature.given", 2),
        ("case.signed", "signed"),
    ]


@pytest.mark.django_db
def test_what_changed_under_the_pen_is_not_signed(case_id):
    people = ask(case_id)
    own = asked(people["planer"])
    new_version(case_id, name="Änne Neu")
    with pytest.raises(ApplicationChanged):
        sign(people["planer"], "Ada Planerin", own=own)
    assert not Signature.objects.filter(state="signed").exists()
    newest = Application.objects.filter(case_id=case_id).order_by("-version").first()
    with pytest.raises(ApplicationChanged):
        sign(
            people["planer"], "Ada Planerin", own=own,
            version=newest.version, sha256=bytes(newest.sha256).hex(),
        )  # fmt: skip


@pytest.mark.django_db
def test_somebody_named_later_signs_too(case_id):
    people = ask(case_id, roles=("bauherr", "gutachter"))
    sign(people["bauherr"], "Änne Ödegård")
    assert told(case_id)[-1] == ("signature.given", 1), "nobody is the expert yet"
    expert = actions.NewParty(role="gutachter", name="Gerd Gutachter", email="gerd@example.org")
    actions.add_party(case_id=case_id, party=expert, account_id=ANNA)
    gerd = with_codes(case_id)
    own = next(one for one in gerd.values() if one.role == "gutachter")
    let_in(own)
    sign(own.id, "Gerd Gutachter")
    assert told(case_id)[-1] == ("case.signed", "signed")


@pytest.mark.django_db
def test_a_role_that_does_not_apply_is_passed_over(case_id):
    people = ask(case_id, roles=("bauherr", "zuschauer"))
    sign(people["bauherr"], "Änne Ödegård")
    assert told(case_id)[-1] == ("case.signed", "signed")


@pytest.mark.django_db
def test_a_role_of_which_the_application_names_nobody_is_passed_over(case_id):
    new_version(case_id, tiere=[])
    people = ask(case_id, roles=("bauherr", "nachbar"))
    sign(people["bauherr"], "Änne Ödegård")
    assert told(case_id)[-1] == ("case.signed", "signed")


@pytest.mark.django_db
def test_whom_a_new_version_names_signs_too(case_id):
    new_version(case_id, tiere=[])
    people = ask(case_id, roles=("bauherr", "nachbar"))
    sign(people["bauherr"], "Änne Ödegård")
    new_version(case_id, tiere=[{"rufname": "Nora Neu", "email": "nora@example.org"}])
    actions.ask_signatures_anew(case_id=case_id)
    sign(people["bauherr"], "Änne Ödegård")
    assert told(case_id)[-1] == ("signature.given", 3), "the neighbour has not signed yet"
    nora = next(one for one in with_codes(case_id).values() if one.role == "nachbar")
    let_in(nora)
    sign(nora.id, "Nora Neu")
    assert told(case_id)[-1] == ("case.signed", "signed")


@pytest.mark.django_db
def test_who_was_removed_is_not_waited_for(case_id):
    two = [
        actions.add_party(
            case_id=case_id,
            party=actions.NewParty(role="gutachter", name=name, email=email),
            account_id=ANNA,
        )
        for name, email in (("Gerd Eins", "g1@example.org"), ("Gerda Zwei", "g2@example.org"))
    ]
    ask(case_id, roles=("gutachter",))
    sign(two[0], "Gerd Eins")
    actions.remove_party(party_id=two[1], account_id=ANNA)
    assert told(case_id)[-1] == ("case.signed", "signed")


@pytest.mark.django_db
def test_what_nobody_wants_any_more_is_not_signed(case_id):
    people = ask(case_id)
    own = asked(people["planer"])
    actions.no_longer_sign(case_id=case_id, key="unterschriften")
    assert asked(people["planer"]) is None
    with pytest.raises(NotYours):
        sign(people["planer"], "Ada Planerin", own=own)


@pytest.mark.django_db
def test_a_withdrawn_application_is_not_signed(case_id):
    people = ask(case_id)
    own = asked(people["planer"])
    actions.withdraw(case_id=case_id)
    with pytest.raises(NotAllowed):
        sign(people["planer"], "Ada Planerin", own=own)
    assert [one.state for one in queries.signings(case_id)] == ["withdrawn"]
    new_version(case_id, name="x")
    assert actions.ask_signatures_anew(case_id=case_id) == 0


@pytest.mark.django_db
def test_names_of_signers_do_not_stand_in_the_table_in_clear(case_id):
    people = ask(case_id)
    sign(people["planer"], "Ada Planerin")
    row = Signature.objects.get(party_id=people["planer"], state="signed")
    assert b"Ada" not in bytes(row.sealed)
    assert b"ada@" not in bytes(Party.objects.get(id=people["planer"]).sealed)


STATES = st.sampled_from(["waiting", "asked", "signed", "declined"])
STANDS = st.lists(st.builds(Stand, st.integers(0, 4), st.just(""), STATES), max_size=8).map(
    lambda stands: [Stand(one.position, f"r{one.position}", one.state) for one in stands]
)
ORDERS = st.sampled_from(["parallel", "sequential"])


@given(ORDERS, STANDS)
def test_whose_turn_it_is(order, stands):
    turn = party_rules.turns(order, stands)
    still = {one.position for one in stands if one.state in ("waiting", "asked")}
    assert turn <= still, "nobody is asked who has signed"
    if any(one.state == "declined" for one in stands):
        assert not turn
    elif still:
        assert turn, "somebody is always next"
        if order == "sequential":
            assert turn == {min(still)}


@given(ORDERS, st.lists(st.integers(0, 3), min_size=1, max_size=8), st.data())
def test_signing_always_ends_and_in_order(order, positions, data):
    """Whoever's turn it is signs, in any order among them: in the end all have, in their order."""
    stands = [Stand(position, f"r{position}", "waiting") for position in positions]
    roles = sorted({one.role for one in stands})
    signed: list[int] = []
    for _ in positions:
        assert party_rules.signing_state(roles, stands) == "open"
        turn = party_rules.turns(order, stands)
        ready = [
            n for n, one in enumerate(stands) if one.position in turn and one.state == "waiting"
        ]
        n = data.draw(st.sampled_from(ready))
        signed.append(stands[n].position)
        stands[n] = Stand(stands[n].position, stands[n].role, "signed")
    assert party_rules.signing_state(roles, stands) == "signed"
    assert party_rules.turns(order, stands) == frozenset()
    if order == "sequential":
        assert signed == sorted(signed)


@given(ORDERS, STANDS, st.lists(st.sampled_from(["r0", "r1", "r9"]), max_size=3))
def test_a_signing_is_signed_only_when_every_role_has(order, stands, roles):
    state = party_rules.signing_state(roles, stands)
    if any(one.state == "declined" for one in stands):
        assert state == "declined"
    if state == "signed":
        assert all(one.state == "signed" for one in stands)
        assert set(roles) <= {one.role for one in stands}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.org", " ADA@Example.ORG "),
        ("ada@example.org", "ada+bau@example.org"),
        ("ada.plan@gmail.com", "adaplan@googlemail.com"),
        ("ａｄａ@example.org", "ada@example.org"),
        ("ada@example.org", "ada@example.org."),
    ],
)
def test_two_ways_to_write_one_mailbox(one, other):
    assert plain_email(one) == plain_email(other)


def test_two_mailboxes():
    assert plain_email("a.da@example.org") != plain_email("ada@example.org")
    assert plain_email("ada@example.org") != plain_email("ada@example.com")
    assert plain_email("kein") == "kein"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Karl Müller", "Müller, Karl"),
        ("Dr. Karl Müller", "karl mueller"),
        ("José Núñez", "Jose Nunez"),
    ],
)
def test_two_ways_to_write_one_name(one, other):
    assert plain_name(one) == plain_name(other) != frozenset()


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_a_clash_is_the_same_both_ways(name, email, other_name, other_email):
    one, two = Signer(new_id(), name, email), Signer(new_id(), other_name, other_email)
    assert clash(one, [two]) == clash(two, [one])
    assert clash(one, [one]) == "", "nobody is somebody else than themselves"


def test_what_makes_two_signers_one():
    anne = Signer(new_id(), "Anne Öde", "anne@example.org", ANNA)
    assert clash(Signer(new_id(), "B", "b@example.org", ANNA), [anne]) == "account"
    assert clash(Signer(new_id(), "B", "ANNE@example.org"), [anne]) == "email"
    assert clash(Signer(new_id(), "Öde, Anne", ""), [anne]) == "name"
    assert clash(Signer(new_id(), "Öde, Anne", "", proven=True), [anne]) == ""
    assert clash(Signer(new_id(), "", ""), [Signer(new_id(), "", "")]) == ""
