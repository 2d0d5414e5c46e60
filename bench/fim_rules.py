"""What share of the federal rules in prose is translated.

    python -m bench.fim_rules DIR [--docs PAGE] [--reasons]

Two counts. Of all distinct texts: how many the grammar recognises when names and values are taken
as they stand (their schemas are not at hand). Of the rules in the shared schemas: how many become
conditions, with names and values compared; the code lists that lie with the samples are known. With
`--docs` the table goes into a page. Without samples it says "not run" and ends with 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench import fim_samples
from dienstweg.blueprint import fim_rules
from dienstweg.blueprint.fim_places import Findings
from dienstweg.blueprint.fim_placing import place_all
from dienstweg.blueprint.fim_rules_grammar import Grammar
from dienstweg.blueprint.fim_rules_names import Known
from dienstweg.blueprint.fim_rules_syntax import Value
from dienstweg.blueprint.fim_rules_tokens import NotRead
from dienstweg.blueprint.fim_schema import Contract
from dienstweg.standards import genericode
from dienstweg.standards.xdatenfelder import reading

LAND = "SN"
Share = tuple[str, int, int]
"""What was counted, how many of them are translated, and of how many."""
MARKS = ("<!-- rules: written by `make conformance` -->", "<!-- end of rules -->")
_TEXTS = "fim-xdatenfelder/xdf3-fimportal/all-distinct-freitextregeln.json"
_ENDS = frozenset(
    ["dann", "zeige", "an", "nicht", "muss", "darf", "ist", "wird", "sonst", "ansonsten", "wenn"]
) | frozenset(["und", "oder", "als", "aus", "befüllt", "mit", "auswahl", "antwort"])
_TRUTHS = frozenset(["ja", "nein", "wahr", "falsch"])


class _Anything:
    """A schema that holds every element under every name."""

    def known(self, _path: str) -> Known:
        return Known("unknown", ("?",), {})

    def own_questions(self) -> tuple[str, ...]:
        return ("first", "second")


class _Unchecked(Grammar):
    """The grammar with names and values taken as they stand."""

    def _check(self, path: str, said: str, labels: Iterable[str]) -> None:
        """Every name fits."""

    def _unquoted(self, labels: Iterable[str]) -> int:
        at = self.at
        while self.tokens[at].kind in ("word", "number") or self.tokens[at].text in set("()/-–§&:"):
            if self.tokens[at].folded in _ENDS:
                break
            at += 1
        return at

    def value_ahead(self, path: str) -> bool:
        """A value has a name behind it, or is a yes or a no."""
        named = self.now.kind == "word" and self.ahead().kind == "text"
        return self.now.kind in ("text", "number") or named or self.is_word(*_TRUTHS)

    def value(self, path: str) -> Value:
        """Any value, with any name."""
        token = self.now
        if token.kind not in ("text", "number", "word"):
            raise self.stuck("ein Wert")
        self.at += 1
        if token.kind != "text" and token.folded not in _TRUTHS:
            signed = self.take("=", "-", "–")
            if self.now.kind == "text":
                self.at += 1
            elif signed or (token.kind == "number" and self.now.kind == "word"):
                self.at = self._unquoted(())
        return token.text


def recognised(texts: Iterable[str], land: str | None) -> int:
    """How many texts the grammar reads to their end."""
    count = 0
    for text in texts:
        try:
            grammar = _Unchecked(text, _Anything())
            grammar.land = land
            grammar.statements()
        except NotRead:
            continue
        count += 1
    return count


def translated(samples: Path, land: str | None) -> Iterator[tuple[str, fim_rules.Book]]:
    """Every shared schema with its rules."""
    for path in fim_samples.schemas(samples):
        schema = reading.read(path.read_bytes())
        found = [genericode.read(one.read_bytes()) for one in fim_samples.lists_of(path)]
        lists = {
            name: one for one in found for name in (one.canonical_id, one.canonical_version_uri)
        }
        findings = Findings()
        root = place_all(schema, findings, lists)
        contract = Contract(lists, findings)
        contract.schema(root)
        yield schema.id, fim_rules.read(root, contract.options, findings, land=land)


def main() -> int:
    """Count, print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.fim_rules")
    parser.add_argument("samples", nargs="?", default="", help="folder with the shared samples")
    parser.add_argument("--reasons", action="store_true", help="why rules stay open")
    parser.add_argument("--docs", type=Path, help="write the table into this page")
    options = parser.parse_args()
    if not options.samples or not (Path(options.samples) / _TEXTS).is_file():
        print("fim rules: not run (SAMPLES is not set or holds no rules)")
        return 2
    shares, reasons = count(Path(options.samples))
    for title, part, whole in shares:
        print(f"{part:>4} of {whole:>3} ({part / max(whole, 1):.0%})  {title}")
    if options.docs:
        fim_samples.put(options.docs, MARKS, table(shares))
    if options.reasons:
        for reason, number in reasons.most_common():
            print(f"  {number:>3} {reason}", file=sys.stderr)
    return 0


def count(samples: Path) -> tuple[list[Share], Counter[str]]:
    """The shares, and why the rules of the schemas stay open."""
    texts = [rule["freitextRegel"] for rule in json.loads((samples / _TEXTS).read_text())]
    what = "distinct texts of published schemas that the grammar recognises"
    shares = [
        (f"{what} (names and values unchecked)", recognised(texts, None), len(texts)),
        ("the same with `--land`", recognised(texts, LAND), len(texts)),
    ]
    used = total = schemas = 0
    reasons: Counter[str] = Counter()
    for _, book in translated(samples, None):
        counts = book.counts()
        used, total = used + counts["davon übersetzt"], total + counts["Regeln"]
        schemas += 1
        reasons.update(str(each.reason) for each in book.readings if not each.used)
    what = f"rules of the {schemas} shared schemas that become conditions"
    return [*shares, (f"{what} (names and values checked)", used, total)], reasons


def table(shares: list[Share]) -> list[str]:
    """The shares as a table of Markdown."""
    rows = [
        f"| {title} | {part} of {whole} ({part / max(whole, 1):.0%}) |"
        for title, part, whole in shares
    ]
    return ["", "| | translated |", "|---|---|", *rows, ""]


if __name__ == "__main__":
    raise SystemExit(main())
