"""A blueprint compiled: everything parsed once, immutable, safe to share between threads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dienstweg.blueprint import archive, decisions, documents, mapping, process
from dienstweg.blueprint.assistant import Assistant, Page, Reader
from dienstweg.blueprint.data_schema import DataSchema, compile_schema, skeleton
from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.order import Order, order
from dienstweg.blueprint.overlay import apply
from dienstweg.blueprint.problems import Files, Invalid, Problem, errors
from dienstweg.blueprint.sources import Sources, read
from dienstweg.kernel.language import SOURCE, said

Lists = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """One compiled blueprint.

    `digest` is the SHA-256 of `archive`, which holds the blueprint without the overlay; `files` are
    the files with it. `lists` are rows by list name. `empty` is what rules see of an empty draft.
    """

    digest: str
    archive: bytes = field(repr=False)
    files: Files = field(repr=False)
    manifest: Mapping[str, Any] = field(repr=False)
    schema: DataSchema = field(repr=False)
    assistant: Assistant = field(repr=False)
    order: Order = field(repr=False)
    lists: Lists = field(repr=False)
    decisions: Mapping[str, Any] = field(repr=False)
    process: Any = field(repr=False)
    documents: Mapping[str, Any] = field(repr=False)
    mappings: Mapping[str, Any] = field(repr=False)
    empty: Mapping[str, Any] = field(repr=False)
    trees: Mapping[str, Mapping[str, Any]] = field(repr=False)
    flat: Mapping[str, Mapping[str, str]] = field(repr=False)

    @property
    def id(self) -> str:
        """The blueprint's stable name."""
        return str(self.manifest["id"])

    @property
    def version(self) -> str:
        """Its version by SemVer."""
        return str(self.manifest["version"])

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages of the assistant, the hidden ones included."""
        return self.assistant.pages

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages with texts of their own, German first."""
        return tuple(self.trees)

    def texts(self, lang: str) -> Mapping[str, Any]:
        """The tree of all texts in a language; what is not translated is there in German."""
        return self.trees.get(lang) or self.trees["de"]

    def text(self, lang: str, key: str, default: str | None = None) -> str:
        """One text by its key ("fields.name.label"), in German where it is not translated.

        What is there in German only comes as a `Said`, so that a page can mark it. A list is
        joined by line breaks. Without a text: the default, or the key itself, so that a gap can be
        seen; `check` reports it.
        """
        found = self.flat.get(lang, {}).get(key)
        if found is None and lang not in self.flat:
            german = self.flat[SOURCE].get(key)
            found = None if german is None else said(german, SOURCE, lang)
        if found is None:
            return key if default is None else default
        return found


def compile(files: Files, overlay: Mapping[str, Any] | None = None) -> Release:
    """Make a release of a blueprint's files and one authority's overlay.

    The overlay is {"texts": {lang: {key: text}}, "lists": {name: rows}, "decisions": {name: DMN}}
    and may only touch what the blueprint declares as extension points. Raises Invalid.
    """
    packed = archive.pack(files)
    release, problems = assemble(apply(files, overlay) if overlay else files, packed)
    if release is None or errors(problems):
        raise Invalid(problems)
    return release


