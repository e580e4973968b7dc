"""Passages that say of an answer that it is none.

``python -m qa.training.negations FILE... -o FILE`` reads question sets in SQuAD format and writes
one in SQuAD 2.0 format whose paragraphs have one sentence turned into its opposite: "the bridge can
carry lorries" into "the bridge cannot carry lorries", and "Brown opened the school" into "Brown
never opened the school". A question of that sentence then has no answer, and what was one tempts
(``plausible_answers``); asked the other way round ("What can the bridge not carry?") it has.

A sentence is turned where it says by the question's own verb what the question asks: with the same
auxiliary before it, or, for a question with "did", in the past. Where no sentence of a paragraph
is, one may be corrected: of "in 1962" is made "not in 1950 but in 1962", with another number or
name of the article, and the answer is still 1962.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from index.structure.sentences import split_sentences
from index.structure.spans import Span
from qa.english.name_kinds import NameKind
from qa.english.names import names
from qa.english.words import AUXILIARIES, Word, lemma, words
from qa.squad import Question, QuestionSet, read_squad, sample, write_squad

_PARAGRAPH_BREAK = "\n\n"
_NEGATED = frozenset(
    (
        *("is", "are", "was", "were", "can", "could", "will", "would"),
        *("may", "might", "must", "should", "has", "have", "had"),
    )
)
_CONTRACTED = _NEGATED - {"can", "may", "might", "will"}  # "may not" has no short form
_CONTRACTIONS = 0.3
_BE = frozenset({"is", "are", "was", "were"})
_DENIALS = ("not", "not", "not", "never", "no longer")
_PAST_DENIALS = ("did not", "did not", "didn't", "never")
_ALREADY = frozenset({"not", "never", "no", "nor", "neither", "cannot", "without", "unless"})
_BOTH_WAYS = 0.5  # of the turned sentences, so many are asked of the other way round, too
_CORRECTED = 0.4  # of the paragraphs in which none can be turned
_CORRECTIONS = ("not {w} but {r}", "{r} and not {w}", "{r} instead of {w}", "{r} rather than {w}")
_BEFORE = re.compile(r"\b(?:in|on|at|by|to|from|for|with|of) $")


@dataclass(frozen=True)
class Rewording:
    """How a sentence is reworded, and a question of it.

    Attributes:
        place: What of the article is replaced.
        by: What it is replaced by.
        asked: The question asked the other way round; None if it is answered as it was.
    """

    place: Span
    by: str
    asked: str | None


def turn(
    question: str, text: str, sentence: Span, answer: Span, rng: np.random.Generator
) -> Rewording | None:
    """Turn the sentence that answers a question; None if its verb is not found, or is denied."""
    said = words(text, *sentence)
    asked = words(question)
    if any(word.lower in _ALREADY or word.lower.endswith("n't") for word in [*said, *asked]):
        return None
    found = _auxiliary(asked, said) or _past(asked, said)
    if found is None:
        return None
    place, verb, past = found
    if answer.start < place.end and place.start < answer.end:
        return None
    before = question[: verb.start]
    other_way = f"{before}not {question[verb.start :]}"
    if past:
        denial = str(rng.choice(_PAST_DENIALS))
        denied = place.text if denial == "never" else lemma(place.text)
        return Rewording(Span(place.start, place.end), f"{denial} {denied}", other_way)
    denial = str(rng.choice(_DENIALS))
    by = f"{place.text} {denial}"
    if by == "can not":
        by = "cannot"
    elif denial == "not" and place.lower in _CONTRACTED and rng.random() < _CONTRACTIONS:
        by = f"{place.text}n't"
    return Rewording(Span(place.start, place.end), by, other_way)


def _auxiliary(asked: list[Word], said: list[Word]) -> tuple[Word, Word, bool] | None:
    """Find an auxiliary, with a verb behind it that the question has too, and the question's."""
    helping = {word.lower for word in asked} & _NEGATED
    for helper, verb in itertools.pairwise(said):
        if helper.lower not in helping or verb.lower in AUXILIARIES or verb.text.istitle():
            continue
        behind = [number for number, word in enumerate(asked) if word.lower == helper.lower]
        for word in asked[behind[0] + 1 :]:
            if word.lower == verb.lower and _is_verb(verb.lower, helper.lower):
                return helper, word, False
    return None


def _is_verb(word: str, helper: str) -> bool:
    base = lemma(word)
    return base != word if helper in _BE or helper.startswith("ha") else base == word


def _past(asked: list[Word], said: list[Word]) -> tuple[Word, Word, bool] | None:
    """Find a verb in the past whose base form stands in a question behind "did"."""
    did = [number for number, word in enumerate(asked) if word.lower == "did"]
    if not did:
        return None
    bases = {word.lower: word for word in asked[did[0] + 1 :]}
    for before, verb in zip([None, *said], said, strict=False):
        base = lemma(verb.text)
        if (
            base in bases
            and base != verb.lower
            and not verb.lower.endswith(("s", "ing"))
            and not (before and before.lower in AUXILIARIES | {"to", "the", "a", "an", "by"})
        ):
            return verb, bases[base], True
    return None


