"""What becomes of raised text, such as "3" behind "12,400": a note's mark, or a part of the word.

Read as it stands, a mark would make another number of the one that it is at.
"""

from __future__ import annotations

import re
from typing import Literal

Treatment = Literal["keep", "drop", "apart", "power"]
"""Raised text stays; is left out; stays behind a blank; stays behind a "^"."""

LOOKED_AT = 48  # characters before and behind that the decision is made from

_ONE = r"(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*∗†‡§¶‖#]{1,4})"
_SEVERAL = rf"{_ONE}(?:[\s,;·–-]+{_ONE})*"
_MARKS = re.compile(
    rf"{_SEVERAL}[.,)\]]?|\({_SEVERAL}\)"
    rf"|(?:\[(?:(?:nb|n|notes?|fn|ref)\.?\s?)?{_SEVERAL}\]\s?)+",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[*∗†‡§¶‖#]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d{1,3}")
_EXPONENT = re.compile(r"[−–-]?\d{1,3}(?:[./]\d{1,2})?|[−–+-]?\d{0,2}[a-zA-Zα-ω](?:[+−–/-]\w)?")
_LONGEST_MARK = 40  # characters
_CHARGE = re.compile(r"\d{0,2}[+−–-]{1,2}")
_ABOVE = re.compile(r"\d{1,3}\s?[/⁄∕]")
_FRACTION = re.compile(r"\d{1,3}\s?[/⁄∕]\s?\d{1,3}")
_BELOW = re.compile(r"\s?[/⁄∕]\s?\d{1,3}(?!\d)")

_TRADE = frozenset(("tm", "sm", "mc", "md", "®", "℠", "™", "©"))
_ORDINAL = frozenset(
    ("st", "nd", "rd", "th", "er", "ers", "re", "res", "ère", "ères", "e", "es", "nde", "ème",
     "èmes", "eme", "emes", "o", "os", "a", "as", "ta", "to", "ra", "ro", "mo", "ma", "de", "te")
)  # fmt: skip
# Endings of shortened words that are raised: "Mme", "Mlle", "Dr", "Sta", "Nos".
_SHORTENED = frozenset(
    ("me", "mes", "lle", "lles", "gr", "te", "tes", "ts", "ta", "to", "os", "as", "da", "do", "ra",
     "ro", "re", "ve", "ie", "ies", "nt", "th", "rs", "er", "ers", "ère")
)  # fmt: skip
_NUMBERED = re.compile(r"(?<![\w.,])(?:\d{1,3}|[IVXLCDM]{1,8}|[nN])\Z")
_WORD_FOLLOWS = re.compile(r"[.\s\xa0]*[^\W\d_]|[.\s]*\d")
_CLOCK_FOLLOWS = re.compile(r"\s?(?:uhr|hrs?|h|a\.?m|p\.?m|o.clock|[–-]\s?\d)(?!\w)", re.IGNORECASE)
_HOUR = re.compile(r"(?<![\w.,:])(?:[01]?\d|2[0-4])\Z")
_PRICE = re.compile(r"(?:[$€£¥]|USD|EUR|GBP|CHF)\s?\d{1,3}\Z")
_MILLIONS = re.compile(r"[$€£¥]\s?[\d.,]+\s?m\Z")
_UNIT = re.compile(
    r"(?:(?<![^\W\d_])(?<!['’])(?<!\d{3}(?=s))(?:[kcmdnµμ]?m|ft|in|yd|mi|s|pc|[kM]pc|Å|[ксм]?м)"
    r"|\d\s?(?:inch(?:es)?|foot|feet|yards?|miles?|(?:kilo|centi|milli)?met(?:er|re)s?))\.?\Z"
)
_TEN = re.compile(r"(?:\A|[^\w.,]|\d\s?[x×·*.]\s?)10\Z")
_BASE = re.compile(r"(?<!\w)[2-9e]\Z")
_VARIABLE = re.compile(r"(?<![^\W\d_’'])[a-ln-rt-zα-ωχ]\Z")
_LETTER = re.compile(r"(?<!\w)[^\W\d_]\Z")
_BEFORE_FORMULA = re.compile(r"[=+×·<>≤≥≈∝√]\s?\d*[A-Za-zα-ω]{0,2}\Z")
_AFTER_FORMULA = re.compile(r"\s?[=+×·<>≤≥≈^]")
_TERM = re.compile(r"\(([^()]*)\)\Z")
_OPERATION = re.compile(r"[+×*/·]|[−-]\s?[a-z]|[a-z]\s?[−-]|^\s*[a-z]\s*$")
_ELEMENT = re.compile(
    r"(?:H[efgos]?|L[iaru]|B[eairk]?|C[adeflmorsu]?|N[abdeip]?|O[s]?|F[er]?|M[gno]|A[lrsgutmc]"
    r"|S[icrebmn]?|P[abdmortu]?|K[r]?|T[iechlmba]|V|Z[nr]|G[ade]|R[abehu]|Y[b]?|I[nr]?|X[e]|W"
    r"|E[ru]|D[y]|U)(?![^\W\d_])"
)
_WIDE = 0x2E80  # the first of the signs that are written without blanks between words


def treatment(before: str, raised: str, after: str) -> Treatment:
    """Tell what becomes of raised text.

    Args:
        before: What stands before it in its block, or the last :data:`LOOKED_AT` characters of it.
        raised: What is raised.
        after: What stands behind it, or the first characters of it.
    """
    said = raised.strip()
    before, after = before[-LOOKED_AT:], after[:LOOKED_AT]
    base = before.rstrip(" \t\xa0\u2009\u202f")
    if not said or not base or base[-1] == "\n":  # a note itself begins with its mark
        return "keep"
    glued = base == before and raised[0] == said[0]
    if (kept := _fraction(base, said, after)) is not None:
        return kept
    if said.casefold() in _TRADE or _CHARGE.fullmatch(said):
        return "keep"
    if len(said) > _LONGEST_MARK:
        return "apart"
    if _EXPONENT.fullmatch(said) and not (said.isalnum() or _MARKS.fullmatch(said)):
        return "power" if glued and (_TEN.search(base) or _is_variable(base, after)) else "keep"
    if not (_MARKS.fullmatch(said) or said[0].isalnum() or said[0] in "(["):
        return "keep"
    if _NUMBER.fullmatch(said):
        return _number(base, said, after, glued=glued)
    if _LETTERS.fullmatch(said):
        return _letters(base, said, after, glued=glued)
    if _SIGNS.fullmatch(said) and glued and _LETTER.search(base):
        return "keep"  # such as "x*"
    return "drop" if _MARKS.fullmatch(said) else "apart"


def _fraction(base: str, said: str, after: str) -> Treatment | None:
    """Tell what becomes of a fraction, or of the number above its line; None if it is none."""
    number = base[-1].isdigit()
    if _FRACTION.fullmatch(said):
        if _is_variable(base, after):
            return "power"
        return "apart" if number else None
    above = _NUMBER.fullmatch(said) and _BELOW.match(after)
    if above or (_ABOVE.fullmatch(said) and after[:1].isdigit()):
        return "apart" if base[-1].isalnum() else "keep"
    return None


def _number(base: str, said: str, after: str, *, glued: bool) -> Treatment:
    if _HOUR.search(base) and (said == "00" or _is_clock(said, after)):
        return "apart"
    if _PRICE.search(base) and len(said) == 2 and said[1] in "059":
        return "apart"  # cents
    if glued and (_TEN.search(base) or _is_variable(base, after)):
        return "power"
    if said in ("2", "3") and _UNIT.search(base) and not _MILLIONS.search(base):
        return "keep"
    if not glued or not base[-1].isalnum():
        isotope = _ELEMENT.match(after)
        if isotope and (isotope[0] != "I" or len(said) == 3) and base[-1] not in '.!?”"':
            return "keep"
    between = glued and _is_letter(base[-1]) and _is_letter(after[:1])
    return "keep" if between else "drop"  # such as "I2C"


def _is_clock(said: str, after: str) -> bool:
    minutes = len(said) == 2 and said[0] < "6" and said[1] in "05"
    return minutes and _CLOCK_FOLLOWS.match(after) is not None


def _letters(base: str, said: str, after: str, *, glued: bool) -> Treatment:
    low = said.casefold()
    if low == "o" and base[-1].isdigit() and re.match(r"\s?[CF](?!\w)", after):
        return "keep"  # a degree
    if not glued:
        return "drop" if len(said) == 1 and said.islower() else "keep"
    if low in _ORDINAL and _NUMBERED.search(base) and (
        len(low) > 1 or (low in "eo" and not base[-1].isdigit()) or _WORD_FOLLOWS.match(after)
    ):  # fmt: skip
        return "keep"
    if base[-1].isdigit() and low in ("st", "nd", "rd", "th"):
        return "keep"
    if base[-1].isdigit() and low in ("h", "m", "s", "d", "min") and re.match(r"\s?\d", after):
        return "keep"
    if len(said) == 1:
        if _is_letter(base[-1]) and _is_letter(after[:1]):
            return "keep"  # such as "McKay"
        if _is_variable(base, after) or ((_TEN.search(base) or base == "2") and low in "nkx"):
            return "power"
        if _NUMBERED.search(base) and base[-1] in "nN" and low == "o":
            return "keep"
        if low == "r" and re.search(r"(?<!\w)[DMS]\Z", base):
            return "keep"  # such as "Dr"
        return "drop" if said.islower() or base[-1].isdigit() else "keep"
    if re.fullmatch(r"[ivx]{2,5}", said):
        return "drop"
    if low in _SHORTENED and _is_letter(base[-1]):
        return "keep"
    return "apart"


def _is_variable(base: str, after: str) -> bool:
    """Tell whether a formula's letter, number or bracket stands there, so that a power follows."""
    if _VARIABLE.search(base) or (base.endswith("R") and _LETTER.search(base)):
        return True
    if term := _TERM.search(base):
        inner = term[1]
        return _OPERATION.search(inner) is not None and not re.search(r"[^\W\d_]{3}", inner)
    if _UNIT.search(base) or not (_BASE.search(base) or _BEFORE_FORMULA.search(base)):
        return False
    in_formula = _BEFORE_FORMULA.search(base) if base[-1].isalpha() else None
    return in_formula is not None or _AFTER_FORMULA.match(after) is not None


def _is_letter(sign: str) -> bool:
    return sign.isalpha() and ord(sign) < _WIDE
