"""Why a file is refused; the words for applicants stand beside each."""

from typing import ClassVar


class Refused(Exception):
    """A file that is not taken."""

    code: ClassVar[str] = "refused"
    words: ClassVar[dict[str, str]] = {
        "de": "Diese Datei konnte nicht angenommen werden. Bitte wählen Sie eine andere.",
        "en": "This file could not be accepted. Please choose another one.",
    }

    def message(self, lang: str) -> str:
        """Return what the applicant is told, and what to do."""
        return self.words.get(lang, self.words["de"])


class Empty(Refused):
    """The file has no content."""

    code = "empty"
    words: ClassVar[dict[str, str]] = {
        "de": "Die Datei ist leer. Bitte wählen Sie eine andere.",
        "en": "The file is empty. Please choose another one.",
    }


class TooLarge(Refused):
    """The file is larger than allowed."""

    code = "too_large"
    words: ClassVar[dict[str, str]] = {
        "de": "Die Datei ist zu groß. Erlaubt sind höchstens 10 MB. "
        "Ein Foto in kleinerer Auflösung reicht aus.",
        "en": "The file is too large. At most 10 MB are allowed. "
        "A photo with a lower resolution is enough.",
    }


class TooMany(Refused):
    """The draft has as many files as are allowed."""

    code = "too_many"
    words: ClassVar[dict[str, str]] = {
        "de": "Sie haben schon so viele Dateien hochgeladen, wie möglich ist. "
        "Entfernen Sie eine, um eine andere hinzuzufügen.",
        "en": "You have already uploaded as many files as possible. Remove one to add another.",
    }


class WrongType(Refused):
    """The content is neither PDF nor JPEG nor PNG."""

    code = "wrong_type"
    words: ClassVar[dict[str, str]] = {
        "de": "Bitte laden Sie ein PDF oder ein Foto (JPEG, PNG) hoch. "
        "Andere Dateien können wir nicht öffnen.",
        "en": "Please upload a PDF or a photo (JPEG, PNG). We cannot open other files.",
    }


class Broken(Refused):
    """The file claims a type that its content does not keep, or cannot be read in time."""

    code = "broken"
    words: ClassVar[dict[str, str]] = {
        "de": "Die Datei ist beschädigt. Bitte speichern oder fotografieren Sie sie noch einmal.",
        "en": "The file is damaged. Please save it or take the photo again.",
    }


class Protected(Refused):
    """The PDF is encrypted."""

    code = "protected"
    words: ClassVar[dict[str, str]] = {
        "de": "Die PDF-Datei ist mit einem Passwort geschützt. "
        "Bitte entfernen Sie den Schutz und laden Sie sie noch einmal hoch.",
        "en": "The PDF file is protected by a password. "
        "Please remove the protection and upload it again.",
    }


class Active(Refused):
    """The PDF contains programs, attachments or forms that could do harm."""

    code = "active"
    words: ClassVar[dict[str, str]] = {
        "de": "Die PDF-Datei enthält Programme oder eingebettete Dateien. "
        "Drucken Sie sie als neues PDF und laden Sie dieses hoch.",
        "en": "The PDF file contains programs or embedded files. "
        "Print it as a new PDF and upload that one.",
    }


class NoSuchFile(Exception):
    """There is no such file here."""


BY_CODE: dict[str, type[Refused]] = {
    kind.code: kind for kind in (Empty, TooLarge, TooMany, WrongType, Broken, Protected, Active)
}
