"""This program, as it is measured."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.systems.base import DEPTH, OpenSystem, Response
from eval.systems.libraries import Libraries, indexed
from index.store.settings import DEFAULT_FUSION
from index.text.passages import PASSAGE_SENTENCES, PASSAGE_STRIDE
from qa import (
    Article,
    ArticleQA,
    Conversation,
    Encoder,
    Fusion,
    IndexSettings,
    Reader,
    SettingError,
    Strategy,
    Stretch,
    TwoStages,
)
from qa.answering.engine import TOP_K
from qa.reading.reader import LARGE_READER, load_reader
from qa.reading.strategies import load_strategy


def strategy_of(
    reader: str | Path | None,
    after: str | Path | None = None,
    reread: int | None = None,
    calibration: Path | None = None,
) -> Strategy:
    """Return the way to read that is to be measured.

    Args:
        reader: A reader, alone; those in the package in stages if None.
        after: A small reader, for that one to reread what this one has read.
        reread: How many passages are reread, however sure the small reader is; as the product does
            if None.
        calibration: A file with the calibration to use in place of the reader's own.

    Raises:
        ModelError: A reader or the calibration cannot be loaded.
        SettingError: A number is given and one reader reads alone.
    """
    strategy = load_strategy(
        reader
        if after is None
        else TwoStages(load_reader(after), load_reader(LARGE_READER if reader is None else reader)),
        calibration,
    )
    if reread is None:
        return strategy
    if not isinstance(strategy, TwoStages):
        raise SettingError(
            f"{reread} passages are to be reread, but one reader reads alone; give a large reader "
            "and the small one before it: --reader LARGE --after small."
        )
    return replace(strategy, reread=reread, reread_if_sure=reread)


@dataclass(frozen=True)
class ArticleQASystem:
    """This program, with the settings that are to be measured.

    Attributes:
        encoder: Makes the vectors.
        reader: Reads the passages, or says how one or two readers do.
        window: How many sentences a passage has.
        stride: By how many sentences a passage starts after the one before.
        top_k: How many passages are read.
        fusion: How passages are ranked.
        min_confidence: The confidence below which no answer is given. If None, the boundaries of
            the reader's calibration say what is.
        in_conversation: Whether the questions asked of the same articles are turns of one
            conversation, in which nothing can be withheld.
        libraries: Where articles are kept; in memory if None.
    """

    encoder: Encoder
    reader: Reader | Strategy
    window: int = PASSAGE_SENTENCES
    stride: int = PASSAGE_STRIDE
    top_k: int = TOP_K
    fusion: Fusion = DEFAULT_FUSION
    min_confidence: float | None = None
    in_conversation: bool = False
    libraries: Libraries | None = None

    def open(self, articles: Sequence[Article]) -> OpenSystem:
        """Index articles."""
        settings = IndexSettings(self.window, self.stride, self.fusion)
        retriever = indexed(articles, self.encoder, settings, self.libraries)
        bot = ArticleQA(retriever, self.reader, min_confidence=self.min_confidence)
        conversation = bot.conversation() if self.in_conversation else None
        return _OpenArticleQA(bot, self.top_k, conversation)


@dataclass(frozen=True)
class _OpenArticleQA:
    bot: ArticleQA
    top_k: int
    conversation: Conversation | None

    def ask(self, question: str, withheld: Sequence[Stretch] = ()) -> Response:
        retriever = self.bot.retriever
        ranking = retriever.search([question], DEPTH, without=withheld)[0]
        started = time.perf_counter()
        if self.conversation is not None:
            answer = self.conversation.ask(question)
        else:
            asked = [(question, self.bot.engine.spellings(question))]
            answer = self.bot.engine.answer(asked, top_k=self.top_k, without=withheld)[0]
        latency_ms = (time.perf_counter() - started) * 1000
        return Response(answer, tuple(hit.passage for hit in ranking), latency_ms)
