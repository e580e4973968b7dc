"""Makes an index in a folder, piece by piece, and goes on where it was stopped."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from index.articles import Article
from index.errors import SavedIndexError
from index.models.encoder import Encoder
from index.progress import bar_of
from index.store.allocation import on_disk, start_npy
from index.store.articles import write_articles
from index.store.build import SAME_VECTOR, cut, put_together, texts_of
from index.store.data import DEFAULT_FUSION, Bounds, Fusion, IndexSettings
from index.store.folder import (
    VERSION,
    check_replaceable,
    checksums,
    facts,
    finish,
    unfinished_folder,
)
from index.store.known import NO_VECTORS, KnownVectors
from index.store.vectors import EXACT_UP_TO
from index.text.passages import PASSAGE_SENTENCES, PASSAGE_STRIDE

_CHUNK = 2048  # sentences that are embedded between two writes
_NOTE = "unfinished.json"  # says what is being indexed, and is locked by who does it
_VECTORS = "vectors.npy"
_GOES_ON = "If it is stopped, the same command goes on from there."


def build_on_disk(
    articles: Sequence[Article],
    encoder: Encoder,
    folder: str | Path,
    *,
    window: int = PASSAGE_SENTENCES,
    stride: int = PASSAGE_STRIDE,
    fusion: Fusion = DEFAULT_FUSION,
    exact_up_to: int = EXACT_UP_TO,
    chunk: int = _CHUNK,
    reuse: bool = False,
    progress: bool = False,
) -> int:
    """Make an index in a folder, whole or not at all.

    Everything is written as it is made, to a hidden folder beside ``folder``: what is kept in
    memory beyond the articles are their sentences' bounds and the numbers of their words. If the
    program is stopped, calling this again with the same articles and the same encoder goes on from
    there, and comes to the same index byte for byte; with others, it begins anew.

    Args:
        articles: At least one, each with its own id.
        encoder: Makes the vectors.
        folder: Where the index is to be. One that is there is replaced.
        window: The most sentences in a passage.
        stride: By how many sentences a passage starts after the one before.
        fusion: How passages are ranked.
        exact_up_to: How many sentences there may be for a search to look at every one.
        chunk: How many sentences are embedded between two writes.
        reuse: Whether to take the vectors of texts that are in the index that is to be replaced, if
            the same encoder made it; and to write nothing if nothing would change.
        progress: Whether to show progress bars on standard error.

    Returns:
        How many passages there are.

    Raises:
        ArticleError: There is no article, or two have the same id.
        SettingError: ``window`` or ``stride`` is less than 1.
        SavedIndexError: The folder holds something other than an index, cannot be written, or is
            being written by another program.
    """
    settings = IndexSettings(window, stride, fusion)
    folder = Path(folder)
    check_replaceable(folder)
    unfinished = unfinished_folder(folder)
    known = KnownVectors.of(folder, encoder) if reuse else NO_VECTORS
    if known.is_index_of(articles, settings):
        return known.passages
    try:
        sentences, passages = cut(articles, encoder, settings, progress=progress)
        unfinished.mkdir(parents=True, exist_ok=True)
        with _locked(unfinished / _NOTE, folder) as note:
            write_articles(articles, unfinished)
            allocate = on_disk(unfinished)
            for name, array in (("sentences", sentences), ("passages", passages)):
                allocate(name, array.shape, array.dtype)[:] = array
            _begin(note, unfinished, encoder, chunk)
            _embed(articles, sentences, encoder, known, unfinished, chunk, progress)
            known = NO_VECTORS  # some systems do not rename what is mapped
            vectors = np.asarray(np.load(unfinished / _VECTORS, mmap_mode="r"))
            data = put_together(
                articles,
                sentences,
                passages,
                vectors,
                encoder.name,
                settings,
                exact_up_to=exact_up_to,
                progress=progress,
                allocate=allocate,
            )
            about = facts(data)
            del vectors, data
            finish(unfinished, folder, about)
            (folder / _NOTE).unlink()
    except OSError as error:
        raise SavedIndexError(
            f"{folder}: the index cannot be written ({error.strerror or error}); what is done is "
            f"kept in {unfinished}, and the same command goes on from there."
        ) from error
    return len(passages)


def _begin(note: IO[str], folder: Path, encoder: Encoder, chunk: int) -> None:
    """Note what is to be embedded; leave no vectors there that are of something else."""
    names = ("articles.jsonl", "sentences.npy", "passages.npy")
    begun = {
        "version": VERSION,
        "encoder": {"name": encoder.name, "dimension": encoder.dimension},
        "chunk": chunk,
        "sha256": checksums(folder / name for name in names),
    }
    note.seek(0)
    try:
        same = json.load(note) == begun
    except ValueError:
        same = False
    if not same:
        (folder / _VECTORS).unlink(missing_ok=True)
        note.truncate(0)
        json.dump(begun, note)
        note.flush()


def _embed(
    articles: Sequence[Article],
    sentences: Bounds,
    encoder: Encoder,
    known: KnownVectors,
    folder: Path,
    chunk: int,
    progress: bool,
) -> None:
    """Embed the sentences into the folder's file, from the first on that is not there yet.

    Those whose vectors are known are not embedded.

    A chunk is embedded in one call, also after a stop: how texts are batched shows in the last bits
    of their vectors.
    """
    path = folder / _VECTORS
    head = io.BytesIO()
    start_npy(head, (len(sentences), encoder.dimension), np.float32)
    size = path.stat().st_size if path.exists() else 0
    done = max(0, size - len(head.getvalue())) // (4 * encoder.dimension)
    if done < len(sentences):
        done -= done % chunk  # the last chunk may have been written in part
    if done and not _made_by(encoder, path, next(texts_of(articles, sentences))):
        done = 0
    if not done:
        path.write_bytes(head.getvalue())
    os.truncate(path, len(head.getvalue()) + done * 4 * encoder.dimension)
    with (
        path.open("ab") as file,
        bar_of(
            len(sentences), "Embedding", "sentences", done=done, progress=progress, advice=_GOES_ON
        ) as bar,
    ):
        rows = known.rows_of(articles, sentences)
        for start in range(done, len(sentences), chunk):
            own = rows[start : start + chunk]
            new = sentences[start : start + chunk][own < 0]
            vectors = np.empty((len(own), encoder.dimension), dtype=np.float32)
            vectors[own >= 0] = known.vectors_of(own[own >= 0])
            if len(new):
                vectors[own < 0] = encoder.encode_passages(list(texts_of(articles, new)))
            file.write(vectors.tobytes())
            file.flush()
            os.fsync(file.fileno())
            bar.update(len(own))


def _made_by(encoder: Encoder, path: Path, text: str) -> bool:
    """Tell whether the first vector of a file is this encoder's: names say little of weights."""
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        stored = np.frombuffer(file.read(4 * encoder.dimension), dtype=np.float32)
    return float(encoder.encode_passages([text])[0] @ stored) >= SAME_VECTOR


@contextlib.contextmanager
def _locked(path: Path, folder: Path) -> Iterator[IO[str]]:
    """Open a file that only one program may have open so; the system lets go of it when it ends."""
    with path.open("a+", encoding="utf-8") as file:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SavedIndexError(
                    f"{folder}: another program is making this index; wait for it, or choose "
                    "another folder."
                ) from None
        yield file
