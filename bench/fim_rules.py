"""`python -m bench.fim_rules DIR`: what share of the federal rules in prose is translated.

Two counts. Of all distinct texts: how many the grammar recognises when names and values are taken
as they stand (their schemas are not at hand). Of the rules in the shared schemas: how many become
conditions, with names and values compared. Without samples it says "not run" and ends with 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from dienstweg.blueprint import fim_rules
from dienstweg.blueprint.fim_places import Findings
from dienstweg.blueprint.fim_placing import place_all
from dienstweg.blueprint.fim_rules_grammar import Grammar
from dienstweg.blueprint.fim_rules_names import Known
from dienstweg.blueprint.fim_rules_syntax import Value
from dienstweg.blueprint.fim_rules_tokens import NotRead
from dienstweg.blueprint.fim_schema import Contract
from dienstweg.standards.xdatenfelder import reading

LAND = "SN"
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


def translated(folder: Path, land: str | None) -> Iterator[tuple[str, fim_rules.Book]]:
    """Every shared schema with its rules."""
    files = (*folder.glob("*/*.xdf.xml"), *folder.glob("xdf2_*.xml"))
    for path in sorted(files):
        schema = reading.read(path.read_bytes())
        findings = Findings()
        root = place_all(schema, findings)
        contract = Contract({}, findings)
        contract.schema(root)
        yield schema.id, fim_rules.read(root, contract.options, findings, land=land)


def main() -> int:
    """Count, print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.fim_rules")
    parser.add_argument("samples", nargs="?", default="", help="folder with the shared samples")
    parser.add_argument("--reasons", action="store_true", help="why rules stay open")
    options = parser.parse_args()
    corpus = Path(options.samples) / _TEXTS
    if not options.samples or not corpus.is_file():
        print("fim rules: not run (SAMPLES is not set or holds no rules)")
        return 2
    texts = [rule["freitextRegel"] for rule in json.loads(corpus.read_text())]
    plain, with_land = recognised(texts, None), recognised(texts, LAND)
    print(
        f"distinct texts recognised           {plain:>4} of {len(texts)} ({plain / len(texts):.0%})"
    )
    share = with_land / len(texts)
    print(f"distinct texts recognised, --land   {with_land:>4} of {len(texts)} ({share:.0%})")
    used = total = 0
    reasons: Counter[str] = Counter()
    for schema, book in translated(corpus.parent.parent, None):
        counts = book.counts()
        used, total = used + counts["davon übersetzt"], total + counts["Regeln"]
        print(f"  {schema:<14} translated {counts['davon übersetzt']:>3} of {counts['Regeln']:>3}")
        reasons.update(str(each.reason) for each in book.readings if not each.used)
    print(f"rules of the shared schemas         {used:>4} of {total} ({used / max(total, 1):.0%})")
    if options.reasons:
        for reason, count in reasons.most_common():
            print(f"  {count:>3} {reason}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
