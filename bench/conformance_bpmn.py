"""What becomes of every shared BPMN file: read, drawn, conducted, or why not; in a table.

    python -m bench.conformance_bpmn DIR [--json FILE] [--docs FILE] [--pictures FOLDER]

Each file is looked at twice: as it is, and with what only a designer can add (roles, outcomes,
messages, conditions) filled in by a program, so that its drawing is conducted to its end. Ends with
2 without samples; with 1 where a file falls short: it is not drawn whole, or it neither runs nor is
refused with a line. Of the samples only figures, ids and lines are shown.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from bench.conformance_filling import filled, played
from dienstweg.blueprint import bpmn_reading, drawing, picture, process
from dienstweg.blueprint.problems import Problem

Row = dict[str, Any]
_MARKS = ("<!-- bpmn: written by `make conformance` -->", "<!-- end of bpmn -->")
_TITLES = ("File", "shapes drawn", "lines drawn", "as it is", "filled in", "elements passed")
_SHAPE = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape"
_EDGE = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNEdge"
_MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def main() -> int:
    """Look at every sample, print, note; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.conformance_bpmn")
    parser.add_argument("samples", nargs="?", default="", help="folder with the shared samples")
    parser.add_argument("--json", type=Path, help="write everything for machines into this file")
    parser.add_argument("--docs", type=Path, help="write the table into this page")
    parser.add_argument("--pictures", type=Path, help="write every picture into this folder")
    options = parser.parse_args()
    folder = Path(options.samples) / "bpmn"
    if not options.samples or not folder.is_dir():
        print("bpmn: not run (SAMPLES is not set, or has no folder bpmn)")
        return 2
    files = sorted(folder.glob("*.bpmn"))
    rows = [looked_at(path) for path in files]
    if options.pictures:
        _draw(files, options.pictures)
    for row in rows:
        print("  ".join(_cells(row)))
    short = [row["file"] for row in rows if falls_short(row)]
    print(*(f"SHORT {each}" for each in short), sep="\n")
    print(f"{len(rows)} BPMN files, {len(short)} shortcomings")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    if options.docs:
        _document(options.docs, rows)
    return 1 if short or not rows else 0


def looked_at(path: Path) -> Row:
    """Read, draw, check and play one file; nothing of it but figures, ids and lines is kept."""
    content = path.read_bytes()
    root, problems = bpmn_reading.parsed(content)
    row: Row = {"file": path.name, "problems": [_said(each) for each in problems]}
    if root is None:
        return row
    known = {str(node.get("id")) for node in root.iter(f"{_MODEL}*") if node.get("id")}
    shapes = [node for node in root.iter(_SHAPE) if node.get("bpmnElement") in known]
    lines = [node for node in root.iter(_EDGE) if node.get("bpmnElement") in known]
    drawn = drawing.of_file(root)
    found = process.check({"process.bpmn": content})
    row |= {
        "shapes": [len(drawn.shapes), len(shapes)],
        "lines": [len(drawn.lines), len(lines)],
        "bytes": len(picture.draw_file(root)),
        "problems": [_said(each) for each in found],
    }
    return row | _filled(content)


def _draw(files: list[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in files:
        root, _ = bpmn_reading.parsed(path.read_bytes())
        if root is not None:
            (folder / f"{path.stem}.svg").write_text(picture.draw_file(root, path.stem))


def _filled(content: bytes) -> Row:
    """Fill in what only a designer can say, and play what comes of it to its end."""
    diagram, found = bpmn_reading.read_tree(filled(content))
    if diagram is None:
        return {"open": [_said(each) for each in found], "passed": None}
    outcome = played(diagram, found)
    if isinstance(outcome, list):
        return {"open": [_said(each) for each in outcome], "passed": None}
    return {"open": [], "passed": [len(outcome & diagram.elements.keys()), len(diagram.elements)]}


def falls_short(row: Row) -> bool:
    """Say whether a file is not drawn whole, or does not say exactly why it cannot run."""
    if "shapes" not in row:
        return not row["problems"]
    whole = row["shapes"][0] == row["shapes"][1] and row["lines"][0] == row["lines"][1]
    return not whole or not all(each["line"] for each in (*row["problems"], *row["open"]))


def _said(problem: Problem) -> Row:
    """Give a problem without the words of the sample: its code, its line, its element's kind."""
    kind = problem.message.split(" ")[0] if problem.code == "bpmn-unsupported" else ""
    return {"code": problem.code, "line": problem.line, "kind": kind}


def _why(problems: list[Row]) -> str:
    """Give what is wrong, by code and kind with the lines of the first few."""
    counts: Counter[tuple[str, str]] = Counter((each["code"], each["kind"]) for each in problems)
    parts = []
    for (code, kind), number in sorted(counts.items()):
        lines = [
            str(each["line"])
            for each in problems
            if (each["code"], each["kind"]) == (code, kind) and each["line"]
        ]
        where = f" (l. {', '.join(lines[:3])}{' …' if len(lines) > 3 else ''})" if lines else ""
        parts.append(f"{number} {kind or code.removeprefix('bpmn-')}{where}")
    return "; ".join(parts)


def _cells(row: Row) -> list[str]:
    if "shapes" not in row:
        return [row["file"], "", "", _why(row["problems"]), "", ""]
    runs = "runs" if row["passed"] else f"refused: {_why(row['open'])}"
    passed = " of ".join(map(str, row["passed"])) if row["passed"] else ""
    return [
        row["file"],
        " of ".join(map(str, row["shapes"])),
        " of ".join(map(str, row["lines"])),
        f"refused: {_why(row['problems'])}" if row["problems"] else "runs",
        runs,
        passed,
    ]


def _document(page: Path, rows: list[Row]) -> None:
    """Put the table between its marks."""
    lines = [f"| {' | '.join(_TITLES)} |", "|" + "---|" * len(_TITLES)]
    lines += [f"| {' | '.join(_cells(row))} |" for row in rows]
    text = page.read_text()
    before, _, rest = text.partition(_MARKS[0])
    _, _, after = rest.partition(_MARKS[1])
    page.write_text("\n".join([before + _MARKS[0], *lines, _MARKS[1]]) + after)


if __name__ == "__main__":
    raise SystemExit(main())
