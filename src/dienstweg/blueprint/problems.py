"""What is wrong with a blueprint or with an answer: said so that a person can put it right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

#: A blueprint's files: path inside the folder ("texts/de.yaml") -> content.
Files = Mapping[str, bytes]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, for a designer (file, line, remedy) or an applicant (field).

    `code` is stable and for machines ("required", "pattern", "unknown-key"); `message` is plain
    language and never contains what an applicant has entered; `line` counts from 1; `remedy` says
    what to do; `field` is a field's id, in a repeating group "<field id>.<index>".
    """

    code: str
    message: str
    file: str | None = None
    line: int | None = None
    remedy: str | None = None
    field: str | None = None
    part: str | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        start = f"{where}: " if where else ""
        remedy = f" → {self.remedy}" if self.remedy else ""
        return f"{start}{self.message}{remedy}"


class Invalid(ValueError):
    """The blueprint or the data cannot be used; `problems` says why, errors first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.severity != "error"))
        super().__init__("; ".join(str(problem) for problem in self.problems[:5]))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Only those problems that forbid the use of a blueprint; warnings are left out."""
    return [problem for problem in problems if problem.severity == "error"]
