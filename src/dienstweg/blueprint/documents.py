"""Turns a blueprint's document template and a case's data into the source of a PDF.

Data never becomes Typst code: it is passed as JSON beside the template. Templates can read only
the files of their own folder; `check` refuses packages and paths that lead elsewhere, and the
process that sets them (see `typesetter`) could not reach them either.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from dienstweg.kernel.language import direction

from . import deadlines, text_modules
from .expressions import (
    BadExpression,
    Expression,
    Surroundings,
    compile_expression,
)
from .notation import read_yaml
from .problems import Files, Invalid, Problem, errors
from .timers import LOCAL

if TYPE_CHECKING:
    from .release import Release

FOLDER = "documents/"
RECEIPT = "receipt"
"""The document that every blueprint has, whether it brings a template or not."""
DATA = "context.json"
"""What a template reads to know its case; the typesetter lays it beside the templates."""
ASSETS = (".svg", ".png", ".jpg", ".jpeg")

_CALL = re.compile(
    r"(?P<word>\b(?:import|include)\s*|\b(?:image|read|json|yaml|toml|csv|xml|cbor|plugin"
    r"|bibliography)\s*\(\s*)\"(?P<path>[^\"\n]*)\""
)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
_FORBIDDEN = re.compile(r"\bplugin\s*\(|\bpdf\s*\.\s*embed\s*\(")


@dataclass(frozen=True, slots=True)
class Template:
    """One document of a blueprint: its name and its Typst text.

    `recipient` are the lines of the address window; a `decision` is always in German, the official
    language (section 23 VwVfG), other documents are in the applicant's. With `data` the application
    is attached as it was submitted: only for whom it is the own. It is given `parties` where it or
    a template that it can need has that word.
    """

    name: str
    text: str
    recipient: tuple[Expression, ...] = ()
    decision: bool = False
    data: bool = True
    parties: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """All that the typesetter needs for one document.

    `files` are the template's neighbours by path; `inputs` is the data as texts (`context`, which
    the template reads as "/context.json", and `attached:<name>`); `attach` are the files that will
    lie in the PDF; `timestamp` is the time of writing in Unix seconds, so that the same data gives
    the same file.
    """

    main: str
    files: dict[str, bytes]
    attach: dict[str, bytes]
    inputs: dict[str, str] = field(default_factory=dict)
    timestamp: int = 0


def parse(files: Files) -> dict[str, Template]:
    """Read all document templates, ours included; raises `Invalid`."""
    problems = errors(check(files))
    if problems:
        raise Invalid(problems)
    receipt = built_in()["receipt.typ"].decode()
    found = {RECEIPT: Template(RECEIPT, receipt, parties=_names_parties(receipt, files))}
    for path, content in files.items():
        if _is_template(path) and path != f"{FOLDER}letter.typ":
            name = PurePosixPath(path).stem
            found[name] = _template(name, content.decode(), files)
    return found


def _template(name: str, text: str, files: Files) -> Template:
    """Add to a template what the manifest says about the document."""
    manifest = read_yaml("blueprint.yaml", files.get("blueprint.yaml", b"{}")).data or {}
    entry = (manifest.get("documents") or {}).get(name) or {}
    lines = [str(line).removeprefix("=") for line in entry.get("recipient") or ()]
    return Template(
        name,
        text,
        recipient=tuple(compile_expression(line) for line in lines),
        decision=entry.get("kind") == "decision",
        data=entry.get("data") is not False,
        parties=_names_parties(text, files),
    )


def _names_parties(text: str, files: Files) -> bool:
    """Tell whether a template, or one that it can need, has the word `parties`."""
    return any(b"parties" in each for each in (text.encode(), *_neighbours(text, files).values()))


def check(files: Files) -> list[Problem]:
    """Say what is wrong with the templates: packages, paths outside, files that do not exist."""
    problems: list[Problem] = list(_check_recipients(files))
    known = {path.removeprefix(FOLDER) for path in files if path.startswith(FOLDER)}
    known |= {DATA, *built_in()}
    for path, content in files.items():
        if not path.startswith(FOLDER):
            continue
        if not _is_template(path):
            if not path.endswith(ASSETS):
                problems.append(
                    Problem(
                        "document-file",
                        "Diese Art von Datei gehört nicht zu den Dokumenten.",
                        file=path,
                        remedy="Hier stehen nur .typ-, .svg-, .png- und .jpg-Dateien.",
                    )
                )
            continue
        try:
            text = content.decode()
        except UnicodeDecodeError:
            problems.append(
                Problem("encoding", "Die Vorlage ist nicht in UTF-8 gespeichert.", file=path)
            )
            continue
        problems.extend(_check_template(path, text, known))
    return problems


def _check_recipients(files: Files) -> Iterator[Problem]:
    """Yield the lines of address windows in the manifest that are no expressions."""
    try:
        noted = read_yaml("blueprint.yaml", files.get("blueprint.yaml", b"{}"))
    except Invalid:
        return  # reported with the manifest
    documents = (noted.data or {}).get("documents") if isinstance(noted.data, dict) else None
    for name, entry in (documents or {}).items() if isinstance(documents, dict) else ():
        lines = entry.get("recipient") if isinstance(entry, dict) else None
        for place, line in enumerate(lines if isinstance(lines, list) else ()):
            try:
                compile_expression(str(line).removeprefix("="))
            except BadExpression as error:
                path = ("documents", name, "recipient", place)
                yield noted.problem("cel", str(error), *path, remedy=error.remedy)


def source(release: "Release", name: str, context: Mapping[str, Any]) -> Source:
    """Make the source of document `name` from a case's context.

    `context`: case_number, authority {name, address, phone, email, accent}, application, rows
    (labels and answers, flat or in sections), submitted_at (text as people read it), date (date
    or time of writing, ISO or aware), outcome, reason, decision, task, lang, recipient (lines),
    verification {code, url, qr (SVG)}, draft, deadlines (`deadlines.facts`), parties (as
    expressions see them, where the template has that word); of the authority also appeal
    (paragraphs).
    Raises `KeyError` (no such document) and `ValueError` (`date` is missing or no ISO date).
    """
    template = release.documents[name]
    given = complete(context)
    moment = _moment(given["date"])
    given["date"] = moment.astimezone(LOCAL).date().isoformat()
    if template.decision:
        given["lang"] = "de"
    lang = str(given["lang"])
    if template.recipient and not given["recipient"]:
        around = Surroundings(
            {"data": given["application"]}, moment.astimezone(LOCAL).date(), release.lists
        )
        values = [line.value(around) for line in template.recipient]
        given["recipient"] = [str(value) for value in values if value]
    given["rtl"] = direction(lang) == "rtl"
    given["service"] = release.text(lang, "service.title", default=release.id)
    given["title"] = release.text(lang, f"documents.{name}.title", default=given["service"])
    given["texts"] = release.texts(lang)
    given["modules"] = text_modules.chosen(given["task"], release, name)
    given["deadlines"] = deadlines.printed(release, given["deadlines"], lang=lang)
    given["appeal"] = _appeal(release, template, given)
    attached = _attached(given["application"]) if template.data else {}
    given = {key: value if key == "texts" else showable(value) for key, value in given.items()}
    given["attached"] = [[name, "application/json"] for name in attached]
    return Source(
        main=template.text,
        files=_neighbours(template.text, release.files),
        attach={name: text.encode() for name, text in attached.items()},
        inputs={
            "context": json.dumps(given, ensure_ascii=False),
            **{f"attached:{name}": text for name, text in attached.items()},
        },
        timestamp=int(moment.timestamp()),
    )


def _attached(application: Any) -> dict[str, str]:
    """Give the application as the file that goes with its documents."""
    return {"application.json": json.dumps(application, ensure_ascii=True, indent=1)}


def _appeal(release: "Release", template: Template, given: Mapping[str, Any]) -> list[str]:
    """Give the paragraphs on how to appeal a decision: the blueprint's, else the authority's."""
    own = release.text("de", f"documents.{template.name}.appeal", default="")
    if own:
        return text_modules.paragraphs(own)
    return list(given["authority"].get("appeal") or ()) if template.decision else []


def _neighbours(main: str, files: Files) -> dict[str, bytes]:
    """Give the blueprint's files that a template can need: pictures, and the templates that it or
    one of those names. The built-in ones lie where the typesetter works."""
    own = {path.removeprefix(FOLDER): path for path in files if path.startswith(FOLDER)}
    found = {path: files[full] for path, full in own.items() if not path.endswith(".typ")}
    waiting = [main, *(text.decode() for text in built_in().values())]
    while waiting:
        text = waiting.pop()
        for path, full in own.items():
            if path not in found and PurePosixPath(path).name in text:
                found[path] = files[full]
                waiting.append(files[full].decode())
    return found


def complete(context: Mapping[str, Any]) -> dict[str, Any]:
    """Give the context every key that a template may ask for, so that none must be guarded."""
    given: dict[str, Any] = {
        "case_number": "",
        "application": {},
        "decision": {},
        "task": {},
        "report": {},
        "deadlines": {},
        "parties": [],
        "submitted_at": None,
        "outcome": None,
        "reason": None,
        "lang": "de",
        "rtl": False,
        "recipient": [],
        "data": {},
        "date": None,
        "modules": [],
        "appeal": [],
        "draft": False,
        **context,
    }
    given["verification"] = {"code": "", "url": "", "qr": "", **(given.get("verification") or {})}
    given["given"] = given["data"]
    given["data"] = given["application"]
    given["authority"] = {
        "name": "",
        "address": [],
        "phone": "",
        "email": "",
        "accent": "#003399",
        **(context.get("authority") or {}),
    }
    for word in ("decision", "task", "report", "deadlines"):
        given[word] = given[word] or (given["given"] or {}).get(word, {})
    given["parties"] = given["parties"] or (given["given"] or {}).get("parties", [])
    given["rows"] = _sections(context.get("rows") or ())
    return given


def showable(value: Any) -> Any:
    """Replace signs that have no place in a PDF (controls, surrogates, unassigned) by a box."""
    if isinstance(value, str):
        if value.isprintable():
            return value
        return "".join(
            "\u25a1" if unicodedata.category(sign) in _UNPRINTABLE and sign != "\n" else sign
            for sign in value
        )
    if isinstance(value, dict):
        return {showable(key): showable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [showable(each) for each in value]
    return value


def _sections(rows: Any) -> list[dict[str, Any]]:
    """Bring rows into sections; a flat list becomes one without a title."""
    listed = list(rows)
    if listed and "rows" not in listed[0]:
        listed = [{"title": None, "rows": listed}]
    return [
        {
            "title": section.get("title"),
            "rows": [
                {"label": str(row["label"]), "text": str(row.get("text") or "–")}
                for row in section["rows"]
            ],
        }
        for section in listed
    ]


def _moment(given: object) -> datetime:
    """Read a date or time of writing; one without an offset is meant in Germany."""
    if isinstance(given, str):
        given = datetime.fromisoformat(given)
    if not isinstance(given, datetime):
        message = "the context needs a date"
        raise ValueError(message)
    return given if given.tzinfo else given.replace(tzinfo=LOCAL)


@cache
def built_in() -> dict[str, bytes]:
    """Give the templates that come with the interpreter, by file name."""
    folder = resources.files("dienstweg.blueprint") / "templates"
    return {
        entry.name: entry.read_bytes()
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".typ")
    }


def _is_template(path: str) -> bool:
    return path.startswith(FOLDER) and path.endswith(".typ")


def _check_template(path: str, text: str, known: set[str]) -> list[Problem]:
    # A comment is blanked, not removed, so that lines keep their numbers.
    code = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), _unslashed(text))
    problems = []
    for found in _CALL.finditer(code):
        target = found["path"]
        line = code.count("\n", 0, found.start()) + 1
        if target.startswith("@"):
            problems.append(
                Problem(
                    "document-package",
                    f"Die Vorlage lädt das Paket {target}.",
                    file=path,
                    line=line,
                    remedy="Kopieren Sie, was Sie brauchen, in den Ordner documents.",
                )
            )
        elif _resolved(path, target) not in known:
            problems.append(
                Problem(
                    "document-path",
                    f"Die Vorlage liest {target}; das steht nicht im Ordner documents.",
                    file=path,
                    line=line,
                    remedy='Nennen Sie eine Datei des Ordners, etwa "/letter.typ".',
                )
            )
    for found in _FORBIDDEN.finditer(code):
        line = code.count("\n", 0, found.start()) + 1
        problems.append(
            Problem(
                "document-function",
                f"Die Vorlage verwendet {found[0].rstrip('( ')}; das ist nicht erlaubt.",
                file=path,
                line=line,
                remedy="Entfernen Sie es; ein Dokument enthält keine Programme.",
            )
        )
    return problems


def _unslashed(text: str) -> str:
    """Keep the // of links from being taken for a comment."""
    return text.replace("://", ":__")


def _resolved(path: str, target: str) -> str | None:
    """Give the path inside the documents folder that a reference means; None if it leads out."""
    folder = PurePosixPath(path.removeprefix(FOLDER)).parent
    joined = PurePosixPath(target[1:]) if target.startswith("/") else folder / target
    parts: list[str] = []
    for part in joined.parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
