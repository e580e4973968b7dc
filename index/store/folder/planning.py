"""Which segments of a library are made anew when documents come and go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.store.folder.state import SegmentEntry

# Segments grow geometrically: a passage is written again only as often as its segment becomes
# several times as large. What is merged beside an addition takes a second at most.
_GROWTH = 4
_MERGED_UP_TO = 32_768  # passages
_REWRITTEN_UP_TO = 50_000  # passages
_LARGEST = 8_000_000  # sentences in one segment
# So many sentences at the end are compared one by one, in 20 ms, before they are put together in a
# segment of clusters. That takes some ten seconds, once for a hundred books that are added.
_COMPARED = 131_072


@dataclass(frozen=True)
class Group:
    """Segments that one takes the place of; or nothing does, if nothing in them is left.

    Attributes:
        old: The segments, one after another.
        grows: Whether documents that are added come behind them.
    """

    old: tuple[SegmentEntry, ...]
    grows: bool = False


def changed_groups(
    segments: Sequence[SegmentEntry], touched: Collection[str], added: int
) -> list[Group]:
    """Plan a change.

    Args:
        segments: The segments, by the numbers of their documents.
        touched: The names of those from which documents are removed.
        added: How many passages are added.
    """
    tail: list[SegmentEntry] = []
    size = added
    for entry in reversed(segments if added else ()):
        if entry.passages >= _GROWTH * size or entry.passages + size > _MERGED_UP_TO:
            break
        tail.insert(0, entry)
        size += entry.passages
    groups = [
        Group((entry,))
        for entry in segments[: len(segments) - len(tail)]
        if entry.name in touched and entry.passages <= _REWRITTEN_UP_TO
    ]
    return [*groups, Group(tuple(tail), grows=True)] if added else groups


def gathered_groups(segments: Sequence[SegmentEntry], exact_up_to: int) -> list[Group]:
    """Plan to put together those at the end whose sentences are compared one by one, if many are.

    Args:
        segments: The segments, by the numbers of their documents.
        exact_up_to: How many sentences of a segment are compared one by one.
    """
    tail: list[SegmentEntry] = []
    for entry in reversed(segments):
        if entry.sentences > exact_up_to:
            break
        tail.insert(0, entry)
    compared = sum(entry.sentences for entry in tail)
    return [Group(tuple(tail))] if compared > max(_COMPARED, exact_up_to) else []


def compacted_groups(segments: Sequence[SegmentEntry], touched: Collection[str]) -> list[Group]:
    """Plan to put all segments together, in as few as there can be.

    Args:
        segments: The segments, by the numbers of their documents.
        touched: The names of those in which documents are gone.
    """
    groups: list[list[SegmentEntry]] = []
    for entry in segments:
        if groups and sum(each.sentences for each in (*groups[-1], entry)) <= _LARGEST:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return [Group(tuple(group)) for group in groups if len(group) > 1 or group[0].name in touched]
