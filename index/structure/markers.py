"""What items of lists, questions and answers start with."""

from __future__ import annotations

import re
from typing import NamedTuple

_MARKER = re.compile(
    r"""
    (?: (?P<bullet> [-*+•·–‣▪▸►◦●○■◆➢➤∙⁃o] (?=[ \t]) | [•‣▪▸►◦●■◆➢➤⁃] )
        (?: [ \t]+ (?: \[[ xX✓✔]?\] | [☐☑☒□✓✔✗✘] ) (?=[ \t]) )?
      | (?P<box> \[[ xX✓✔]?\] (?=[ \t]) | [☐☑☒✓✔✗✘] | □ (?=[ \t]) )
      | (?P<step> [Ss]tep | STEP ) [ \t]+ (?P<which> \d{1,3} | [a-z]+ ) [ \t]*
        (?: [:.)] | [–—-] (?=[ \t]) ) (?=[ \t]|$)
      | (?P<open> \(? ) (?P<sign> \d{1,3} | [a-z] | [A-Z] | [ivx]{2,5} | [IVX]{2,5} )
        (?P<close> [.)] ) (?=[ \t])
    ) [ \t]*
    """,
    re.VERBOSE,
)
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ROMANS = {"i": 1, "v": 5, "x": 10}
_BOX = "☐"  # the style of what is ticked, or may be
SURE_BULLETS = frozenset("-•‣▪▸►◦●■◆➢➤⁃☐")  # others also stand in prose


class Marker(NamedTuple):
    """What an item starts with.

    Attributes:
        length: How many characters it has, with the blanks behind it.
        style: What the markers of its list have in common.
        value: Which item it says it is; 0 for a bullet.
        roman: What it is if it is a Roman number; 0 if it is none.
    """

    length: int
    style: str
    value: int
    roman: int = 0

    @property
    def ordered(self) -> bool:
        """Whether it is numbered."""
        return self.value > 0 or self.roman > 0 or self.style[0] in "1("


def marker_of(line: str) -> Marker | None:
    """Return the marker that a line starts with; None if it starts with none."""
    match = _MARKER.match(line)
    if match is None or match.end() == len(line):
        return None
    if (bullet := match["bullet"]) is not None:
        return Marker(match.end(), bullet, 0)
    if match["box"] is not None:
        return Marker(match.end(), _BOX, 0)
    if match["step"] is not None:
        which = match["which"]
        if which.isdigit():
            return Marker(match.end(), "step", int(which))
        return Marker(match.end(), "step", _WORDS.index(which) + 1) if which in _WORDS else None
    sign, around = match["sign"], (match["open"], match["close"])
    if around == ("(", "."):
        return None
    if sign.isdigit():
        return Marker(match.end(), "1".join(around), int(sign))
    roman = _roman(sign.lower())
    style = ("a" if sign.islower() else "A").join(around)
    value = ord(sign.lower()) - ord("a") + 1 if len(sign) == 1 else 0
    return Marker(match.end(), style, value, roman) if value or roman else None


def _roman(sign: str) -> int:
    if not all(letter in _ROMANS for letter in sign):
        return 0
    values = [_ROMANS[letter] for letter in sign]
    return sum(
        -value if value < max(values[place:]) else value for place, value in enumerate(values)
    )


_QUESTION = re.compile(
    r"(?:\*\*|__)?(?:Q|Question|QUESTION)[ \t]*\d{0,3}[ \t]*[.:)](?:\*\*|__)?[ \t]+"
)
_ANSWER = re.compile(r"(?:\*\*|__)?(?:A|Answer|ANSWER)[ \t]*\d{0,3}[ \t]*[.:)](?:\*\*|__)?[ \t]+")


def question_marker(line: str) -> int:
    """Return how long the "Q:" is that a line starts with; 0 if it starts with none."""
    match = _QUESTION.match(line) if line[:1] in "Q*_" else None
    return match.end() if match is not None and match.end() < len(line) else 0


def answer_marker(line: str) -> int:
    """Return how long the "A:" is that a line starts with; 0 if it starts with none."""
    match = _ANSWER.match(line) if line[:1] in "A*_" else None
    return match.end() if match is not None and match.end() < len(line) else 0
