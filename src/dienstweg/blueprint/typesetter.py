"""Sets documents as PDF in a kept child process, so that a hostile template costs nothing.

A document takes a few milliseconds in a warm child. A template that loops, eats memory or kills
the child is stopped at its deadline; the child is replaced and the next document is set as usual.
"""

import base64
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Self

from .documents import Source

DEADLINE = 10.0
"""Seconds that one document may take."""
ANSWER_LIMIT = 32 << 20
"""Bytes of one PDF."""
DOCUMENTS_PER_CHILD = 1000
"""After so many documents the child is replaced, because Typst keeps what it has once set."""


class DocumentFailed(Exception):
    """Typst could not set the document: the template is wrong. The message names the place."""


class DocumentTooCostly(DocumentFailed):
    """The document took too long or too much memory, and its process was stopped."""


class Typesetter:
    """A kept child process that turns a `Source` into a PDF/A-3a and PDF/UA-1 file.

    One document at a time; callers in several threads wait for each other. Nothing is started
    before the first document. To be closed, or used in a ``with`` statement.
    """

    def __init__(self, *, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._count = 0
        self._lock = threading.Lock()

    def pdf(self, source: Source) -> bytes:
        """Set a document and give the PDF's bytes.

        Raises `DocumentFailed` (the template is wrong) or `DocumentTooCostly` (stopped).
        """
        order = json.dumps(
            {
                "main": source.main,
                "files": {
                    path: base64.b64encode(content).decode()
                    for path, content in sorted(source.files.items())
                },
                "inputs": source.inputs,
                "timestamp": source.timestamp,
            }
        ).encode()
        with self._lock:
            kind, content = self._ask(order)
        if kind == b"P":
            return content
        raise DocumentFailed(content.decode("utf-8", "replace"))

    def close(self) -> None:
        """End the child; the next document would start another."""
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        self._started()  # it gets ready while there is nothing to set yet
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, order: bytes) -> tuple[bytes, bytes]:
        child = self._started()
        self._count += 1
        assert child.stdin is not None
        assert child.stdout is not None
        until = time.monotonic() + self._deadline
        try:
            child.stdin.write(len(order).to_bytes(4) + order)
            child.stdin.flush()
            head = _receive(child.stdout.fileno(), 5, until)
            size = int.from_bytes(head[1:])
            if size > ANSWER_LIMIT:
                message = "the document is too large"
                raise EOFError(message)
            content = _receive(child.stdout.fileno(), size, until)
        except (TimeoutError, EOFError, BrokenPipeError) as error:
            self.close()
            raise DocumentTooCostly(str(error)) from error
        except BaseException:
            self.close()  # an answer half read would be taken for the next document's
            raise
        return head[:1], content

    def _started(self) -> subprocess.Popen[bytes]:
        """Give the running child, or start one (also after a fork: a child has one parent)."""
        if self._owner != os.getpid():
            self._child = None
        if self._count >= DOCUMENTS_PER_CHILD or (self._child and self._child.poll() is not None):
            self.close()
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-I", "-m", "dienstweg.blueprint.typist"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                start_new_session=True,
            )
            self._owner, self._count = os.getpid(), 0
        return self._child


def _receive(pipe: int, size: int, until: float) -> bytes:
    """Read exactly `size` bytes before `until` (monotonic seconds)."""
    parts: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while size:
            left = until - time.monotonic()
            if left <= 0 or not selector.select(left):
                message = "the document was not ready in time"
                raise TimeoutError(message)
            part = os.read(pipe, min(size, 1 << 20))
            if not part:
                message = "the process that sets documents has ended"
                raise EOFError(message)
            parts.append(part)
            size -= len(part)
    return b"".join(parts)
