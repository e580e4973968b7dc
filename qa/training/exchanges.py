"""Questions that a sentence answers of one name and not of another that stands in it, too.

``python -m qa.training.exchanges FILE... -o FILE`` reads question sets in SQuAD format and writes
one in SQuAD 2.0 format of questions that their articles do not answer: in each a name is exchanged
for another of the kind from the sentence that holds the answer, which is what tempts
(``plausible_answers``). "Where is Steve Witkoff to go?" becomes "Where is Jared Kushner to go?"
where "Witkoff and Kushner were there, and Witkoff is to go to Moscow".

Some such questions are answered all the same: both may go. Which, a reader tells that was trained
on the questions as they were. It may well be fooled by the exchange, and answer; but where the
sentence says a thing of one name alone it is less sure of the other (its logit falls by
``--margin``), and where it says it of both, or the two are one, it is as sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from index.articles import Article
from index.structure.sentences import split_sentences
from index.structure.spans import Span
from qa.english.names import Name, names
from qa.reading.reader import LARGE_READER, Reader, ReaderSpan, TransformerReader
from qa.squad import Question, QuestionSet, read_squad, write_squad

MARGIN = 1.0
_BATCH = 64  # questions that are read at once
_CONTEXT = 1  # sentences that are read before that of the answer and behind it


@dataclass(frozen=True)
class Exchange:
    """A question in which a name was exchanged for another.

    Attributes:
        question: The question as it was.
        changed: Its text with the other name.
        answer: Where the answer of the question as it was stands in the article.
        passage: The sentences in which it stands, and those beside them.
    """

    question: Question
    changed: str
    answer: Span
    passage: Span


def exchanges(group: QuestionSet, rng: np.random.Generator) -> Iterator[Exchange]:
    """Make one exchange of each question that has a name in it and another one by its answer."""
    text = group.article.text
    sentences = split_sentences(text)
    starts = [sentence.start for sentence in sentences]
    found: dict[int, tuple[Name, ...]] = {}
    for question in group.questions:
        if not question.golds:
            continue
        answer = question.golds[0]
        number = int(np.searchsorted(starts, answer.start, side="right")) - 1
        around = sentences[max(0, number - _CONTEXT) : number + _CONTEXT + 1]
        passage = Span(around[0].start, around[-1].end)
        if number not in found:
            found[number] = names(text[slice(*sentences[number])])
        changed = _exchange(question.text, text[slice(*answer)], found[number], rng)
        if changed and answer.end <= sentences[number].end:
            yield Exchange(question, changed, answer, passage)


def _exchange(
    question: str, answer: str, named: Sequence[Name], rng: np.random.Generator
) -> str | None:
    """Put another name of the kind in the place of one that the question has."""
    ways = []
    for name in named:
        form = next((form for form in (name.text, name.short) if form in question), None)
        if form is None:
            continue
        ways += [
            question.replace(form, other.text)
            for other in named
            if _alike(name, other)
            and not any(each in question or each in answer for each in (other.text, other.short))
            and not any(each in other.text for each in (name.text, name.short, answer))
        ]
    return str(rng.choice(ways)) if ways else None


def _alike(name: Name, other: Name) -> bool:
    """Tell whether two names can do the same: a place does nothing."""
    return (name.kind == "place") == (other.kind == "place")


def unanswered(
    group: QuestionSet, reader: Reader, rng: np.random.Generator, *, margin: float = MARGIN
) -> QuestionSet:
    """Return an article's exchanged questions that it does not answer, as far as a reader can tell.

    Left out are those that the reader does not answer by the answer of the question as it was,
    as there is nothing to learn from them, and those that it answers by it as surely.
    """
    article = group.article
    kept: list[Question] = []
    drawn = exchanges(group, rng)
    while batch := list(islice(drawn, _BATCH)):
        fooled = [
            (each, logit)
            for each, logit in zip(
                batch, _logits(article, batch, reader, changed=True), strict=True
            )
            if logit > 0
        ]
        before = _logits(article, [each for each, _ in fooled], reader, changed=False)
        kept += [
            replace(
                each.question,
                id=f"{each.question.id} exchanged",
                text=each.changed,
                golds=(),
                plausible=(each.answer,),
            )
            for (each, logit), sure in zip(fooled, before, strict=True)
            if sure - logit >= margin
        ]
    return QuestionSet(article, tuple(kept))


def _logits(
    article: Article, asked: Sequence[Exchange], reader: Reader, *, changed: bool
) -> list[float]:
    """Return the logit of each answer, or minus infinity where another span is the best."""
    read = reader.read(
        [each.changed if changed else each.question.text for each in asked],
        [[article.text[slice(*each.passage)]] for each in asked],
    )
    return [
        spans[0].logit if spans and _touches(spans[0], each) else -np.inf
        for each, spans in zip(asked, read, strict=True)
    ]


def _touches(span: ReaderSpan, exchange: Exchange) -> bool:
    first = exchange.passage.start
    return first + span.start < exchange.answer.end and exchange.answer.start < first + span.end


def main(
    files: Annotated[list[Path], typer.Argument(help="Question sets in SQuAD format.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The question set to write.")],
    reader: Annotated[str, typer.Option(help="Tells what is answered all the same.")] = str(
        LARGE_READER
    ),
    margin: Annotated[float, typer.Option(help="By how much its logit must fall.")] = MARGIN,
    seed: Annotated[int, typer.Option(min=0, help="Of what is exchanged.")] = 0,
) -> None:
    """Make questions that their articles do not answer by exchanging names."""
    model = TransformerReader.load(reader)
    rng = np.random.default_rng(seed)
    made: list[QuestionSet] = []
    for file in files:
        for group in read_squad(file)[0]:
            exchanged = unanswered(group, model, rng, margin=margin)
            if exchanged.questions:
                made.append(exchanged)
        typer.echo(f"{file}: {sum(len(group.questions) for group in made):,} questions so far")
        write_squad(made, output)


if __name__ == "__main__":
    typer.run(main)
