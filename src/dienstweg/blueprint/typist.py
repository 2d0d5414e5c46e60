"""The child process that runs Typst for a `Typesetter`, fenced in before it reads a template.

Typst has no limit on time or memory and would download packages, so it never runs in a web or
worker process. This module is started as ``python -I -m dienstweg.blueprint.typist`` and speaks
over stdin and stdout: four bytes of length (big-endian), then a JSON order; the answer is one
byte (``P`` a PDF, ``E`` an error as UTF-8), four bytes of length and the content. It ends with
its input. It writes no file: templates and data stay in memory, so that a killed child leaves
nothing behind.
"""

import base64
import ctypes
import json
import os
import re
import resource
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

import typst

MEMORY = 1 << 30
"""Bytes of address space the child may use."""
CPU_SECONDS = 20
"""Seconds of processor time per document; the second wall behind the parent's deadline."""
ORDER_LIMIT = 32 << 20
"""Bytes of one order."""
ROOT = Path(__file__).parent / "templates"
"""The only folder that a template can read: the templates that come with the interpreter."""
FONTS = Path(__file__).parent / "fonts"
"""Besides those of Typst itself: Arabic letters (`scripts/build_static.mjs` puts them there)."""
NOWHERE = "/proc/self/no-packages"
"""A place for packages that does not exist and cannot be made."""
MAIN = "main.typ"
DATA = "context.json"

ROUNDS = 20
"""How often a document is set again because of signs that no font can show."""
BOX = "\u25a1"

_UNSHOWN = re.compile(r"(?:the text|codepoint) `\"(.*?)\"`")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_SOCKET_CALLS = {"x86_64": 41, "aarch64": 198}
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def fence() -> None:
    """Limit this process for good: memory, no file written, no dump, no new rights, no sockets."""
    for what, amount in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (amount, amount))
    for name in [name for name in os.environ if name not in ("LANG", "LC_ALL")]:
        del os.environ[name]
    _forbid_sockets()


def _forbid_sockets() -> None:
    """Let the kernel refuse every new socket (seccomp), so that nothing can be downloaded.

    Where the kernel cannot do this, a proxy that never answers stands in the way; `@preview`
    imports are refused by `check` besides.
    """
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        os.environ[name] = "http://127.0.0.1:9"
    machine = os.uname().machine
    if machine not in _SOCKET_CALLS:
        return
    allow, deny = 0x7FFF0000, 0x00050000 | 1
    program = b"".join(
        struct.pack("HBBI", *line)
        for line in (
            (0x20, 0, 0, 4),  # load the architecture
            (0x15, 1, 0, _AUDIT_ARCH[machine]),
            (0x06, 0, 0, deny),  # calls of a foreign architecture
            (0x20, 0, 0, 0),  # load the number of the system call
            (0x15, 0, 1, _SOCKET_CALLS[machine]),
            (0x06, 0, 0, deny),
            (0x06, 0, 0, allow),
        )
    )
    code = ctypes.create_string_buffer(program, len(program))
    head = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    )
    libc = ctypes.CDLL(None)
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    libc.prctl(22, 2, head, 0, 0)  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


class Typist:
    """Keeps fonts and the compiler warm between documents."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(
            root=str(ROOT),
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)]),
            ignore_system_fonts=True,
            package_path=NOWHERE,
            package_cache_path=NOWHERE,
        )

    def typeset(self, order: dict[str, Any]) -> bytes:
        """Set one document as PDF/A-3a and PDF/UA-1; raises `typst.TypstError`.

        Both standards forbid signs that no font can show, and a person may write any of them.
        They are shown as a box; the data attached to the document keeps them.
        """
        files, inputs = _files(order), dict(order["inputs"])
        together: Any = files  # the library takes several files, which its stubs do not know
        asked = any(b"sys.inputs" in text for name, text in files.items() if name.endswith(".typ"))
        for _ in range(ROUNDS):
            try:
                pdf = self._compiler.compile(
                    input=together,
                    format="pdf",
                    pdf_standards=["a-3a", "ua-1"],
                    sys_inputs=inputs if asked else {},
                    timestamp=order["timestamp"],
                )
            except typst.TypstError as error:
                boxes = dict.fromkeys(undisplayable(error.diagnostic), BOX)
                given = inputs.get("context", "")
                inputs["context"] = given.translate(boxes)
                if inputs["context"] == given:
                    raise
                files[DATA] = inputs["context"].encode()
            else:
                assert isinstance(pdf, bytes)
                return pdf
        message = "too many signs that no font can show"
        raise ValueError(message)


def _files(order: dict[str, Any]) -> dict[str, bytes]:
    """Give all files of an order: its templates, and the data as files beside them.

    Data given as `sys.inputs` would make Typst forget with every document what it has learned of
    the last one, which doubles the time; only a template that asks for them gets them so.
    """
    files = {path: base64.b64decode(content) for path, content in order["files"].items()}
    for name, text in order["inputs"].items():
        path = DATA if name == "context" else "attached/" + name.removeprefix("attached:")
        files[path] = text.encode()
    # The main file comes first: that is how Typst knows it.
    return {MAIN: order["main"].encode(), **files}


def undisplayable(diagnostic: str) -> set[int]:
    """Give the code points that Typst says no font can show."""
    found: set[int] = set()
    for text in _UNSHOWN.findall(diagnostic):
        found |= {int(digits, 16) for digits in _ESCAPED.findall(text)}
        found |= {ord(sign) for sign in _ESCAPED.sub("", text) if not sign.isascii()}
    return found


def _allow_more_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Answer orders until the parent closes the pipe."""
    typist = Typist()
    while len(head := orders.read(4)) == 4:
        size = int.from_bytes(head)
        if size > ORDER_LIMIT:
            return
        _allow_more_time()
        try:
            kind, content = b"P", typist.typeset(json.loads(orders.read(size)))
        except typst.TypstError as error:
            told = f"{error.message}\n{error.diagnostic}".replace(str(ROOT), "")
            kind, content = b"E", told.encode()
        except (ValueError, OSError) as error:
            kind, content = b"E", str(error).encode()
        answers.write(kind + len(content).to_bytes(4) + content)
        answers.flush()


def main() -> None:
    """Run as the child: the fence, then the orders."""
    fence()
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
