"""The command ``article-qa bench``."""

from __future__ import annotations

import json
import shlex
import signal
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from eval.commands.documents import documents
from eval.commands.evaluate import ARTICLE_QUESTIONS
from eval.commands.scale import scale
from eval.console import complain

if TYPE_CHECKING:
    from eval.bench.contestants import Contestant
    from eval.bench.measuring import Speed, Work
    from eval.bench.record import Limit, Record, Start

_INTERRUPTED = 130  # what a shell reports of a program that was interrupted
_SPEED = "speed"
_QUESTION = "Whom is Zelensky going to meet?"  # what is asked of the shipped article at the start


class _Ways(TyperGroup):
    """What can be measured; the speed, unless something else is named first."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        named = args[:1] in ([name] for name in (*self.commands, "--help"))
        parsed: list[str] = super().parse_args(ctx, args if named else [_SPEED, *args])
        return parsed


def speed(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE...]",
            help="Question sets in SQuAD format: the questions of the first, and articles of all. "
            "Default: the set about the shipped article.",
            show_default=False,
        ),
    ] = None,
    *,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask this many questions, evenly taken from all.")
    ] = None,
    systems: Annotated[
        str,
        typer.Option(
            metavar="NAME,...",
            help="What to measure: ours, small (ours with its small reader alone, which the others "
            "run, too), haystack, txtai (both need article-qa[bench]), loop.",
        ),
    ] = "ours,haystack,txtai,loop",
    articles: Annotated[
        str, typer.Option(metavar="COUNT,...", help="Of how many articles to ask the questions.")
    ] = "1,100,10000",
    repeats: Annotated[
        int, typer.Option(min=1, help="How often to start each program; the median counts.")
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.md",
            help="Write the table to a file, too; in place of the one that it holds already.",
        ),
    ] = None,
) -> None:
    """Measure how fast this program is, beside others on the same models and questions."""
    chosen = _read_systems(systems)
    sizes = _read_counts(articles)
    if out is not None and not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent}.", param_hint="--out")

    from eval.bench.record import Record, machine
    from eval.bench.table import table, write_table

    files = files or [ARTICLE_QUESTIONS]
    # Where they lie is nobody's business.
    names = {str(file): file.name for file in (*files, *([out] if out else ()))}
    typed = shlex.join(names.get(argument, argument) for argument in sys.argv[1:])
    record = Record(f"article-qa {typed}", machine())
    # Whoever is told to end must end its processes, too.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run(record, chosen, files, sizes, limit, repeats)
    except KeyboardInterrupt:
        record.partial = True
    finally:
        signal.signal(signal.SIGTERM, before)
    typer.echo(json.dumps(record.to_dict(), indent=2) if as_json else table(record))
    if out is not None:
        write_table(record, out)
    if record.partial:
        complain("interrupted; the figures are those that were measured by then")
        raise typer.Exit(_INTERRUPTED)


def _run(
    record: Record,
    chosen: Sequence[Contestant],
    files: Sequence[Path],
    sizes: Sequence[int],
    limit: int | None,
    repeats: int,
) -> None:
    """Measure one system after the other, and put what comes out into the record at once."""
    from eval.bench.corpora import lay_out_sizes
    from eval.bench.processes import in_fresh_process
    from eval.bench.record import Measured
    from eval.bench.table import OURS
    from qa import ArticleQAError

    _say("reading the questions")
    corpora = in_fresh_process(lay_out_sizes, list(files), list(sizes), limit)
    for contestant in chosen:
        try:
            contestant.check()
            measured = record.systems[contestant.name] = Measured(contestant.label)
            _say(f"{contestant.label}: starting it, {repeats} times")
            measured.start = _start(contestant, repeats)
            for count, asked in corpora.items():
                if contestant.most_articles is None or count <= contestant.most_articles:
                    _say(f"{contestant.label}: articles: {count:,}")
                    measured.speeds.append(in_fresh_process(contestant.measure, asked))
        except ArticleQAError as error:
            if contestant.name == OURS:
                raise
            complain(f"{contestant.label} is left out: {error}")
    ours = record.systems[OURS].over(1) if OURS in record.systems else None
    if ours is not None and ours.work is not None:
        _say("the limit: multiplying matrices")
        record.limit = _limit(ours, ours.work)


def _start(contestant: Contestant, repeats: int) -> Start:
    """Start a program some times in fresh processes, its files in the system's cache."""
    from eval.bench.processes import first_answer, import_seconds
    from eval.bench.record import Start
    from qa.shipped import DEFAULT_ARTICLE

    imports = [import_seconds(contestant.imports) for _ in range(repeats + 1)][1:]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "article.txt")
        # Not the shipped text to the letter: what is prepared for that must not help.
        file.write_text(f"{DEFAULT_ARTICLE.read_text('utf-8')}\n\nThis is a copy.\n", "utf-8")
        command = contestant.command(_QUESTION, file)
        answers = [first_answer(command) for _ in range(repeats + 1)][1:]
    peaks = [each.peak_mb for each in answers if each.peak_mb is not None]
    shipped = []
    if contestant.ships_article:
        command = contestant.command(_QUESTION, None)
        shipped = [first_answer(command).seconds for _ in range(repeats + 1)][1:]
    return Start(
        import_s=statistics.median(imports),
        first_answer_s=statistics.median(each.seconds for each in answers),
        shipped_answer_s=statistics.median(shipped) if shipped else None,
        peak_mb=max(peaks, default=None),
        answer=answers[0].answer,
    )


def _limit(ours: Speed, work: Work) -> Limit:
    """Measure what the hardware allows, with as many tokens at once as a question has."""
    from eval.bench.limits import Shape, gemm_rates
    from eval.bench.processes import in_fresh_process
    from eval.bench.record import Limit
    from index.models.encoder import installed_encoder
    from qa.reading.reader import DEFAULT_READER, LARGE_READER

    reader, encoder = Shape.of(DEFAULT_READER), Shape.of(installed_encoder())
    tokens = max(1, round(sum(work.read) / len(ours.latencies_ms)))
    rates = in_fresh_process(gemm_rates, reader, tokens)
    # The large reader's matrices are larger, and no slower for it: the small one's rates will do.
    large = Shape.of(LARGE_READER) if work.reread else None
    return Limit.of(ours, work, (reader, encoder), rates, large=large)


def _read_systems(text: str) -> list[Contestant]:
    """Read what ``--systems`` names; ours comes first, because others are held against it."""
    from eval.bench.contestants import CONTESTANTS

    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in CONTESTANTS:
            raise typer.BadParameter(
                f"there is no system {name!r}; there are {', '.join(CONTESTANTS)}.",
                param_hint="--systems",
            )
    return [contestant for name, contestant in CONTESTANTS.items() if name in names]


def _read_counts(text: str) -> list[int]:
    """Read what ``--articles`` names, in ascending order."""
    counts = set()
    for part in text.split(","):
        if not part.strip().isdecimal() or int(part) < 1:
            raise typer.BadParameter(
                f"{part!r} is no number of articles, as in 1,100.", param_hint="--articles"
            )
        counts.add(int(part))
    return sorted(counts)


def _say(what: str) -> None:
    """Say on standard error what is being done."""
    print(f"bench: {what} ...", file=sys.stderr, flush=True)  # noqa: T201


bench = typer.Typer(
    cls=_Ways,
    help="Measure how fast this program is, how well it reads documents, or how it does over large "
    "libraries. `article-qa bench FILE` is `article-qa bench speed FILE`.",
    rich_markup_mode=None,
)
bench.command(_SPEED)(speed)
bench.command("documents")(documents)
bench.command("scale")(scale)
