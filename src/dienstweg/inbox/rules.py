"""Decides what the system itself writes to an applicant. Pure."""

from collections.abc import Mapping

_REFUSED: Mapping[str, tuple[str, str]] = {
    "de": (
        "Eine Ihrer Dateien konnten wir nicht annehmen",
        "In der Datei „{name}“ hat unser Virenscanner ein Schadprogramm gefunden. Wir haben die "
        "Datei gelöscht. Ihr Antrag gilt trotzdem und wird bearbeitet.\n\n"
        "Bitte prüfen Sie Ihr Gerät mit einem Virenscanner. Wenn wir die Unterlage noch brauchen, "
        "melden wir uns bei Ihnen.",
    ),
    "en": (
        "We could not accept one of your files",
        "Our virus scanner found malware in the file “{name}”. We have deleted the file. Your "
        "application is still valid and is being processed.\n\n"
        "Please check your device with a virus scanner. If we still need the document, we will "
        "contact you.",
    ),
}


def about_refused_file(lang: str, name: str) -> tuple[str, str]:
    """Return subject and body of what an applicant is told of a file with malware in it."""
    subject, body = _REFUSED.get(lang, _REFUSED["de"])
    return subject, body.replace("{name}", name)


_TAKEN_BACK: Mapping[str, tuple[str, str]] = {
    "de": (
        "Sie müssen nichts mehr nachreichen",
        "Was wir von Ihnen haben wollten, brauchen wir nicht mehr. Sie müssen nichts tun. Ihr "
        "Antrag wird weiter bearbeitet.",
    ),
    "en": (
        "You need not hand in anything any more",
        "We no longer need what we asked you for. You do not have to do anything. Your "
        "application is being processed.",
    ),
}


def about_taken_back(lang: str) -> tuple[str, str]:
    """Return subject and body of what an applicant is told who need not answer any more."""
    return _TAKEN_BACK.get(lang, _TAKEN_BACK["de"])


_HANDED_OVER: Mapping[str, tuple[str, str]] = {
    "de": (
        "Ihr Antrag liegt jetzt bei: {authority}",
        "Für Ihren Antrag ist {authority} zuständig. Wir haben ihn mit allen Unterlagen dorthin "
        "abgegeben. Sie müssen nichts tun.\n\n"
        "Ihre neue Vorgangsnummer: {number}\nIhr Zugangscode bleibt gleich.\n\n"
        "So sehen Sie, wie es weitergeht:\n{link}\n\n"
        "Wenn Sie hier Ihre alte Nummer eingeben, zeigen wir Ihnen auch den Weg dorthin.",
    ),
    "en": (
        "Your application is now with: {authority}",
        "{authority} is responsible for your application. We have handed it over with all its "
        "documents. You need not do anything.\n\n"
        "Your new case number: {number}\nYour access code stays the same.\n\n"
        "Here you can see how it goes on:\n{link}\n\n"
        "If you enter your old number here, we show you the way, too.",
    ),
}


_CHANGES_LOST: Mapping[str, str] = {
    "de": "\n\nSie hatten begonnen, Ihren Antrag zu ändern. Diese Änderungen haben wir nicht "
    "mitgegeben, weil Sie sie noch nicht abgesendet hatten. Bitte geben Sie sie dort neu ein.",
    "en": "\n\nYou had begun to change your application. We have not passed these changes on, "
    "since you had not sent them yet. Please enter them there again.",
}


def about_handed_over(
    lang: str, *, authority: str, number: str, link: str, changes_lost: bool = False
) -> tuple[str, str]:
    """Return subject and body of what an applicant is told whose case goes on elsewhere.

    ``changes_lost``: they had begun to change the application, and must do so again there.
    """
    subject, body = _HANDED_OVER.get(lang, _HANDED_OVER["de"])
    if changes_lost:
        body += _CHANGES_LOST.get(lang, _CHANGES_LOST["de"])
    values = {"authority": authority, "number": number, "link": link}
    return subject.format_map(values), body.format_map(values)
