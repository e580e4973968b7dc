"""Where the sentences of one line of text start and end: the one door to sentencex."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.structure.spans import Span

LONGEST_SENTENCE = 5_000
"""Characters of a sentence: a longer one is cut."""

# Quotation marks that are not closed take the segmenter time to the square of the length.
_SHORT_STRETCH = 500  # characters
_MANY_MARKS = 250  # in a stretch; in a paper of one quotation after the other it is a third of that


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Abbreviations behind which a sentence may end, by what they stand before where it goes on: a
# number, a name, or any word in lower case. Behind others the segmenter never ends it.
_BEFORE_NUMBER = _words(
    "approx app art avg c ca ch cl ed est ext fig figs max min no nos p para pop pp pt ref refs "
    "sect temp tel vol vols jan feb mar apr jun jul aug sep sept oct nov dec"
)
_BEFORE_NAME = _words(
    "adm amb assoc asst attn atty br capt cmdr col cpl dir dr exec fr gen gov govt hon insp lt maj "
    "messrs mlle mme mr mrs ms prof pvt rep rev sen sgt sr st supt excl incl orig"
)
_BEFORE_WORD = _BEFORE_NUMBER | _BEFORE_NAME | _words(
    "acc al assn bros co corp dept dist e.g ed eds esp etc fri i.e inc jr ltd misc mon orig prod "
    "rd resp sat sun tbsp thu trans tsp tue univ viz vs wash wed a.m p.m"
)  # fmt: skip
_LONGEST_ABBREVIATION = 12  # with what stands around it
_WORD = re.compile(r"[^\W_]")
_NUMBER = re.compile(r"[$€£]?\d|[IVXLC]+\b")
_TIME_GOES_ON = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2,4}T|January|February|March|April|May|June"
    r"|July|August|September|October|November|December)\b"
)
_NO_NAME = re.compile(
    r"(?:The|A|An|He|She|It|They|We|You|I|This|That|These|Those|There|In|On|At|By|For|From|To|Of|And"
    r"|But|Or|So|As|If|When|While|After|Before|Since|Then|His|Her|Its|Their|Our|My|Your|Not|No|Yes"
    r"|Both|Each|All|Some|Many|Most|One|What|Who|Where|Why|How|With|Do|Please|Only|Never)\b"
)
# A unit behind a number is no initial, and "No." at the start no abbreviation before a word.
_ENDS = re.compile(r"(?:\d[ \u00a0]?[a-z]|^(?:No|Yes))\. +(?=(?:[A-Z][a-z’']+|I|A)\b)")


def segments(line: str) -> list[Span]:
    """Split a line into sentences, in order and without gaps, in time linear to its length.

    The segmenter is sentencex (Wikimedia), which keeps abbreviations and whole quotations together.
    A sentence of more than :data:`LONGEST_SENTENCE` characters is cut. Signs without a word are
    none: they belong to the sentence before.
    """
    return list(_segments(line)) if len(line) > LONGEST_SENTENCE else _boundaries(line)


def _segments(line: str) -> Iterator[Span]:
    start = 0
    while len(line) - start > LONGEST_SENTENCE:
        stretch = line[start : start + LONGEST_SENTENCE]
        if sum(stretch.count(mark) for mark in "\"“‘'«„") > _MANY_MARKS:
            stretch = stretch[:_SHORT_STRETCH]
        found = _boundaries(stretch)
        if len(found) > 1:  # the last one may go on
            found.pop()
        else:
            blank = stretch.rfind(" ", 1)
            found = [Span(0, len(stretch) if blank < 0 else blank)]
        for span in found:
            yield Span(start + span.start, start + span.end)
        start += found[-1].end
    for span in _boundaries(line[start:]):
        yield Span(start + span.start, start + span.end)


def _boundaries(line: str) -> list[Span]:
    # The import takes a while and this module is loaded by everything.
    import sentencex

    found: list[Span] = []
    before = ""
    for each in sentencex.get_sentence_boundaries("en", line):
        sentence: str = each["text"]
        start = first = each["start_index"]
        end = start + len(sentence)
        if found and (_WORD.search(sentence) is None or _goes_on(before, sentence)):
            start = found.pop().start
        if ". " in sentence[:-2]:
            for match in _ENDS.finditer(line, first, end):
                found.append(Span(start, match.end()))
                start = match.end()
        found.append(Span(start, end))
        before = sentence
    return found


def _goes_on(before: str, sentence: str) -> bool:
    """Tell whether what was taken for the end of a sentence is an abbreviation inside it."""
    word, dot, _ = before[-_LONGEST_ABBREVIATION:].rpartition(".")
    if not dot or before[-1] not in ". ":
        return False
    word = word.replace("-", " ").rpartition(" ")[2].lstrip('(["“‘').lower()
    if word not in _BEFORE_WORD:
        return False
    following = sentence.lstrip()
    if word in _BEFORE_NUMBER and _NUMBER.match(following):
        return True
    if word in _BEFORE_WORD and following[:1].islower():
        return True
    if word in ("a.m", "p.m"):
        return _TIME_GOES_ON.match(following) is not None
    return (
        word in _BEFORE_NAME and following[:1].isupper() and _NO_NAME.match(following) is None
    )  # fmt: skip
