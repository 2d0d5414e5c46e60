"""What surfaces say: YAML files of words, one per language, found by a dotted key.

Each surface keeps a folder with these files and makes it known at start-up. German is the source,
English is complete like it; other languages say what they have, and the rest visibly in German.
Texts are plain: no markup, and placeholders in braces (``{name}``). Where a number decides about
the words, a key has a form for each plural of the language (``one``, ``few``, ``many``, ``other``;
Unicode CLDR), and the number is given as ``count``.
"""

import logging
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from dienstweg.kernel.language import SOURCE, base, plural, said

LANGUAGES = ("de", "en")
"""The languages that all screens are in; the first is the source."""
PLURALS = ("zero", "one", "two", "few", "many", "other")

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
    for spoken in dict.fromkeys((lang, base(lang), SOURCE)):
        text = _found(spoken, key, values.get("count"))
        if text is not None:
            break
    else:
        if getattr(settings, "DIENSTWEG_STRICT_WORDS", False):
            raise MissingWords(key)
        _log.error("words_missing key=%s", key)
        return key
    return said(text.format_map(values) if values else text, spoken, base(lang))


def _found(lang: str, key: str, count: object) -> str | None:
    """Return the words for ``key``: where they depend on a number, its plural form."""
    table = _table(lang)
    if not isinstance(count, int):
        return table.get(key)
    return table.get(f"{key}.{plural(lang, count)}") or table.get(f"{key}.other") or table.get(key)


def known() -> tuple[str, ...]:
    """Return all languages that any surface has words in, the complete ones first."""
    found = sorted({path.stem for folder in _folders for path in folder.glob("*.yaml")})
    return tuple(dict.fromkeys((*LANGUAGES, *found)))


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
