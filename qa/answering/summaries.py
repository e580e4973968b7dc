"""The sentences of an article that say what it is about."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from index.structure.blocks import Block
from index.structure.sentences import says_something
from index.text.statements import statements
from index.text.stretches import Stretch

MAX_SENTENCES = 3
_SHORTEST = 5  # words; a shorter sentence is a heading and not what an article is about
_LONGEST = 1000  # characters; a longer one is no sentence
_EXCERPT = 300  # characters of a list or table
_EARLY = 0.1  # what an early place, or the first of a paragraph, adds to a cosine
_LEANS = re.compile(
    r"(?:He|She|It|They|His|Her|Its|Their|Both|Such|But|And|Or|However|Also|Yes|No,|Instead|Then"
    r"|Th(?:is|ese|at|ose)\b(?! (?:agreement|article|book|chapter|contract|document|guide|handbook"
    r"|letter|manual|note|notice|page|paper|policy|report|study|survey|text)s?\b))(?!\w)"
)
_NEARLY_SAME = 0.8  # the cosine from which on two sentences say the same
_WHOLE = re.compile(r"[.!…。！][^\w:]*\Z")
_WORD = re.compile(r"\w+")
# What stands on pages beside the article: invitations, notices, captions and credits.
_BESIDE = re.compile(
    r"\A\W*(?:please |to )?(?:(?:un)?subscribe|sign (?:up|in)|log in|click|tap|read (?:more|also)"
    r"|follow us|share this|see also|join our|support our|accept|enable|advertisement|copyright)\b"
    r"|\A\W*(?:photo|image|picture|photograph|credit|source|caption|figure|fig\.?|table|chart|map"
    r"|video|q|a|question|answer)s?(?: ?[A-Z]?\d{1,3})? ?[:.|]"
    r"|\b(?:our|your|we|us)\b.*\b(?:newsletters?|cookies|privacy policy|inbox|browser)\b"
    r"|\b(?:cookies|newsletters?)\b.*\b(?:our|your|we|us)\b|\ball rights reserved\b|©"
    r"|\bthis (?:article|story|post|page) (?:was|is|has been) (?:first |originally )?(?:last )?"
    r"(?:published|updated|posted)\b|\b(?:photo|image|picture)s? (?:by|courtesy of)\b",
    re.IGNORECASE | re.DOTALL,
)


def summarize(
    sentences: Sequence[Stretch],
    vectors: NDArray[np.float32],
    *,
    most: int = MAX_SENTENCES,
    told: Collection[str] = (),
) -> list[Stretch]:
    """Return the first sentence of an article and the two most central others, in its order.

    A sentence is as central as its vector is near to the mean of all (the centroid of Radev et al.
    2004, "Centroid-based summarization of multiple documents"), and the more so the earlier it
    stands and if it opens a paragraph. One that repeats another, leans on one that is not returned,
    or is no whole sentence of a paragraph is left out; one that quotes somebody, if there are
    others. Of an article that has lists and tables alone, their beginnings are returned.

    Args:
        sentences: All sentences of the article, in order; at least one.
        vectors: Their unit vectors, a row each.
        most: How many to return at most.
        told: The words of what is said already, as :func:`words_of` returns them.
    """
    rows = _prose(sentences)
    if not rows:
        excerpts = _excerpts(sentences, most)
        return [each for each in excerpts if words_of(each.text) not in told]
    central = vectors[rows] @ vectors[rows].mean(axis=0)
    scores = {
        row: float(central[place])
        + _EARLY * (1 - place / len(rows))
        + _EARLY * (row == 0 or _block(sentences[row]) is not _block(sentences[row - 1]))
        - any(mark in sentences[row].text for mark in '“”"')
        for place, row in enumerate(rows)
    }
    before = [_block(each) for each in sentences[: rows[0]]]
    opens = all(block is None or block.kind != "paragraph" for block in before)
    leaning = {row for row in rows if _LEANS.match(sentences[row].text)}
    alone = [row for row in rows if row not in leaning or (opens and row == rows[0])]
    if not alone:
        alone = rows[:1]
    taken: list[int] = []
    for row in [alone[0], *sorted(alone[1:], key=lambda row: -scores[row])]:
        nearest = max((float(vectors[row] @ vectors[other]) for other in taken), default=-1.0)
        if nearest <= _NEARLY_SAME and words_of(sentences[row].text) not in told:
            taken.append(row)
        if len(taken) == most:
            break
    return [sentences[row] for row in sorted(taken)]


def words_of(text: str) -> str:
    """Return what near-copies have in common: the words, however they are wrapped and marked."""
    return " ".join(_WORD.findall(text.casefold()))


def _prose(sentences: Sequence[Stretch]) -> list[int]:
    """Return the rows of what states something in a whole sentence of a paragraph.

    If nothing does but the answers to questions, their rows.
    """
    stated = [each for each in statements(dict(enumerate(sentences))) if _is_whole(each.sentence)]
    prose: list[int] = []
    answers: list[int] = []
    for each in stated:
        block = _block(each.sentence)
        if block is not None and block.kind == "paragraph":
            answering = each.question is not None or block.lead is not None
            (answers if answering or block.marker is not None else prose).append(each.rows[0])
    return prose or [row for row in answers if not _LEANS.match(sentences[row].text)]


def _is_whole(sentence: Stretch) -> bool:
    text = sentence.text
    return (
        len(text) <= _LONGEST
        and len(text.split()) >= _SHORTEST
        and not next((sign for sign in text if sign.isalnum()), "a").islower()
        and _WHOLE.search(text) is not None
        and _BESIDE.search(text) is None
    )


def _excerpts(sentences: Sequence[Stretch], most: int) -> list[Stretch]:
    """Return the beginnings of an article's lists and tables, or else of whatever it has."""
    article = sentences[0].article
    found: list[Stretch] = []
    for number in itertools.count():
        blocks = article.structure.group(number)
        if not blocks or len(found) == most:
            break
        start, end = blocks[0].start, blocks[0].span.end
        lead = blocks[0].lead
        above = None if lead is None else article.structure.at(lead.start)
        if above is not None and above.kind == "item":
            continue  # it is nested in one that is shown
        if lead is not None and not article.text[lead.end : start].strip():
            start = lead.start
        for block in blocks[1:]:
            if block.span.end - start > _EXCERPT:
                break
            end = max(end, block.span.end)
        found.append(Stretch(article, start, end))
    says = [each for each in sentences if says_something(each.text)] or sentences
    return [_cut(each) for each in found or says[:1]]


def _cut(stretch: Stretch) -> Stretch:
    """Shorten what is no sentence, at a blank if it has one."""
    if stretch.end - stretch.start <= _LONGEST:
        return stretch
    text = stretch.article.text[stretch.start : stretch.start + _EXCERPT]
    cut = text.rfind(" ")
    return Stretch(stretch.article, stretch.start, stretch.start + (cut if cut > 0 else _EXCERPT))


def _block(sentence: Stretch) -> Block | None:
    return sentence.article.structure.at(sentence.start)
