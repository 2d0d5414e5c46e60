"""Looks into an uploaded file, in a process of its own with little memory and little time.

Run as ``python -m dienstweg.files.inspection``: takes the bytes on standard input and answers with
one line of JSON (``{"type": ...}`` or ``{"refused": code}``) and the bytes to keep. A parser that
is led astray by a hostile file takes this process with it, not the web server.

Rules: BSI TR-03172-3, A3.8.02 to A3.8.07 (allow-list by content, no archives, no executables, no
PDF with JavaScript, images re-encoded without metadata).
"""

import io
import json
import resource
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 15
MAX_PIXELS = 50_000_000
"""A phone's camera makes 50 megapixels at most; more is a bomb."""
MAX_SIDE = 8000
"""Pixels of the longer side of a picture that is kept."""
MAX_PDF_OBJECTS = 200_000
_PDF_HEAD = 1024
_MAX_DEPTH = 40

_FORBIDDEN_NAMES = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/RichMedia", "/XFA")
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
)
"""How ZIP, RAR, 7z, gzip, bzip2, xz and zstd begin."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the older files of office programs begin (.doc, .xls)."""
_ZIP_HEAD = 4096
_OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/", b"word/", b"xl/", b"_rels/")
"""Names of parts that stand at the beginning of newer ones (.docx, .xlsx, .odt)."""
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"avif"})
_Drawn = TypeVar("_Drawn")
_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE"})


class _Refusal(Exception):
    """Carries the code of a refusal."""


def inspect(content: bytes) -> tuple[str, bytes]:
    """Return the media type and the bytes to keep; raises `_Refusal` with a code."""
    if content[:3] == b"\xff\xd8\xff":
        return "image/jpeg", _image(content, "JPEG")
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png", _image(content, "PNG")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    _refuse_known(content)
    if b"%PDF-" in content[:_PDF_HEAD]:
        _check_pdf(content)
        return "application/pdf", content
    raise _Refusal("wrong_type")


def _refuse_known(content: bytes) -> None:
    """Say of files that people send in good faith what they are, so that they know what to do."""
    if content.startswith(_OLE) or (
        content.startswith(b"PK") and any(one in content[:_ZIP_HEAD] for one in _OFFICE_PARTS)
    ):
        raise _Refusal("office")
    if content.startswith(_ARCHIVES) or content[257:262] == b"ustar":
        raise _Refusal("packed")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise _Refusal("heic")


def _webp(content: bytes) -> tuple[str, bytes]:
    """Return a WebP photo as what everybody can open: a JPEG, or a PNG if it is see-through."""
    see_through = _drawn(content, "WEBP", lambda picture: "A" in picture.getbands())
    kind = "PNG" if see_through else "JPEG"
    return f"image/{kind.lower()}", _image(content, "WEBP", as_kind=kind)


def _image(content: bytes, kind: str, *, as_kind: str | None = None) -> bytes:
    """Return the picture drawn anew: upright, without metadata or anything hidden behind it."""
    target = as_kind or kind

    def draw(picture: Image.Image) -> bytes:
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        plain = upright.convert("RGB" if target == "JPEG" else _png_mode(upright.mode))
        out = io.BytesIO()
        plain.save(out, target, **({"quality": 88} if target == "JPEG" else {}))
        return out.getvalue()

    return _drawn(content, kind, draw)


def _drawn(content: bytes, kind: str, draw: Callable[[Image.Image], _Drawn]) -> _Drawn:
    """Open a picture of this kind and no other, if it is not a bomb; return what ``draw`` does."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _Refusal("too_large")
            return draw(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _Refusal("too_large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _Refusal("broken") from error


def _png_mode(mode: str) -> str:
    return mode if mode in {"1", "L", "LA", "RGB", "RGBA"} else "RGBA"


def _check_pdf(content: bytes) -> None:
    """Refuse a PDF that is encrypted, broken, or holds anything that acts."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise _Refusal("protected")
            if len(pdf.objects) > MAX_PDF_OBJECTS:
                raise _Refusal("too_large")
            if not pdf.pages:
                raise _Refusal("broken")
            _check_objects(pdf)
    except pikepdf.PasswordError as error:
        raise _Refusal("protected") from error
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError) as error:
        raise _Refusal("broken") from error


def _check_objects(pdf: pikepdf.Pdf) -> None:
    if "/OpenAction" in pdf.Root and _acts(pdf.Root["/OpenAction"]):
        raise _Refusal("active")
    names = pdf.Root.get("/Names")
    if names is not None and ("/JavaScript" in names or "/EmbeddedFiles" in names):
        raise _Refusal("active")
    for thing in pdf.objects:
        if _dangerous(thing):
            raise _Refusal("active")


def _dangerous(thing: Any, depth: int = 0) -> bool:
    """Tell whether a PDF object, or one that lies directly in it, could act."""
    if depth > _MAX_DEPTH:
        return True
    if isinstance(thing, pikepdf.Array):
        return any(_dangerous(one, depth + 1) for one in thing if _lies_inside(one))
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return False
    if any(name in thing for name in _FORBIDDEN_NAMES):
        return True
    if _acts(thing) or thing.get("/Type") == pikepdf.Name("/EmbeddedFile"):
        return True
    return any(_dangerous(one, depth + 1) for _, one in thing.items() if _lies_inside(one))


def _lies_inside(thing: Any) -> bool:
    """Tell whether an object is part of another; the others are looked at by themselves."""
    return isinstance(thing, pikepdf.Object) and not thing.is_indirect


def _acts(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and str(thing.get("/S", "")) in _ACTIONS


def main() -> None:
    """Answer for the file on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    kept = b""
    try:
        media_type, kept = inspect(sys.stdin.buffer.read())
        answer = {"type": media_type}
    except _Refusal as refusal:
        answer = {"refused": str(refusal)}
    except (MemoryError, RecursionError):
        answer = {"refused": "broken"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + kept)


if __name__ == "__main__":
    main()
