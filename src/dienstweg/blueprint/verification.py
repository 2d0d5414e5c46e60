"""How a document says where anybody can verify it: by a code, and a QR code of the address."""

import io
from functools import lru_cache

import segno

MASK = 3
"""One of the eight patterns; choosing the best of them for each code takes four times as long."""


@lru_cache(maxsize=8)
def qr(address: str) -> str:
    """Give the QR code of an address as SVG, quiet zone included (ISO/IEC 18004, level M)."""
    drawn = io.BytesIO()
    code = segno.make_qr(address, error="m", mask=MASK, boost_error=False)
    code.save(drawn, kind="svg", border=4, xmldecl=False, nl=False, omitsize=True)
    return drawn.getvalue().decode()


def verification(code: str, page: str) -> dict[str, str]:
    """Give what a template shows: the code, the page where it is typed in, and the QR code."""
    shown = page.partition("://")[2] or page
    return {"code": code, "url": shown, "qr": qr(f"{page}/{code}")}
