"""Choices: yes and no, one of several, several of several, one of very many."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import figures
from dienstweg.blueprint.kinds.cleaning import tidied
from dienstweg.blueprint.kinds.kind import Fault, Kind, Posted, Read, Schema, Simple, Typed
from dienstweg.blueprint.kinds.lookup import folded, posted_text
from dienstweg.kernel.language import SOURCE, said

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field

_YES = frozenset(["true", "1", "ja", "yes", "on", "j", "y"])
_NO = frozenset(["false", "0", "nein", "no", "off", "n"])
SEARCHED = "suche"
"""The part of a search under whose name the typed text is posted."""


def choice_label(field: "Field", value: Any, lang: str) -> str:
    """What a choice is called by its list; in German where it has no other name."""
    choice = field.lookup.of(value)
    if choice is None:
        return figures.plain(value, lang)
    own = choice.labels.get(lang) or ""
    return own or said(choice.labels.get(SOURCE) or choice.text, SOURCE, lang)


class YesNo(Simple):
    """Yes or no."""

    types = frozenset(["boolean"])
    left_out = True

    def understand(self, text: str, field: "Field") -> Read:
        """Ja, nein, and what a browser sends."""
        word = text.casefold()
        if word in _YES:
            return Read(True)
        return Read(False) if word in _NO else Read(code="enum")

    def typed(self, field: "Field", value: Any) -> list[str]:
        """The value that the radio button posts."""
        return [posted_text(value)]


class Checkbox(YesNo):
    """One box to be ticked: a confirmation, a consent. Not ticked is an answer, too: false."""

    by_ticking = True

    def fits(self, schema: Schema) -> bool:
        """A boolean, also one that can only be true."""
        return super().fits(schema) or schema.get("const") is True

    def read(self, field: "Field", typed: Typed) -> Read:
        """What a browser leaves out is not ticked."""
        read = super().read(field, typed)
        return Read(False) if read == Read() else read


class Consent(Checkbox):
    """A consent is voluntary (Art. 7 GDPR): not given is an answer, even where one is needed."""

    by_ticking = False


class Choose(Simple):
    """One of several, as radio buttons or as a list to open."""

    types = frozenset(["string", "integer", "number", "boolean"])

    def __init__(self, widget: str) -> None:
        super().__init__(widget)
        self.left_out = widget == "radio"

    def understand(self, text: str, field: "Field") -> Read:
        """The choice that posts this text."""
        choice = field.lookup.by_posted.get(text)
        return Read(choice.value) if choice else Read(code="enum")

    def fault(self, field: "Field", value: Any) -> str | None:
        """A value that is not offered (any more), else what the schema says."""
        if value is not None and not self._offered(field, value):
            return "enum"
        return super().fault(field, value)

    def _offered(self, field: "Field", value: Any) -> bool:
        """Whether the value, or every value of a list, is among the choices."""
        every = value if isinstance(value, list) else [value]
        return not field.choices or all(field.lookup.of(each) is not None for each in every)

    def label(self, field: "Field", value: Any, lang: str) -> str:
        """The label of its list; yes and no in words."""
        if isinstance(value, bool):
            return figures.yes_or_no(value, lang)
        return choice_label(field, value, lang)

    def typed(self, field: "Field", value: Any) -> list[str]:
        """The value that the choice posts."""
        return [posted_text(value)]


class Several(Choose):
    """Several of several; the value is a list in the order of the choices."""

    types = frozenset(["array"])

    def __init__(self, widget: str) -> None:
        super().__init__(widget)
        self.left_out = True

    def read(self, field: "Field", typed: Typed) -> Read:
        """All that were ticked, each once."""
        texts, code = tidied([] if isinstance(typed, Mapping) else typed)
        if code:
            return Read(code=code)
        known = field.lookup.by_posted
        if not known.keys() >= set(texts):
            return Read(code="enum")
        chosen = {known[text].text for text in texts}
        return Read([each.value for each in field.choices if each.text in chosen] or None)

    def typed(self, field: "Field", value: Any) -> list[str]:
        """The values that the boxes post."""
        return [posted_text(each) for each in (value if isinstance(value, list) else [value])]


class Search(Choose):
    """One of up to ten thousand, found by typing.

    Posted are the value and, under "<name>-suche", the typed text. Where both contradict each
    other the text was typed anew, without a script that clears the value: then the text counts.
    """

    def __init__(self, widget: str) -> None:
        super().__init__(widget)
        self.left_out = False

    def collect(self, field: "Field", posted: Posted) -> Typed | None:
        """Value and typed text, whichever the form has."""
        names = {"": field.id, SEARCHED: f"{field.id}-{SEARCHED}"}
        found = {part: posted[name] for part, name in names.items() if name in posted}
        return found or None

    def read(self, field: "Field", typed: Typed) -> Read:
        """The chosen entry; a text that names none exactly is kept, to be shown with matches."""
        parts = typed if isinstance(typed, Mapping) else {"": typed}
        chosen = super().read(field, parts.get("", ()))
        if SEARCHED not in parts:
            return chosen
        texts, code = tidied(parts[SEARCHED])
        if code:
            return Read(code=code)
        if not texts:
            return Read()
        if chosen.value is not None and self._meant(field, chosen.value, texts[0]):
            return chosen
        found = self._exact(field, texts[0])
        return Read(found) if found is not None else Read(code="search")

    def _exact(self, field: "Field", text: str) -> Any:
        for lang in self._languages(field):
            choice = field.lookup.exact(text, lang, _labels(field, lang))
            if choice is not None:
                return choice.value
        return None

    def _meant(self, field: "Field", value: Any, text: str) -> bool:
        """Whether a typed text goes with the chosen value: its label, or a search that finds it."""
        wanted = folded(text)
        for lang in self._languages(field):
            label = _labels(field, lang)
            if folded(label(value)) == wanted:
                return True
            if any(each.value == value for each in field.lookup.search(text, lang, label)):
                return self._exact(field, text) in (None, value)
        return False

    def _languages(self, field: "Field") -> Iterator[str]:
        """The languages in which the choices have names, German first."""
        yield SOURCE
        first = field.choices[0].labels if field.choices else {}
        yield from (lang for lang in first if lang != SOURCE)


def _labels(field: "Field", lang: str) -> Any:
    return lambda value: choice_label(field, value, lang)


class Files(Kind):
    """Uploaded files: their ids, which never come from the form itself."""

    types = frozenset(["string", "array"])

    def fits(self, schema: Schema) -> bool:
        """Where the schema says what may be uploaded (`x-file`)."""
        items = schema.get("items")
        return "x-file" in schema or (isinstance(items, Mapping) and "x-file" in items)

    def collect(self, field: "Field", posted: Posted) -> Typed | None:
        """Nothing: files are put and dropped apart from the page."""
        return None

    def faults(
        self, field: "Field", value: Any, *, asked: frozenset[str] = frozenset()
    ) -> list[Fault]:
        """Too many files have a code of their own."""
        code = self.fault(field, value)
        return [Fault("files" if code == "many" else code)] if code else []

    def typed(self, field: "Field", value: Any) -> list[str]:
        """The ids."""
        return [str(each) for each in (value if isinstance(value, list) else [value or ""])]
