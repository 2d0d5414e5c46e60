"""Seals a PDF with pyHanko; whatever fails makes the document wait."""

import asyncio
import base64
import binascii
import io
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from asn1crypto import tsp  # type: ignore[import-untyped]  # has no types
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper

from dienstweg.documents.port import Unavailable
from dienstweg.kernel import clock, http

OPTIONS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "file": {
            "type": "string",
            "maxLength": 400,
            "pattern": r"^/[^\x00]+$",
            "description": "PKCS #12 mit Zertifikat und Schlüssel, außerhalb der Datenbank",
        },
        "timestamp": {
            "type": "string",
            "maxLength": 400,
            "pattern": "^https?://",
            "description": "Zeitstempeldienst (RFC 3161)",
        },
        "location": {"type": "string", "maxLength": 100, "description": "Ort der Behörde"},
        "private": {"type": "boolean", "description": "Der Dienst steht im eigenen Netz"},
    },
}
SECRETS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "pkcs12": {"type": "string", "maxLength": 100_000, "contentEncoding": "base64"},
        "passphrase": {"type": "string", "maxLength": 400},
    },
}

FIELD = "Siegel"
_NAME = "Elektronisches Siegel der Behörde"
_OF_SEAL, _OF_STAMP = 6_000, 12_000
"""Bytes of a seal besides its certificates, and of a time stamp with those of its service."""
_QUERY = "application/timestamp-query"


def origins(options: Mapping[str, Any]) -> list[str]:
    """Return the one origin that is called: that of the time stamps, where there are any."""
    return [http.origin(options["timestamp"])] if "timestamp" in options else []


def make(options: Mapping[str, Any], secrets: Mapping[str, Any], client: http.Client) -> "Pades":
    """Make a sealer of what the operator has set up; the key is read with the first document."""
    return Pades(options, secrets, client)


class _Stamper(TimeStamper):
    """Asks a service for time stamps, through our own way out."""

    def __init__(self, url: str, client: http.Client) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # untyped in the library
        self._url, self._client = url, client

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return the answer of the service; raises what the client raises, or OSError."""
        headers = {"content-type": _QUERY, "accept": "application/timestamp-reply"}
        answer = self._client.request("POST", self._url, content=req.dump(), headers=headers)
        if answer.status != 200:
            message = f"status {answer.status}"
            raise OSError(message)
        return tsp.TimeStampResp.load(answer.body)


class Pades:
    """One authority's seal."""

    def __init__(
        self, options: Mapping[str, Any], secrets: Mapping[str, Any], client: http.Client
    ) -> None:
        self._options, self._secrets, self._client = options, secrets, client

    def seal(self, pdf: bytes) -> bytes:
        """Return the PDF with the seal behind it; raises `Unavailable`."""
        wrong = self._wrong_with_key()
        if wrong is not None:
            raise Unavailable(wrong)
        try:
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            sealed = self._signer().sign_pdf(writer, bytes_reserved=self._reserved())
        except (PdfError, SigningError, OSError, ValueError) as error:
            raise Unavailable(type(error).__name__) from error
        except (http.Refused, http.Unreachable) as error:
            raise Unavailable(type(error).__name__) from error
        return bytes(sealed.getbuffer())

    def check(self) -> list[str]:
        """Say what is wrong with key, certificate and time stamps."""
        wrong = self._wrong_with_key()
        if wrong is not None:
            return [wrong]
        if "timestamp" in self._options:
            try:
                asyncio.run(self._stamper().async_dummy_response("sha256"))
            except (SigningError, OSError, ValueError, http.Refused, http.Unreachable):
                return ["Der Zeitstempeldienst antwortet nicht."]
        return []

    def _wrong_with_key(self) -> str | None:
        try:
            certificate: Any = self._identity.signing_cert
        except Unavailable as error:
            return str(error)
        now, validity = clock.now(), certificate["tbs_certificate"]["validity"]
        if not validity["not_before"].native <= now <= validity["not_after"].native:
            return "Das Zertifikat des Siegels ist abgelaufen oder noch nicht gültig."
        return None

    def _signer(self) -> signers.PdfSigner:
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=_NAME,
            location=self._options.get("location"),
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        beside = fields.InvisSigSettings(
            set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True
        )
        spec = fields.SigFieldSpec(FIELD, invis_sig_settings=beside, readable_field_name=_NAME)
        stamper = self._stamper() if "timestamp" in self._options else None
        return signers.PdfSigner(metadata, self._identity, timestamper=stamper, new_field_spec=spec)

    def _reserved(self) -> int:
        """Return how many hexadecimal digits the seal may take in the file.

        Without it the library seals twice, the first time to see how long the seal becomes.
        """
        others = sum(len(one.dump()) for one in self._identity.cert_registry)
        stamp = _OF_STAMP if "timestamp" in self._options else 0
        return 2 * (_OF_SEAL + others + stamp)

    def _stamper(self) -> _Stamper:
        return _Stamper(self._options["timestamp"], self._client)

    @cached_property
    def _identity(self) -> signers.SimpleSigner:
        """Read key and certificate once; raises `Unavailable` with words for the operator."""
        try:
            packed = self._packed()
        except (OSError, binascii.Error) as error:
            message = "Die Datei mit dem Schlüssel des Siegels lässt sich nicht lesen."
            raise Unavailable(message) from error
        passphrase = str(self._secrets.get("passphrase", "")).encode()
        message = "Der Schlüssel des Siegels lässt sich mit diesem Kennwort nicht öffnen."
        try:
            signer: signers.SimpleSigner | None = signers.SimpleSigner.load_pkcs12_data(
                packed, [], passphrase or None
            )
        except ValueError as error:
            raise Unavailable(message) from error
        if signer is None or signer.signing_cert is None:
            raise Unavailable(message)
        return signer

    def _packed(self) -> bytes:
        if "file" in self._options:
            return Path(self._options["file"]).read_bytes()
        return base64.b64decode(self._secrets.get("pkcs12", ""), validate=True)
