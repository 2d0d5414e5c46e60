"""What a printed assistant says besides the texts of its blueprint, in German and English."""

from dienstweg.kernel.language import SOURCE, base, said

_SAID = {
    "de": {
        "lead": "Sie können diesen Vordruck ausdrucken und von Hand ausfüllen. Schreiben Sie bitte"
        " in Druckbuchstaben. Wo Kästchen stehen, kreuzen Sie an, was zutrifft.",
        "filled": "Dieser Vordruck enthält, was Sie bis zum {date} eingegeben haben. Es ist noch"
        " nichts abgeschickt. Was fehlt, können Sie von Hand ergänzen.",
        "send": "Unterschreiben Sie am Ende, und schicken oder bringen Sie den Vordruck mit"
        " allen Nachweisen zu uns:",
        "only_if": "Nur ausfüllen, wenn {condition}.",
        "sometimes": "Nur ausfüllen, wenn es auf Sie zutrifft.",
        "answered": "Sie bei „{question}“ diese Antwort gegeben haben: „{answer}“",
        "and": " und ",
        "or": "“ oder „",
        "entry": "{title}, Nummer {number}",
        "copies": "Sie brauchen mehr Platz? Kopieren Sie diese Seite, oder schreiben Sie auf ein"
        " weiteres Blatt.",
        "optional": "freiwillig",
        "attach": "Bitte legen Sie bei: {what}",
        "attached": "Hochgeladen: {what}",
        "many": "Bitte schreiben Sie hier die Antwort, die zutrifft.",
        "several": "Mehrere Antworten sind möglich.",
        "one": "Bitte kreuzen Sie eine Antwort an.",
        "date": "Tag, Monat, Jahr",
        "place": "Ort, Datum",
        "signature": "Unterschrift",
        "calculated": "Das rechnen wir für Sie aus.",
        "marked": "angekreuzt",
        "unmarked": "nicht angekreuzt",
    },
    "en": {
        "lead": "You can print this form and fill it in by hand. Please write in capital"
        " letters. Where there are boxes, tick what applies.",
        "filled": "This form contains what you entered until {date}. Nothing has been sent yet. You"
        " can add by hand what is missing.",
        "send": "Sign at the end, and send or bring the form to us with all documents:",
        "only_if": "Fill in only if {condition}.",
        "sometimes": "Fill in only if it applies to you.",
        "answered": "your answer to “{question}” is “{answer}”",
        "and": " and ",
        "or": "” or “",
        "entry": "{title}, number {number}",
        "copies": "Need more space? Copy this page, or write on another sheet.",
        "optional": "optional",
        "attach": "Please enclose: {what}",
        "attached": "Uploaded: {what}",
        "many": "Please write the answer that applies here.",
        "several": "You can tick more than one answer.",
        "one": "Please tick one answer.",
        "date": "day, month, year",
        "place": "Place, date",
        "signature": "Signature",
        "calculated": "We work this out for you.",
        "marked": "ticked",
        "unmarked": "not ticked",
    },
}


def say(lang: str, key: str, **values: object) -> str:
    """One of our words with values in their places, in German where we know no other."""
    spoken = base(lang) if base(lang) in _SAID else SOURCE
    text = _SAID[spoken][key]
    return said(text.format_map(values) if values else text, spoken, base(lang))
