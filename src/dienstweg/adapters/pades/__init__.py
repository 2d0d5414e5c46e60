"""An authority's electronic seal as PAdES, with a certificate and key in PKCS #12.

The key lies in a file outside the database (``file``), or encrypted in it (secret ``pkcs12``). The
seal is an update behind the document (ETSI EN 319 142-1, baseline B-B, with a time stamp B-T), so
that every byte of the PDF/A stays as it was. Its field has no size and lies beside the page: PDF/A
and PDF/UA need no appearance and no tag for that (ISO 19005-3, 6.3.3; ISO 14289-1, 7.18.1).
"""

from dienstweg.adapters.pades.identity import test_identity
from dienstweg.adapters.pades.sealer import OPTIONS_SCHEMA, SECRETS_SCHEMA, make, origins

__all__ = ["OPTIONS_SCHEMA", "SECRETS_SCHEMA", "make", "origins", "test_identity"]
