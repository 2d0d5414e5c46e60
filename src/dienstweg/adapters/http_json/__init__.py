"""Signed JSON over HTTP: the plainest link to a back office that still proves everything.

What we send is signed (RFC 9421, Ed25519) over its digest (RFC 9530) and carries an
``Idempotency-Key``. The back office answers with a receipt signed by its own key over what it has
taken; news from it come as signed calls. The format is described in
``docs/connectors/http-json.md``.
"""

from dienstweg.adapters.http_json.connector import OPTIONS_SCHEMA, SECRETS_SCHEMA, make
from dienstweg.adapters.http_json.signatures import public_text

__all__ = ["OPTIONS_SCHEMA", "SECRETS_SCHEMA", "make", "public_text"]
