"""The command ``article-qa eval``, also run by ``python -m eval``."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import (
    AfterOption,
    CalibrationOption,
    EncoderOption,
    MinConfidenceOption,
    ReaderOption,
    StoreOption,
    complain,
    run,
    status,
)

if TYPE_CHECKING:
    from eval.systems.article_qa import ArticleQASystem
    from eval.systems.base import System

ARTICLE_QUESTIONS = Path(__file__).parents[1] / "data" / "article.json"
CONVERSATIONS = ARTICLE_QUESTIONS.with_name("conversations.json")
QUESTIONS_BY_KIND = ARTICLE_QUESTIONS.with_name("kinds.json")
OURS = "article-qa"
_INTERRUPTED = 130  # what a shell reports of a program that was interrupted


class Level(str, Enum):
    """What a question is asked of."""

    paragraph = "paragraph"
    article = "article"
    collection = "collection"


class Also(str, Enum):
    """How a question is put once more, so that it has no answer."""

    removed = "removed"
    other = "other"


class Baseline(str, Enum):
    """What can be measured beside this program."""

    bm25 = "bm25"
    dense = "dense"
    haystack = "haystack"


def evaluate(
    context: typer.Context,
    dataset: Annotated[
        Path | None,
        typer.Argument(
            help="A question set in SQuAD format. Default: the one about the shipped article.",
            show_default=False,
        ),
    ] = None,
    *,
    level: Annotated[
        Level, typer.Option(help="Ask of the question's paragraph, article, or all of the file.")
    ] = Level.article,
    also: Annotated[
        list[Also] | None,
        typer.Option(
            help="Ask every second answerable question once more: of its article without the "
            "paragraphs that hold an answer (removed), or of another article (other). May be "
            "repeated.",
        ),
    ] = None,
    baseline: Annotated[
        list[Baseline] | None,
        typer.Option(
            help="Measure beside ours: only BM25, only vectors, or Haystack's extractive pipeline "
            "on the same models (needs article-qa[bench]). May be repeated.",
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask this many questions, evenly taken from all.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write report.html, questions.jsonl and figures.json."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    fail_under: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=VALUE,...",
            help="Exit with 1 if a figure is lower, as in f1=85,recall@5=95; of ece, aurc and "
            "latencies, if it is higher.",
        ),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(metavar="A B", help="Show what changed between two runs written by --out."),
    ] = None,
    in_conversation: Annotated[
        bool,
        typer.Option(
            "--in-conversation",
            help="Ask the questions in random order as the turns of one conversation: what "
            "understanding follow-ups costs questions that stand alone.",
        ),
    ] = False,
    conversations: Annotated[
        bool,
        typer.Option(
            "--conversations",
            help="Hold the conversations of a set, and ask their questions written out in full "
            "beside them. Default: those about four articles.",
        ),
    ] = False,
    kinds: Annotated[
        bool,
        typer.Option(
            "--kinds",
            help="Ask the questions of a set by kind: phrases, clauses, lists and so on. Default: "
            "those about four articles.",
        ),
    ] = False,
    reader_only: Annotated[
        bool,
        typer.Option(
            "--reader-only",
            help="Read each question beside its own paragraph, whole, as SQuAD does: no retrieval, "
            "and one reader. Default: the small one.",
        ),
    ] = False,
    window: Annotated[
        int | None, typer.Option(min=1, help="Sentences in a passage. Default: 3.")
    ] = None,
    stride: Annotated[
        int | None, typer.Option(min=1, help="Sentences from one passage to the next. Default: 1.")
    ] = None,
    top_k: Annotated[
        int | None, typer.Option(min=1, help="Passages read for a question. Default: 10.")
    ] = None,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    after: AfterOption = None,
    reread: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Passages that the large reader rereads. Default: 3 of a question, and 1 where "
            "the small one is sure.",
            show_default=False,
        ),
    ] = None,
    calibration: CalibrationOption = None,
    min_confidence: MinConfidenceOption = None,
    store: StoreOption = None,
) -> None:
    """Ask the questions of a set and print how well they are answered."""
    if compare is not None:
        _refuse_others(context, "--compare", {"compare", "as_json"})
        _compare(*compare, as_json=as_json)
        return
    demands = _read_demands(fail_under) if fail_under is not None else {}
    if reader_only:
        allowed = {"reader_only", "dataset", "limit", "reader", "as_json"}
        _refuse_others(context, "--reader-only", allowed)
        _read_alone(dataset or ARTICLE_QUESTIONS, limit, reader, as_json=as_json)
        return
    if conversations and kinds:
        raise typer.BadParameter("give --conversations or --kinds, not both.")
    if conversations or kinds:
        mode = "--conversations" if conversations else "--kinds"
        allowed = {"dataset", "encoder", "reader", "after", "reread", "calibration"}
        allowed |= {"min_confidence", "as_json", mode.removeprefix("--")}
        _refuse_others(context, mode, allowed)
        _ask_as_people_ask(
            dataset,
            encoder,
            (reader, after, reread, calibration),
            min_confidence,
            in_turns=conversations,
            as_json=as_json,
        )
        return
    if in_conversation and (also or top_k):
        raise typer.BadParameter("--in-conversation has no meaning with --also or --top-k.")
    for name, where in (("removed", Level.paragraph), ("other", Level.collection)):
        if Also(name) in (also or ()) and level is where:
            raise typer.BadParameter(f"--also {name} has no meaning with --level {where.value}.")

    from eval.measures.figures import figures, unmet
    from eval.measures.results import Run
    from eval.measures.runner import evaluate_all
    from eval.report.folder import figures_json, make_folder, write_run
    from eval.report.tables import outcome_table, table
    from eval.sets.cases import lay_out, shuffled
    from eval.systems.article_qa import ArticleQASystem, strategy_of
    from eval.systems.libraries import kind_of, temporary_libraries
    from index.models.encoder import load_encoder
    from index.text.passages import PASSAGE_SENTENCES, PASSAGE_STRIDE
    from qa.answering.engine import TOP_K
    from qa.reading.calibration import scored_as
    from qa.reading.strategies import over_store
    from qa.squad import load_squad

    path = dataset or ARTICLE_QUESTIONS
    put = [each.value for each in also or ()]
    corpora = lay_out(load_squad(path), level.value, also=put, limit=limit)
    if in_conversation:
        corpora = shuffled(corpora)
    if out is not None:
        make_folder(out)
    with status("Loading the models ..."):
        loaded_encoder = load_encoder(encoder)
        kept_in = scored_as(kind_of(store))
        strategy = over_store(strategy_of(reader, after, reread, calibration), kept_in)
    stores = strategy.calibration.stores(kept_in)
    boundaries = asdict(strategy.calibration.boundaries)
    settings = {
        "level": level.value,
        "also": ", ".join(put),
        "in_conversation": "yes" if in_conversation else "",
        "limit": str(limit or ""),
        "window": str(window or ""),
        "stride": str(stride or ""),
        "top_k": str(top_k or ""),
        "encoder": encoder or "",
        "reader": reader or "",
        "after": after or "",
        "reread": str(reread or ""),
        "calibration": str(calibration or ""),
        "boundaries": ", ".join(f"{name} {least:.3f}" for name, least in boundaries.items())
        if min_confidence is None
        else "",
        "min_confidence": "" if min_confidence is None else f"{min_confidence:.3f}",
        # Not where it is: a URL may hold a password.
        "store": "" if store is None else kind_of(store),
        "calibrated_over": "" if stores is None else stores.calibrated,
    }
    with temporary_libraries(store) as libraries:
        ours = ArticleQASystem(
            encoder=loaded_encoder,
            reader=strategy,
            window=window or PASSAGE_SENTENCES,
            stride=stride or PASSAGE_STRIDE,
            top_k=top_k or TOP_K,
            min_confidence=min_confidence,
            in_conversation=in_conversation,
            libraries=libraries,
        )
        systems: dict[str, System] = {OURS: ours}
        systems |= {each.value: _baseline(each, ours, reader) for each in baseline or ()}
        results, interrupted = evaluate_all(systems, corpora, progress=True)
    asked = Run(
        title=path.name,
        settings={name: value for name, value in settings.items() if value},
        threshold=boundaries["answered"] if min_confidence is None else min_confidence,
        planned=sum(len(corpus.cases) for corpus in corpora),
        results=results,
    )
    measured = {name: figures(own) for name, own in results.items() if own}
    if not measured:
        raise typer.Exit(_INTERRUPTED)
    if as_json:
        typer.echo(figures_json(asked, measured))
    else:
        if asked.partial:
            counts = ", ".join(f"{name} {len(own)}" for name, own in results.items())
            typer.echo(f"PARTIAL, of {asked.planned} questions: {counts}\n")
        typer.echo(f"{outcome_table(measured)}\n\n{table(measured)}")
    if out is not None:
        write_run(asked, measured, out)
    if interrupted:
        complain("interrupted; the figures are those of the questions asked by then")
        raise typer.Exit(_INTERRUPTED)
    if failed := unmet(demands, measured[OURS]):
        complain("; ".join(failed))
        raise typer.Exit(1)


def _baseline(baseline: Baseline, ours: ArticleQASystem, reader: str | None) -> System:
    from eval.systems.haystack_pipeline import HaystackSystem
    from qa import Fusion
    from qa.reading.reader import named_model

    if baseline is Baseline.haystack:
        return HaystackSystem(named_model(reader), ours.top_k, ours.encoder)
    lexical = baseline is Baseline.bm25
    return replace(ours, fusion=Fusion(dense=float(not lexical), lexical=float(lexical)))


def _compare(a: Path, b: Path, *, as_json: bool) -> None:
    from eval.measures.compare import compare
    from eval.measures.results import read_results
    from eval.report.tables import comparison_table

    compared = compare(read_results(a), read_results(b))
    if as_json:
        typer.echo(json.dumps(asdict(compared), ensure_ascii=False, indent=2))
    else:
        typer.echo(comparison_table(compared))


def _read_alone(dataset: Path, limit: int | None, reader: str | None, *, as_json: bool) -> None:
    from eval.measures.reader_alone import read_paragraphs, summarize_reader
    from eval.report.tables import reader_table
    from qa.reading.reader import load_reader
    from qa.squad import load_squad, sample

    sets = load_squad(dataset)
    if limit is not None:
        sets = sample(sets, limit)
    with status("Loading the reader ..."):
        alone = load_reader(reader)
    readings = summarize_reader(read_paragraphs(sets, alone, progress=True))
    typer.echo(json.dumps(asdict(readings), indent=2) if as_json else reader_table(readings))


def _ask_as_people_ask(
    dataset: Path | None,
    encoder: str | None,
    reading: tuple[str | None, str | None, int | None, Path | None],
    min_confidence: float | None,
    *,
    in_turns: bool,
    as_json: bool,
) -> None:
    """Hold conversations, or ask questions by kind, and print how it went."""
    from eval.measures.conversations import hold, summarize_turns, turns_json
    from eval.measures.kinds import ask_kinds, kinds_json, summarize_kinds
    from eval.report.tables import kinds_table, turns_table
    from eval.sets.conversations import load_conversations
    from eval.sets.kinds import load_kinds
    from eval.systems.article_qa import strategy_of
    from index.models.encoder import load_encoder

    conversations = load_conversations(dataset or CONVERSATIONS) if in_turns else []
    by_kind = [] if in_turns else load_kinds(dataset or QUESTIONS_BY_KIND)
    with status("Loading the models ..."):
        models = load_encoder(encoder), strategy_of(*reading)
    with status("Asking ..."):
        turns = list(hold(conversations, *models, min_confidence))
        answers = list(ask_kinds(by_kind, *models, min_confidence))
    if as_json:
        typer.echo(_json(turns_json(turns) if in_turns else kinds_json(answers)))
    elif in_turns:
        typer.echo(turns_table(summarize_turns(turns)))
    else:
        typer.echo(kinds_table(summarize_kinds(answers)))


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2)


def _read_demands(text: str) -> dict[str, float]:
    """Read what ``--fail-under`` demands of figures."""
    from eval.measures.figures import FIGURE_NAMES

    demands = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        try:
            demands[name.strip()] = demanded = float(value)
            if math.isnan(demanded):
                raise ValueError("no figure is lower than that")
        except ValueError:
            raise typer.BadParameter(
                f"{part!r} is not NAME=VALUE, as in f1=85.", param_hint="--fail-under"
            ) from None
        if name.strip() not in FIGURE_NAMES:
            raise typer.BadParameter(
                f"there is no figure {name.strip()!r}; there are {', '.join(FIGURE_NAMES)}.",
                param_hint="--fail-under",
            )
    return demands


def _refuse_others(context: typer.Context, mode: str, allowed: set[str]) -> None:
    """Refuse what was given and would have no effect."""
    for name in context.params.keys() - allowed:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            option = "a question set" if name == "dataset" else "--" + name.replace("_", "-")
            raise typer.BadParameter(f"{option} has no meaning with {mode}.")


def main() -> None:
    """Run the command."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(evaluate)
    run(app)
