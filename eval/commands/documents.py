"""The command ``article-qa bench documents``."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from eval.commands.evaluate import QUESTIONS_BY_KIND
from eval.console import status

if TYPE_CHECKING:
    from eval.documents.answering import Answering
    from eval.documents.reading import Reading
    from qa.squad import QuestionSet

_MOST_WORDS = 20_000  # that a document is made of


def documents(
    dataset: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="The question set in SQuAD format whose articles documents are made of. Default: "
            "the one about four articles.",
            show_default=False,
        ),
    ] = None,
    *,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask this many questions, evenly taken from all.")
    ] = None,
    answers: Annotated[
        bool,
        typer.Option(help="Ask the questions of FILE of its articles as PDF, DOCX and HTML, too."),
    ] = True,
    spans: Annotated[
        int, typer.Option(min=0, help="How many random spans of each format to read again.")
    ] = 10_000,
    files: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Read the real files below a folder in place of documents that are made.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Write all figures to a file.")
    ] = None,
) -> None:
    """Measure how well documents are read: made ones, of which all is known, or real files."""
    if out is not None and not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent}.", param_hint="--out")

    from eval.documents.files import read_folder
    from eval.documents.table import answering_table, files_table, reading_table
    from qa.squad import load_squad

    figures: dict[str, object] = {}
    if files is not None:
        with status("Reading files ..."):
            read = list(read_folder(files, spans))
        figures["files"] = [asdict(each) for each in read]
        typer.echo(files_table(read))
    else:
        sets = load_squad(dataset or QUESTIONS_BY_KIND)
        readings = _read(sets, spans)
        figures["readings"] = [asdict(each) for each in readings]
        typer.echo(reading_table(readings))
        if answers:
            asked = _ask(sets, limit)
            figures["answers"] = [asdict(each) for each in asked]
            typer.echo(f"\n{answering_table(asked)}")
    if out is not None:
        written = json.dumps(figures, ensure_ascii=False, indent=2)
        out.write_text(f"{written}\n", encoding="utf-8", errors="backslashreplace")


def _read(sets: list[QuestionSet], spans: int) -> list[Reading]:
    """Make documents of some of the articles, a chapter each, and read them again."""
    from eval.documents.blocks import structured
    from eval.documents.reading import make_all, measure

    blocks = []
    words = 0
    for number, group in enumerate(sets):
        words += len(group.article.text.split())
        if number and words > _MOST_WORDS:
            break
        blocks += structured(group.article.title, group.article.text, seed=number)
    made = list(make_all(blocks))
    sharing = Counter(PurePath(each.name).suffix for each in made)
    for each in {PurePath(each.name).suffix: each for each in made}.values():
        measure(each, 0)  # what is imported or started once is not what is measured
    readings = []
    for each in made:
        _say(f"reading {each.name}")
        readings.append(measure(each, math.ceil(spans / sharing[PurePath(each.name).suffix])))
    return readings


def _ask(sets: list[QuestionSet], limit: int | None) -> list[Answering]:
    from eval.documents.answering import answer_all
    from eval.systems.article_qa import ArticleQASystem, strategy_of
    from index.models.encoder import load_encoder

    with status("Loading the models ..."):
        system = ArticleQASystem(load_encoder(), strategy_of(None))
    return answer_all(sets, system, limit=limit, progress=True)


def _say(what: str) -> None:
    """Say on standard error what is being done."""
    print(f"bench: {what} ...", file=sys.stderr, flush=True)  # noqa: T201
