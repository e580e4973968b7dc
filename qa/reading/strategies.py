"""How the passages found for a question are read: by one reader, or by two in stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from index.errors import SettingError
from index.retrieval import Hit
from qa.reading.calibration import Calibration, scored_as
from qa.reading.candidates import Candidate
from qa.reading.reader import (
    DEFAULT_READER,
    ITEMS_READER,
    LARGE_READER,
    LazyReader,
    Reader,
    load_reader,
)
from qa.reading.rounds import InRounds
from qa.reading.stages import TwoStages


@runtime_checkable
class Strategy(Protocol):
    """A way to read the passages found for questions. Has to be safe to share by threads."""

    @property
    def calibration(self) -> Calibration:
        """What the candidates' confidences are made by, with the boundaries of outcomes."""

    def depth(self, passages: int) -> int:
        """Return how many passages to find, from 1, where so many are to be read."""

    def candidates(
        self, questions: Sequence[str], hits: Sequence[Sequence[Hit]]
    ) -> list[list[Candidate]]:
        """Return what is found for each question in its passages, most confident first.

        Args:
            questions: The questions.
            hits: The passages found for each, best first.

        Returns:
            A list for each question; an empty one if nothing in its passages may answer it.

        Raises:
            QuestionError: A question is too long to be read.
        """

    def items(
        self, questions: Sequence[str], hits: Sequence[Sequence[Hit]]
    ) -> list[list[Candidate]]:
        """Return what may be among several things that each question asks for, in its passages.

        Args:
            questions: The questions.
            hits: The passages found for each, best first.

        Returns:
            A list for each question, each thing with how likely it is to be one of them, most
            confident first; an empty one if nothing is, or there is no reader for that.

        Raises:
            QuestionError: A question is too long to be read.
        """

    def with_readers(self, wrap: Callable[[Reader], Reader]) -> Strategy:
        """Return the same way to read with other readers, each made of one of these."""


def load_strategy(
    reader: Strategy | Reader | str | Path | None = None, calibration: str | Path | None = None
) -> Strategy:
    """Return a way to read, loading what is named.

    Args:
        reader: A way to read; or a reader, or the folder or name of one, to read alone ("small" is
            the small one in the package). If None, those in the package in stages.
        calibration: A file with the calibration to use in place of the reader's own: of two
            readers in stages, the large one's.

    Raises:
        ModelError: A reader or the calibration cannot be loaded, or it was fitted to another
            reader, as far as the reader's own tells.
        SettingError: A calibration is given for a way to read that is neither of the two here.
    """
    # Read first: the readers take longer to load.
    fitted = None if calibration is None else Calibration.read(Path(calibration))
    strategy: Strategy
    if reader is None:
        strategy = shipped_strategy()
    else:
        strategy = reader if isinstance(reader, Strategy) else InRounds(load_reader(reader))
    if calibration is None or fitted is None:
        return strategy
    if isinstance(strategy, (InRounds, TwoStages)):
        fitted.check_reader(strategy.calibration.reader, Path(calibration))
        return strategy.with_calibration(fitted)
    raise SettingError(
        f"A {type(strategy).__name__} makes its confidences by itself; give it the calibration "
        "where it is made."
    )


def store_of(retriever: object) -> str | None:
    """Return what a calibration calls the kind of store that is asked; None if it is in none."""
    kind = getattr(getattr(retriever, "store", None), "kind", None)
    return scored_as(kind) if isinstance(kind, str) else None


def over_store(strategy: Strategy, store: str | None) -> Strategy:
    """Return the same way to read, by the calibration for a kind of store if there is one."""
    own = strategy.calibration
    fitted = own if store is None else own.over(store)
    if fitted is own or not isinstance(strategy, (InRounds, TwoStages)):
        return strategy
    return strategy.with_calibration(fitted)


def shipped_strategy(
    small: Path = DEFAULT_READER, large: Path = LARGE_READER, items: Path = ITEMS_READER
) -> Strategy:
    """Return how the readers in the package read: in stages, if the large one is there.

    Args:
        small: The folder of the small reader.
        large: The folder of the large one. It is loaded when it first reads.
        items: The folder of the reader of items, which shares layers with the large one.

    Raises:
        ModelError: A reader cannot be loaded.
    """
    if not large.is_dir():
        return InRounds(load_reader(small))
    reader = LazyReader.of(large)
    if not items.is_dir():
        return TwoStages(load_reader(small), reader)
    branch = LazyReader(lambda: reader.loaded().branch(items), Calibration.load(items))
    return TwoStages(load_reader(small), reader, several=branch)
