"""How well passages are found. The only door to ir-measures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eval.systems.base import DEPTH


def retrieval_figures(ranks: Sequence[int | None]) -> dict[str, NDArray[np.float64]]:
    """Return the figures of each question by name, all in 0..1.

    ``recall@k`` is whether one of the first k passages holds an accepted answer (ir-measures calls
    it Success@k: to a reader one such passage is as good as all), ``mrr`` is one over the rank of
    the first that does.

    Args:
        ranks: For each question, the rank from 1 of the first passage that holds an accepted
            answer; None if none of the first hundred does.
    """
    import ir_measures
    from ir_measures import RR, Success

    names = {Success @ k: f"recall@{k}" for k in (1, 5, 10)} | {RR @ DEPTH: "mrr"}
    qrels, run = [], []
    for question, rank in enumerate(ranks):
        qrels.append(ir_measures.Qrel(str(question), str(rank), 1))
        run += [
            ir_measures.ScoredDoc(str(question), str(place), -place)
            for place in range(1, (rank or DEPTH) + 1)
        ]
    figures = {name: np.zeros(len(ranks)) for name in names.values()}
    for metric in ir_measures.iter_calc(list(names), qrels, run):
        figures[names[metric.measure]][int(metric.query_id)] = metric.value
    return figures
