"""Whether a text says the opposite of what a question takes to be so.

A question and the sentence around a span are read alike (:mod:`qa.english.denials`). The text
opposes the question where it denies a word that the question affirms, or the other way round, in
the clause of the span; where it tells the span from the answer ("not in 2026 but in 2028"); and
where it calls off what is asked about. Denials in words of their own ("was a failure") are not
seen; what is seen is seldom wrong: see ``tests/test_polarity.py`` for what is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from index.structure.sentences import split_sentences
from index.structure.spans import Span
from index.text.terms import terms
from qa.english.denials import (
    HELPERS,
    NOBODY,
    NOT_DENIED,
    REFUSING,
    Said,
    asked_words,
    is_of_past,
    said_words,
)
from qa.english.words import word_list

_BE = word_list("forms_of_be")
_CANCELS = word_list("cancelling")
_HAPPENING = word_list("happening")
_CORRECTIONS = frozenset({"instead of", "rather than", "opposed to", "place of"})
_ALL_BUT = frozenset({"everyone but", "everybody but", "everything but"})
_CORRECTING = word_list("correcting")  # a question with one asks for what was corrected
_AGAINST = frozenset({"to", "against", "by"})
_EXCEPTING = word_list("excepting")
_WHO = re.compile(r"(?:\w+ )?(?:who|whom|whose|which)\b", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?i:no(?!\.)|neither|none|nobody|nothing|no[ -]one)\b"
    r"(?! (?:\d|[A-Z]|(?:more|less|fewer) than\b"
    r"|other\b|(?:\w+ )?(?:but|except)\b))"
)
_NEITHER = re.compile(r"(?i:\b(?:neither|nor)\s)\Z")
_MAY = re.compile(r"(?i:\b(?:can|could|may|might|allowed|permitted|admitted)\b)")
_IS_FORBIDDEN = re.compile(
    r"\b(?:is|are|was|were|be|remains?|stays?)\s(?:(?:\w+ly|now|still|also)\s)?(?:forbidden|prohibited"
    r"|banned|off[ -]limits|out of (?:the question|bounds))\b"
)
_PARTS = re.compile(r"[;:]|,\s(?:but|and|while|though)\s")
_READ = 1000  # characters of a sentence, before and behind where the span starts, and of a question
_BULLET = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]")


def opposes(question: str, text: str, span: Span) -> bool:
    """Tell whether a text says the opposite of what a question takes to be so of a span.

    See :func:`denial`.
    """
    return denial(question, text, span) is not None


def denial(question: str, text: str, span: Span) -> Span | None:
    """Return the sentence in which a text denies what a question takes to be so of a span.

    "Who signed the treaty?" is denied, of "Norway", by "Norway refused to sign the treaty", and
    "Who refused to sign it?" is not. Takes time linear in the text's length; a pure function.

    Args:
        question: The question.
        text: The passage: the sentences around the span.
        span: Where the answer stands in it; what lies outside of the text is cut off.

    Returns:
        Where that sentence stands; None if the text does not deny it, or in words too far from the
        question's own.
    """
    start, end = max(0, span.start), min(len(text), span.end)
    start += len(text[start:end]) - len(text[start:end].lstrip())
    if start >= end:
        return None
    span = Span(start, end)
    asked = asked_words(question[:_READ])
    if not asked or asked[0].lower in HELPERS or any(each.lower == "only" for each in asked):
        return None  # "Did he sign?" takes nothing to be so
    stretches = _sentences_at(text, span)
    read = [
        Span(max(each.start, span.start - _READ), min(each.end, span.start + _READ))
        if each.contains(Span(span.start, span.start))
        else Span(each.start, min(each.end, each.start + _READ))
        for each in stretches
    ]
    said = said_words(text, read, span, of_past=is_of_past(asked))
    own = [number for number, each in enumerate(said) if span.overlaps(Span(*each.word[1:]))]
    if not own:
        return None
    opposed = (
        _names_nobody(question, asked, text, span)
        or _denied(asked, said, own)
        or _corrected(asked, said, own)
        or _cancelled(asked, said, own)
        or _is_forbidden(asked, text, stretches[-1], span)
    )
    return stretches[0] if opposed else None


def _sentences_at(text: str, span: Span) -> list[Span]:
    """Return the sentence that a span starts in, behind the line that leads in its list."""
    start = text.rfind("\n\n", 0, span.start) + 1
    end = text.find("\n\n", span.end)
    block = text[start : len(text) if end < 0 else end]
    found = split_sentences(block)
    number = bisect_right([each.start for each in found], span.start - start) - 1
    sentence = Span(found[number].start + start, found[number].end + start)
    lead = _lead(text, sentence)
    return [sentence] if lead is None else [lead, sentence]


def _lead(text: str, item: Span) -> Span | None:
    """Return the line that ends in a colon before a list with an item, if there is one."""
    start = text.rfind("\n", 0, item.start) + 1
    if not _BULLET.match(text, start):
        return None
    while start > 0:
        end, start = start - 1, text.rfind("\n", 0, start - 1) + 1
        line = text[start:end]
        if line.strip() and not _BULLET.match(line):
            return Span(start, end) if line.rstrip().endswith(":") else None
    return None


def _denied(asked: list[Said], said: list[Said], own: list[int]) -> bool:
    """Tell whether the clause of the span says no to a word of the question, or yes to its no."""
    questioned = _answers_by_key(each for each in asked if each.has_content and not each.is_named)
    clauses = {said[place].clause for place in own}
    behind = own[-1] + 1
    if behind < len(said) and said[behind].opens and said[behind].lower.startswith("wh"):
        clauses.add(said[behind].clause)  # "Norway, which has not signed"
    mine = set(own)
    if _refused_alike(asked, [e for e in said if e.clause in clauses]):
        return False
    stated = _answers_by_key(
        each
        for place, each in enumerate(said)
        if each.clause in clauses and each.has_content and not each.is_named and place not in mine
    )
    if any(True in no and True in questioned.get(key, ()) for key, no in stated.items()):
        return False
    excepting = any(each.lower in _EXCEPTING or each.negates for each in said)
    for key, said_no in stated.items():
        asked_no = questioned.get(key, {None})
        if None in asked_no or None in said_no or len(asked_no) > 1 or asked_no & said_no:
            continue
        if key == "win" and (True in asked_no or said[own[0] - 1].lower in _AGAINST):
            continue  # who is lost to wins
        if key == "rise" and not _alike_but(key, questioned, stated):
            continue
        if True in asked_no and excepting:
            continue  # "which does not vote" is answered by "all but Ohio vote"
        return True
    return False


def _names_nobody(question: str, asked: list[Said], text: str, span: Span) -> bool:
    """Tell whether it is asked who or which, and the span says that nobody is: "Neither party"."""
    if not _WHO.match(question.strip()) or any(
        each.negates or each.lower in NOBODY | {"no"} for each in asked
    ):
        return False
    before = text[max(0, span.start - len(" neither ")) : span.start]
    return _NOBODY.match(text, span.start) is not None or _NEITHER.search(before) is not None


def _is_forbidden(asked: list[Said], text: str, sentence: Span, span: Span) -> bool:
    """Tell whether it is asked what may be, and the part of the span says that it may not be."""
    question = " ".join(each.lower for each in asked)
    refused = any(each.negates or each.base in REFUSING | {"forbid"} for each in asked)
    if refused or not _MAY.search(question):
        return False
    start, end = max(sentence.start, span.start - _READ), min(sentence.end, span.end + _READ)
    cuts = [found.span() for found in _PARTS.finditer(text, start, end)]
    part = Span(
        max([start, *(last for _, last in cuts if last <= span.start)]),
        min([end, *(first for first, _ in cuts if first >= span.end)]),
    )
    found = _IS_FORBIDDEN.search(text, *part)
    if found is None or not set(terms(question)) & set(terms(text[slice(*part)])):
        return False
    between = text[found.end() : span.start]  # "forbidden, save for grills with a lid"
    return span.end <= found.start() or (found.end() <= span.start and "," not in between)


def _alike_but(key: str, asked: Iterable[str], said: Iterable[str]) -> bool:
    """Tell whether question and clause share more than what one of them denies."""
    return bool({*asked}.intersection(said) - {key})


def _refused_alike(asked: list[Said], said: list[Said]) -> bool:
    """Tell whether a question asks by the text's own word of refusal, or one much like it."""
    keys = {(each.key, each.is_no) for each in asked if each.base in REFUSING}
    return any((each.key, each.is_no) in keys for each in said)


