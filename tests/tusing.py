"""Speaks tus 1.0.0 by hand: one upload after the other, with Django's test client."""

import base64
from typing import Any

from django.test import Client

TUS = {"Tus-Resumable": "1.0.0"}


class Piecewise:
    """Sends files to the upload at ``address``; ``location`` is the last one created."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self.location = ""

    def create(self, length: object, name: str, field: str) -> Any:
        """Begin an upload."""
        said = ",".join(f"{key} {_base64(value)}" for key, value in
                        (("filename", name), ("feld", field)))  # fmt: skip
        headers = {**TUS, "Upload-Length": str(length), "Upload-Metadata": said}
        answer = self.client.post(
            self.address, b"", content_type="application/octet-stream", headers=headers
        )
        if answer.status_code == 201:
            self.location = answer.headers["Location"]
        return answer

    def patch(self, offset: int, content: bytes, *, checksum: str | None = None) -> Any:
        """Send a piece."""
        headers = {**TUS, "Upload-Offset": str(offset)}
        if checksum is not None:
            headers["Upload-Checksum"] = checksum
        return self.client.patch(
            self.location, content, "application/offset+octet-stream", headers=headers
        )

    def offset(self) -> int:
        """Ask how far it is."""
        answer = self.client.head(self.location, headers=TUS)
        assert answer.status_code == 200, answer.status_code
        assert answer.headers["Cache-Control"] == "no-store"
        return int(answer.headers["Upload-Offset"])


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
