"""Where the text of an article stands in the document that it was read from."""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import ArticleError

PartKind = Literal["document", "page", "slide", "chapter", "body"]
FULL = 65535
"""What a box counts in: so many of these make the width, or the height, of a page."""
_MAGIC = b"places 1\n"
_BETWEEN = 3  # characters between words: a hyphen and a line end at most
_LARGEST = 1 << 31  # bytes that places may come to: what is damaged may claim any number


class Box(NamedTuple):
    """A rectangle on a page as it is shown, upright: in shares of its width and height, 0..1.

    The origin is the page's upper left corner.
    """

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Part:
    """A part of a document that is shown, or kept in a file, by itself.

    Attributes:
        kind: What it is; a "body" is one of the texts of an e-mail.
        number: Which of its kind, from 1; None where there is one.
        name: What it is called, such as a chapter or the notes of a slide; None if it has no name.
        file: Which file of an archive holds it; None where the document is no archive.
        width: How wide a page is as it is shown, in points; 0 for what is no page.
        height: How high it is.
    """

    kind: PartKind = "document"
    number: int | None = None
    name: str | None = None
    file: str | None = None
    width: float = 0.0
    height: float = 0.0

    @property
    def label(self) -> str:
        """What it is called where it is cited: "page 3"; empty where there is only one.

        What belongs to a slide is called by both: "slide 3, notes". A chapter is called by its
        name: how many files come before it in a book is no number of it.
        """
        if self.kind == "chapter" and self.name:
            return f"“{self.name}”"
        named = f", {self.name}" if self.name else ""
        return "" if self.number is None else f"{self.kind} {self.number}{named}"


class Place(NamedTuple):
    """A stretch of a document.

    Attributes:
        part: The part that it is in.
        path: The XPath of the text node that it is in, such as ``/html/body/p[2]/text()[1]``; None
            where the part has no elements.
        start: Where it starts: in the text node, in the page's characters as pdfium counts them, or
            in the decoded text.
        end: Where it ends.
        boxes: Where it is to be seen: a rectangle for each line; none where the part is no page.
    """

    part: Part
    path: str | None
    start: int
    end: int
    boxes: tuple[Box, ...] = ()


class Run(NamedTuple):
    """A stretch of an article's text that stands in its document just so.

    Attributes:
        start: Where it starts in the text.
        length: How many code points it has.
        part: The number of its part.
        path: The number of its text node's path; -1 for none.
        at: Where it starts there.
    """

    start: int
    length: int
    part: int
    path: int
    at: int


