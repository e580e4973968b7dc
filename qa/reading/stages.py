"""Reading in two stages: a small reader reads widely, a large one rereads what decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.errors import SettingError
from index.retrieval import Hit
from index.text.stretches import Stretch
from qa.reading.calibration import Calibration
from qa.reading.candidates import Candidate, weigh
from qa.reading.items import read_items
from qa.reading.reader import Reader, RecalibratedReader
from qa.reading.rendered import read_rendered
from qa.reading.rounds import WORTH_READING, new_share, read_until_sure

SURE_FROM = 0.7
"""The confidence in its best span from which on the small reader is sure."""

REREAD_IF_SURE = 1
"""How many passages of a question the large reader rereads where the small one is sure."""

REREAD = 3
"""How many it rereads elsewhere."""

_FOUND = 2  # passages found for each that may be read: of half of them little is new


@dataclass(frozen=True)
class TwoStages:
    """A small reader, which says what is worth rereading, and a large one, whose word counts.

    The logits of two readers are on two scales, and none is held against one of the other's. The
    small reader's own confidences order passages; the answer is one of the spans that the large one
    found in those it reread, and what the small one made of the same place is one more piece of
    evidence for it, with a weight that is fitted.

    Attributes:
        small: Reads the best passages, and where it is unsure all that say something new: see
            :func:`qa.reading.rounds.read_until_sure`.
        large: Rereads. Its calibration is fitted to what the two give together.
        reread: How many passages of a question are reread.
        reread_if_sure: How many where the small reader is sure.
        sure_from: The confidence in its best span from which on the small reader is sure.
        several: Reads all of several things that are asked for; none is read if None.

    Raises:
        SettingError: No passage is to be reread.
    """

    small: Reader
    large: Reader
    reread: int = REREAD
    reread_if_sure: int = REREAD_IF_SURE
    sure_from: float = SURE_FROM
    several: Reader | None = None

    def __post_init__(self) -> None:
        fewest = min(self.reread, self.reread_if_sure)
        if fewest < 1:
            raise SettingError(
                f"{fewest} passages are to be reread; expected at least 1, or the small reader "
                "alone."
            )

    @property
    def calibration(self) -> Calibration:
        """What the confidences are made by: the large reader's."""
        return self.large.calibration

    def depth(self, passages: int) -> int:
        """Return how many passages to find where the small reader is to read so many."""
        return passages * _FOUND

    def candidates(
        self, questions: Sequence[str], hits: Sequence[Sequence[Hit]]
    ) -> list[list[Candidate]]:
        """Return what is found for each question in its passages, most confident first.

        The large reader reads what is chosen for all questions in one batch. What the small one
        found beyond that is left out: its confidences are of another make. Only where the large
        one finds nothing at all is the small one believed.
        """
        found = read_until_sure(self.small, questions, hits, self.sure_from)
        chosen = [
            [own[number] for number in worth_rereading(own, candidates, self._count(candidates))]
            for own, candidates in zip(hits, found, strict=True)
        ]
        wanted = [number for number, own in enumerate(chosen) if own]
        if not wanted:
            return found
        spans = read_rendered(
            self.large,
            [questions[number] for number in wanted],
            [[hit.passage for hit in chosen[number]] for number in wanted],
            [[hit.passage for hit in hits[number]] for number in wanted],
        )
        for number, own in zip(wanted, spans, strict=True):
            weighed = weigh(
                questions[number], chosen[number], own, self.calibration, before=found[number]
            )
            found[number] = weighed or found[number]
        return found

    def items(
        self, questions: Sequence[str], hits: Sequence[Sequence[Hit]]
    ) -> list[list[Candidate]]:
        """Return what may be among several things that each question asks for, in its passages."""
        if self.several is None:
            return [[] for _ in questions]
        return read_items(self.several, questions, hits)

    def with_readers(self, wrap: Callable[[Reader], Reader]) -> TwoStages:
        """Return the same with other readers, each made of one of these."""
        several = None if self.several is None else wrap(self.several)
        return replace(self, small=wrap(self.small), large=wrap(self.large), several=several)

    def with_calibration(self, calibration: Calibration) -> TwoStages:
        """Return the same with another calibration of what the two readers give together."""
        return replace(self, large=RecalibratedReader(self.large, calibration))

    def _count(self, candidates: Sequence[Candidate]) -> int:
        sure = bool(candidates) and candidates[0].confidence >= self.sure_from
        return self.reread_if_sure if sure else self.reread


def worth_rereading(hits: Sequence[Hit], candidates: Sequence[Candidate], count: int) -> list[int]:
    """Return the numbers of the passages to reread, in the order in which they were found.

    A passage promises as much as the most confident span in it. Passages overlap, and text that
    was chosen once need not be read again, so that of those which hold the same span mostly one is
    taken: the one that it was read best in. Where spans stand in too few, those found best follow.

    Args:
        hits: The passages found, best first.
        candidates: What the small reader found in them, most confident first.
        count: How many to return at most.
    """
    promises = [_promise(hit.passage, candidates) for hit in hits]
    chosen: list[int] = []
    # The sort is stable: what promises the same stays in the order of retrieval.
    for number in sorted(range(len(hits)), key=promises.__getitem__, reverse=True):
        known = [hits[each].passage for each in chosen]
        if new_share(hits[number].passage, known) >= WORTH_READING:
            chosen.append(number)
        if len(chosen) == count:
            break
    return sorted(chosen)


def _promise(passage: Stretch, candidates: Sequence[Candidate]) -> tuple[float, bool]:
    """Return the confidence of the best span in a passage, and whether it was read best there."""
    best = next((candidate for candidate in candidates if passage.contains(candidate)), None)
    return (best.confidence, best.passage == passage) if best else (0.0, False)
