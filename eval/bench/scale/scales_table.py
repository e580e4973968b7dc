"""What was measured of libraries, as a table in Markdown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from eval.bench.scale.changing import PAUSE_S
from eval.bench.scale.figures import Memory, Range, Scale
from eval.bench.scale.sources import PAGES, Source
from eval.bench.table import markdown


def scales_table(scales: Sequence[Scale], source: Source, machine: str) -> str:
    """Return a table with a column for each library, and what there is to know of it.

    Args:
        scales: What was measured.
        source: What the libraries were made of.
        machine: What it was measured on.
    """
    rows: dict[str, Callable[[Scale], str]] = {
        "documents": lambda s: f"{s.built.documents:,}",
        "adding all, embedding left out, s": lambda s: f"{s.built.seconds:,.1f}",
        "embedding at the rate below, s": lambda s: f"{s.built.sentences / source.rate:,.0f}",
        "peak memory of adding all, MB": lambda s: _memory(s.built.memory),
        "size on disk, MB": lambda s: f"{s.built.disk_mb:,.0f}",
        f"adding a document of {PAGES} pages (of that, embedding), s": lambda s: (
            f"{s.changed.add_s:.2f} ({s.changed.embedding_s:.2f})"
        ),
        "removing it, s": lambda s: f"{s.changed.remove_s:.2f}",
        "opening, s": lambda s: f"{s.searched.open_s:.2f}",
        "first search, s": lambda s: f"{s.searched.first_s:.3f}",
        "search p50 / p95, ms": lambda s: _range(s.searched.search),
        "recall@10 against exact search": lambda s: f"{s.searched.recall:.4f}",
        "the same of all sentences looked at": lambda s: f"{s.searched.recall_looked_at:.4f}",
        "peak memory of searching, MB": lambda s: _memory(s.searched.memory),
        "first question, s": lambda s: f"{s.answered.first_s:.2f}",
        "without the readers, s": lambda s: f"{s.answered.first_without_reader_s:.2f}",
        "question end to end p50 / p95, ms": lambda s: _range(s.answered.answer),
        "without the readers p50 / p95, ms": lambda s: _range(s.answered.without_reader),
        "peak memory of asking, MB": lambda s: _memory(s.answered.memory),
        "clients at once: search p50 / p95, ms": lambda s: _range(s.under_change.before),
        "while up to 10 % is replaced: p50 / p95, ms": lambda s: _range(s.under_change.meanwhile),
        "errors, of searches": lambda s: f"{s.under_change.errors} of {s.under_change.asked:,}",
        "documents replaced (a second)": lambda s: (
            f"{s.under_change.replaced:,} ({s.under_change.replaced / s.under_change.seconds:.1f})"
        ),
    }
    head = ["passages", *(f"{s.built.passages:,}, {s.store}" for s in scales)]
    body = [[name, *map(show, scales)] for name, show in rows.items()]
    clients = max((s.under_change.clients for s in scales), default=0)
    return (
        f"{markdown(head, body)}\n\n"
        f"On {machine}. Texts are {len(source.paragraphs):,} real paragraphs, repeated, but for "
        f"those that the {len(source.questions)} questions are asked of; vectors are synthetic, "
        f"mixed from those of {len(source.sentences):,} real sentences, which were embedded at "
        f"{source.rate:.0f} a second. Memory: in brackets, with the pages of mapped files; behind "
        "a plus, what the database server takes. The readers and the encoder are the real "
        "ones, and the first question is the first that they are given. Clients are "
        f"{clients} threads of one process, each of which waits {PAUSE_S:g} s from what it found "
        "to its next search; another process replaces documents."
    )


def _range(range_: Range) -> str:
    return f"{range_.p50:.1f} / {range_.p95:.1f}"


def _memory(memory: Memory) -> str:
    if math.isnan(memory.own):
        return "-"
    server = f" + {memory.server:,.0f}" if memory.server else ""
    return f"{memory.own:,.0f} ({memory.mapped:,.0f}){server}"
