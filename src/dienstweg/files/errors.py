"""Why a file is refused; the words for applicants stand beside each."""

from typing import TYPE_CHECKING, ClassVar

from dienstweg.files.rules import MAX_BYTES

if TYPE_CHECKING:
    from dienstweg.files.queries import FileCard


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
    """The file is larger than allowed; ``limit`` in bytes."""

    code = "too_large"
    words: ClassVar[dict[str, str]] = {
        "de": "Die Datei ist zu groß. Erlaubt sind höchstens {limit} MB. "
        "Ein Foto in kleinerer Auflösung reicht aus.",
        "en": "The file is too large. At most {limit} MB are allowed. "
        "A photo with a lower resolution is enough.",
    }

    def __init__(self, limit: int = MAX_BYTES) -> None:
        super().__init__(limit)
        self.limit = limit

    def message(self, lang: str) -> str:
        """Return what the applicant is told, with the limit in whole or tenths of a megabyte."""
        number = f"{max(0.1, self.limit / 1024 / 1024):.1f}".removesuffix(".0")
        shown = number.replace(".", ",") if lang == "de" else number
        return super().message(lang).format(limit=shown)


class TooMany(Refused):
    """The draft, or the field, has as many files as are allowed."""

    code = "too_many"
    words: ClassVar[dict[str, str]] = {
        "de": "Sie haben schon so viele Dateien hochgeladen, wie möglich ist. "
        "Entfernen Sie eine, um eine andere hinzuzufügen.",
        "en": "You have already uploaded as many files as possible. Remove one to add another.",
    }


class TooMuch(Refused):
    """The files of the draft are larger, all together, than allowed."""

    code = "too_much"
    words: ClassVar[dict[str, str]] = {
        "de": "Alle Ihre Dateien zusammen sind zu groß. Bitte entfernen Sie eine, "
        "oder verkleinern Sie Ihre Fotos.",
        "en": "All your files together are too large. Please remove one, or make your photos "
        "smaller.",
    }


class WrongType(Refused):
    """The content is neither PDF nor a photo of a kind that we can draw anew."""

    code = "wrong_type"
    words: ClassVar[dict[str, str]] = {
        "de": "Bitte laden Sie ein PDF oder ein Foto (JPEG, PNG) hoch. "
        "Andere Dateien können wir nicht öffnen.",
        "en": "Please upload a PDF or a photo (JPEG, PNG). We cannot open other files.",
    }


class Packed(Refused):
    """The file is an archive: nobody knows what is inside (BSI TR-03172-3, A3.8)."""

    code = "packed"
    words: ClassVar[dict[str, str]] = {
        "de": "Gepackte Dateien (zum Beispiel ZIP) können wir nicht annehmen. "
        "Bitte laden Sie die Dateien einzeln hoch, als PDF oder als Foto.",
        "en": "We cannot accept packed files (such as ZIP). "
        "Please upload the files one by one, as PDF or as a photo.",
    }


class Office(Refused):
    """The file is a document of an office program, which may hold programs of its own."""

    code = "office"
    words: ClassVar[dict[str, str]] = {
        "de": "Dateien aus Word, Excel oder einem anderen Büroprogramm können wir nicht annehmen. "
        "Bitte speichern Sie die Datei als PDF und laden Sie das PDF hoch.",
        "en": "We cannot accept files of Word, Excel or another office program. "
        "Please save the file as PDF and upload the PDF.",
    }


class Heic(Refused):
    """The photo is in the format HEIC or AVIF, which we cannot draw anew."""

    code = "heic"
    words: ClassVar[dict[str, str]] = {
        "de": "Fotos im Format HEIC können wir nicht öffnen. Bitte nehmen Sie das Foto neu auf "
        "oder speichern Sie es als JPEG. Am iPhone: Einstellungen, Kamera, Formate, "
        "„Maximale Kompatibilität“.",
        "en": "We cannot open photos in the format HEIC. Please take the photo again or save it as "
        "JPEG. On an iPhone: Settings, Camera, Formats, “Most Compatible”.",
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
    """There is no such file here, or its content was deleted because malware was found in it."""


class AlreadyKept(Exception):
    """The upload has become a file already: this request came twice. ``card`` is the file's."""

    def __init__(self, card: "FileCard") -> None:
        super().__init__()
        self.card = card


class NotReleased(Exception):
    """The file waits for the virus scan: nobody reads it before."""


class NoSuchUpload(Exception):
    """There is no such upload here, or it was ended, or its time is over."""


class WrongOffset(Exception):
    """A piece does not begin where the last one ended (tus 1.0.0, PATCH)."""


class WrongChecksum(Exception):
    """A piece is not what its checksum says (tus 1.0.0, checksum)."""


class TooManyPieces(Exception):
    """The upload came in more pieces than any honest line makes of it."""


BY_CODE: dict[str, type[Refused]] = {
    kind.code: kind
    for kind in (
        Empty,
        TooLarge,
        TooMany,
        TooMuch,
        WrongType,
        Packed,
        Office,
        Heic,
        Broken,
        Protected,
        Active,
    )
}
"""Looked up by what the inspection answers."""
