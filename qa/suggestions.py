"""Questions that articles answer, to be offered.

They are made from the articles' sentences; one is kept only if it is answered with high confidence
by the very words that were taken out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import NamedTuple

from index.articles import Article
from index.retrieval import SentenceHit
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.answering.engine import TOP_K, Engine
from qa.answers import Interpretation
from qa.english.analysis import Analysis
from qa.english.words import CLOSED, lemma, without_possessive, words
from qa.made_questions import Suggestion, made_from
from qa.reading.normalizing import normalize

MIN_CONFIDENCE = 0.85
"""How likely the answer to a suggested question is to be right, at least."""

_POOL = 8  # how many are made: enough to offer others after each answer
_TRIED = 32  # how many are read at most: a question takes a quarter of a second
_BATCH = 8
_ARTICLES = 8  # of a collection
_NEAR_SENTENCES = 24  # beside which questions are made that come near one that was refused
_NEAR_SECONDS = 0.2  # after which no more are made or begun to be read: nobody asked for them
_NEAR_PASSAGES = 3  # in which they are read
_NEAR_CHARACTERS = 500  # a paragraph
_LONG = 50_000  # characters of an article
_KEPT = 64  # articles whose questions are kept
_KEPT_READ = 1024  # questions of which is kept whether they are answered
_LONGER = 2  # words that an answer may have beyond the one expected, such as a title


class _Pool(NamedTuple):
    """What is offered as long as the first articles stay what they are."""

    version: int
    articles: Sequence[Article]
    best: Sequence[Suggestion]
    always: Sequence[str]


class Suggestions:
    """Questions that articles answer, each made, and read for, once. Safe to share by threads.

    They are made anew where the articles that they are made from have changed. It holds no engine:
    a circle would keep the articles until the garbage is collected.
    """

    def __init__(self) -> None:
        self._pool: _Pool | None = None
        self._of_articles: dict[Article, list[Suggestion]] = {}
        self._answered: dict[Suggestion, bool] = {}  # of the questions that were read for last

    def all(self, engine: Engine) -> list[str]:
        """Return questions that the articles answer, the best spread over them first."""
        pool = self._pool_of(engine)
        return [*(each.question for each in pool.best), *pool.always]

    def offering(self, count: int) -> Callable[[Engine], list[str]]:
        """Return what offers the first so many, given an engine."""
        return lambda engine: self.all(engine)[:count]

    def near(
        self, engine: Engine, refused: str, count: int, *, without: Collection[str] = ()
    ) -> list[str]:
        """Return questions that the articles answer, those nearest to one that is refused first.

        Near is what has its words, or is made of a sentence that was found for it or stands by one.
        Those that were never read for are, for a fifth of a second and the one begun last.

        Args:
            engine: Answers.
            refused: The question that is refused.
            count: How many are to be shown.
            without: Questions that are not to be among them, however they are spelled.
        """
        pool, taken = self._pool_of(engine), {key_of(refused), *map(key_of, without)}
        until = time.monotonic() + _NEAR_SECONDS
        found = engine.retriever.search_sentences(refused, _NEAR_SENTENCES)
        articles = {hit.passage.article.id: hit.passage.article for hit in found}
        made = [
            each
            for article in articles.values()
            if article in self._of_articles or time.monotonic() < until
            for each in self._made(engine, article, longest=_LONG)
        ]
        nearness = {
            each: _share(refused, each.question) + _speaking(each, found)
            for each in [*made, *pool.best]
        }
        ranked = _one_each(
            each
            for each in sorted(nearness, key=lambda each: -nearness[each])
            if key_of(each.question) not in taken and self._answered.get(each, True)
        )
        shown = 0
        for each in ranked:
            if each not in self._answered and time.monotonic() < until:
                self._read(engine, [each], top_k=_NEAR_PASSAGES)
            shown += self._answered.get(each, False)
            if shown == count:
                break
        return [
            *(each.question for each in ranked if self._answered.get(each)),
            *pool.always,
        ]

    def forget(self, ids: Collection[str]) -> None:
        """Let go of what was made from articles that are gone."""
        pool = self._pool
        if pool is not None and any(article.id in ids for article in pool.articles):
            self._pool = None
        self._of_articles = {
            article: made for article, made in self._of_articles.items() if article.id not in ids
        }
        self._answered = {
            each: read for each, read in self._answered.items() if each.answer.article.id not in ids
        }

    def _pool_of(self, engine: Engine) -> _Pool:
        pool, version = self._pool, engine.version
        if pool is not None and pool.version == version:
            return pool
        articles = tuple(engine.articles[:_ARTICLES])
        if pool is not None and pool.articles == articles:
            self._pool = pool = pool._replace(version=version)
            return pool
        made = [self._made(engine, article) for article in articles]
        spread = (each for row in zip_longest(*made) for each in row if each is not None)
        tried = list(islice(spread, _TRIED))
        kept: list[Suggestion] = []
        for first in range(0, len(tried), _BATCH):
            kept = _different([*kept, *self._read(engine, tried[first : first + _BATCH])])
            if len(kept) >= _POOL:
                break
        always = list(_always([engine.analyses.of(article) for article in articles]))
        self._pool = pool = _Pool(version, articles, kept[:_POOL], always)
        return pool

    def _made(
        self, engine: Engine, article: Article, *, longest: int | None = None
    ) -> list[Suggestion]:
        """Return the questions made from an article; those of the articles asked for last are kept.

        An article that is longer, in characters, is not looked through: somebody waits.
        """
        made = self._of_articles.get(article)
        if made is None:
            if longest is not None and len(article.text) > longest:
                return []
            made = list(made_from(article, engine.analyses.of(article)))
            self._of_articles = dict([*self._of_articles.items(), (article, made)][-_KEPT:])
        return made

    def _read(
        self, engine: Engine, made: Sequence[Suggestion], *, top_k: int = TOP_K
    ) -> list[Suggestion]:
        answered = _answered(engine, made, top_k) if made else []
        read = ((each, each in answered) for each in made)
        self._answered = dict([*self._answered.items(), *read][-_KEPT_READ:])
        return answered


def key_of(question: str) -> tuple[str, ...]:
    """Return what questions that ask the same in other spellings have in common."""
    found = normalize(question.replace("’", "'")).split()
    return tuple(lemma(word) for word in found if word not in {"a", "an", "the", "please"})


def _share(refused: str, question: str) -> float:
    """Return what share of a refused question's words another has, in 0..1, common ones aside."""
    asked, own = _content(refused), _content(question)
    return len(asked & own) / max(len(asked), 1)


