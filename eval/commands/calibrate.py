"""The command ``article-qa calibrate``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import AfterOption, StoreOption

if TYPE_CHECKING:
    from eval.measures.fitting import Observation
    from eval.measures.sentences import Weighed
    from qa import Calibration, Outcome, Reader, Strategy


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
            dir_okay=False,
            writable=True,
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
    store: StoreOption = None,
) -> None:
    """Fit what is said to be answered, probable or not found to questions of your own.

    Questions without an answer in the files are part of what is fitted; where a file has none, some
    of its questions are asked without the paragraphs that answer them.
    """
    from tqdm import tqdm

    from eval.measures.fitting import FEWEST, RememberingReader, fit_in_use, index, lay_out_file
    from eval.measures.sentences import FEWEST as FEWEST_YES_NO
    from eval.measures.sentences import examples, fit_sentences
    from eval.systems.libraries import kind_of, temporary_libraries
    from index.models.files import fingerprint
    from index.models.folders import find_model
    from qa import InRounds, SentenceEncoder, TransformerReader, TwoStages
    from qa.reading.calibration import scored_as
    from qa.reading.reader import LARGE_READER, SMALL, load_reader
    from qa.squad import load_squad

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

    asked = sum(len(corpus.cases) for corpus in corpora)

    def asking(observations: Iterator[Observation]) -> Iterator[Observation]:
        return iter(tqdm(observations, desc="Asking", total=asked, unit=" questions"))

    with temporary_libraries(store) as libraries:
        indexed = index(corpora, SentenceEncoder.load(), libraries)
        fitted, seen = fit_in_use(indexed, large, reading_with, asking)
        made = tqdm(examples(indexed, reading_with(large)), desc="Asking yes/no", unit=" questions")
        sentences = list(made)
    if len(sentences) >= FEWEST_YES_NO:
        fitted = replace(fitted, yes_no=fit_sentences(sentences, fitted.yes_no))
    else:
        typer.echo(
            f"{len(sentences)} yes/no questions can be made of these, and {FEWEST_YES_NO} are "
            "needed: how likely evidence is stays as it was."
        )
    kind = scored_as(kind_of(store))
    fitted = replace(fitted, reader=fingerprint(find_model(large.name)), store=kind)
    if asked < FEWEST:
        typer.echo(
            f"{asked} questions were asked, and {FEWEST} are needed to fit what speaks for an "
            "answer: that stays as it was, and the boundaries are rough."
        )
    for line in changes(seen, sentences, large.calibration, fitted):
        typer.echo(line)
    if out is None:
        typer.echo("Nothing was written: name a file with --out, and use it with --calibration.")
    else:
        typer.echo(f"{fitted.write(out)}: written")


def changes(
    seen: Sequence[Observation],
    sentences: Sequence[Weighed],
    before: Calibration,
    after: Calibration,
) -> Iterable[str]:
    """Yield lines that show what a fit changes, on the questions that it was fitted to."""

    def told(of: Callable[[Calibration], Mapping[str, str]]) -> Iterable[str]:
        old, new = of(before), of(after)
        return (f"{name:>12}{old[name]:>18}{new[name]:>18}" for name in old)

    yield f"{len(seen)} questions, {sum(each.answerable for each in seen)} with an answer"
    yield f"{'':>12}{'before':>18}{'after':>18}"
    yield from told(
        lambda each: {name: f"{value:.3f}" for name, value in asdict(each.boundaries).items()}
    )
    yield "of the questions (of these, right; of what is not found, without an answer):"
    yield from told(lambda each: _outcomes(seen, each))
    yield f"of {len(sentences)} yes/no questions made of these (of the sentences, right):"
    yield from told(lambda each: _evidence(sentences, each))


def _outcomes(seen: Sequence[Observation], calibration: Calibration) -> Mapping[str, str]:
    """Return for each outcome how often it is that of a question, and how often that is true."""
    from qa import Outcome
    from qa.answering.outcomes import Judge

    judge = Judge(calibration)
    outcomes = (Outcome.ANSWERED, Outcome.PROBABLE, Outcome.CLOSE_CALL, Outcome.NOT_FOUND)
    true: dict[Outcome, list[bool]] = {outcome: [] for outcome in outcomes}
    for each in seen:
        outcome = judge.weighed(each.evidence, each.rival)
        said = {
            Outcome.CLOSE_CALL: each.right or each.rival_right,
            Outcome.NOT_FOUND: not each.answerable,
        }
        true[outcome].append(said.get(outcome, each.right))
    return _shares(true)


def _evidence(sentences: Sequence[Weighed], calibration: Calibration) -> Mapping[str, str]:
    """Return the same for the likeliest sentence for each yes/no question, and whether it is it."""
    from eval.measures.sentences import shown
    from qa import Outcome
    from qa.answering.outcomes import Judge

    judge = Judge(calibration)
    outcomes = (Outcome.ANSWERED, Outcome.PROBABLE, Outcome.NOT_FOUND)
    true: dict[Outcome, list[bool]] = {outcome: [] for outcome in outcomes}
    for support, right in shown(sentences, calibration.yes_no):
        true[judge.of_confidence(calibration.yes_no.confidence(support))].append(right)
    return _shares(true)


def _shares(true: Mapping[Outcome, Sequence[bool]]) -> dict[str, str]:
    count = max(sum(map(len, true.values())), 1)
    return {
        outcome.value: f"{len(own) / count:.0%} ({f'{sum(own) / len(own):.0%}' if own else '-'})"
        for outcome, own in true.items()
    }
