"""What a text says to the letter: addresses, amounts, times, accounts, names with initials.

Whoever copies an answer copies it unread. So none of these is ever torn: an e-mail address is none
without its first half, "4.2" no sum without "million euros". A run of characters without blanks is
one of them, in scripts that part their words by blanks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.structure.spans import Span
from qa.english.amounts import amounts
from qa.english.dates import dates
from qa.english.names import ROLES
from qa.english.words import CLOSED, lowered, spellings, word_list, words

_MOST = 10_000  # characters of a passage; a longer one is a run without blanks, and no prose
_LONGEST = 500  # characters; what is longer is no address that anybody copies
_UNSPACED = (  # Thai to Burmese, Khmer, Chinese, Japanese, Korean
    "\u0e00-\u109f\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_LETTER = rf"[^\W_{_UNSPACED}][\u0300-\u036f\u00ad]*"
_NO_YEARS = r"(?!(?<=\b[12]\d{3}.)[12]\d{3}\b)"  # "1914" may be cut from "1914–1918"
_NO_UNIT = r"(?!(?<=\d.)[a-z]{3,}(?![\w.-]))"  # "6" may be cut from "6-mile"
_NO_MAKER = (  # as "London" may from "London-based"; but nobody is "employed" who is self-employed
    r"(?!(?:(?<=\w{4}.)(?<!\bself.)|(?<=[A-Z].)|(?<=\..))(?:[a-z]+(?:ed|ing)|led|born|built|made|run|like|style)\b)"
)
_JOIN = (
    rf"(?:[-‐‑]{_NO_YEARS}{_NO_MAKER}{_NO_UNIT}|(?<=\d)–{_NO_YEARS}(?=\d)|[_@&=+~^×·]+|['’](?![sS]\b)"
    r"|\.(?!(?<=[a-z]{2}\.)[A-Z][a-z])"  # no full stop that lacks its blank
    r"|(?<=\d)[,:/](?=\d)|:(?=\d{2,5}\b)|[$£€¥](?=\d))"
)
_RUN = re.compile(
    r"(?:(?<![\w)\]])(?:[~≈±<>≤≥+−-]{0,2}[$£€¥₹§]?(?=\d)|[#@](?=\w)|--(?=\w)))?"
    rf"(?:{_LETTER})+(?:{_JOIN}(?:{_LETTER})+)*(?:(?:[%‰]|°[CFK]?|\+{{1,2}}|#)(?!\w))?"
)
_ABBREVIATION = re.compile(
    r"\b(?:(?:[^\W\d_]\.){2,}|Ph\.D\.|(?:Inc|Ltd|Co|Corp|Jr|Sr|Bros|Esq)\.)(?!\w)"
)
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z\d+]{1,9}://|\bwww\.|(?<![\w.@/-])(?:[a-z\d-]{1,63}\.){1,5}[a-z]{2,20}"
    r"(?=[/?#:]\w))[^\s<>\"“”«»]*[^\s<>\"“”«».,;:!?)\]}'’*]"
)
_PATH = re.compile(
    r"(?<![\w/.~$<])(?:~|\.{1,2}|\$\w{1,40})?(?:/[\w.~+@%-]*[\w~+@%-]){1,40}/?"
    r"|(?<![\w/.-])(?:[\w.-]{1,80}/){1,40}[\w-]{1,80}(?:\.\w{1,10})+"
    r"|(?<![\w\\])(?:[A-Za-z]:|\\\\?[\w.$-]{1,80}|%\w{1,40}%)"
    r"(?:\\(?:[\w.$()+-]+ ){0,4}[\w.$()+-]+(?=\\)){0,40}\\(?:[\w.$()+-]*[\w)])?"
)
_LETTERED = word_list("lettered")
_BLANK = "[ \u00a0\u202f]"
_ACCOUNT = re.compile(
    rf"\b[A-Z]{{2}}\d\d(?:{_BLANK}?[A-Z\d]{{4}}){{2,7}}(?:{_BLANK}?[A-Z\d]{{1,4}})?(?!\w)"  # IBAN
    r"|\b(?:97[89][ -])?\d{1,5}(?:[ -]\d{1,7}){2}[ -][\dX]\b"  # ISBN
    rf"|\b\d{{4}}(?:{_BLANK}\d{{4}}){{2,5}}(?:{_BLANK}\d{{1,4}})?\b"  # a card's
    r"|(?<![\w.])\+\d{1,3}(?:[ ./-]?\(?\d{1,5}\)?){1,6}(?!\d)"  # telephones
    rf"|\(0?\d{{2,5}}\){_BLANK}?\d{{2,8}}(?:[ -]\d{{2,5}}){{0,3}}\b"
    r"|(?<![\w.,])0\d{1,5}(?:[ /-]\d{2,8}){1,4}\b"
    r"|(?<![\w.,])\d{3}[-. ]\d{3}[-. ]\d{4}\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"  # a postcode
)
_HOUR = rf"(?:{'|'.join(sorted(word_list('hours')))})"
_CLOCK = (
    r"(?:\d{1,2}[:.]\d\d(?::\d\d)?(?: ?(?:[ap]\.m\.|[ap]m\b|hrs?\b|h\b))?"
    r"|\d{1,2} ?(?:[ap]\.m\.|[ap]m\b|[oO]['’]clock)|\d{1,2}(?= ?[–-] ?\d{1,2}(?::\d\d)? ?[ap]\.?m)"
    r"|(?:half|(?:a )?quarter|(?:five|ten|twenty|twenty-five)(?: minutes)?) (?:past|to) "
    rf"(?:{_HOUR}|\d{{1,2}})|{_HOUR} (?:[oO]['’]clock|[ap]\.m\.|[ap]m\b))"
)
_PART = (
    r"(?: (?:in the (?:morning|afternoon|evening)|at night))?"
    r"(?: (?:GMT|UTC|CES?T|BST|E[SD]T|P[SD]T))?"
)
_TIME = re.compile(rf"(?<![\w.,:])(?i:{_CLOCK}(?: ?[–-] ?{_CLOCK})?){_PART}(?!\w)")
_TIMES = word_list("times_of_day")
_CAPITAL = r"[A-Z]\w*(?:['’](?!s\b)\w+|-\w+){0,3}"
_INITIALS = re.compile(
    rf"(?<![\w.’-])(?:(?P<first>{_CAPITAL}) )?(?P<initials>(?:[A-Z]\. ?){{1,4}})"
    rf"(?:(?:van|von|de|der|den|du|la|le|di|da|of) ){{0,2}}(?P<last>{_CAPITAL})(?!\w)"
)
_SUFFIX = re.compile(
    rf"(?<![\w’-])(?P<last>{_CAPITAL}),? (?:(?:Inc|Ltd|Co|Corp|Jr|Sr|Bros|Esq)\b\.?"
    r"|(?:plc|PLC|GmbH|LLC|LLP|AG|S\.A\.|Ph\.D\.|PhD|M\.D\.|II|III|IV|VI{0,3})(?!\w))"
)
_WHEN = re.compile(r"\W*(?:when|(?:on )?(?:what|which) date|what (?:is|was) the date)\b", re.I)


class Whole(NamedTuple):
    """What is not to be torn.

    Attributes:
        span: All of it.
        core: The part that tells that it is meant: of an amount the number, of a name the surname.
    """

    span: Span
    core: Span


def wholes(text: str, start: int, end: int, question: str = "") -> list[Whole]:
    """Find what is not to be torn in a stretch of a text.

    Args:
        text: The text.
        start: Where the stretch starts.
        end: Where it ends.
        question: What is asked: see :func:`qa.english.amounts.amounts`. A date is whole where it is
            asked when something was: a year or a day may be asked for alone.

    Returns:
        What was found; nothing in a stretch that is too long to be a passage of prose, or that
        does not part its words by blanks.
    """
    if end - start > _MOST or not any(map(str.isspace, text[start:end])):
        return []
    found = [Whole(*each) for each in amounts(text, start, end, question)]
    stretch = text[start:end]
    patterns = [_RUN, _ABBREVIATION, _TIME, _ACCOUNT]
    if "/" in stretch or "\\" in stretch or "www." in stretch:
        patterns += [_ADDRESS, _PATH]
    for pattern in patterns:
        spans = (Span(*match.span()) for match in pattern.finditer(text, start, end))
        found += [Whole(span, span) for span in spans]
    if _WHEN.match(question):
        spans = (Span(start + date.start, start + date.end) for date in dates(stretch))
        found += [Whole(span, span) for span in spans]
    for match in _INITIALS.finditer(text, start, end):
        if span := _name(text, match):
            found.append(Whole(span, Span(*match.span("last"))))
    for match in _SUFFIX.finditer(text, start, end):
        found.append(Whole(Span(*match.span()), Span(match.end("last") - 1, match.end())))
    return [whole for whole in found if whole.span.end - whole.span.start <= _LONGEST]


def widen(span: Span, found: Sequence[Whole], within: Span | None = None) -> Span:
    """Widen a span by the rest of what it tears.

    Args:
        span: The span.
        found: What is not to be torn.
        within: What it may not grow out of, such as the cell of a table; None if there is nothing.
    """
    torn = True
    while torn:
        torn = False
        for whole, core in found:
            if within is not None:
                whole = Span(max(whole.start, within.start), min(whole.end, within.end))
            if span.overlaps(core) and not span.contains(whole):
                span = Span(min(span.start, whole.start), max(span.end, whole.end))
                torn = True
    return span


def is_time(text: str) -> bool:
    """Tell whether a text says a time of day."""
    return _TIME.search(text) is not None or not _TIMES.isdisjoint(map(lowered, spellings(text)))


def _name(text: str, found: re.Match[str]) -> Span | None:
    """Return where a name with initials stands; None if a sentence ends: "vitamin D. Ann"."""
    first, initials, last = found.group("first", "initials", "last")
    before = words(text, max(0, found.start() - 30), found.start())
    lettered = first or (before[-1].text if before else "")
    if lowered(last) in CLOSED or lowered(lettered) in _LETTERED or initials == "I. ":
        return None
    titled = first and (lowered(first) in CLOSED or lowered(first) in ROLES)
    return Span(found.start("initials") if titled else found.start(), found.end())
