"""What we say when an answer does not fit: plain, friendly, and saying what to do."""

from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.figures import shown_date, shown_number
from dienstweg.blueprint.kinds.kind import Fault
from dienstweg.blueprint.kinds.words import label_of_part
from dienstweg.kernel.language import SOURCE, base, plural, said

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
        "allowed": "Diese Antwort passt nicht zu Ihren anderen Angaben. Bitte ändern Sie sie.",
        "const": "Bitte bestätigen Sie das, um weiterzukommen.",
        "number": "Bitte geben Sie eine Zahl ein, zum Beispiel 12 oder 12,50.",
        "integer": "Bitte geben Sie eine ganze Zahl ein, zum Beispiel 12.",
        "cents": "Bitte geben Sie den Betrag mit höchstens zwei Stellen nach dem Komma ein.",
        "minimum": "Der Wert ist zu klein. Er muss mindestens {minimum} sein.",
        "maximum": "Der Wert ist zu groß. Er darf höchstens {maximum} sein.",
        "date": "Bitte geben Sie ein Datum ein, zum Beispiel 3.4.2026.",
        "date-none": "Diesen Tag gibt es nicht. Bitte prüfen Sie Tag, Monat und Jahr.",
        "date-year": "Bitte geben Sie das Jahr vierstellig ein, zum Beispiel 1961.",
        "partialdate": "Bitte geben Sie ein, was Sie wissen: 12.5.1961, 5.1961 oder 1961. "
        "Was Sie nicht wissen, lassen Sie weg oder schreiben 00.",
        "time": "Bitte geben Sie eine Uhrzeit ein, zum Beispiel 14:30.",
        "email": "Bitte geben Sie eine E-Mail-Adresse ein, zum Beispiel name@beispiel.de.",
        "phone": "Bitte geben Sie eine Telefonnummer ein, zum Beispiel 04321 5678.",
        "phone-area": "Bitte geben Sie die Telefonnummer mit Vorwahl ein, zum Beispiel 04321 5678.",
        "phone-short": "Die Telefonnummer ist zu kurz. Bitte prüfen Sie, ob Ziffern fehlen.",
        "phone-long": "Die Telefonnummer ist zu lang. Bitte prüfen Sie die Ziffern.",
        "postcode": "Bitte geben Sie die Postleitzahl mit fünf Ziffern ein.",
        "postcode-abroad": "Bitte prüfen Sie die Postleitzahl. Erlaubt sind Buchstaben, Ziffern, "
        "Leerzeichen und Bindestriche.",
        "iban": "Bitte geben Sie die IBAN ein. Sie beginnt mit zwei Buchstaben, zum Beispiel DE.",
        "iban-length": "Eine deutsche IBAN hat 22 Zeichen. Bitte prüfen Sie, ob etwas fehlt oder "
        "zu viel ist.",
        "iban-abroad": "Diese IBAN ist zu kurz oder zu lang. Bitte vergleichen Sie sie mit Ihrer "
        "Bankkarte.",
        "iban-check": "In dieser IBAN ist eine Ziffer falsch oder vertauscht. Bitte vergleichen "
        "Sie sie mit Ihrer Bankkarte.",
        "plate": "Bitte geben Sie das Kennzeichen so ein: KS-AB 123.",
        "plate-parts": "Bitte trennen Sie Ort und Buchstaben, so wie auf dem Schild: KS-AB 123.",
        "plate-long": "Ein Kennzeichen hat höchstens acht Buchstaben und Ziffern. Bitte prüfen "
        "Sie es.",
        "plate-letters": "Diese Buchstaben gibt keine Zulassungsstelle aus. Bitte prüfen Sie das "
        "Kennzeichen.",
        "plate-season": "Ein Saisonkennzeichen gilt zwei bis elf Monate. Bitte geben Sie die "
        "Monate so an: KS-AB 123 04-10.",
        "taxid": "Bitte geben Sie die Steuer-Identifikationsnummer ein: elf Ziffern.",
        "taxid-length": "Die Steuer-Identifikationsnummer hat elf Ziffern. Die Steuernummer ist "
        "eine andere Nummer.",
        "taxid-check": "In dieser Steuer-Identifikationsnummer ist eine Ziffer falsch oder "
        "vertauscht. Sie steht auf Ihrem Steuerbescheid.",
        "url": "Bitte geben Sie eine Internetadresse ein, zum Beispiel www.beispiel.de.",
        "search": "Bitte wählen Sie einen Eintrag aus der Liste. Tippen Sie dafür ein Wort ein.",
        "position": "Bitte geben Sie Breite und Länge ein, zum Beispiel 54,3215 10,1349.",
        "positions": "Bitte geben Sie in jeder Zeile einen Punkt ein, zum Beispiel 54,3215 "
        "10,1349.",
        "points-many": "Das sind zu viele Punkte. Erlaubt sind höchstens 100.",
        "line-few": "Eine Linie braucht mindestens zwei Punkte.",
        "area-few": "Eine Fläche braucht mindestens drei Eckpunkte.",
        "area-crosses": "Die Linien der Fläche berühren oder kreuzen sich. Bitte geben Sie die "
        "Eckpunkte der Reihe nach an.",
        "required-place": "Bitte geben Sie die Adresse, eine Beschreibung oder die Koordinaten "
        "an: {label}.",
        "rows-few": "Bitte füllen Sie mehr Zeilen aus. Gebraucht werden mindestens: {min_items}.",
        "rows-many": "Das sind zu viele Zeilen. Möglich sind höchstens: {max_items}.",
        "row": "Zeile {row}: {text}",
        "format": "Das können wir so nicht lesen. Bitte prüfen Sie die Schreibweise.",
        "files": "Bitte laden Sie höchstens {max_items} Dateien hoch.",
        "few": "Bitte geben Sie mindestens {min_items} an.",
        "many": "Bitte geben Sie höchstens {max_items} an.",
        "items-min": "Bitte fügen Sie noch mindestens {missing} Einträge hinzu.",
        "items-min.one": "Bitte fügen Sie noch mindestens einen Eintrag hinzu.",
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
        "allowed": "This does not fit your other answers. Please change it.",
        "const": "Please confirm this to continue.",
        "number": "Please enter a number, for example 12 or 12.50.",
        "integer": "Please enter a whole number, for example 12.",
        "cents": "Please enter the amount with at most two decimal places.",
        "minimum": "The value is too small. It must be at least {minimum}.",
        "maximum": "The value is too large. It must be at most {maximum}.",
        "date": "Please enter a date as day, month, year, for example 3.4.2026.",
        "date-none": "There is no such day. Please check day, month and year.",
        "date-year": "Please enter the year with four digits, for example 1961.",
        "partialdate": "Please enter what you know: 12.5.1961, 5.1961 or 1961. Leave out what you "
        "do not know, or write 00.",
        "time": "Please enter a time, for example 14:30.",
        "email": "Please enter an e-mail address, for example name@example.com.",
        "phone": "Please enter a phone number, for example 04321 5678.",
        "phone-area": "Please enter the phone number with its area code, for example 04321 5678.",
        "phone-short": "The phone number is too short. Please check whether digits are missing.",
        "phone-long": "The phone number is too long. Please check the digits.",
        "postcode": "Please enter the postcode with five digits.",
        "postcode-abroad": "Please check the postcode. Letters, digits, spaces and hyphens are "
        "allowed.",
        "iban": "Please enter the IBAN. It begins with two letters, for example DE.",
        "iban-length": "A German IBAN has 22 characters. Please check whether something is "
        "missing or too much.",
        "iban-abroad": "This IBAN is too short or too long. Please compare it with your bank card.",
        "iban-check": "A digit of this IBAN is wrong or in the wrong place. Please compare it "
        "with your bank card.",
        "plate": "Please enter the number plate like this: KS-AB 123.",
        "plate-parts": "Please separate town and letters as on the plate: KS-AB 123.",
        "plate-long": "A number plate has at most eight letters and digits. Please check it.",
        "plate-letters": "No registration office gives out these letters. Please check the plate.",
        "plate-season": "A seasonal plate is valid for two to eleven months. Please enter the "
        "months like this: KS-AB 123 04-10.",
        "taxid": "Please enter the tax identification number: eleven digits.",
        "taxid-length": "The tax identification number has eleven digits. The tax number "
        "(Steuernummer) is another number.",
        "taxid-check": "A digit of this tax identification number is wrong or in the wrong place. "
        "You find it on your tax assessment.",
        "url": "Please enter a web address, for example www.example.com.",
        "search": "Please choose an entry from the list. Type a word to find it.",
        "position": "Please enter latitude and longitude, for example 54.3215 10.1349.",
        "positions": "Please enter one point a line, for example 54.3215 10.1349.",
        "points-many": "These are too many points. At most 100 are allowed.",
        "line-few": "A line needs at least two points.",
        "area-few": "An area needs at least three corners.",
        "area-crosses": "The sides of the area touch or cross each other. Please enter the "
        "corners one after another.",
        "required-place": "Please give the address, a description or the coordinates: {label}.",
        "rows-few": "Please fill in more rows. Needed are at least: {min_items}.",
        "rows-many": "These are too many rows. Possible are at most: {max_items}.",
        "row": "Row {row}: {text}",
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
_CHOICES = frozenset(
    ["radio", "select", "checkboxes", "yesno", "checkbox", "consent", "search", "country"]
) | {"nationality"}
_PLACES = frozenset(["point", "line", "area"])
#: Our codes, and the designer's more general ones that also stand for them.
_ALSO = {
    "short": "length",
    "minimum": "range",
    "maximum": "range",
    "const": "required",
    "search": "enum",
    "rows-few": "few",
    "rows-many": "many",
}


