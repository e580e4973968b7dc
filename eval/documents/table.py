"""The tables of what was measured of documents, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import PurePath

from eval.bench.table import markdown
from eval.documents.agreement import NOTHING, Agreement, Share
from eval.documents.answering import PLAIN, Answering
from eval.documents.files import FileRead
from eval.documents.reading import Reading

_HEAD = (
    "document", "precision", "recall", "pairs", "order", "headings", "paragraphs", "items", "cells",
    "around", "spans", "unplaced", "words a second", "pages a second",
)  # fmt: skip


def reading_table(readings: Sequence[Reading]) -> str:
    """Lay out a row for each document, and below them why any was refused."""
    rows = []
    for each in readings:
        if each.agreement is None:
            rows.append([each.name, "refused", *[""] * (len(_HEAD) - 2)])
            continue
        rows.append(
            [
                each.name,
                *_agreement(each.agreement),
                _percent(each.spans),
                _count(each.unplaced),
                _rate(each.words, each.seconds),
                _rate(each.pages, each.seconds),
            ]
        )
    return "\n\n".join([markdown(_HEAD, rows), *(each.error for each in readings if each.error)])


def answering_table(measured: Sequence[Answering]) -> str:
    """Lay out how well questions are answered, beside the plain text."""
    plain = next(each for each in measured if each.name == PLAIN)
    rows = [
        [
            each.name,
            str(each.questions),
            f"{each.f1:.1f} ({each.f1 - plain.f1:+.1f})",
            f"{each.guess_f1:.1f} ({each.guess_f1 - plain.guess_f1:+.1f})",
        ]
        for each in measured
    ]
    return markdown(["asked of", "questions", "F1", "F1, every question answered"], rows)


def files_table(files: Sequence[FileRead]) -> str:
    """Lay out what came of real files, kind by kind, and below that why any was refused."""
    rows = []
    for kind, group in groupby(sorted(files, key=lambda each: each.kind), lambda each: each.kind):
        own = list(group)
        read = [each for each in own if each.error is None]
        seconds = sum(each.seconds for each in own)
        slowest = max(own, key=lambda each: each.seconds)
        rows.append(
            [
                kind,
                str(len(own)),
                str(len(read)),
                str(sum(not each.fault for each in own) - len(read)),
                str(sum(each.fault for each in own)),
                f"{sum(each.words for each in own):,}",
                _percent(sum((each.spans for each in own), NOTHING)),
                _count(sum((each.unplaced for each in own), NOTHING)),
                f"{seconds:.1f}",
                f"{slowest.seconds:.1f}",
                PurePath(slowest.path).name,
            ]
        )
    head = [
        "kind", "files", "read", "refused", "broke", "words", "spans", "unplaced", "seconds",
        "slowest", "",
    ]  # fmt: skip
    reasons: dict[str, list[str]] = {}
    for each in files:
        if each.error is not None:  # what it says of the file's own name is another each time
            reason = each.error.replace(PurePath(each.path).stem, "…")
            reasons.setdefault(f"{each.kind}: {reason}", []).append(PurePath(each.path).name)
    why = [[reason, str(len(own)), own[0]] for reason, own in sorted(reasons.items())]
    told = [markdown(["why refused", "files", "such as"], why)] if why else []
    return "\n\n".join([markdown(head, rows), *told])


def _agreement(found: Agreement) -> list[str]:
    order = "-" if found.order is None else f"{found.order:.3f}"
    return [
        _percent(found.precision), _percent(found.recall), _percent(found.pairs), order,
        _percent(found.headings), _percent(found.paragraphs), _percent(found.items),
        _percent(found.cells), _count(found.around),
    ]  # fmt: skip


def _percent(share: Share) -> str:
    return "-" if share.percent is None else f"{share.percent:.1f}"


def _count(share: Share) -> str:
    return f"{share.found} of {share.of}" if share.of else "-"


def _rate(count: int, seconds: float) -> str:
    return f"{count / seconds:,.0f}" if count and seconds else "-"
