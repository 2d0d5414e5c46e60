"""What surfaces say, in German and English: YAML files of words, found by a dotted key.

Each surface keeps a folder with one file per language and makes it known at start-up. German is
the source and complete; what another language lacks is said in German. Texts are plain: no
markup, and placeholders in braces (``{name}``).
"""

import logging
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

LANGUAGES = ("de", "en")
"""The languages of the screens; the first is the source."""

_folders: list[Path] = []
_log = logging.getLogger(__name__)


class MissingWords(LookupError):
    """No words are known for this key; name one that stands in a words file."""


def register(folder: Path) -> None:
    """Make the words in ``folder`` (``de.yaml``, ``en.yaml``) known; twice does no harm."""
    if folder not in _folders:
        _folders.append(folder)
        _table.cache_clear()


def say(lang: str, key: str, **values: object) -> str:
    """Return the words for ``key`` in ``lang`` with ``values`` put into their places.

    Raises `MissingWords` for an unknown key where the settings say ``DIENSTWEG_STRICT_WORDS``
    (tests); elsewhere the key itself is shown and logged, since a page with one odd word helps
    people more than none.
    """
    text = _table(lang).get(key)
    if text is None:
        text = _table(LANGUAGES[0]).get(key)
    if text is None:
        if getattr(settings, "DIENSTWEG_STRICT_WORDS", False):
            raise MissingWords(key)
        _log.error("words_missing key=%s", key)
        return key
    return text.format_map(values) if values else text


def keys(lang: str) -> frozenset[str]:
    """Return all keys that are known in ``lang``."""
    return frozenset(_table(lang))


@cache
def _table(lang: str) -> dict[str, str]:
    """Return every text of one language by its dotted key."""
    table: dict[str, str] = {}
    for folder in _folders:
        path = folder / f"{lang}.yaml"
        if path.is_file():
            _flatten(YAML(typ="safe").load(path), "", table)
    return table


def _flatten(tree: Any, prefix: str, table: dict[str, str]) -> None:
    for name, value in (tree or {}).items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            _flatten(value, f"{key}.", table)
        else:
            table[key] = str(value)