def message(release: "Release", field: Field, code: str, lang: str) -> str:
    """What to say at a field: the designer's text for the code, else ours.

    The text never repeats what was entered.
    """
    # "iban-length" is a kind of "iban", for which the designer may have a text.
    for key in dict.fromkeys((code, _ALSO.get(code, code), code.partition("-")[0])):
        own = release.text(lang, f"fields.{field.id}.error.{key}", "")
        if own:
            return own
    spoken = _spoken(lang)
    kind = code
    if code == "required":
        kind = "required-choice" if field.widget in _CHOICES else code
        kind = "required-file" if field.widget == "file" else kind
        kind = "required-place" if field.widget in _PLACES else kind
    text = _SAID[spoken].get(kind, _SAID[spoken]["format"])
    bounds = _Bounds(_bounds(release, field, spoken))
    return said(text.format_map(bounds), spoken, base(lang))


def of_part(release: "Release", field: Field, fault: Fault, lang: str) -> str:
    """What to say of a composed field, by the part that is meant; of a table with its row."""
    text = message(release, field.named(fault.part), fault.code, lang)
    row = (fault.part or "").partition("-")[0]
    if field.widget != "table" or not row.isdigit():
        return text
    spoken = _spoken(lang)
    return said(_SAID[spoken]["row"].format(row=int(row) + 1, text=text), spoken, base(lang))


def of_page(release: "Release", page: Page, code: str, lang: str, **values: Any) -> str:
    """What to say on the list page of a repeating group."""
    own = release.text(lang, f"pages.{page.id}.error.{code.removeprefix('items-')}", "")
    spoken = _spoken(lang)
    counted = f"{code}.{plural(spoken, values.get('missing', 0))}"
    text = _SAID[spoken].get(counted) or _SAID[spoken][code]
    return own or said(text.format_map(_Bounds(values)), spoken, base(lang))


def _spoken(lang: str) -> str:
    """The language that we have messages in, nearest to the one asked for."""
    return base(lang) if base(lang) in _SAID else SOURCE


class _Bounds(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _bounds(release: "Release", field: Field, lang: str) -> dict[str, Any]:
    schema = field.schema
    label = label_of_part(release, field, lang)
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
