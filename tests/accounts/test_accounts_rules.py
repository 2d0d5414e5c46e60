"""What is decided about accounts, and how addresses come into their encrypted column."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.accounts import rules
from dienstweg.accounts.models import Account
from dienstweg.kernel import encryption
from dienstweg.kernel.references import new_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("began", "used", "state"),
    [
        (0, 0, "here"),
        (59, 59, "here"),
        (60, 60, "idle"),
        (719, 1, "here"),
        (720, 1, "gone"),
        (720, 720, "gone"),
    ],
)
def test_who_is_signed_in_by_minutes(began, used, state):
    given_times = {
        "began_at": NOW - timedelta(minutes=began),
        "used_at": NOW - timedelta(minutes=used),
    }
    assert rules.staying(now=NOW, **given_times) == state


def test_what_is_left_is_an_hour_or_the_rest_of_the_twelve():
    assert rules.ends_in(now=NOW, began_at=NOW, used_at=NOW) == timedelta(hours=1)
    unnoted = NOW - timedelta(minutes=4)
    assert rules.ends_in(now=NOW, began_at=unnoted, used_at=unnoted) == timedelta(minutes=56)
    noted = NOW - timedelta(minutes=6)
    assert rules.ends_in(now=NOW, began_at=noted, used_at=noted) == timedelta(hours=1)
    late = NOW - timedelta(hours=11, minutes=30)
    assert rules.ends_in(now=NOW, began_at=late, used_at=NOW) == timedelta(minutes=30)
    assert rules.is_final(now=NOW, began_at=late, used_at=NOW), "working on prolongs nothing"
    assert rules.is_final(now=NOW, began_at=late, used_at=NOW - timedelta(minutes=20))
    assert not rules.is_final(now=NOW, began_at=noted, used_at=NOW)
    idle = NOW - timedelta(minutes=4)
    early = NOW - timedelta(hours=10, minutes=59)
    assert not rules.is_final(now=NOW, began_at=early, used_at=idle)


def test_a_profile_keeps_known_entries_without_blanks():
    typed = {"given": "  Änne   Marie ", "family": " ", "admin": "yes"}
    assert rules.cleaned(typed) == {"given": "Änne Marie"}


@pytest.mark.parametrize(
    ("entry", "text", "why"),
    [
        ("given", "x" * 81, "long"),
        ("born", "1984-02-30", "date"),
        ("born", "2027-01-01", "date"),
        ("born", "gestern", "date"),
        ("postcode", "1723", "postcode"),
        ("postcode", "١٧٢٣٥", "postcode"),
        ("phone", "12345", "phone"),
    ],
)
def test_what_cannot_be_is_found(entry, text, why):
    assert rules.faults({entry: text}, TODAY) == {entry: why}


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("03981 / 123 45", "+49398112345", "+49 3981 12345"),
        ("+49 (0) 3981 12345", "+49398112345", "+49 3981 12345"),
        ("12345", "12345", "12345"),
        ("kein Telefon", "kein Telefon", "kein Telefon"),
    ],
)
def test_telephone_numbers_are_kept_as_assistants_keep_them(typed, kept, shown):
    assert rules.read_phone(typed) == kept
    assert rules.shown_phone(kept) == shown


@given(st.dates(date(1900, 1, 1), TODAY))
def test_a_date_comes_back_as_it_was_typed(day):
    typed = f"{day.day}.{day.month}.{day.year}"
    kept = rules.read_date(typed)
    assert kept == day.isoformat()
    assert rules.faults({"born": kept}, TODAY) == {}
    assert rules.shown_date(kept) == typed


@given(st.dictionaries(st.sampled_from(sorted(rules.ENTRIES)), st.text(max_size=200)))
def test_nothing_typed_breaks_the_rules(typed):
    clean = rules.cleaned(typed)
    rules.faults(clean, TODAY)
    rules.shown_date(rules.read_date(clean.get("born", "")))
    rules.shown_phone(rules.read_phone(clean.get("phone", "")))
    found = rules.by_purpose(clean, "a@b.de")
    assert found["email"] == "a@b.de"
    assert all(found.values())


# Encrypted and found


@given(st.text(max_size=300))
def test_the_same_text_is_the_same_bytes_and_tells_nothing(text):
    key = encryption.findable_key(b"k" * 32, "test")
    sealed = encryption.seal_findable(key, text)
    assert sealed == encryption.seal_findable(key, text)
    assert encryption.unseal_findable(key, sealed) == text
    assert len(text) < 4 or text.encode() not in sealed
    other = encryption.findable_key(b"k" * 32, "other")
    assert encryption.seal_findable(other, text) != sealed
    for wrong_key, bytes_ in ((other, sealed), (key, sealed[:-1] + b"?"), (key, b"")):
        if bytes_ != sealed or wrong_key != key:
            with pytest.raises(encryption.Unreadable):
                encryption.unseal_findable(wrong_key, bytes_)


@pytest.mark.django_db
def test_addresses_that_stood_readable_are_moved_and_found():
    migration = import_module("dienstweg.accounts.migrations.0003_sealed_addresses")
    with connection.cursor() as cursor:
        for email in ("erika@example.org", "otto@example.org"):
            # As a process of the version before writes it.
            cursor.execute(
                "INSERT INTO accounts_account (id, password, email, display_name, is_active)"
                " VALUES (%s, '', %s, '', true)",
                [new_id(), email],
            )
    editor = SimpleNamespace(connection=connection)
    migration.seal(None, editor)
    assert Account.objects.get(email="otto@example.org").email == "otto@example.org"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_account WHERE email IS NOT NULL")
        assert cursor.fetchone()[0] == 0
        migration.unseal(None, editor)
        cursor.execute("SELECT email FROM accounts_account ORDER BY email")
        assert [row[0] for row in cursor.fetchall()] == ["erika@example.org", "otto@example.org"]
