"""Finds sentences by their vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.models.encoder import Vectors
from index.store.base import Scores
from index.store.keys import keys_of, parted
from index.store.postgres.vectors import written
from index.store.rows import Rows

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent

# So many are compared one by one in 20 ms, where the index would be walked through for long until
# enough of them are found.
EXACT_AMONG = 20_000

_NEAREST = "SELECT number, ordinal FROM sentence ORDER BY emb <#> %s::halfvec LIMIT %s"
_NEAREST_AMONG = (
    "SELECT number, ordinal FROM sentence WHERE number = ANY(%s) "
    "ORDER BY emb <#> %s::halfvec LIMIT %s"
)
_NEAREST_OF_FEW = (
    "WITH few AS MATERIALIZED (SELECT number, ordinal, emb <#> %s::halfvec AS distance "
    "FROM sentence WHERE number = ANY(%s)) "
    "SELECT number, ordinal FROM few ORDER BY distance, number, ordinal LIMIT %s"
)
_SIMILARITIES = (
    "SELECT place, -(emb <#> %s::halfvec) "
    "FROM unnest(%s::bigint[], %s::integer[]) WITH ORDINALITY AS wanted (number, ordinal, place) "
    "JOIN sentence USING (number, ordinal)"
)


def nearest(connection: Lent, query: Vectors, k: int, only: Rows | None, sentences: int) -> Rows:
    """Return the keys of the sentences nearest to a query, nearest first.

    Args:
        connection: Where they are.
        query: A unit vector.
        k: How many to find at most.
        only: The numbers of the documents to look in; all if None.
        sentences: How many sentences those have.
    """
    vector = written(query)
    with connection.cursor(binary=True) as cursor:
        if only is None:
            cursor.execute(_NEAREST, [vector, k])
        elif sentences <= EXACT_AMONG:
            cursor.execute(_NEAREST_OF_FEW, [vector, only.tolist(), k])
        else:
            cursor.execute(_NEAREST_AMONG, [only.tolist(), vector, k])
        found = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 2)
    return keys_of(found[:, 0], found[:, 1])


def similarities(connection: Lent, query: Vectors, sentences: Rows) -> Scores:
    """Return the cosine of a query's unit vector and each sentence's; 0.0 of one that is gone."""
    numbers, ordinals = parted(sentences)
    found = np.zeros(len(sentences), dtype=np.float32)
    with connection.cursor(binary=True) as cursor:
        cursor.execute(_SIMILARITIES, [written(query), numbers.tolist(), ordinals.tolist()])
        for place, similarity in cursor:
            found[place - 1] = similarity
    return found