class Places:
    """Where each code point of a text stands in its document. Safe to share by threads.

    What stands nowhere there, such as the line breaks between paragraphs, has no place.

    Args:
        parts: The parts of the document.
        paths: The paths of its text nodes.
        runs: Rows as :class:`Run` has them, in the order of the text, shaped (runs, 5).
        boxes: Left, top, right and bottom of each code point in the runs, in order, in shares of
            :data:`FULL`, shaped (code points, 4); None where nothing is to be seen on a page.

    Raises:
        ValueError: They do not fit together.
    """

    def __init__(
        self,
        parts: Sequence[Part] = (),
        paths: Sequence[str] = (),
        runs: NDArray[np.int64] | None = None,
        boxes: NDArray[np.uint16] | None = None,
    ) -> None:
        self.parts, self.paths = tuple(parts), tuple(paths)
        self._runs = np.empty((0, 5), dtype=np.int64) if runs is None else runs
        self._boxes = boxes
        self._check()
        self._starts: list[int] = self._runs[:, 0].tolist()
        self._before = np.concatenate([[0], np.cumsum(self._runs[:, 1])])

    def _check(self) -> None:
        runs = self._runs
        if runs.ndim != 2 or runs.shape[1] != len(Run._fields):
            raise ValueError(f"runs are shaped {runs.shape}")
        starts, lengths, parts, paths, at = runs.T
        fits = (
            (lengths > 0).all() and (starts >= 0).all() and (at >= 0).all()
            and (starts[1:] >= (starts + lengths)[:-1]).all()
            and ((parts >= 0) & (parts < len(self.parts))).all()
            and ((paths >= -1) & (paths < len(self.paths))).all()
        )  # fmt: skip
        if not fits:
            raise ValueError("the runs are not in order, or of other parts")
        if self._boxes is not None and self._boxes.shape != (lengths.sum(), 4):
            raise ValueError(f"{lengths.sum()} code points have {len(self._boxes)} boxes")

    def __len__(self) -> int:
        """How many runs there are."""
        return len(self._runs)

    @property
    def end(self) -> int:
        """Where the last run ends in the text; 0 if there is none."""
        return 0 if not len(self) else int(self._runs[-1, 0] + self._runs[-1, 1])

    def runs(self) -> Iterator[Run]:
        """Return all runs, in the order of the text."""
        return (Run(*row) for row in self._runs.tolist())

    def of(self, start: int, end: int) -> tuple[Place, ...]:
        """Return where a stretch of the text stands, in the order of the text.

        Each place is whole: what is in two text nodes, on two pages, or parted by something else
        between has two. Empty where none of it stands in the document.
        """
        places: list[Place] = []
        for number in range(max(0, bisect_right(self._starts, start) - 1), len(self._starts)):
            if self._starts[number] >= end:
                break
            run = Run(*self._runs[number].tolist())
            first, last = max(start, run.start) - run.start, min(end, run.start + run.length)
            last -= run.start
            if first >= last:
                continue
            path = None if run.path < 0 else self.paths[run.path]
            boxes: tuple[Box, ...] = ()
            if self._boxes is not None:
                row = int(self._before[number])
                boxes = tuple(box for *_, box in _lines(self._boxes[row + first : row + last]))
            places.append(
                Place(self.parts[run.part], path, run.at + first, run.at + last, boxes)
            )  # fmt: skip
        return tuple(places)

    def lines(self, part: Part) -> Iterator[tuple[int, int, Box]]:
        """Return the lines of a page: where each starts and ends in the text, and is to be seen."""
        if self._boxes is None or part not in self.parts:
            return
        for number in np.flatnonzero(self._runs[:, 2] == self.parts.index(part)).tolist():
            at, row = self._starts[number], int(self._before[number])
            for start, end, box in _lines(self._boxes[row : int(self._before[number + 1])]):
                yield at + start, at + end, box

    def to_bytes(self) -> bytes:
        """Return what :meth:`from_bytes` reads."""
        head = {"parts": [asdict(part) for part in self.parts], "paths": self.paths}
        written = json.dumps(head).encode()
        steps = np.diff(self._runs, axis=0, prepend=0)  # small numbers, which are packed well
        boxes = b"" if self._boxes is None else _steps(self._boxes).tobytes()
        sizes = [len(written), len(self._runs), -1 if self._boxes is None else len(self._boxes)]
        parts = np.array(sizes, "<i8").tobytes(), written, steps.astype("<i8").T.tobytes(), boxes
        return _MAGIC + zlib.compress(b"".join(parts), 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> Places:
        """Read what :meth:`to_bytes` wrote.

        Raises:
            ValueError: It is something else, or damaged.
        """
        if not data.startswith(_MAGIC):
            raise ValueError("are no places")
        unpacked = zlib.decompressobj()
        try:
            raw = unpacked.decompress(data[len(_MAGIC) :], _LARGEST)
            if not unpacked.eof:
                raise ValueError("are places that break off")
            head, runs, boxes = np.frombuffer(raw[:24], "<i8").tolist()
            written = json.loads(raw[24 : 24 + head])
            rest = raw[24 + head :]
            steps = np.frombuffer(rest[: runs * 40], "<i8").reshape(5, runs).T
            marks = np.frombuffer(rest[runs * 40 :], "<u2")
            return cls(
                [Part(**part) for part in written["parts"]],
                [str(path) for path in written["paths"]],
                np.cumsum(steps, axis=0),
                None if boxes < 0 else np.cumsum(marks.reshape(4, boxes).T, axis=0, dtype="<u2"),
            )
        except (KeyError, TypeError, UnicodeDecodeError, zlib.error) as error:
            raise ValueError(f"are damaged places ({error})") from error


class PackedPlaces(Places):
    """Places as :meth:`Places.to_bytes` gives them, unpacked when they are first asked for.

    Few articles of a collection are ever cited.

    Args:
        data: What was written.

    Raises:
        ArticleError: It is damaged; this is found out when it is unpacked.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        self._packed = data

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what is not there before
        if name not in _UNPACKED or "_packed" not in self.__dict__:
            raise AttributeError(name)
        try:
            self.__dict__.update(Places.from_bytes(bytes(self._packed)).__dict__)
        except ValueError as error:
            raise ArticleError(f"What is kept of an article {error}; read it again.") from error
        return self.__dict__[name]

    def __reduce__(self) -> tuple[Any, ...]:
        return PackedPlaces, (self.to_bytes(),)

    def to_bytes(self) -> bytes:
        """Return what was written."""
        return bytes(self._packed)


def _steps(boxes: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Return by how much each box differs from the one before, modulo 2**16, column by column."""
    steps: NDArray[np.uint16] = np.diff(boxes, axis=0, prepend=np.uint16(0)).T.astype("<u2")
    return steps


def _lines(boxes: NDArray[np.uint16]) -> Iterator[tuple[int, int, Box]]:
    """Return the lines of some code points' boxes: of which each is, and a rectangle for them.

    Code points whose boxes have no size are of the line before, if there is one.
    """
    start, line = 0, [0, 0, 0, 0]
    for number, (left, top, right, bottom) in enumerate(boxes.tolist()):
        if left >= right or top >= bottom:
            continue
        if line[2] and _on_one_line(line, top, bottom):
            line = [
                min(line[0], left), min(line[1], top), max(line[2], right), max(line[3], bottom)
            ]  # fmt: skip
            continue
        if line[2]:
            yield start, number, _box(line)
            start = number
        line = [left, top, right, bottom]
    if line[2]:
        yield start, len(boxes), _box(line)


def _box(line: Sequence[int]) -> Box:
    return Box(*(round(each / FULL, 4) for each in line))


def _on_one_line(line: list[int], top: int, bottom: int) -> bool:
    """Tell whether a code point's box overlaps a line's by half of the lower one's height."""
    shared = min(line[3], bottom) - max(line[1], top)
    return 2 * shared >= min(line[3] - line[1], bottom - top)


def joined(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return places with those in one that stand on one page, one right behind the other.

    They are from where the first starts to where the last ends: the blanks and line ends between
    words, which no document may have and pdfium counts all the same, are within. Rectangles that
    adjoin on one line are one.
    """
    found: list[Place] = []
    for place in places:
        last = found[-1] if found else None
        if (
            last is not None and place.path is None and place.boxes and last.part == place.part
            and 0 <= place.start - last.end <= _BETWEEN
        ):  # fmt: skip
            boxes = joined_boxes((*last.boxes, *place.boxes))
            found[-1] = last._replace(end=place.end, boxes=boxes)
        else:
            found.append(place)
    return tuple(found)


def joined_boxes(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Return rectangles with those in one that are of one line, one right behind the other."""
    found: list[Box] = []
    for box in boxes:
        if found and _adjoin(found[-1], box):
            edges = zip((min, min, max, max), found[-1], box, strict=True)
            found[-1] = Box(*(choose(one, other) for choose, one, other in edges))
        else:
            found.append(box)
    return tuple(found)


def _adjoin(one: Box, other: Box) -> bool:
    high = min(one.bottom - one.top, other.bottom - other.top)
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return 2 * shared >= high and -high <= other.left - one.right <= high


def labels_of(places: Iterable[Place]) -> str:
    """Return what the parts of places are called: "page 3", "pages 3 and 4", "" for none."""
    numbered: dict[str, list[str]] = {}
    for label, part in {place.part.label: place.part for place in places}.items():
        if label:
            kind = "" if part.name else f"{part.kind} "
            numbered.setdefault(kind, []).append(label.removeprefix(kind))
    said = []
    for kind, each in numbered.items():
        listed = " and ".join(filter(None, (", ".join(each[:-1]), each[-1])))
        said.append(f"{kind[:-1]}s {listed}" if kind and len(each) > 1 else kind + listed)
    return ", ".join(said)


NO_PLACES = Places()
_UNPACKED = frozenset(NO_PLACES.__dict__)
