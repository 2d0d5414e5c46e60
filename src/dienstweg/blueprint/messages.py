"""What we say when an answer does not fit: plain, friendly, and saying what to do."""

from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.formats import shown_date, shown_number
from dienstweg.kernel.language import SOURCE, base, said

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

_SAID: dict[str, dict[str, str]] = {
    "de": {
        "required": "Bitte füllen Sie dieses Feld aus: {label}.",
        "required-choice": "Bitte wählen Sie etwas aus: {label}.",
        "required-file": "Bitte laden Sie eine Datei hoch: {label}.",
        "unseen": "Diese Frage ist durch Ihre Angaben dazugekommen. Bitte sehen Sie sie sich an.",
        "repeated": "Hier kam mehr als eine Antwort an. Bitte geben Sie nur eine an.",
        "characters": "Der Text enthält Zeichen, die wir nicht annehmen können. "
        "Bitte tippen Sie ihn neu ein.",
        "length": "Der Text ist zu lang. Erlaubt sind höchstens {max_length} Zeichen.",
        "short": "Der Text ist zu kurz. Bitte geben Sie mindestens {min_length} Zeichen ein.",
        "pattern": "Das können wir so nicht lesen. Bitte prüfen Sie die Schreibweise.",
        "enum": "Bitte wählen Sie eine der angebotenen Antworten.",
        "const": "Bitte bestätigen Sie das, um weiterzukommen.",
        "number": "Bitte geben Sie eine Zahl ein, zum Beispiel 12 oder 12,50.",
        "integer": "Bitte geben Sie eine ganze Zahl ein, zum Beispiel 12.",
        "cents": "Bitte geben Sie den Betrag mit höchstens zwei Stellen nach dem Komma ein.",
        "minimum": "Der Wert ist zu klein. Er muss mindestens {minimum} sein.",
        "maximum": "Der Wert ist zu groß. Er darf höchstens {maximum} sein.",
        "date": "Bitte geben Sie ein Datum ein, zum Beispiel 3.4.2026.",
        "time": "Bitte geben Sie eine Uhrzeit ein, zum Beispiel 14:30.",
        "email": "Bitte geben Sie eine E-Mail-Adresse ein, zum Beispiel name@beispiel.de.",
        "phone": "Bitte geben Sie eine Telefonnummer ein, zum Beispiel 04321 5678.",
        "postcode": "Bitte geben Sie die Postleitzahl mit fünf Ziffern ein.",
        "iban": "Diese IBAN stimmt nicht. Bitte prüfen Sie die Ziffern.",
        "plate": "Bitte geben Sie das Kennzeichen so ein: KS-AB 123.",
        "format": "Das können wir so nicht lesen. Bitte prüfen Sie die Schreibweise.",
        "files": "Bitte laden Sie höchstens {max_items} Dateien hoch.",
        "few": "Bitte geben Sie mindestens {min_items} an.",
        "many": "Bitte geben Sie höchstens {max_items} an.",
        "items-min": "Bitte fügen Sie noch mindestens {missing} Eintrag oder Einträge hinzu.",
        "items-max": "Es sind höchstens {most} Einträge möglich.",
        "item": "Beim Eintrag „{title}“ fehlt noch etwas. Bitte ergänzen Sie ihn.",
        "schema": "Diese Angabe passt nicht zu Ihren anderen Angaben. Bitte prüfen Sie sie.",
    },
    "en": {
        "required": "Please fill in this field: {label}.",
        "required-choice": "Please choose an answer: {label}.",
        "required-file": "Please upload a file: {label}.",
        "unseen": "Your answers have added this question. Please have a look at it.",
        "repeated": "We received more than one answer. Please give only one.",
        "characters": "The text contains characters we cannot accept. Please type it again.",
        "length": "The text is too long. At most {max_length} characters are allowed.",
        "short": "The text is too short. Please enter at least {min_length} characters.",
        "pattern": "We cannot read this. Please check how you have written it.",
        "enum": "Please choose one of the answers offered.",
        "const": "Please confirm this to continue.",
        "number": "Please enter a number, for example 12 or 12.50.",
        "integer": "Please enter a whole number, for example 12.",
        "cents": "Please enter the amount with at most two decimal places.",
        "minimum": "The value is too small. It must be at least {minimum}.",
        "maximum": "The value is too large. It must be at most {maximum}.",
        "date": "Please enter a date as day, month, year, for example 3.4.2026.",
        "time": "Please enter a time, for example 14:30.",
        "email": "Please enter an e-mail address, for example name@example.com.",
        "phone": "Please enter a phone number, for example 04321 5678.",
        "postcode": "Please enter the postcode with five digits.",
        "iban": "This IBAN is not correct. Please check the digits.",
        "plate": "Please enter the number plate like this: KS-AB 123.",
        "format": "We cannot read this. Please check how you have written it.",
        "files": "Please upload at most {max_items} files.",
        "few": "Please give at least {min_items}.",
        "many": "Please give at most {max_items}.",
        "items-min": "Please add at least {missing} more.",
        "items-max": "At most {most} entries are possible.",
        "item": "Something is missing in the entry “{title}”. Please complete it.",
        "schema": "This does not fit your other answers. Please check it.",
    },
}
_CHOICES = frozenset(["radio", "select", "checkboxes", "yesno", "checkbox"])
#: Our codes, and the designer's more general ones that also stand for them.
_ALSO = {"short": "length", "minimum": "range", "maximum": "range", "const": "required"}


def message(release: "Release", field: Field, code: str, lang: str) -> str:
    """What to say at a field: the designer's text for the code, else ours.

    The text never repeats what was entered.
    """
    for key in (code, _ALSO.get(code, code)):
        own = release.text(lang, f"fields.{field.id}.error.{key}", "")
        if own:
            return own
    spoken = _spoken(lang)
    kind = code
    if code == "required":
        kind = "required-choice" if field.widget in _CHOICES else code
        kind = "required-file" if field.widget == "file" else kind
    text = _SAID[spoken].get(kind, _SAID[spoken]["format"])
    bounds = _Bounds(_bounds(release, field, spoken))
    return said(text.format_map(bounds), spoken, base(lang))


def of_page(release: "Release", page: Page, code: str, lang: str, **values: Any) -> str:
    """What to say on the list page of a repeating group."""
    own = release.text(lang, f"pages.{page.id}.error.{code.removeprefix('items-')}", "")
    spoken = _spoken(lang)
    return own or said(_SAID[spoken][code].format_map(_Bounds(values)), spoken, base(lang))


def _spoken(lang: str) -> str:
    """The language that we have messages in, nearest to the one asked for."""
    return base(lang) if base(lang) in _SAID else SOURCE


class _Bounds(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _bounds(release: "Release", field: Field, lang: str) -> dict[str, Any]:
    schema = field.schema
    label = release.text(lang, f"fields.{field.id}.label", field.id)
    found: dict[str, Any] = {
        "label": label.rstrip("?:. "),
        "max_length": schema.get("maxLength", 2000),
        "min_length": schema.get("minLength", 1),
        "max_items": schema.get("maxItems", 1),
        "min_items": schema.get("minItems", 1),
    }
    for bound in ("minimum", "maximum"):
        if bound in schema:
            found[bound] = bound_text(field, schema[bound], lang)
    return found


def bound_text(field: Field, bound: Any, lang: str) -> str:
    """A bound of a number or date as people write it."""
    if isinstance(bound, str):
        return shown_date(bound, lang)
    if field.widget == "money" and field.schema.get("x-money") == "cents":
        bound = bound / 100
    return shown_number(bound, lang)
