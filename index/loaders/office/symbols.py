"""What the signs of fonts without letters, such as Wingdings, are in Unicode."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.loaders.writing import Piece

_PRIVATE = range(0xF000, 0xF100)  # where Word keeps the 256 signs of such a font
_GREEK = dict(
    zip(
        "ABGDEZHQIKLMNXOPRSTUFCYWabgdezhqiklmnxoprstufcyw",
        "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψω",
        strict=True,
    )
)
_SYMBOL = {
    0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓",
    0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xC6: "∅", 0xC7: "∩", 0xC8: "∪",
    0xCC: "⊂", 0xCE: "∈", 0xCF: "∉", 0xD1: "∇", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD5: "∏",
    0xD6: "√", 0xD7: "⋅", 0xD8: "¬", 0xD9: "∧", 0xDA: "∨", 0xDE: "⇒", 0xE5: "∑", 0xF2: "∫",
}  # fmt: skip
_WINGDINGS = {
    0x28: "☎", 0x2A: "✉", 0x4A: "☺", 0x4C: "☹", 0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x71: "☐",
    0x72: "☐", 0x75: "◆", 0x76: "◆", 0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xDF: "←", 0xE0: "→",
    0xE1: "↑", 0xE2: "↓", 0xE8: "→", 0xF0: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐"}


def symbol(font: str, code: str) -> str:
    """Return a sign as Unicode has it; empty if it cannot be said.

    Args:
        font: The font's name.
        code: The sign's number, in hexadecimal digits, as ``w:sym`` has it.
    """
    try:
        place = int(code, 16)
    except ValueError:
        return ""
    if place in _PRIVATE:
        place -= _PRIVATE.start
    elif place > 0xFF:
        allowed = place < 0x110000 and not 0xD800 <= place <= 0xF8FF
        return chr(place) if allowed else ""
    if place < 0x20:
        return ""
    font = font.casefold()
    if font == "symbol":
        return _SYMBOL.get(place) or _GREEK.get(chr(place)) or (chr(place) if place < 0x7F else "")
    if font.startswith("wingdings"):
        return (_WINGDINGS_2 if "2" in font else _WINGDINGS).get(place, "")
    return "" if font.startswith(("webdings", "zapf")) else chr(place)


_SIGN = re.compile("[\uf000-\uf0ff]")


def without_signs(pieces: Iterable[Piece]) -> tuple[list[Piece], bool]:
    """Return pieces without the signs of such fonts, which say nothing by themselves.

    Also tells whether they began with one: it was typed as the bullet of an item, and the white
    space behind it is left out, too.
    """
    kept: list[Piece] = []
    began = False
    for piece in pieces:
        place = 0
        for sign in _SIGN.finditer(piece.text):
            kept += _rest(piece, place, sign.start(), bare=not kept)
            began = began or not kept
            place = sign.end()
        kept += _rest(piece, place, len(piece.text), bare=not kept)
    return kept, began


def _rest(piece: Piece, start: int, end: int, *, bare: bool) -> list[Piece]:
    """Return a stretch of a piece; without white space at its start if nothing is before it."""
    if not bare:
        return [piece.cut(start, end) if (start, end) != (0, len(piece.text)) else piece]
    start = end - len(piece.text[start:end].lstrip())
    return [piece.cut(start, end)] if start < end else []
