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
