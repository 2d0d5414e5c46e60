"""Receives files in memory, up to a bound: what is beyond it is dropped, and said so.

The rest of the form arrives all the same, so that a file which is too large costs nothing that was
typed. No upload ever lies on a disk unencrypted.
"""

import io

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

KEPT = 16 * 1024 * 1024
"""Bytes of all files of a request that are kept."""


class Withheld(InMemoryUploadedFile):
    """A file that was sent, but was too large to be received."""


class Bounded(FileUploadHandler):
    """Django's hook: one for each request, called for each file and each piece of it."""

    def __init__(self, request: object = None) -> None:
        super().__init__(request)  # type: ignore[arg-type]  # Django passes the request or nothing
        self._left = KEPT

    def new_file(self, *args: object, **values: object) -> None:
        """Begin with a file."""
        super().new_file(*args, **values)  # type: ignore[arg-type]  # as Django calls it
        self._content = io.BytesIO()
        self._dropped = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece of the file, or drop the file where it is too much."""
        del start
        if self._dropped or len(raw_data) > self._left:
            self._left += self._content.tell()
            self._content = io.BytesIO()
            self._dropped = True
            return
        self._left -= len(raw_data)
        self._content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Return the file; its ``size`` is what was sent."""
        self._content.seek(0)
        kind = Withheld if self._dropped else InMemoryUploadedFile
        return kind(
            file=self._content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
