"""PowerPoint presentations (PPTX, and PPTM without its macros)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from index.errors import ArticleError
from index.loaders.content import Content
from index.loaders.markup import Markup
from index.loaders.office.charts import write_chart
from index.loaders.office.names import PREFIXES, child, kind, value
from index.loaders.office.nesting import Nesting
from index.loaders.office.packages import Package, title_of
from index.loaders.office.slides import (
    Drawing,
    Grid,
    Item,
    Line,
    Shape,
    is_left_out,
    is_merged,
    shapes_of,
)
from index.loaders.trees import Element
from index.loaders.writing import BREAK, Piece, Writer, collapse, text_of
from index.places import Part

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_USUAL = "ppt/presentation.xml"
_BESIDE = ("chart", "diagramData", "notesSlide")
_NOTES = frozenset(("body",))
_TAGS = {
    "c:ser": "div", "c:v": "p", "a:tbl": "table", "a:tr": "tr",
    "a:tc": "td", "a:br": "br", "p:sp": "div", "dgm:pt": "div",
}  # fmt: skip


class _Slide(NamedTuple):
    """A slide, and what belongs to it.

    Attributes:
        number: Which one it is, from 1.
        root: The root of its XML.
        part: Where that stands.
        drawings: The parts of its charts and diagrams, with their roots, by their relation.
        notes: The parts of its speaker's notes, with their roots: one, or none.
    """

    number: int
    root: Element
    part: Part
    drawings: Mapping[str, tuple[Part, Element]]
    notes: Sequence[tuple[Part, Element]]

    @property
    def is_hidden(self) -> bool:
        """Whether it is left out when the slides are shown."""
        return self.root.get("show") in ("0", "false")


def load_pptx(data: bytes, name: str) -> Content:
    """Read a presentation, slide by slide: titles, text, tables, diagrams and speaker's notes.

    The title is that of its properties or of the first slide that has one, or else the file's name
    without its suffix.

    Raises:
        ArticleError: The data are no presentation, are damaged, need a password, are too large, or
            hold no text.
    """
    package = Package(data, name)
    writer = Writer()
    first: str | None = None
    hidden: list[int] = []
    failed: list[str] = []
    for slide in _slides(package, failed):
        title = _write(writer, slide)
        first = first or title
        if slide.is_hidden:
            hidden.append(slide.number)
    if not writer.text.strip():
        raise ArticleError(
            f"{name}: holds no text, though it is a presentation. "
            + (failed[0] if failed else "If its slides are pictures, run OCR on it first.")
        )
    said = package.properties()
    failed += package.failed
    title = title_of(said.pop("title", None)) or first or Path(name).stem
    return Content(title, writer.text, said, writer.places, MEDIA_TYPE, _said(hidden, failed))


def _slides(package: Package, failed: list[str]) -> Iterator[_Slide]:
    """Return the slides in the order of the presentation, each once; say which cannot be read."""
    main = package.main(_USUAL)
    root = package.root(main, "p:presentation", "presentation")
    relations = package.relations(main)
    seen: set[str] = set()
    for number, each in enumerate(_listed(root), start=1):
        relation = relations.get(value(each, "r:id") or "")
        path = None if relation is None else package.archive.find(relation.target)
        if path is None:
            failed.append(f"Slide {number} is missing in the file.")
        elif path not in seen:
            seen.add(path)
            try:
                yield _slide(package, path, number)
            except ArticleError as error:
                failed.append(f"Slide {number} could not be read: {error}")


def _listed(root: Element) -> list[Element]:
    listed = child(root, "p:sldIdLst")
    return [] if listed is None else [each for each in listed if kind(each) == "p:sldId"]


def _slide(package: Package, path: str, number: int) -> _Slide:
    root = package.root(path, "p:sld", "slide")
    part = Part("slide", number, file=path)
    drawings: dict[str, tuple[Part, Element]] = {}
    notes: list[tuple[Part, Element]] = []
    for said, sort, target, own in package.beside(path, _BESIDE):
        if sort == "notesSlide":
            notes.append((Part("slide", number, "notes", file=target), own))
        else:
            drawings[said] = (Part("slide", number, file=target), own)
    return _Slide(number, root, part, drawings, notes)


def _write(writer: Writer, slide: _Slide) -> str | None:
    """Write a slide, its title first; return that, None if it has none."""
    writer.begin(slide.part)
    items = shapes_of(slide.root)
    titles = [each for each in items if isinstance(each, Shape) and each.is_title]
    said = []
    for each in titles:
        pieces = _flowing(each.lines)
        writer.heading(pieces, 1 if each.role == "ctrTitle" else 2)
        said.append(" ".join(text_of(pieces).split()))
    drawings = dict(slide.drawings)
    for item in items:
        if not isinstance(item, Drawing):
            _write_item(writer, item)
        elif item.said in drawings:
            part, root = drawings.pop(item.said)
            writer.begin(part)
            if kind(root) == "c:chartSpace":
                write_chart(writer, root)
            for inner in () if kind(root) == "c:chartSpace" else shapes_of(root):
                _write_item(writer, inner)
            writer.begin(slide.part)
    for part, root in slide.notes:
        writer.begin(part)
        for item in shapes_of(root, _NOTES):
            _write_item(writer, item)
    return next(filter(None, said), None)


def _write_item(writer: Writer, item: Item) -> None:
    if isinstance(item, Grid):
        rows = [[_flowing(cell) for cell in row] for row in item.rows]
        writer.table(rows, header=item.header)
    elif isinstance(item, Shape) and not item.is_title:
        _write_lines(writer, item.lines)


def _write_lines(writer: Writer, lines: Sequence[Line]) -> None:
    shown = [(line, pieces) for line in lines if text_of(pieces := collapse(line.pieces)).strip()]
    nesting, counts, is_open = Nesting(), [0] * 9, False
    for line, pieces in shown:
        if not line.marker or len(shown) == 1:
            nesting.close()
            is_open = False
            writer.paragraph(pieces)
            continue
        counts[line.depth + 1 :] = [0] * (8 - line.depth)
        counts[line.depth] += 1
        depth = nesting.of(line.depth)
        number = counts[line.depth] if line.marker == "1" else None
        writer.item(pieces, depth=depth, number=number, first=not is_open)
        is_open = True


def _flowing(lines: Iterable[Line]) -> list[Piece]:
    """Return the pieces of lines, with a break between them."""
    return collapse(piece for line in lines for piece in (BREAK, *line.pieces))


def _said(hidden: Sequence[int], failed: Sequence[str]) -> tuple[str, ...]:
    if not hidden:
        return tuple(failed)
    numbers = ", ".join(map(str, hidden))
    many = len(hidden) > 1
    return (
        f"Slide{'s' if many else ''} {numbers} {'are' if many else 'is'} hidden in the show, and "
        "read all the same.",
        *failed,
    )


def _trees(data: bytes) -> Iterable[tuple[Part, Element]]:
    for slide in _slides(Package(data, "the presentation"), []):
        for cell in slide.root.iter("{*}tc"):
            cell.set("colspan", value(cell, "a:gridSpan") or "1")
            cell.set("rowspan", value(cell, "a:rowSpan") or "1")
        yield slide.part, slide.root
        yield from slide.drawings.values()
        yield from slide.notes


def _tag_of(element: Element) -> str | None:
    named = kind(element)
    if named == "a:p":
        return "p"
    if named == "a:r":
        properties = child(element, "a:rPr")
        said = {each: value(properties, f"a:{each}") for each in "bi"}
        return next((each for each, on in said.items() if on in ("1", "true")), None)
    return _TAGS.get(named)


def _is_unseen(element: Element) -> bool:
    return is_left_out(element) or (kind(element) == "a:tc" and is_merged(element))


PPTX = Markup(_trees, _tag_of, _is_unseen, PREFIXES, counted=True)
"""How a presentation is shown."""
