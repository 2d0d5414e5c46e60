"""Why a file is not taken as an XDatenfelder schema; each says what it is and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file: where (line, path of FIM ids), and what."""

    line: int | None
    where: str
    what: str

    def __str__(self) -> str:
        place = f"Zeile {self.line}: " if self.line else ""
        element = f"{self.where}: " if self.where else ""
        return f"{place}{element}{self.what}"


class Refused(Exception):
    """Die Datei kann nicht eingelesen werden."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(f"Zeile {line}: {message}" if line else message)
        self.message = message
        self.line = line


class NotXml(Refused):
    """Die Datei ist kein wohlgeformtes XML."""


class Hostile(Refused):
    """Die Datei enthält, was kein XDatenfelder-Dokument braucht: eine DTD, Entities, zu viel."""


class OtherFormat(Refused):
    """Die Datei ist XML, aber kein XDatenfelder."""


class OtherVersion(Refused):
    """Die Datei ist XDatenfelder, aber weder Version 2.0 noch 3.0."""

    def __init__(self, version: str, message_name: str) -> None:
        self.version = version
        self.message_name = message_name
        super().__init__(
            f"Die Datei ist XDatenfelder {version} (Nachricht {message_name}). Eingelesen "
            "werden XDatenfelder 2.0 und 3.0.0. Laden Sie das Schema im FIM-Portal neu herunter."
        )


class OtherMessage(Refused):
    """Die Datei ist XDatenfelder, aber kein Stammdatenschema."""

    def __init__(self, message_name: str, *, line: int | None) -> None:
        self.message_name = message_name
        super().__init__(
            f"Die Datei ist die Nachricht {message_name}. Eingelesen wird nur ein ganzes "
            "Stammdatenschema (xdatenfelder.stammdatenschema.0102).",
            line=line,
        )


class Faulty(Refused):
    """Die Datei ist XDatenfelder, aber fehlerhaft."""

    def __init__(self, faults: Sequence[Fault], title: str) -> None:
        self.faults = tuple(faults)
        shown = "\n".join(f"- {fault}" for fault in self.faults)
        super().__init__(
            f"Die Datei ist {title}, aber fehlerhaft. "
            f"Bitten Sie die herausgebende Stelle um eine gültige Fassung:\n{shown}"
        )
        self.line = self.faults[0].line if self.faults else None
