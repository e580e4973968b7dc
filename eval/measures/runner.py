"""Ask questions of a system and hold its answers against the accepted ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from eval.measures import metrics
from eval.measures.results import CitationRecord, Result
from eval.sets.cases import Case, Corpus
from eval.systems.base import Response, System
from qa import Answer, Citation


def evaluate(
    system: System, corpora: Sequence[Corpus], *, name: str = "", progress: bool = False
) -> Iterator[Result]:
    """Ask every question, one at a time, and yield what came out, so that a run can be cut off.

    Args:
        system: What is to be measured.
        corpora: What is asked of what.
        name: What the progress bar says is being asked.
        progress: Whether to show a progress bar on standard error.
    """
    from tqdm import tqdm

    with tqdm(
        total=sum(len(corpus.cases) for corpus in corpora),
        desc=f"Asking {name}".rstrip(),
        unit=" questions",
        delay=1,
        disable=None if progress else True,
    ) as bar:
        for corpus in corpora:
            opened = system.open(corpus.articles)
            for case in corpus.cases:
                yield score(case, opened.ask(case.question.text, case.withheld))
                bar.update()


def evaluate_all(
    systems: Mapping[str, System], corpora: Sequence[Corpus], *, progress: bool = False
) -> tuple[dict[str, list[Result]], bool]:
    """Ask every question of every system, one system after another.

    Returns:
        The results by the name of the system, and whether the user interrupted the run: then they
        are what there was by then.
    """
    results: dict[str, list[Result]] = {}
    try:
        for name, system in systems.items():
            results[name] = []  # also if it is cut off while it indexes the first article
            for result in evaluate(system, corpora, name=name, progress=progress):
                results[name].append(result)
    except KeyboardInterrupt:
        return results, True
    return results, False


def score(case: Case, response: Response) -> Result:
    """Hold what a system made of a question against the accepted answers."""
    answer, golds = response.answer, case.golds
    shown = _shown(answer)
    rivals = tuple(rival.text for rival in answer.rivals)
    guess = answer.text or (shown[0].answer if shown else None)
    return Result(
        id=case.question.id,
        kind=case.kind,
        question=case.question.text,
        article=case.about.article.title,
        golds=golds,
        answer=answer.text,
        outcome=answer.outcome,
        guess=guess,
        confidence=1.0 if answer.confidence is None else answer.confidence,
        answerability=answer.answerable,
        citation=_quotation(shown[0]) if shown else None,
        exact_match=metrics.best(metrics.exact_match, answer.text, golds),
        f1=metrics.best(metrics.f1, answer.text, golds),
        guess_exact_match=metrics.best(metrics.exact_match, guess, golds) if golds else 0.0,
        guess_f1=metrics.best(metrics.f1, guess, golds) if golds else 0.0,
        rivals=rivals,
        rivals_f1=max((metrics.best(metrics.f1, each, golds) for each in rivals), default=0.0)
        if golds
        else 0.0,
        cited=tuple(case.holds_answer(citation) for citation in shown[:3]),
        rank=next(
            (
                rank
                for rank, passage in enumerate(response.passages, start=1)
                if case.holds_answer(passage)
            ),
            None,
        ),
        latency_ms=response.latency_ms,
    )


def _shown(answer: Answer) -> list[Citation]:
    """Return the sentences shown, each once: those of the answer, then those of other readings."""
    citations = [*answer.citations, *(other.citation for other in answer.alternatives)]
    shown: dict[tuple[str, int, int], Citation] = {}
    for each in citations:
        shown.setdefault((each.article.id, each.start, each.end), each)
    return list(shown.values())


def _quotation(citation: Citation) -> CitationRecord:
    return CitationRecord(
        article=citation.article.title,
        start=citation.start,
        end=citation.end,
        text=citation.text,
        answer_start=citation.answer_start,
        answer_end=citation.answer_end,
    )
