"""The numbers in a text, each with its sign, its unit, its currency or its percent."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from index.structure.spans import Span
from qa.english.words import CLOSED, is_english, word_list

_REFERENCES = word_list("reference_words")
_TEENS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL = rf"(?:(?:{_TENS})(?:[- ](?:one|{_TEENS}))?|{_TEENS})\b"
_SCALES = r"(?:hundred|thousand|million|billion|trillion|dozen)\b"
_IN_WORDS = rf"(?:{_SMALL}|(?:an?|one) (?={_SCALES}))(?: ?{_SCALES})*(?: and {_SMALL})?"
_FRACTION = (
    rf"(?:(?:one|{_TEENS})[- ](?:half|halves|thirds?|quarters?|fifths?|sixths?|eighths?|tenths?)\b"
    r"|(?:half|an? (?:third|quarter|fifth|sixth|eighth|tenth))(?= (?:of|as)\b|[.;])"
    r"|half an? million\b"
    rf"|(?:one|{_TEENS}|\d+) (?:in|out of) (?:every )?(?:a hundred\b|{_SMALL}|\d+))"
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_RANGE = rf"{_DIGITS}(?:[-–]{_DIGITS})?"
_SCALE = r"(?: (?:hundred|thousand|million|billion|trillion|dozen)\b| ?(?:mn|bn|tn|[kKM])(?!\w))"
_SYMBOL = r"(?:(?:US|CA?|AU?|NZ|HK)?\$|[£€¥₹₽])"
_MONEY = rf"{_SYMBOL} ?{_RANGE}(?:{_SCALE}|[mb](?!\w))?"
_CURRENCY = (
    "cents?|crowns?|dirhams?|dollars?|euros?|francs?|kron[aeo]r?|lira|pesos?|pence|penny|pounds?|"
    "rand|rou?bles?|rupees?|shekels?|shillings?|yen|yuan|zloty|"
    "[A-Z]{2}D|BRL|CHF|CNY|CZK|DKK|EUR|GBP|HUF|INR|JPY|NOK|PLN|SEK|TRY|ZAR"
)
_METRIC = (
    r"(?:kilo|centi|milli|micro|nano)?(?:metre|meter|gramme|gram|litre|liter|watt|tonne|volt)s?"
)
_LONG_UNIT = (
    rf"(?:(?:square|cubic|nautical|light)[- ])?(?:{_METRIC}|kilos?|miles?|yards?|feet|foot|"
    r"inch(?:es)?|acres?|hectares?|tons?|pints?|gallons?|ounces?|knots?|years?)"
    r"|(?:basis|percentage) points?|(?:milli)?seconds?|minutes?|hours?|days?|nights?|weeks?"
    r"|months?|decades?|centuries|degrees?"
    r"(?: (?:Celsius|Fahrenheit))?|calories|(?:gigaw|megaw)atts?|(?:giga|mega|kilo)bytes?"
)
_SHORT_UNIT = (
    r"(?:[kcmnµμ]?m[²³23]?|[kmµμ]?g|[mcd]?[lL]|lbs?|oz|ft|in|mi|ha|t|[kMGT]?Wh?|[kmM]?V|m?Ah?|"
    r"[kMG]?Hz|dB|[kh]?Pa|bar|psi|rpm|mph|kph|kn|k?J|kcal|K|pp[mb]|px|dpi|fps|[kKMGT]i?B|"
    r"[kMG]?bit|ms|s|min|h|hrs?|°\s?[CF]?)(?:/(?:h|s|day|[kml]?g|m[²³]|ml|[lL]))?"
)
_UNIT = (
    rf"(?:[-\s]?(?:{_LONG_UNIT}|{_CURRENCY})\b(?: (?:an|per) (?:hour|second|minute|day|year)\b)?"
    rf"|\s?(?:[%‰€]|per ?cent(?:age points?)?\b|percent(?:age points?)?\b|(?:{_SHORT_UNIT})(?!\w)))"
)
_NUMBER = re.compile(
    rf"(?<![\w#@/:])(?<!\d[.,])(?<!\w[-–])"
    rf"(?P<whole>[-−+±]?{_MONEY}(?:[-–]{_MONEY})?"
    rf"|(?i:{_FRACTION})"
    rf"|(?:(?<![\w)]-)[-−+±])?{_RANGE}(?:p|(?:{_SCALE})?{_UNIT}|{_SCALE})"
    rf"|(?i:{_IN_WORDS}|one){_UNIT}"
    r")(?!\w|[.,]?\d)"
    rf"|(?<![\w#@/:])(?<!\d[.,])(?<!\w[-–])(?P<bare>(?:[-−+±](?=\d))?{_RANGE})"
    r"(?!\w|\.\d|[:/–-]\d|\s?(?:[ap]\.?m\b|o['’]clock))"
    rf"|\b(?P<words>(?i:{_IN_WORDS}))"
)
# What has figures in it and is no number: addresses, telephone numbers, the markers of a list.
_OTHERS = re.compile(
    r"(?:https?://|www\.)\S+|(?<!\S)[^\s@]{1,64}@[^\s@]{1,255}"
    r"|(?<![\w.,])(?:\+\d{1,3}[ -]?)?\(?0\d{1,5}\)?(?:[ -]\d{2,8}){1,5}(?![\w.,]\d)"
    r"|(?<![\w.,])\+\d{1,3}(?:[ -]\d{1,8}){2,6}|(?<![\w.,-])\d{3}-(?:\d{3}-)?\d{4}(?![\w-])"
    r"|^[ \t]*(?:#{1,6} )?(?:\d{1,4}\.)*\d{1,4}[.)](?=\s)|(?<![\d.])\d+(?:\.\d+){2,}",
    re.MULTILINE,
)
_BEFORE = re.compile(r"(?:(?P<end>^|[.!?:;\n|•*-])\s*)?\b(?P<word>[^\W\d_][\w'’-]*)\.?[ \u00a0]\Z")
_STREET = re.compile(
    r"[a-z]? (?:[A-Z][\w'’]+ ){1,3}(?:Avenue|Close|Drive|Gardens|Hill|Lane|Place|Road|Square|"
    r"Street|Terrace|Way)\b"
)
_LOOKED_AT = 30  # characters before a number


def numbers(text: str, dates: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Return where the numbers of a text stand, in order, whether in figures or in words.

    With a number goes what makes it an amount: "-4 °C", "$3.2 million", "17 per cent", "two hours",
    "10-12 km". What only tells things apart or puts them in order is none: dates and times of day,
    telephone numbers, versions, "Apollo 11", "page 12", "12th", the markers of a list; nor is "one"
    without a unit, which is a pronoun more often than not.

    Args:
        text: The text.
        dates: Where its dates stand, in order.
    """
    others = sorted([*dates, *(Span(*found.span()) for found in _OTHERS.finditer(text))])
    starts = [other.start for other in others]
    found = []
    for match in _NUMBER.finditer(text):
        span = Span(*match.span())
        last = bisect_right(starts, span.end - 1) - 1
        taken = any(span.overlaps(other) for other in others[max(last - 1, 0) : last + 1])
        if not taken and not _is_label(text, match):
            found.append(span)
    return tuple(found)


def _is_label(text: str, match: re.Match[str]) -> bool:
    """Tell whether a number is part of a name: "Apollo 11", "page 12", "Three Mile Island"."""
    if match["words"]:
        capital = match["words"][0].isupper()
        return capital and re.match(r" [A-Z]", text[match.end() : match.end() + 2]) is not None
    if not match["bare"]:
        return False
    before = _BEFORE.search(text[max(match.start() - _LOOKED_AT, 0) : match.start()])
    if _STREET.match(text, match.end()):
        return True
    if before is None:
        return False
    word = before["word"]
    if word.lower() in _REFERENCES:
        return True
    if (
        not word[0].isupper()
        or word.lower() in CLOSED
        or len(match["bare"]) > 5
        or "-" in match["bare"]
    ):
        return False
    return before["end"] is None or not is_english(word)
