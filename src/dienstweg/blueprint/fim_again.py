"""A blueprint's way back to FIM and here again: export, and whether nothing is lost by it."""

from __future__ import annotations

from dienstweg.blueprint import fim, fim_export, fim_source
from dienstweg.blueprint.fim_export import Exported
from dienstweg.blueprint.fim_source import Source
from dienstweg.blueprint.problems import Files, Invalid
from dienstweg.standards.xdatenfelder import reading
from dienstweg.standards.xdatenfelder.translating import as_three

#: The file as it came, and its hash: another file says the same in other bytes.
_BYTES = frozenset({fim_source.SCHEMA, fim_source.NOTE})


def export(files: Files) -> Exported:
    """Write a blueprint's data as XDatenfelder 3; raises Invalid.

    A blueprint that keeps the schema it came from (`fim/`) is compared with a fresh import of it,
    so that the designer's changes are exported; without it, what `x-fim` says is.
    """
    try:
        fresh = _imported(fim_source.kept(files)).files
    except Invalid:
        return fim_export.export(files)
    return fim_export.export(files, fresh)


def differences(files: Files) -> list[str]:
    """The files of an imported blueprint that an export and a new import would change; sorted.

    The schema itself stands for its file: "schema" where it reads otherwise than the one that came.
    A schema of version 2 comes back in version 3, with ids of eleven digits; it is compared with
    what the standard's mapping makes of it, and its blueprint after one more round.
    """
    source = fim_source.kept(files)
    before = reading.read(source.content)
    exported = export(files).content
    changed = [] if reading.read(exported) == as_three(before) else ["schema"]
    if before.standard != "3.0.0":
        files = _imported(_with(source, exported)).files
        source = fim_source.kept(files)
        exported = export(files).content
    after = _imported(_with(source, exported)).files
    names = (set(files) | set(after)) - _BYTES
    return changed + sorted(name for name in names if files.get(name) != after.get(name))


def _with(source: Source, content: bytes) -> Source:
    return Source(content, source.name, source.code_lists, source.rules, source.land)


def _imported(source: Source) -> fim.Imported:
    return fim.import_file(
        source.content,
        source.name,
        code_lists=source.code_lists,
        rules=source.rules,
        land=source.land,
    )
