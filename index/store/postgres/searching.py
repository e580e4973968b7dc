"""Finds sentences by their vectors."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from index.models.encoder import Vectors
from index.store.base import Scores
from index.store.keys import keys_of, parted
from index.store.postgres.vectors import written
from index.store.rows import Rows

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent

# Of so few sentences every one is compared, a thousand in 1 ms. Else the index is walked through
# until enough are found that may be: among 100,000, that takes as long as comparing 90,000 where
# one in a hundred may be found, 60,000 where one in ten, and 30,000 where one in two may. It finds
# 0.99 of the ten nearest, but only 0.91 to 0.99 if it has to give them in their strict order.
EXACT_AMONG = 50_000

_NEAREST = (
    "SELECT number, ordinal, emb <#> %s::halfvec FROM sentence "
    "ORDER BY emb <#> %s::halfvec LIMIT %s"
)
_NEAREST_AMONG = (
    "SELECT number, ordinal, emb <#> %s::halfvec FROM sentence WHERE number = ANY(%s) "
    "ORDER BY emb <#> %s::halfvec LIMIT %s"
)
_NEAREST_OF_FEW = (
    "WITH few AS MATERIALIZED (SELECT number, ordinal, emb <#> %s::halfvec AS distance "
    "FROM sentence WHERE number = ANY(%s)) "
    "SELECT number, ordinal, distance FROM few ORDER BY distance, number, ordinal LIMIT %s"
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
            cursor.execute(_NEAREST, [vector, vector, k])
        elif sentences <= EXACT_AMONG:
            cursor.execute(_NEAREST_OF_FEW, [vector, only.tolist(), k])
        else:
            cursor.execute(_NEAREST_AMONG, [vector, only.tolist(), vector, k])
        found = sorted(cursor.fetchall(), key=itemgetter(2))  # the index gives them nearly in order
    numbers, ordinals = ([row[column] for row in found] for column in (0, 1))
    return keys_of(np.array(numbers, dtype=np.int64), np.array(ordinals, dtype=np.int64))


def similarities(connection: Lent, query: Vectors, sentences: Rows) -> Scores:
    """Return the cosine of a query's unit vector and each sentence's; 0.0 of one that is gone."""
    numbers, ordinals = parted(sentences)
    found = np.zeros(len(sentences), dtype=np.float32)
    with connection.cursor(binary=True) as cursor:
        cursor.execute(_SIMILARITIES, [written(query), numbers.tolist(), ordinals.tolist()])
        for place, similarity in cursor:
            found[place - 1] = similarity
    return found
