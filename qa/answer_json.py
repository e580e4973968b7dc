"""What an answer is in JSON: what `Answer` writes and reads, and what the web API documents."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from index.places import Place


class PlaceJson(TypedDict):
    """Where a stretch stands in the document that its article was read from.

    ``part`` is "page 3", or "" where a document is not in parts; ``file`` the file of an archive;
    ``path`` the XPath of a text node. ``start`` and ``end`` count there. ``boxes`` are left, top,
    right and bottom of rectangles on the page, in shares of its width and height.
    """

    part: str
    file: str | None
    path: str | None
    start: int
    end: int
    boxes: list[list[float]]


class CitationJson(TypedDict):
    """Sentences that are cited, and where in them the answer stands; places in code points."""

    article_id: str
    article_title: str
    article_meta: dict[str, Any]
    start: int
    end: int
    text: str
    answer_start: int
    answer_end: int
    answer: str
    speaker: str | None
    evidence: dict[str, float]
    source: list[PlaceJson]


class AlternativeJson(TypedDict):
    """Another reading, with how likely it is to be right."""

    text: str
    confidence: float
    citation: CitationJson


class ReferenceJson(TypedDict):
    """What a word of a follow-up question was taken to stand for."""

    word: str
    owner: str
    others: list[str]


class StoresJson(TypedDict):
    """Over what kind of store a confidence was calibrated, and over what other it was asked."""

    calibrated: str
    asked: str


class AnswerJson(TypedDict):
    """What came of a question; the text is None where no answer is given."""

    question: str
    understood: str
    references: list[ReferenceJson]
    kind: str
    outcome: str
    text: str | None
    items: list[str]
    joined: str | None
    confidence: float | None
    answerable: float | None
    citations: list[CitationJson]
    alternatives: list[AlternativeJson]
    opposite: CitationJson | None
    reply: str | None
    suggestions: list[str]
    looked_at: list[str]
    stores: StoresJson | None


def places(source: Iterable[Place]) -> list[PlaceJson]:
    """Return places in a document as JSON can hold them."""
    return [
        {
            "part": place.part.label,
            "file": place.part.file,
            "path": place.path,
            "start": place.start,
            "end": place.end,
            "boxes": [list(box) for box in place.boxes],
        }
        for place in source
    ]


def of_today(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what was written of an answer, also by earlier versions, as it is written today."""
    values = {"looked_at": [], "stores": None, **values}
    cited = [*values["citations"], *(each["citation"] for each in values["alternatives"])]
    if not all("source" in each for each in (*cited, values.get("opposite") or {"source": ()})):
        values = _with_sources(values)
    if "outcome" in values:
        return values
    given = "answered" if values["citations"] else "not_found"
    outcome = given if values["reply"] is None else "small_talk"
    return {**values, "outcome": outcome, "answerable": None, "opposite": None}


def _with_sources(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was written before citations had sources, as if they had none."""

    def sourced(citation: Mapping[str, Any]) -> dict[str, Any]:
        return {"source": [], **citation}

    opposite = values.get("opposite")
    return {
        **values,
        "citations": [sourced(each) for each in values["citations"]],
        "alternatives": [
            {**each, "citation": sourced(each["citation"])} for each in values["alternatives"]
        ],
        "opposite": None if opposite is None else sourced(opposite),
    }


def probability(value: Any) -> float:  # noqa: ANN401 - whatever was written
    """Return what was written as a probability; raise ``ValueError`` if it is none."""
    if not 0 <= (number := float(value)) <= 1:
        raise ValueError(f"{value!r} is no probability")
    return number


def difference(expected: object, found: object, path: str = "") -> str | None:
    """Return where two values that JSON can hold first differ, and how; None if they do not."""
    if isinstance(expected, dict) and isinstance(found, Mapping):
        if expected.keys() != found.keys():
            odd = sorted(map(str, expected.keys() ^ found.keys()))
            return f"{path or 'it'} has, or lacks, {', '.join(odd)}"
        parts = [(expected[key], found[key], f"{path}.{key}".lstrip(".")) for key in expected]
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = zip(expected, found, strict=True)
        parts = [(own, other, f"{path}[{n}]") for n, (own, other) in enumerate(pairs)]
    else:
        same = expected == found and isinstance(found, bool) == isinstance(expected, bool)
        shown = f"{path} is {reprlib.repr(found)}; expected {reprlib.repr(expected)}"
        return None if same else shown
    return next((wrong for part in parts if (wrong := difference(*part))), None)
