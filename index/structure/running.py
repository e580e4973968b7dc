"""Lines that are the tops or the feet of pages by their form and by how they repeat."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from index.structure.lines import Line

_FIELDS = re.compile(r"[ \t]{3,}|\t[ \t]*")
_NUMBER = re.compile(r"\d{1,4}")
_NEXT = 4  # pages at most from one header to the next that bears a number
_SHORTEST = 8  # characters of the name of a book or a chapter
_CENTRED = 16  # columns


def running_headers(lines: Sequence[Line], short: Mapping[int, str]) -> set[int]:
    """Return the places of lines that name a text or a chapter beside a number or another name.

    "ANNUAL REPORT         29" is such a line, if the name stands in others as well and the
    numbers go up from page to page, and so is "The Walls         A Guide" if it stands there twice;
    of those without a number the first is left, if it opens the text. None is in a table: neither
    of its neighbours is cut into fields.

    Args:
        lines: The lines of a text.
        short: What the lines say that are short enough.
    """
    fields = {
        place: cut
        for place, said in short.items()
        if len(cut := _FIELDS.split(said)) in (2, 3) and all(cut)
    }
    alone = {
        place: cut
        for place, cut in fields.items()
        if (lines[place].gap or place == 0)
        and (place + 1 == len(lines) or lines[place + 1].gap or lines[place].page)
        and not any(_is_cut(short.get(each, ""), cut) for each in (place - 1, place + 1))
    }
    names = {place: _names(cut) for place, cut in alone.items()}
    counts = Counter(name for own in names.values() for name in own)
    counts.update(said.casefold() for place, said in short.items() if place not in fields)
    wholes = Counter(" ".join(cut).casefold() for cut in alone.values())
    numbered: list[tuple[int, int]] = []
    found: set[int] = set()
    for place, own in names.items():
        if not own or max(map(len, own)) < _SHORTEST or min(counts[each] for each in own) < 2:
            continue
        if wholes[" ".join(alone[place]).casefold()] > 1:
            found.update({place} - {0})
        elif len(own) < len(alone[place]):
            numbered.append((int(_number_in(alone[place])), place))
    numbers = [number for number, _ in numbered]
    if len(numbers) > 1 and all(0 < after - before <= _NEXT for before, after in pairwise(numbers)):
        found.update(place for _, place in numbered)
    return found


def page_numbers(
    lines: Sequence[Line], alone: Mapping[int, int], prose: Collection[int]
) -> set[int]:
    """Return the places of bare numbers that count the pages, for sure.

    They stand alone, and are set in as no text is, or go up by one from page to page, three of them
    at least; those from 1 on may number chapters. What stands above each is prose, so that none is
    the value of a label.

    Args:
        lines: The lines of a text.
        alone: The bare numbers that stand alone, by their places.
        prose: The places of lines that are prose.
    """
    found: set[int] = set()
    run: list[int] = []
    for place in [*sorted(alone), -1]:
        goes_on = place >= 0 and place - 1 in prose
        if run and (not goes_on or alone[place] != alone[run[-1]] + 1):
            centred = all(lines[each].indent >= _CENTRED for each in run)
            if (len(run) > 2 and alone[run[0]] > 1) or centred:
                found.update(run)
            run = []
        if goes_on:
            run.append(place)
    return found


def _is_cut(said: str, beside: Sequence[str]) -> bool:
    """Tell whether a neighbour of a line is cut into fields, and not the same line again."""
    cut = _FIELDS.split(said)
    return len(cut) > 1 and not set(_names(cut)) & set(_names(beside))


def _names(cut: Sequence[str]) -> tuple[str, ...]:
    """Return what stands beside the number of a page, if there is one at an end."""
    ends = [place for place in (0, len(cut) - 1) if _NUMBER.fullmatch(cut[place])]
    return tuple(each.casefold() for place, each in enumerate(cut) if place not in ends[:1])


def _number_in(cut: Sequence[str]) -> str:
    return next(each for each in (cut[0], cut[-1]) if _NUMBER.fullmatch(each))
