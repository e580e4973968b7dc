"""The command ``article-qa calibrate``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import AfterOption

if TYPE_CHECKING:
    from eval.measures.fitting import Observation
    from qa import Calibration, Reader, Strategy


class AskedOf(str, Enum):
    """What a question is asked of."""

    article = "article"
    collection = "collection"


def calibrate(
    datasets: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Question sets in SQuAD format.")
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Write the calibration here, for --calibration. Default: show what would change.",
        ),
    ] = None,
    reader: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="The folder of the reader that is calibrated, alone. Default: the large installed "
            "one, which rereads what the small one finds worth it.",
        ),
    ] = None,
    after: AfterOption = None,
    level: Annotated[
        AskedOf,
        typer.Option(help="Ask of a question's article, or of all articles at once."),
    ] = AskedOf.article,
    limit: Annotated[
        int, typer.Option(min=2, help="Ask at most this many answerable questions of each file.")
    ] = 500,
) -> None:
    """Fit what is said to be answered, probable or not found to questions of your own.

    Questions without an answer in the files are part of what is fitted; where a file has none, some
    of its questions are asked without the paragraphs that answer them.
    """
    from tqdm import tqdm

    from eval.measures.fitting import RememberingReader, fit_in_use, index, lay_out_file
    from eval.measures.sentences import examples, fit_sentences
    from index.models.files import fingerprint
    from index.models.folders import find_model
    from qa import DatasetError, InRounds, SentenceEncoder, TransformerReader, TwoStages
    from qa.reading.reader import LARGE_READER, SMALL, load_reader
    from qa.squad import load_squad, sample

    sets = [load_squad(path) for path in datasets]
    corpora = [c for each in sets for c in lay_out_file(each, limit, [level.value])]
    if reader is None and after is None:
        after = SMALL
    large = TransformerReader.load(LARGE_READER if reader is None else reader)
    small = None
    if after is not None:
        loaded = load_reader(after)
        small = RememberingReader(loaded, loaded.calibration)

    def reading_with(fitted: Reader) -> Strategy:
        return InRounds(fitted) if small is None else TwoStages(small, fitted)

    def asking(observations: Iterator[Observation]) -> Iterator[Observation]:
        asked = sum(len(corpus.cases) for corpus in corpora)
        return iter(tqdm(observations, desc="Asking", total=asked, unit=" questions"))

    encoder = SentenceEncoder.load()
    fitted, seen = fit_in_use(index(corpora, encoder), large, reading_with, asking)
    sampled = [group for each in sets for group in sample(each, limit)]
    try:
        sentences = list(
            tqdm(
                examples(sampled, encoder, reading_with(large)),
                desc="Finding sentences",
                unit=" questions",
            )
        )
        fitted = replace(fitted, yes_no=fit_sentences(sentences))
    except DatasetError:
        typer.echo("Too few yes/no questions can be made of these: their fit stays as it was.")
    fitted = replace(fitted, reader=fingerprint(find_model(large.name)))
    for line in changes(seen, large.calibration, fitted):
        typer.echo(line)
    if out is None:
        typer.echo("Nothing was written: name a file with --out, and use it with --calibration.")
    else:
        typer.echo(f"{fitted.write(out)}: written")


def changes(seen: Sequence[Observation], before: Calibration, after: Calibration) -> Iterable[str]:
    """Yield lines that show what a fit changes, on the questions that it was fitted to."""
    yield f"{len(seen)} questions, {sum(each.answerable for each in seen)} with an answer"
    yield f"{'':>12}{'before':>18}{'after':>18}"
    for name in ("answered", "probable", "close_call"):
        own = [f"{getattr(each.boundaries, name):18.3f}" for each in (before, after)]
        yield f"{name:>12}{own[0]}{own[1]}"
    yield "of the questions (of these, right; of what is not found, without an answer):"
    told = [_outcomes(seen, each) for each in (before, after)]
    for outcome in told[0]:
        yield f"{outcome:>12}{told[0][outcome]:>18}{told[1][outcome]:>18}"


def _outcomes(seen: Sequence[Observation], calibration: Calibration) -> dict[str, str]:
    """Return for each outcome how often it is that of a question, and how often that is right."""
    from qa import Outcome
    from qa.answering.outcomes import Judge

    judge = Judge(calibration)
    counts: Counter[Outcome] = Counter()
    right: Counter[Outcome] = Counter()
    for each in seen:
        outcome = judge.weighed(each.evidence, each.rival)
        counts[outcome] += 1
        right[outcome] += {
            Outcome.CLOSE_CALL: each.right or each.rival_right,
            Outcome.NOT_FOUND: not each.answerable,
        }.get(outcome, each.right)
    return {
        outcome.value: f"{counts[outcome] / max(len(seen), 1):.0%} "
        f"({right[outcome] / max(counts[outcome], 1):.0%})"
        for outcome in (
            Outcome.ANSWERED,
            Outcome.PROBABLE,
            Outcome.CLOSE_CALL,
            Outcome.NOT_FOUND,
        )
    }