def _answers_by_key(found: Iterable[Said]) -> dict[str, set[bool | None]]:
    by_key: dict[str, set[bool | None]] = {}
    for each in found:
        by_key.setdefault(each.key, set()).add(each.is_no)
    return by_key


def _corrected(asked: list[Said], said: list[Said], own: list[int]) -> bool:
    """Tell whether the span is told from the answer: "not in 2026 but in 2028", "instead of X"."""
    if any(each.base in _CORRECTING or each.lower.endswith("n't") for each in asked):
        return False
    keys = {each.key for each in asked if each.has_content and not each.is_named}
    mine = set(own)
    shared = [e for n, e in enumerate(said) if n not in mine and e.has_content and e.key in keys]
    if not shared:
        return False
    for place in range(own[0] - 1, max(-1, own[0] - 6), -1):
        pair = f"{said[place - 1].lower} {said[place].lower}" if place else ""
        if pair in _CORRECTIONS:
            return True
        if said[place].lower == "except" or pair == "except for" or pair in _ALL_BUT:
            plain = not any(each.negates or each.lower in NOBODY | {"no"} for each in said)
            return plain and not any(each.is_no for each in shared)
        if said[place].negates:
            return said[place + 1].lower not in NOT_DENIED and _contrasts(said, place, own[-1])
        if (
            said[place + 1].paused
            or said[place].lower == "but"
            or (said[place].has_content and not said[place].is_named)
        ):
            return False
    return False


def _contrasts(said: list[Said], place: int, last: int) -> bool:
    """Tell whether "not" denies a phrase alone: "and not in 1950", "not in 1950 but"."""
    but = any(each.lower == "but" for each in said[last + 1 : last + 4])
    before = said[place - 1].lower if place else ""
    if said[place].lower != "not" or before in _BE:
        return but or (before == "it" and any(e.lower in {"who", "that"} for e in said[last:]))
    return before not in HELPERS and (but or said[place].paused or before in {"and", "but"})


def _cancelled(asked: list[Said], said: list[Said], own: list[int]) -> bool:
    """Tell whether that of which a question asks when or where it is was called off."""
    spelled = " ".join(each.base for each in asked)
    keys = {each.key for each in asked if each.has_content}
    if not ("take place" in spelled or keys & _HAPPENING) or keys & _CANCELS:
        return False
    mine = {said[number].clause for number in own}
    events: set[int] = set()  # the clauses that have named what is asked about
    for number, each in enumerate(said):
        passive = number > 0 and said[number - 1].lower in _BE
        if each.base in _CANCELS and each.denied is False and passive and number not in own:
            if each.clause in events & mine:
                return True
        elif each.key in keys - _HAPPENING:
            events.add(each.clause)
    return False