class Rivals:
    """What may be told from an answer by a correction: other numbers and names of an article."""

    def __init__(self, text: str) -> None:
        self._numbers = sorted(set(re.findall(r"\b\d+\b", text)))
        self._kinds: dict[str, NameKind] = {name.text: name.kind for name in names(text)}

    def draw(self, answer: str, rng: np.random.Generator) -> str | None:
        """Draw one that is like the answer and does not hold it; None if there is none."""
        if answer.isdecimal():
            alike = [each for each in self._numbers if len(each) == len(answer)]
        else:
            kind = self._kinds.get(answer)
            alike = [each for each, own in self._kinds.items() if kind == own]
        alike = [each for each in alike if answer not in each]
        return str(rng.choice(alike)) if alike else None


def correct(text: str, answer: Span, rivals: Rivals, rng: np.random.Generator) -> Rewording | None:
    """Tell an answer from another one; None if there is nothing like it in its article."""
    right = text[slice(*answer)]
    wrong = rivals.draw(right, rng)
    if wrong is None:
        return None
    before = _BEFORE.search(text, max(0, answer.start - 5), answer.start)
    start = before.start() if before else answer.start
    lead = text[start : answer.start]
    by = str(rng.choice(_CORRECTIONS)).format(r=f"{lead}{right}", w=f"{lead}{wrong}")
    return Rewording(Span(start, answer.end), by, None)


def turned(group: QuestionSet, rng: np.random.Generator) -> QuestionSet:
    """Return an article whose paragraphs have one sentence turned each, and the questions of these.

    Paragraphs in which no sentence was turned are left out.
    """
    text = group.article.text
    sentences = split_sentences(text)
    rivals = Rivals(text)
    by_paragraph: dict[Span, list[Question]] = {}
    for question in group.questions:
        if question.golds:
            by_paragraph.setdefault(question.paragraph, []).append(question)
    paragraphs: list[str] = []
    questions: list[Question] = []
    offset = 0
    for paragraph, asked in by_paragraph.items():
        found = _first_rewording(asked, text, sentences, rivals, rng)
        if found is None:
            continue
        question, made = found
        answer = question.golds[0]
        context = text[paragraph.start : made.place.start] + made.by
        bounds = Span(offset, offset + len(context) + paragraph.end - made.place.end)
        if made.asked is None:  # the answer is in what was put in
            start = bounds.start + len(context) - len(made.by) + made.by.index(text[slice(*answer)])
        else:
            grown = len(made.by) - (made.place.end - made.place.start)
            start = offset + answer.start - paragraph.start
            start += grown if answer.start >= made.place.end else 0
        place = Span(start, start + answer.end - answer.start)
        context += text[made.place.end : paragraph.end]
        questions += _asked(question, made, place, bounds, rng)
        paragraphs.append(context)
        offset = bounds.end + len(_PARAGRAPH_BREAK)
    article = replace(group.article, text=_PARAGRAPH_BREAK.join(paragraphs) or text)
    return QuestionSet(article, tuple(questions))


def _first_rewording(
    asked: Sequence[Question],
    text: str,
    sentences: Sequence[Span],
    rivals: Rivals,
    rng: np.random.Generator,
) -> tuple[Question, Rewording] | None:
    """Draw a question of a paragraph whose sentence can be turned, or else corrected."""
    shuffled = [asked[number] for number in rng.permutation(len(asked)).tolist()]
    starts = [sentence.start for sentence in sentences]
    for question in shuffled:
        answer = question.golds[0]
        sentence = sentences[bisect_right(starts, answer.start) - 1]
        if answer.end <= sentence.end:
            made = turn(question.text, text, sentence, answer, rng)
            if made:
                return question, made
    if rng.random() < _CORRECTED:
        for question in shuffled:
            made = correct(text, question.golds[0], rivals, rng)
            if made:
                return question, made
    return None


def _asked(
    question: Question, made: Rewording, place: Span, bounds: Span, rng: np.random.Generator
) -> Iterator[Question]:
    if made.asked is None:
        yield Question(f"{question.id} corrected", question.text, (place,), bounds)
        return
    yield Question(f"{question.id} turned", question.text, (), bounds, (place,))
    if rng.random() < _BOTH_WAYS:
        yield Question(f"{question.id} both turned", made.asked, (place,), bounds)


def main(
    files: Annotated[list[Path], typer.Argument(help="Question sets in SQuAD format.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The question set to write.")],
    seed: Annotated[int, typer.Option(min=0, help="Of what is turned.")] = 0,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Keep this many questions, evenly taken from all.")
    ] = None,
) -> None:
    """Make questions that their articles deny by turning sentences into their opposites."""
    rng = np.random.default_rng(seed)
    groups = (turned(group, rng) for file in files for group in read_squad(file)[0])
    made = [group for group in groups if group.questions]
    if limit is not None:
        made = sample(made, limit)
    write_squad(made, output)
    typer.echo(f"{output}: {sum(len(group.questions) for group in made):,} questions")


if __name__ == "__main__":
    typer.run(main)