def _speaking(made: Suggestion, found: Sequence[SentenceHit]) -> float:
    """Return how much the sentence that a question is made from speaks, or stands by one that does.

    Returns:
        From 0 to 2: a cosine and a share of words, less with the distance.
    """
    place = made.answer
    return max(
        (
            max(0.0, hit.similarity + hit.shared) / (1 + _distance(place, hit) / _NEAR_CHARACTERS)
            for hit in found
            if hit.passage.article.id == place.article.id
        ),
        default=0.0,
    )


def _distance(place: Stretch, hit: SentenceHit) -> int:
    return max(0, hit.passage.start - place.end, place.start - hit.passage.end)


def _content(question: str) -> set[str]:
    found = [without_possessive(word.lower) for word in words(question)]
    return {lemma(word) for word in found if word not in CLOSED}


def _one_each(made: Iterable[Suggestion]) -> list[Suggestion]:
    """Return the first question for each answer."""
    by_answer: dict[tuple[str, Span], Suggestion] = {}
    for each in made:
        by_answer.setdefault((each.answer.article.id, each.answer.span), each)
    return list(by_answer.values())


def _always(analyses: Sequence[Analysis]) -> Iterator[str]:
    """Return questions about the articles themselves that cannot fail."""
    if len(analyses) == 1:
        yield "What is this article about?"
    if any(name.kind == "person" for each in analyses for name in each.names):
        yield "Who is mentioned?"
    if any(each.quotations for each in analyses):
        yield "Which quotes are in it?"


def _answered(engine: Engine, made: Sequence[Suggestion], top_k: int) -> list[Suggestion]:
    """Return those of some questions that are answered, surely and by the right words."""
    asked = [(each.question, [Interpretation(each.question)]) for each in made]
    kept = []
    for each, answer in zip(made, engine.answer(asked, top_k=top_k), strict=True):
        sure = answer.confidence is not None and answer.confidence >= MIN_CONFIDENCE
        if not sure or len(answer.citations) != 1 or answer.kind not in ("phrase", "clause"):
            continue
        cited = answer.citations[0]
        expected = normalize(each.answer.text)
        given = normalize(cited.answer)
        place = cited.place.overlaps(each.answer)
        longer = len(given.split()) - len(expected.split())
        if place and (expected in given or given in expected) and longer <= _LONGER:
            kept.append(each)
    return kept


def _different(made: Sequence[Suggestion]) -> list[Suggestion]:
    """Return one question for each answer, those of other sentences and other words first."""
    seen: dict[str, list[Suggestion]] = {}
    for each in _one_each(made):
        seen.setdefault(each.question.split()[0], []).append(each)
    turns = chain.from_iterable(zip_longest(*seen.values()))
    return [each for each in turns if each is not None]