def assemble(
    files: Files, packed: bytes, sources: Sources | None = None
) -> tuple[Release | None, list[Problem]]:
    """A release as far as the files allow it (else None), and everything that is wrong.

    `sources` are the files as they were read already; what is wrong with acceptance cases does not
    keep a release from being made.
    """
    sources = sources or read(files)
    problems = [one for one in sources.problems if not (one.file or "").startswith("cases/")]
    if errors(problems):
        return None, problems
    try:
        schema = compile_schema(sources.noted["data.schema.json"])
    except Invalid as invalid:
        return None, [*problems, *invalid.problems]
    lists = _lists(sources, problems)
    reader = Reader(sources.noted["assistant.yaml"], schema, lists)
    assistant = reader.read()
    problems += reader.problems
    parts = {name: _parsed(module, files, problems) for name, module in _PARTS.items()}
    if errors(problems):
        return None, problems
    found = order(assistant, decision_paths(parts["decisions"]))
    problems += _cycles(sources.noted["assistant.yaml"], assistant, found)
    texts = {lang: sources.data(f"texts/{lang}.yaml") or {} for lang in sources.languages()}
    return (
        Release(
            digest=archive.digest(packed),
            archive=packed,
            files=files,
            manifest=sources.data("blueprint.yaml"),
            schema=schema,
            assistant=assistant,
            order=found,
            lists=lists,
            empty=skeleton(schema.root),
            trees={lang: _filled(tree, texts[SOURCE]) for lang, tree in texts.items()},
            flat={lang: _spoken(tree, lang, texts[SOURCE]) for lang, tree in texts.items()},
            **parts,
        ),
        problems,
    )


_PARTS = {
    "decisions": decisions,
    "process": process,
    "documents": documents,
    "mappings": mapping,
}


def _parsed(module: Any, files: Files, problems: list[Problem]) -> Any:
    try:
        return module.parse(files)
    except Invalid as invalid:
        problems.extend(invalid.problems)
        return {}


def decision_paths(parsed: Mapping[str, Any]) -> dict[str, frozenset[tuple[str, ...]]]:
    """What each decision refers to, by its name."""
    return {name: decision.paths for name, decision in parsed.items()}


def _lists(sources: Sources, problems: list[Problem]) -> dict[str, list[dict[str, Any]]]:
    lists: dict[str, list[dict[str, Any]]] = {}
    manifest = sources.noted["blueprint.yaml"]
    for name, file in manifest.data.get("lists", {}).items():
        data = sources.data(file)
        if data is None:
            message = f"Die Liste {file} fehlt."
            problems.append(manifest.problem("missing-file", message, "lists", name))
        else:
            lists[name] = data["rows"]
    return lists


def _cycles(noted: Noted, assistant: Assistant, found: Order) -> Iterator[Problem]:
    names = ", ".join(sorted(name for _, name in found.cycles))
    if names:
        yield noted.problem(
            "cycle",
            f"Bedingungen oder Berechnungen beziehen sich im Kreis aufeinander: {names[:300]}",
            *place_of(assistant, found.cycles[0][1]),
            remedy="Keine Bedingung darf von dem abhängen, was sie selbst ein- oder ausblendet.",
        )


def place_of(assistant: Assistant, name: str) -> tuple[str | int, ...]:
    """Where a page or field stands in assistant.yaml."""
    for number, page in enumerate(assistant.pages):
        if page.id == name:
            return ("pages", number)
        for at, field_ in enumerate(page.fields):
            if field_.id == name:
                return ("pages", number, "fields", at)
    return ()


def _spoken(tree: Mapping[str, Any], lang: str, source: Mapping[str, Any]) -> dict[str, str]:
    """All texts by key: in this language, or in German and marked as such."""
    german = {key: said(text, SOURCE, lang) for key, text in flattened(source)}
    return {**german, **dict(flattened(tree))}


def _filled(tree: Mapping[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    """A language's tree, filled up with German where something is not translated."""
    merged = dict(tree)
    for key, text in source.items():
        if isinstance(text, dict) and isinstance(merged.get(key, {}), dict):
            merged[key] = _filled(merged.get(key, {}), text)
        else:
            merged.setdefault(key, text)
    return merged


def flattened(tree: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, str]]:
    """All texts of a tree with their keys; a list is joined by line breaks."""
    for key, text in tree.items():
        if isinstance(text, Mapping):
            yield from flattened(text, f"{start}{key}.")
        elif isinstance(text, list):
            yield f"{start}{key}", "\n".join(str(each) for each in text)
        elif text is not None:
            yield f"{start}{key}", str(text)
