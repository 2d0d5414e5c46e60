"""Makes plain German of a schema's labels: no ids, no shouting, a question where that is safe."""

from __future__ import annotations

import re

LONGEST = 300
_IDS = re.compile(r"\b[SFGRC]\d{8,11}\b(V\d[\d.]*)?\s*[:–-]?\s*")
_TECHNICAL = re.compile(
    r"\s*\((?:XUnternehmen|XGewO|XMeld|XInneres|strukturiert|generisch|ABS|HAR|RNG|"
    r"strukturiert, XUnternehmen)\)(?:\s+Verwendung-in-\w+)?",
    re.IGNORECASE,
)
_ASKED = re.compile(r"^(?:Abfrage|Auswahlfeld|Auswahl)(?::\s*|\s+)(?=[A-ZÄÖÜ(])")
_SENTENCE = re.compile(r"^(?:Ich|Wir|Hiermit|Mir|Uns|Die|Der|Das|Es)\b|[.!?,;:]")
_TASK = re.compile(
    r"\s+(?:ergänzen|hinzufügen|angeben|auswählen|eintragen|erfassen|anlegen)\.?$", re.IGNORECASE
)
_LAW = re.compile(r"§|\bArt(?:\.|ikel)\s*\d")
_NOTE = re.compile(r"XDF|Originalwerte|\b[DS]\d{8,11}\b|\bV\d+\.\d+")
_SHOUTED = re.compile(r"\b[A-ZÄÖÜ]{6,}\b")


def line(text: str) -> str:
    """A text in one line, of bounded length."""
    return " ".join(text.split())[:LONGEST]


def plain(label: str) -> str:
    """A label as people would say it; empty stays empty."""
    text = _TECHNICAL.sub("", _IDS.sub("", line(label)))
    if not re.search("[a-zäöüß]", text):
        text = _SHOUTED.sub(lambda word: word[0].capitalize(), text)
    text = text.strip().removesuffix(":").strip()
    return text or line(label)


def question(label: str, *, yes_or_no: bool) -> str:
    """A field's label; a name that is answered with yes or no becomes a question."""
    text = plain(label)
    bare = _ASKED.sub("", text)
    if not yes_or_no:
        return bare
    short = len(bare) <= 60 and not _SENTENCE.search(bare)
    return f"{bare}?" if short else text


def thing(label: str) -> str:
    """What one entry of a list is called: the label without what is to be done with it."""
    return _TASK.sub("", plain(label)) or plain(label)


def is_law(text: str) -> bool:
    """Whether a reference is a law, and not the standard a data element was taken from."""
    return _LAW.search(text) is not None


def readable(text: str) -> bool:
    """Whether a text is for people, and not a note of the editors of schemas to each other."""
    return bool(text.strip()) and _NOTE.search(text) is None
