"""Clauses that belong to an answer: what limits it, and what gives a reason or a way, whole."""

from __future__ import annotations

import re

from index.structure.spans import Span
from qa.english.words import AUXILIARIES, is_verb_of_speaking

_LIMIT = re.compile(
    r"(?:\s*[,;(–—]|\s+-)?\s*\b(?:but )?(?:unless|except(?:ing)?|provid(?:ed|ing) that"
    r"|(?<=[,;(] )provided|on condition that|(?:as|so) long as|only (?:if|when|after)"
    r"|but (?:not|only)|other than|save for|with the (?:sole )?exception of|excluding)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bnot )(?<!\bhis )(?<!\bher )(?<!\bits )(?<!\btheir )"
    r"\bonly (?=(?:after|at|before|below|between|by|during|for|from|if|in|inside|on|outside|to"
    r"|under|until|when|where|while|with|within|without) )"
)
_APART = re.compile(
    r"(?:(?:However|But|Yet|Only|Note that),? )?"
    r"(?:(?:this|that|these|those|it|they|the \w+)(?: \w+){0,3}? (?:does|do|did|will|shall|would)"
    r"(?: not|n['’]t) (?:apply|hold|extend|include|cover|count)\b"
    r"|(?:except|excepted|excluded|exempt(?:ed)?|unless)\b"
    r"|(?:the |an |one )?(?:(?:only|sole|main|one) )?exceptions?(?::| (?:is|are|was|were)\b)"
    r"|(?:this|it|that) (?:applies|holds) only\b)",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\W*(?:and |so |but )?(?:why|how come|for what reason|what (?:is|was) the reason)\b"
)
_HOW = re.compile(
    rf"\W*(?:and |so |but )?(?:how (?=(?:{'|'.join(sorted(AUXILIARIES))})\b)"
    r"|in what way\b|by what means\b)"
)
_REASON = re.compile(
    r"\b(?:because of|because|due to|owing to|thanks to|on account of"
    r"|as a (?:result|consequence) of|in view of|so that|in order (?:to|that)|so as to"
    r"|on the grounds? (?:that|of)|given that"
    r"|(?=for (?:fear|lack|want) of))\s*",
    re.IGNORECASE,
)
_WAY = re.compile(
    r"\b(?:by (?:means of )?(?=[a-z]+ing\b)|by means of |(?=using |with the help of ))"
)
_PART_ENDS = re.compile(r",|\s+(?:and|or|but|nor|while|although|though)\b")
_RELATIVE = re.compile(r",\s(?:which|who|whose|whom|where)\b[^,;.:!?]*,(?!\s(?:and|but|or)\b)")
_STOPS = re.compile(
    r"[;:!?—”\")\]]|\.(?=\s|\W*$)"
    r"|,\s(?=(?:and|but|or|so|yet|which|who|whose|whom|where|while|although|though|whereas|he|she|it"
    r"|they|we|I|you|there|according)\b)"
    rf"|\s(?=(?:and|but)\s(?:then|later|not|never|{'|'.join(sorted(AUXILIARIES))})\b)"
    r"|,\s(?=(?P<speech>(?:[\w.’'-]+ ){1,5}\w+))"
)


def with_limit(text: str, span: Span, sentence: Span) -> Span:
    """Widen a span by the clause that limits it, if one follows in its sentence, and by "only".

    "Within 30 days" is not what "within 30 days, unless the seal is broken" says, nor is "between
    the flags" what "only between the flags" says.
    """
    before = _ONLY.search(text, max(sentence.start, span.start - len("only ")), span.end)
    if before and before.end() == span.start:
        span = Span(before.start(), span.end)
    found = _LIMIT.match(text, span.end, sentence.end)
    if found is None:
        return span
    end = _clause_end(text, found.end(), sentence.end)
    if "(" in found.group() and text[end : end + 1] == ")":
        end += 1
    return Span(span.start, end)


def is_limit(text: str, start: int) -> bool:
    """Tell whether the sentence that starts at a place limits what the one before it says."""
    return _APART.match(text, start) is not None


def whole_clause(question: str, text: str, span: Span, sentence: Span) -> Span:
    """Widen a span to the clause round it that gives the reason or the way that is asked for.

    Args:
        question: What is asked; what does not ask why or how leaves a span as it is.
        text: The text.
        span: Where the span stands.
        sentence: Where its sentence stands.
    """
    asked = question.lower()
    opening = _REASON if _WHY.match(asked) else _WAY if _HOW.match(asked) else None
    if opening is None:
        return span
    for found in opening.finditer(text, sentence.start, min(span.end, sentence.end)):
        start = found.end()
        end = _clause_end(text, start, sentence.end)
        if _PART_ENDS.match(text, span.end) and not _RELATIVE.match(text, span.end):
            end = span.end  # whether what follows belongs to the reason is not sure
        elif found.group()[:1].isupper():  # "Because of rain, the match was called off."
            comma = text.find(",", span.end, end)
            end = comma if comma >= 0 else span.end
        if found.start() <= span.end and span.start < end and span.end > start and span.end <= end:
            return Span(min(span.start, start), end)
    return span


def _clause_end(text: str, start: int, end: int) -> int:
    """Return where the clause ends that starts at a place."""
    place = start
    while found := _STOPS.search(text, place, end):
        place = found.end()
        if skipped := _RELATIVE.match(text, found.start(), end):
            place = skipped.end()
        elif found["speech"] is None or is_verb_of_speaking(found["speech"].split()[-1]):
            end = found.start()
            break
    while end > start and text[end - 1] in " ,":
        end -= 1
    return end
