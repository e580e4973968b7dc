"""Measures one system over articles, in the process that it is called in."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from eval.measures.figures import figures
from eval.measures.runner import evaluate
from eval.sets.cases import Corpus
from eval.systems.base import OpenSystem, Response, System
from index.models.encoder import installed_encoder, load_encoder
from index.models.files import read_tokenizer
from index.models.precision import choose_precision
from index.structure.sentences import split_sentences
from qa import Article, ArticleQA, Encoder, Reader, ReaderSpan, Strategy, Stretch
from qa.reading.reader import DEFAULT_READER, LARGE_READER, SMALL
from qa.reading.strategies import load_strategy

BATCH = 16
"""How many questions are asked at once where a system can be asked several."""
_FIRST = "Which of the two came first, and why?"  # what is asked before anything is measured


TimedBatch = tuple[float, list[tuple[str, str]]]
"""A call of a reader: how many milliseconds it took, and each question with what was read."""


@runtime_checkable
class AsksMany(Protocol):
    """An open system that can be asked several questions at once."""

    def ask_many(self, questions: Sequence[str]) -> None:
        """Answer questions."""


@dataclass(frozen=True)
class Work:
    """What our models did for questions that were asked one at a time.

    Attributes:
        reader_ms: How long the readers read, in all.
        read: How many tokens each sequence had that the small reader read: a question, a passage,
            and special tokens.
        asked: How many tokens each question has for the encoder, likewise.
        precision: In which precision they compute.
        reread: How many tokens each sequence had that the large reader read, likewise.
    """

    reader_ms: float
    read: tuple[int, ...]
    asked: tuple[int, ...]
    precision: str
    reread: tuple[int, ...] = ()


@dataclass(frozen=True)
class Speed:
    """What was measured of one system over one number of articles.

    Attributes:
        articles: How many articles a question was asked of.
        characters: How many characters were indexed, over all articles.
        sentences: How many sentences they have, as this program splits them.
        index_s: How long indexing took, the models loaded; None if it indexes nothing.
        latencies_ms: How long each question took, asked alone.
        batch_s: How long the same questions took in batches; None if they can only be asked alone.
        peak_mb: The most memory that the process held by then; None where it cannot be told.
        f1: F1 in percent if every answerable question is answered; None if none is answerable.
        citation_hit: How often, in percent, the first sentence cited then holds an accepted answer.
        threads: How many threads torch computes with.
        work: What our models did for it; None for others.
    """

    articles: int
    characters: int
    sentences: int
    index_s: float | None
    latencies_ms: tuple[float, ...]
    batch_s: float | None
    peak_mb: float | None
    f1: float | None
    citation_hit: float | None
    threads: int
    work: Work | None = None

    @property
    def questions_a_second(self) -> float:
        """How many questions are answered in a second, in batches where it takes several."""
        seconds = sum(self.latencies_ms) / 1000 if self.batch_s is None else self.batch_s
        return len(self.latencies_ms) / seconds

    @property
    def indexed_a_second(self) -> float | None:
        """How many characters are indexed in a second."""
        return self.index_s and self.characters / self.index_s

    @property
    def sentences_a_second(self) -> float | None:
        """How many sentences are indexed in a second."""
        return self.index_s and self.sentences / self.index_s


@dataclass(frozen=True)
class OurSystem:
    """This program as its users call it: :meth:`ArticleQA.ask` and :meth:`ArticleQA.ask_many`."""

    encoder: Encoder
    reader: Reader | Strategy

    def open(self, articles: Sequence[Article]) -> _Ours:
        """Index articles."""
        return _Ours(
            ArticleQA.from_articles(
                articles, encoder=self.encoder, reader=self.reader, progress=len(articles) > 1
            )
        )


@dataclass(frozen=True)
class _Ours:
    bot: ArticleQA

    def ask(self, question: str, withheld: Sequence[Stretch] = ()) -> Response:
        assert not withheld
        started = time.perf_counter()
        answer = self.bot.ask(question)
        return Response(answer, (), (time.perf_counter() - started) * 1000)

    def ask_many(self, questions: Sequence[str]) -> None:
        self.bot.ask_many(questions)


class WatchedReader:
    """A reader that notes how long it reads, and what."""

    def __init__(self, reader: Reader) -> None:
        self.calibration = reader.calibration
        self.batches: list[TimedBatch] = []
        self._reader = reader

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Pass on what else the pipeline may ask of its reader."""
        return getattr(self._reader, name)

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        """Read as the reader does."""
        started = time.perf_counter()
        spans = self._reader.read(questions, passages)
        ms = (time.perf_counter() - started) * 1000
        pairs = [
            (question, passage)
            for question, texts in zip(questions, passages, strict=True)
            for passage in texts
        ]
        self.batches.append((ms, pairs))
        return spans


