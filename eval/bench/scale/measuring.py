"""Measures libraries of several sizes in several stores, each step in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from eval.bench.processes import in_fresh_process
from eval.bench.scale.asking import answer, search
from eval.bench.scale.building import build
from eval.bench.scale.changing import change_many, change_one
from eval.bench.scale.figures import Built, Memory, Scale
from eval.bench.scale.libraries import FOLDER, place_of
from eval.systems.libraries import remove_library

POSTGRESQL = "PostgreSQL"


def measure(
    room: Path, stores: Sequence[str], sizes: Sequence[int], *, keep: bool
) -> Iterator[Scale]:
    """Measure a library of each size in each store.

    Args:
        room: Where the source is, and libraries in folders are to be.
        stores: :data:`eval.bench.scale.libraries.FOLDER`, and the URLs of databases.
        sizes: How many passages libraries are to have.
        keep: Whether to keep libraries, and not to make those again that were kept.
    """
    for store in stores:
        for passages in sizes:
            where = place_of(store, room, passages)
            kind = FOLDER if store == FOLDER else POSTGRESQL
            known = room / f"{passages}.{kind}.json"
            try:
                yield Scale(
                    store=kind,
                    built=_built(room, where, passages, known),
                    searched=in_fresh_process(search, room, where),
                    answered=in_fresh_process(answer, room, where),
                    changed=in_fresh_process(change_one, room, where),
                    under_change=in_fresh_process(change_many, room, where),
                )
            finally:
                if not keep:
                    known.unlink(missing_ok=True)
                    remove_library(where)


def _built(room: Path, where: str, passages: int, known: Path) -> Built:
    """Make a library, unless it was made before."""
    if known.exists():
        figures = json.loads(known.read_text("utf-8"))
        return Built(**{**figures, "memory": Memory(*figures["memory"])})
    built = in_fresh_process(build, room, where, passages)
    known.write_text(json.dumps(asdict(built)), "utf-8")
    return built
