"""Measures making a library, in the process that it is called in."""

from __future__ import annotations

import time
from pathlib import Path

from eval.bench.scale.figures import Built
from eval.bench.scale.libraries import create, disk_mb, server_of
from eval.bench.scale.memory import watching
from eval.bench.scale.mixing import MixedEncoder
from eval.bench.scale.sources import Source, make_articles
from index.models.encoder import load_encoder
from qa import Encoder, Retriever


def build(room: Path, where: str, passages: int, encoder: Encoder | None = None) -> Built:
    """Make a library of about so many passages, its articles one after another, and compact it.

    Args:
        room: Where the source is.
        where: Where the library is to be.
        passages: How many passages it is to have.
        encoder: What made the vectors of the source; the installed one if None.
    """
    source = Source.read(room)
    mixed = MixedEncoder(source, load_encoder(encoder))
    store = create(where, mixed)
    try:
        with watching(server_of(where)) as watch:
            began = time.perf_counter()
            Retriever.open(store, mixed).add(make_articles(source, passages), progress=True)
            store.compact()
            seconds = time.perf_counter() - began - mixed.seconds
            memory = watch.memory()
        documents = store.documents()
        return Built(
            passages=sum(each.passages for each in documents),
            documents=len(documents),
            sentences=sum(each.sentences for each in documents),
            seconds=seconds,
            disk_mb=disk_mb(where),
            memory=memory,
        )
    finally:
        store.close()