@dataclass
class _TimedSystem:
    """A system that notes how long it indexes."""

    system: System
    index_s: float = 0.0
    opened: list[OpenSystem] = field(default_factory=list)

    def open(self, articles: Sequence[Article]) -> OpenSystem:
        started = time.perf_counter()
        opened = self.system.open(articles)
        self.index_s += time.perf_counter() - started
        self.opened.append(opened)
        return opened


def measure_ours(corpora: Sequence[Corpus]) -> Speed:
    """Measure this program with its own models."""
    return _measure_reading(load_strategy(), corpora, "ours")


def measure_small(corpora: Sequence[Corpus]) -> Speed:
    """Measure this program with its small reader alone, whose weights the others run."""
    return _measure_reading(load_strategy(SMALL), corpora, "small")


def _measure_reading(strategy: Strategy, corpora: Sequence[Corpus], name: str) -> Speed:
    watched: list[WatchedReader] = []

    def watch(reader: Reader) -> WatchedReader:
        watched.append(WatchedReader(reader))
        return watched[-1]

    system = OurSystem(load_encoder(), strategy.with_readers(watch))
    return measure(system, corpora, name=name, watched=watched)


def measure(
    system: System,
    corpora: Sequence[Corpus],
    *,
    name: str = "",
    watched: Sequence[WatchedReader] = (),
) -> Speed:
    """Index, ask each question alone, then all in batches.

    The models are loaded and have answered one question before anything is measured.

    Args:
        system: What is to be measured.
        corpora: What is asked of what; nothing may be withheld.
        name: What the progress bar says is being asked.
        watched: The readers of the system, if they are watched: the small one, then the large.
    """
    system.open(corpora[0].articles[:1]).ask(_FIRST)
    for reader in watched:
        reader.batches.clear()
    timed = _TimedSystem(system)
    results = list(evaluate(timed, corpora, name=name, progress=True))
    batches = [list(reader.batches) for reader in watched]
    batch_s = _ask_in_batches(timed.opened, corpora)
    peak_mb = peak_memory_mb()
    import torch

    articles = [article for corpus in corpora for article in corpus.articles]
    by_name = {figure.name: figure.value for figure in figures(results)}
    return Speed(
        articles=max(len(corpus.articles) for corpus in corpora),
        characters=sum(len(article.text) for article in articles),
        sentences=sum(len(split_sentences(article.text)) for article in articles),
        index_s=timed.index_s,
        latencies_ms=tuple(result.latency_ms for result in results),
        batch_s=batch_s,
        peak_mb=peak_mb,
        f1=by_name["forced_f1"],
        citation_hit=by_name["forced_citation_hit@1"],
        threads=torch.get_num_threads(),
        work=_work(batches, [result.question for result in results]) if batches else None,
    )


def peak_memory_mb() -> float | None:
    """Return the most memory that this process ever held, in megabytes; None on Windows."""
    try:
        import resource
    except ImportError:
        return None
    return in_mb(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def in_mb(max_rss: int) -> float:
    """Return what the operating system says of a process's memory in megabytes."""
    return max_rss / (2**20 if sys.platform == "darwin" else 2**10)


def _work(batches: Sequence[Sequence[TimedBatch]], questions: Sequence[str]) -> Work:
    """Count the tokens of what was read, by the small reader and the large, and asked."""

    def lengths(folder: Path, texts: Sequence[Any]) -> tuple[int, ...]:
        tokenizer = read_tokenizer(folder)
        assert tokenizer is not None  # the model that was just run has one
        return tuple(len(each.ids) for each in tokenizer.encode_batch(list(texts)))

    small, large = ([pair for _, pairs in own for pair in pairs] for own in (*batches, [])[:2])
    return Work(
        reader_ms=sum(ms for own in batches for ms, _ in own),
        read=lengths(DEFAULT_READER, small),
        asked=lengths(installed_encoder(), questions),
        precision=choose_precision(),
        reread=lengths(LARGE_READER, large) if large else (),
    )


def _ask_in_batches(opened: Sequence[OpenSystem], corpora: Sequence[Corpus]) -> float | None:
    seconds = 0.0
    for system, corpus in zip(opened, corpora, strict=True):
        if not isinstance(system, AsksMany):
            return None
        questions = [case.question.text for case in corpus.cases]
        started = time.perf_counter()
        for first in range(0, len(questions), BATCH):
            system.ask_many(questions[first : first + BATCH])
        seconds += time.perf_counter() - started
    return seconds
