"""Reads the text of a PDF that Typst has set, so that acceptance cases check the real document."""

import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

_CHARACTER = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f]+>|\[[^\]]*\])")
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
_MOVES = frozenset({"Td", "TD", "Tm", "T*", "BT"})
_READ = " ".join(["Tf", "Tj", "TJ", "cm", *sorted(_MOVES)])
_TURNED = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_LEFT_TO_RIGHT = frozenset({"L", "EN", "AN"})


class _Font(dict[int, str]):
    """Glyph code -> text; a code that stands for nothing is left out."""

    def __missing__(self, code: int) -> str:
        return ""


_Run = tuple[str, _Font]
"""Glyph codes, and the font that says what they stand for."""
_SPACE: _Run = (" ", _Font({ord(" "): " "}))


def text_of(content: bytes) -> str:
    """Give the text of a PDF in reading order, all spaces and line ends as single spaces.

    A change of font inside a word (a letter that our fonts lack) reads as a space.
    """
    with pikepdf.open(BytesIO(content)) as pdf:
        parts = [part for page in pdf.pages for part in _page(page)]
    return " ".join("".join(parts).replace("\u00ad", "").split())


def _page(page: Any) -> Iterator[str]:
    """Yield the pieces of text of one page; a new run of text begins with a space."""
    fonts: dict[str, _Font] = {}
    current = _Font()
    line: list[_Run] = []
    height = None
    for instruction in pikepdf.parse_content_stream(page, _READ):
        operands, name = instruction.operands, str(instruction.operator)
        if name == "Tf":
            key = str(operands[0])
            if key not in fonts:
                fonts[key] = _characters(page.Resources.Font[key])
            current = fonts[key]
        elif name == "cm" and operands[5] != height:
            yield from _as_read(line)
            line, height = [_SPACE], operands[5]
        elif name in _MOVES:
            line.append(_SPACE)
        elif name in {"Tj", "TJ"}:
            line += [(codes, current) for codes in _codes(operands[0])]
    yield from _as_read(line)


def _codes(shown: Any) -> Iterator[str]:
    """Yield the two-byte glyph codes that an operator shows, as runs of signs."""
    for piece in [shown] if isinstance(shown, pikepdf.String) else shown:
        if isinstance(piece, pikepdf.String):
            yield bytes(piece).decode("utf-16-be", "surrogatepass")


def _as_read(line: list[_Run]) -> Iterator[str]:
    """Yield the texts of a line as they are read: Arabic ones stand on the page the other way."""
    read = "".join(codes.translate(font) for codes, font in line)
    if not _TURNED.search(read):
        yield read
        return
    waiting: list[str] = []
    for text in (font[ord(code)] for codes, font in line for code in codes):
        kinds = {unicodedata.bidirectional(sign) for sign in text}
        if kinds & _RIGHT_TO_LEFT or (waiting and not kinds & _LEFT_TO_RIGHT):
            waiting.append(text)
            continue
        yield from reversed(waiting)
        waiting = []
        yield text
    yield from reversed(waiting)


def _characters(font: Any) -> _Font:
    """Read a font's ToUnicode map: glyph code -> text."""
    found = _Font()
    if "/ToUnicode" not in font:
        return found
    for kind, block in _BLOCK.findall(font.ToUnicode.read_bytes()):
        if kind == b"bfchar":
            for code, text in _CHARACTER.findall(block):
                found[int(code, 16)] = _text(text)
            continue
        for first, last, target in _RANGE.findall(block):
            start, end = int(first, 16), min(int(last, 16), int(first, 16) + 0xFFFF)
            texts = [_text(each) for each in _HEX.findall(target)]
            for offset, code in enumerate(range(start, end + 1)):
                if target.startswith(b"["):
                    found[code] = texts[offset] if offset < len(texts) else ""
                else:
                    found[code] = texts[0][:-1] + chr(ord(texts[0][-1]) + offset)
    return found


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")
