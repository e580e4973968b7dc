"""Whether a text tells a thing of somebody else than the one of whom it is asked."""

from __future__ import annotations

import re

from index.structure.sentences import split_sentences
from index.structure.spans import Span
from qa.english.names import Name, names

_OPENING = (
    r"(?:while|whereas|but|who|whose|whom|which|where|when|after|before|because|although|as)\b"
)
_CLAUSE = re.compile(rf"[;:()—–]|,(?:\s+(?:(?:and|so|or)\b|{_OPENING}))?|\b{_OPENING}")
_BEFORE_SUBJECT = re.compile(
    r"\W*(?:with|that|the|a|an|his|her|their|whose)?(?:\W+[\w’'-]+){0,2}\W*"
)
_NAMED = re.compile(r"(?<=\W)[^\W\d_a-z][\w’-]+")
_SAYS_SOMETHING = re.compile(r"\b[a-z]+\b.*\b[a-z]+\b", re.DOTALL)


def told_of_another(question: str, text: str, span: Span) -> bool:
    """Tell whether the clause of a span is about another name than the one that is asked about.

    "Where did Kushner go?" is, of "Moscow", by "The delegation included Witkoff and Kushner, with
    Witkoff scheduled to travel to Moscow": the sentence names the one who is asked about, but the
    clause in which the span stands opens with somebody else.

    Only people are told apart so, and only by the clause: seldom wrong, and seldom enough (see
    eval/README.md).

    Args:
        question: The question.
        text: The passage: the sentences around the span.
        span: Where the answer stands in it.
    """
    if not any(word in text[: span.start] for word in _NAMED.findall(question)):
        return False  # as mostly: to look for the sentences and names of a text takes a while
    sentence = next(
        (each for each in split_sentences(text) if each.start <= span.start < each.end), None
    )
    if sentence is None:
        return False
    cuts = [found.end() for found in _CLAUSE.finditer(text, sentence.start, span.start)]
    if not cuts:
        return False
    clause, opens = cuts[-1], cuts[-2] if len(cuts) > 1 else sentence.start
    if not _SAYS_SOMETHING.search(text, opens, clause):
        return False  # an item of an enumeration: "Hall, Berg, and Low went to Oslo"
    known = names(text)
    asked = [name for name in known if name.kind == "person" and _stands_in(name, question)]
    places = [place for name in asked for place in name.places if sentence.contains(place)]
    if not places or max(place.end for place in places) > clause:
        return False
    return any(
        clause <= place.start
        and place.end <= span.start
        and _BEFORE_SUBJECT.fullmatch(text, clause, place.start)
        for name in known
        if name.kind == "person" and not _stands_in(name, question)
        for place in name.places
    )


def _stands_in(name: Name, question: str) -> bool:
    return any(
        re.search(rf"\b{re.escape(form)}\b", question) is not None
        for form in {name.text, name.short}
    )
