"""How the questions of a set are put: to what, and without what."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.structure.paragraphs import split_paragraphs
from qa import Article, DatasetError, Span, Stretch
from qa.squad import Question, QuestionSet, sample

Condition = Literal["asked", "removed", "other"]
"""How a question was put: as in the file; without the paragraphs that hold an accepted answer; or
to another article of the file. The last two have no answer."""

Level = Literal["paragraph", "article", "collection"]
"""What a question is asked of: its own paragraph, its article, or all articles of the file."""


@dataclass(frozen=True)
class Case:
    """A question as it is put.

    Attributes:
        question: The question.
        about: The article that it is about.
        kind: How it is put.
        withheld: The stretches of the articles that the system must do without.
    """

    question: Question
    about: QuestionSet
    kind: Condition = "asked"
    withheld: tuple[Stretch, ...] = ()

    @property
    def golds(self) -> tuple[str, ...]:
        """The accepted answers; none where the question is put so that it has none."""
        return tuple(self.about.gold_texts(self.question)) if self.kind == "asked" else ()

    def holds_answer(self, stretch: Stretch) -> bool:
        """Tell whether an accepted answer stands in a stretch of an article."""
        return (
            self.kind == "asked"
            and stretch.article.id == self.about.article.id
            and any(map(stretch.span.contains, self.question.golds))
        )


@dataclass(frozen=True)
class Corpus:
    """Articles and what is asked of them as a whole."""

    articles: tuple[Article, ...]
    cases: tuple[Case, ...]


def lay_out(
    sets: Sequence[QuestionSet],
    level: Level = "article",
    *,
    also: Collection[str] = (),
    limit: int | None = None,
) -> list[Corpus]:
    """Put questions to what they are to be asked of.

    Args:
        sets: The articles of a file with their questions.
        level: What a question is asked of.
        also: How every second answerable question is put once more, so that it has no answer:
            ``removed`` without the paragraphs that hold an accepted answer, ``other`` to the next
            article. With one of the two, one question in three has no answer, as in the training
            set of SQuAD 2.0.
        limit: At most so many questions, taken evenly from all, before they are put once more.

    Raises:
        DatasetError: Questions are to be put to another article and there is only one.
    """
    everything = [group.article for group in sets]
    if limit is not None:
        sets = sample(sets, limit)
    if level == "paragraph":
        sets = [part for group in sets for part in _paragraphs(group)]
        everything = [group.article for group in sets]
    if "other" in also and len(sets) < 2:
        raise DatasetError("Questions can only be put to another article where there are two.")
    asked = [_cases(group, also) for group in sets]
    if level == "collection":
        return [Corpus(tuple(everything), tuple(case for cases in asked for case in cases))]
    if "other" in also:
        before = [asked[-1], *asked[:-1]]
        asked = [
            own + [replace(case, kind="other") for case in _every_second(others)]
            for own, others in zip(asked, before, strict=True)
        ]
    return [
        Corpus((group.article,), tuple(cases)) for group, cases in zip(sets, asked, strict=True)
    ]


def shuffled(corpora: Sequence[Corpus]) -> list[Corpus]:
    """Return the same with the questions of each in random order, always the same one."""
    order = random.Random(0)
    return [
        replace(corpus, cases=tuple(order.sample(corpus.cases, len(corpus.cases))))
        for corpus in corpora
    ]


def _cases(group: QuestionSet, also: Collection[str]) -> list[Case]:
    cases = [Case(question, group) for question in group.questions]
    if "removed" not in also:
        return cases
    return cases + [
        replace(case, kind="removed", withheld=answering_paragraphs(group, case.question))
        for case in _every_second(cases)
    ]


def _every_second(cases: Sequence[Case]) -> list[Case]:
    """Return every second of the answerable cases, from the first on."""
    return [case for case in cases if case.golds][::2]


def answering_paragraphs(group: QuestionSet, question: Question) -> tuple[Stretch, ...]:
    """Return the paragraphs of an article in which the text of an accepted answer stands."""
    text = group.article.text
    golds = group.gold_texts(question)
    return tuple(
        Stretch(group.article, start, end)
        for start, end in split_paragraphs(text)
        if any(gold in text[start:end] for gold in golds)
    )


def _paragraphs(group: QuestionSet) -> list[QuestionSet]:
    """Make an article of each paragraph that something is asked of."""
    asked: dict[Span, list[Question]] = {}
    for question in group.questions:
        asked.setdefault(question.paragraph, []).append(question)
    return [
        QuestionSet(
            replace(
                group.article,
                id=f"{group.article.id} at {paragraph.start}",
                text=group.article.text[paragraph.start : paragraph.end],
            ),
            tuple(_moved(question, -paragraph.start) for question in questions),
        )
        for paragraph, questions in asked.items()
    ]


def _moved(question: Question, by: int) -> Question:
    golds = tuple(Span(start + by, end + by) for start, end in question.golds)
    start, end = question.paragraph
    return replace(question, golds=golds, paragraph=Span(start + by, end + by))
