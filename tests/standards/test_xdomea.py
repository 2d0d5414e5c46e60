"""A case in the words of xdomea: what is written can be read again."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dienstweg.standards import xdomea, xml
from dienstweg.standards.xdomea import Case, Document, Message, NotXdomea, Step

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: not {"\ufffe", "\uffff"} & set(text)
)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
times = st.integers(0, 3_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
documents = st.builds(
    Document,
    id=words,
    subject=words,
    file=words,
    name=words,
    media_type=words,
    received=days,
    number=st.integers(1, 99),
)
steps = st.builds(Step, actor=words, action=words, at=times)
cases = st.builds(
    Case,
    id=words,
    number=words,
    subject=words,
    begun=days,
    ended=st.none() | days,
    documents=st.lists(documents, max_size=3).map(tuple),
    history=st.lists(steps, max_size=3).map(tuple),
)
messages = st.builds(Message, id=words, sender=words, made_at=times, case=cases)


@settings(max_examples=100, deadline=None)
@given(messages)
def test_what_is_written_can_be_read_again(message):
    assert xdomea.read(xdomea.written(message)) == message


def test_the_message_names_its_version_and_its_parts():
    case = Case("1", "KRA-1", "Parken <b>", date(2026, 11, 22), None)
    content = xdomea.written(Message("p", "Kranichsee", datetime(2026, 11, 22, tzinfo=UTC), case))
    assert b'xmlns:xdomea="urn:xoev-de:xdomea:schema:3.1.0"' in content
    assert b"<xdomea:Abgabe.Abgabe.0401" in content
    assert b"Parken &lt;b&gt;" in content


def test_characters_that_xml_cannot_hold_are_left_out():
    case = Case("1", "KRA-1", "a\x00b\x0bc\r", date(2026, 11, 22), None)
    message = Message("p", "K", datetime(2026, 11, 22, tzinfo=UTC), case)
    assert xdomea.read(xdomea.written(message)).case.subject == "abc"


@pytest.mark.parametrize(
    "content",
    [b"<a/>", b'<x:Abgabe.Abgabe.0401 xmlns:x="urn:xoev-de:xdomea:schema:3.1.0"/>'],
)
def test_what_is_no_such_message_is_refused(content):
    with pytest.raises(NotXdomea):
        xdomea.read(content)


def test_what_is_not_well_formed_is_refused():
    with pytest.raises(xml.NotWellFormed):
        xdomea.read(b"<a>")
