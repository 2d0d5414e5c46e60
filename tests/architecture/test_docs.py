"""The documentation names what exists: files, functions, commands, targets, settings, pages."""

import argparse
import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from dienstweg.config import command
from dienstweg.reception.bounds import UPLOAD_LIMIT

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "dienstweg"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
OPERATION = ROOT / "docs" / "operation.md"

SECTIONS = ("What it is about", "Decision", "Rejected", "What follows")
TOP = ("src", "tests", "docs", "demo", "bench", "scripts", "leistungen")
MADE_LATER = {"bench/history.jsonl"}
"""Files that a command named beside them makes."""
EXAMPLES = {"leistungen/festzelt"}
"""Folders that a reader of the docs makes."""

DEPENDENCIES = (
    "PostgreSQL", "Worker", "File store", "Payment platform", "Back office", "Mail server",
    "Typesetter", "File inspection", "Virus scanner", "Electronic seal", "JavaScript",
    "Static files", "Clock", "Master key",
)  # fmt: skip
BEHAVIOURS = ("fails open", "fails closed", "waits")


def spans(text: str) -> list[str]:
    """Return what stands in backticks, and every line of a fenced block."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    inline = [" ".join(one.split()) for one in re.findall(r"`([^`]+)`", prose)]
    return [line for block in fenced for line in block.splitlines()] + inline


def everywhere(pattern: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return every page's matches of ``pattern`` in code, each once."""
    for page in PAGES:
        name = str(page.relative_to(ROOT))
        found = {m.groups("") for one in spans(page.read_text()) for m in re.finditer(pattern, one)}
        yield from ((name, one) for one in sorted(found))


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return the functions, classes, methods and constants of a module: ``f``, ``C``, ``C.m``."""
    found: set[str] = set()

    def walk(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(prefix + node.name)
            if isinstance(node, ast.ClassDef):
                walk(node.body, f"{prefix}{node.name}.")
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found.update(prefix + one.id for one in targets if isinstance(one, ast.Name))

    walk(ast.parse(path.read_text()).body, "")
    return frozenset(found)


def label(one: str | tuple[str, ...]) -> str:
    """Return how a parameter is called in the report."""
    return one if isinstance(one, str) else " ".join(one).strip()


def resolve(text: str) -> Path | None:
    """Return the file that a path of the docs means: from the project's or the source's folder."""
    return next((base / text for base in (ROOT, SOURCE) if (base / text).exists()), None)


PLACES = sorted(set(everywhere(r"^([\w/.-]+\.py)(?:::([\w.]+))?$")))
PATHS = sorted(set(everywhere(rf"^((?:{'|'.join(TOP)})/[\w/.-]*)$")))


@pytest.mark.parametrize(("page", "place"), PLACES, ids=label)
def test_every_file_and_function_named_exists(page: str, place: tuple[str, str]) -> None:
    path, name = place
    found = resolve(path)
    assert found is not None, f"{page} names {path}"
    assert not name or name in names_in(found), f"{page} names {path}::{name}"


@pytest.mark.parametrize(("page", "path"), PATHS, ids=label)
def test_every_path_named_exists(page: str, path: tuple[str]) -> None:
    known = path[0].rstrip("/") in MADE_LATER | EXAMPLES
    assert known or (ROOT / path[0]).exists(), f"{page} names {path[0]}"


def test_the_flow_names_files_and_functions() -> None:
    flow = [place for page, place in PLACES if page == "docs/architecture.md" and place[1]]
    assert len(flow) > 60


@cache
def commands() -> dict[str, argparse.ArgumentParser]:
    """Return every command of the command line: ``init``, ``authority add``."""
    found: dict[str, argparse.ArgumentParser] = {}

    def walk(parser: argparse.ArgumentParser, words: str) -> None:
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name, below in action.choices.items():
                    found[f"{words}{name}"] = below
                    walk(below, f"{words}{name} ")

    walk(command.parser(), "")
    return found


CALLS = sorted(
    set(everywhere(r"(?:^|[\s(/])dienstweg ([a-z]+)(?: ([a-z][a-z|-]*))?([^`#|]*)"))
)  # fmt: skip


@pytest.mark.parametrize(("page", "call"), CALLS, ids=label)
def test_every_command_named_exists(page: str, call: tuple[str, str, str]) -> None:
    verb, second, rest = call
    assert verb in commands(), f"{page} names dienstweg {verb}"
    actions = {name.split()[1] for name in commands() if name.startswith(f"{verb} ")}
    words = second.split("|") if second else []
    known = actions or {one for arg in commands()[verb]._actions for one in arg.choices or ()}
    assert not known or set(words) <= known, f"{page} names dienstweg {verb} {second}"
    parser = commands()[f"{verb} {words[0]}" if actions and words else verb]
    if not any(arg.nargs == argparse.REMAINDER for arg in parser._actions):
        options = {text for arg in parser._actions for text in arg.option_strings}
        given = set(re.findall(r"(?<!\S)--[a-z-]+", rest))
        assert given <= options, f"{page}: dienstweg {verb} does not know {given - options}"


TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
MADE = sorted(set(everywhere(r"(?:^|\s)make ([a-z]+)")))


@pytest.mark.parametrize(("page", "target"), MADE, ids=label)
def test_every_target_named_exists(page: str, target: tuple[str]) -> None:
    assert target[0] in TARGETS, f"{page} names make {target[0]}"


def links() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
        text = re.sub(r"`[^`]+`", "", text)
        found = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
        yield from ((str(page.relative_to(ROOT)), one) for one in sorted(set(found)))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and GitLab make them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize(("page", "link"), sorted(links()))
def test_every_link_inside_leads_somewhere(page: str, link: str) -> None:
    if re.match(r"[a-z]+:", link):
        assert link.startswith("https://"), f"{page} links to {link}"
        return
    path, _, anchor = link.partition("#")
    goal = ((ROOT / page).parent / path).resolve() if path else ROOT / page
    assert goal.exists(), f"{page} links to {link}"
    assert not anchor or anchor in anchors(goal), f"{page} links to {link}"


def test_every_page_stands_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {
        (index.parent / link.partition("#")[0]).resolve()
        for page, link in links()
        if page == "docs/README.md" and not link.startswith("https:")
    }
    assert set(PAGES) - linked <= {index, ROOT / "CHANGELOG.md", ROOT / "README.md"}


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_was_rejected(path: Path) -> None:
    text = path.read_text()
    title = re.match(r"# (\d+)\. \S", text)
    assert title, f"{path.name} begins with its number"
    assert int(title[1]) == int(path.name[:4])
    assert re.search(r"^Decided on \d{4}-\d\d-\d\d\. \S", text, flags=re.MULTILINE)
    heads = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert tuple(heads) == SECTIONS
    rejected = text.partition("## Rejected\n")[2].partition("\n## ")[0]
    assert rejected.count("- **") >= 2


def test_decisions_have_numbers_of_their_own() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(set(numbers)) == len(numbers) >= 16


def asked_for() -> set[str]:
    """Return every environment variable that our code reads by its name."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        if "simulators" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "os.environ.get", "os.environ.setdefault", "flag", "os.getenv", "number",
            }:  # fmt: skip
                found |= {one.value for one in node.args[:1] if isinstance(one, ast.Constant)}
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                found |= {node.slice.value} if isinstance(node.slice, ast.Constant) else set()
    return found


def test_every_setting_is_documented_and_no_other() -> None:
    text = OPERATION.read_text().partition("## Settings")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", text, flags=re.MULTILINE))
    assert documented == asked_for()


def test_the_proxy_lets_pass_what_we_take() -> None:
    sizes = re.findall(r"client_max_body_size (\d+)m;", OPERATION.read_text())
    assert [int(size) << 20 for size in sizes] == [UPLOAD_LIMIT]


def dependency_rows() -> dict[str, list[str]]:
    text = OPERATION.read_text().partition("## When something is away")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| **")]
    return {row[0].strip(" *"): [cell.strip() for cell in row[1:]] for row in rows}


@pytest.mark.parametrize("name", DEPENDENCIES)
def test_every_dependency_says_how_it_fails_and_names_its_test(name: str) -> None:
    behaviour, applicant, operator, tests = dependency_rows()[name]
    assert behaviour.startswith(BEHAVIOURS)
    assert applicant
    assert operator
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", tests)
    assert named, f"no test is named for {name}"
    assert all(function in names_in(ROOT / path) for path, function in named)
