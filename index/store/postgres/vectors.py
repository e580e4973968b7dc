"""Vectors of half precision, as pgvector reads and writes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Vectors
from index.store.rows import Rows

# PostgreSQL's manual, "COPY", "Binary Format": a signature, flags, and the length of an extension;
# rows of fields, each with its length in front; and at last -1 as a number of fields.
_START = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"


def copied(numbers: Rows, ordinals: Rows, vectors: Vectors) -> bytes:
    """Return rows of the table "sentence" as a binary COPY takes them."""
    dimension = vectors.shape[1]
    row = np.dtype(
        [
            *(("fields", ">i2"), ("number_size", ">i4"), ("number", ">i8")),
            *(("ordinal_size", ">i4"), ("ordinal", ">i4")),
            *(("size", ">i4"), ("dimension", ">i2"), ("unused", ">i2")),
            ("vector", ">f2", (dimension,)),
        ]
    )
    rows = np.zeros(len(vectors), dtype=row)
    rows["fields"] = 3
    rows["number_size"], rows["number"] = 8, numbers
    rows["ordinal_size"], rows["ordinal"] = 4, ordinals
    rows["size"], rows["dimension"] = 4 + 2 * dimension, dimension
    rows["vector"] = vectors
    return _START + rows.tobytes() + _END


def written(vector: Vectors) -> str:
    """Return a vector as pgvector reads it from text."""
    return "[" + ",".join(map(repr, vector.tolist())) + "]"


def read(vectors: list[bytes], dimension: int) -> NDArray[np.float32]:
    """Read vectors that pgvector sent in binary."""
    rows = np.frombuffer(b"".join(vectors), np.dtype([("head", ">i4"), ("v", ">f2", (dimension,))]))
    return rows["v"].astype(np.float32)
