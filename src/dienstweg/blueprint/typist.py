"""The child process that runs Typst for a `Typesetter`, fenced in before it reads a template.

Typst has no limit on time or memory and would download packages, so it never runs in a web or
worker process. This module is started as ``python -I -m dienstweg.blueprint.typist`` and speaks
over stdin and stdout: four bytes of length (big-endian), then a JSON order; the answer is one
byte (``P`` a PDF, ``E`` an error as UTF-8), four bytes of length and the content. It ends with
its input.
"""

import base64
import ctypes
import hashlib
import json
import os
import platform
import re
import resource
import shutil
import struct
import sys
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import typst

MEMORY = 1 << 30
"""Bytes of address space the child may use."""
CPU_SECONDS = 20
"""Seconds of processor time per document; the second wall behind the parent's deadline."""
ORDER_LIMIT = 32 << 20
"""Bytes of one order."""
FOLDERS_KEPT = 32
"""Template folders, each with its warm compiler."""

ROUNDS = 20
"""How often a document is set again because of signs that no font can show."""
BOX = "\u25a1"

_UNSHOWN = re.compile(r"(?:the text|codepoint) `\"(.*?)\"`")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_SOCKET_CALLS = {"x86_64": 41, "aarch64": 198}
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def fence() -> None:
    """Limit this process for good: memory, files, no core dump, no new rights, no sockets."""
    for what, amount in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, ORDER_LIMIT),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (amount, amount))
    for name in [name for name in os.environ if name not in ("LANG", "LC_ALL", "TMPDIR")]:
        del os.environ[name]
    _forbid_sockets()


def _forbid_sockets() -> None:
    """Let the kernel refuse every new socket (seccomp), so that nothing can be downloaded.

    Where the kernel cannot do this, a proxy that never answers stands in the way; `@preview`
    imports are refused by `check` besides.
    """
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        os.environ[name] = "http://127.0.0.1:9"
    machine = platform.machine()
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
    """Keeps fonts, template folders and compilers warm between documents."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fonts = typst.Fonts(include_system_fonts=False)
        self._compilers: OrderedDict[str, typst.Compiler] = OrderedDict()

    def typeset(self, order: dict[str, Any]) -> bytes:
        """Set one document as PDF/A-3a and PDF/UA-1; raises `typst.TypstError`.

        Both standards forbid signs that no font can show, and a person may write any of them.
        They are shown as a box; the data attached to the document keeps them.
        """
        compiler = self._compiler(order["files"])
        inputs = dict(order["inputs"])
        for _ in range(ROUNDS):
            try:
                pdf = compiler.compile(
                    input=order["main"].encode(),
                    format="pdf",
                    pdf_standards=["a-3a", "ua-1"],
                    sys_inputs=inputs,
                    timestamp=order["timestamp"],
                )
            except typst.TypstError as error:
                boxes = dict.fromkeys(undisplayable(error.diagnostic), BOX)
                given = inputs.get("context", "")
                inputs["context"] = given.translate(boxes)
                if inputs["context"] == given:
                    raise
            else:
                assert isinstance(pdf, bytes)
                return pdf
        message = "too many signs that no font can show"
        raise ValueError(message)

    def _compiler(self, files: dict[str, str]) -> typst.Compiler:
        """Give the compiler of this set of template files, written once to a folder of its own."""
        name = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
        if name in self._compilers:
            self._compilers.move_to_end(name)
            return self._compilers[name]
        root = self._folder / name
        for path, content in files.items():
            target = (root / path).resolve()
            if not target.is_relative_to(root.resolve()):
                message = f"{path} is outside the folder of templates"
                raise ValueError(message)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(base64.b64decode(content))
        root.mkdir(exist_ok=True)
        empty = str(self._folder / "packages")
        self._compilers[name] = typst.Compiler(
            root=str(root),
            font_paths=self._fonts,
            ignore_system_fonts=True,
            package_path=empty,
            package_cache_path=empty,
        )
        if len(self._compilers) > FOLDERS_KEPT:
            oldest, _ = self._compilers.popitem(last=False)
            shutil.rmtree(self._folder / oldest, ignore_errors=True)
        return self._compilers[name]


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


def serve(orders: BinaryIO, answers: BinaryIO, folder: Path) -> None:
    """Answer orders until the parent closes the pipe."""
    typist = Typist(folder)
    while len(head := orders.read(4)) == 4:
        size = int.from_bytes(head)
        if size > ORDER_LIMIT:
            return
        _allow_more_time()
        try:
            kind, content = b"P", typist.typeset(json.loads(orders.read(size)))
        except typst.TypstError as error:
            kind, content = b"E", f"{error.message}\n{error.diagnostic}".encode()
        except (ValueError, OSError) as error:
            kind, content = b"E", str(error).encode()
        answers.write(kind + len(content).to_bytes(4) + content)
        answers.flush()


def main() -> None:
    """Run as the child: a folder of its own, the fence, then the orders."""
    with tempfile.TemporaryDirectory(prefix="dienstweg-typist-") as folder:
        fence()
        serve(sys.stdin.buffer, sys.stdout.buffer, Path(folder))


if __name__ == "__main__":
    main()
