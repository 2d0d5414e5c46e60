"""Words: every language says the same things, and every key that is asked for exists."""

import re
import string
from pathlib import Path

import pytest

import dienstweg
from dienstweg.design import words

SOURCE = Path(dienstweg.__file__).parent
SURFACES = ("design", "reception", "portal", "desk", "api")
ASKED = re.compile(r"""say\(?\s*(?:(?:lang|visit\.lang|\w+\.lang),\s*)?["']([a-z_0-9.]+)["']""")


def asked() -> set[str]:
    found: set[str] = set()
    for surface in SURFACES:
        for path in [*(SOURCE / surface).rglob("*.html"), *(SOURCE / surface).rglob("*.py")]:
            found |= set(ASKED.findall(path.read_text(encoding="utf-8")))
    return {key for key in found if "." in key}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_english_says_everything_that_german_says():
    assert words.keys("en") == words.keys("de")


def test_both_languages_have_the_same_places():
    different = [
        key
        for key in words.keys("de")
        if places(words._table("de")[key]) != places(words._table("en")[key])
    ]
    assert different == []


def test_every_key_that_a_page_asks_for_exists():
    keys = asked()
    assert len(keys) > 30, "the search for keys finds nothing: mend the pattern"
    known = words.keys("de")
    assert sorted(key for key in keys - known if not _begins_one(key, known)) == []


def _begins_one(key: str, known: frozenset[str]) -> bool:
    """Tell whether a key is put together, or has plural forms."""
    if f"{key}.other" in known:
        return True
    return key.endswith(".") and any(one.startswith(key) for one in known)


FURTHER = [lang for lang in words.known() if lang not in words.LANGUAGES]


def test_there_are_words_in_further_languages():
    assert {"ar", "tr", "uk", "de-x-leicht"} <= set(FURTHER)


@pytest.mark.parametrize("lang", FURTHER)
def test_further_languages_say_nothing_that_german_does_not(lang):
    german = words._table("de")
    for key, text in words._table(lang).items():
        stem, _, last = key.rpartition(".")
        counted = german.get(f"{stem}.other") if last in words.PLURALS else None
        source = counted or german.get(key)
        assert source is not None, key
        assert places(text) <= places(source), key


@pytest.mark.parametrize(
    ("lang", "count", "text"),
    [
        ("de", 1, "Bitte prüfen Sie eine Angabe"),
        ("de", 3, "Bitte prüfen Sie 3 Angaben"),
        ("uk", 3, "Будь ласка, перевірте 3 відповіді"),
        ("uk", 5, "Будь ласка, перевірте 5 відповідей"),
        ("ar", 2, "يُرجى مراجعة إجابتين"),
        ("sw", 3, "Bitte prüfen Sie 3 Angaben"),
    ],
)
def test_numbers_choose_the_plural_of_the_language(lang, count, text):
    assert words.say(lang, "design.errors", count=count) == text


def test_a_missing_key_is_an_error_in_tests_and_shown_elsewhere(settings):
    settings.DIENSTWEG_STRICT_WORDS = True
    with pytest.raises(words.MissingWords):
        words.say("de", "gibt.es.nicht")
    settings.DIENSTWEG_STRICT_WORDS = False
    assert words.say("de", "gibt.es.nicht") == "gibt.es.nicht"


def test_values_are_put_into_their_places():
    assert words.say("en", "design.progress", step=1, steps=2) == "Step 1 of 2"
