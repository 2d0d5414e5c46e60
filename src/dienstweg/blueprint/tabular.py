"""Lists as CSV, as spreadsheets and registers export them: read with the line of every row."""

import csv
from typing import Any

from dienstweg.blueprint.notation import Noted, Path
from dienstweg.blueprint.problems import Invalid, Problem

MOST_COLUMNS = 30
_REMEDY = "Speichern Sie die Liste als CSV in UTF-8, die Namen der Spalten in der ersten Zeile."


def read_csv(file: str, content: bytes) -> Noted:
    """The rows of a CSV file as {"rows": [...]}; its first line names the columns.

    Columns are parted by semicolons, commas or tabs, whichever the first line has. All values are
    texts; an empty one is null. Raises Invalid with the line of the fault.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _invalid(file, line, "Die Datei ist nicht in UTF-8 gespeichert.") from None
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    rows: list[dict[str, Any]] = []
    lines: dict[Path, int] = {(): 1, ("rows",): 1}
    try:
        columns = [name.strip() for name in next(reader, [])]
        if len(set(columns)) < len(columns) or len(columns) > MOST_COLUMNS:
            raise _invalid(file, 1, "Eine Spalte steht zweimal da, oder es sind zu viele.")
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(columns):
                message = f"Die Zeile hat {len(cells)} Spalten, die erste aber {len(columns)}."
                raise _invalid(file, reader.line_num, message)
            lines[("rows", len(rows))] = reader.line_num
            values = (cell.strip() or None for cell in cells)
            rows.append(dict(zip(columns, values, strict=True)))
    except csv.Error:
        raise _invalid(file, reader.line_num, "Die Datei ist kein gültiges CSV.") from None
    return Noted(file, {"rows": rows}, lines)


def _invalid(file: str, line: int, message: str) -> Invalid:
    return Invalid([Problem("csv", message, file=file, line=line, remedy=_REMEDY)])
