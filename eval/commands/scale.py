"""The command ``article-qa bench scale``."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from eval.console import status

_FOLDER = "folder"
_SIZES = (1000, 100_000, 1_000_000)


def scale(
    dataset: Annotated[
        Path, typer.Argument(metavar="FILE", help="The SQuAD file that libraries are made of.")
    ],
    *,
    store: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STORE",
            help="Where libraries are kept: `folder`, or the postgresql:// URL of a database, in "
            "which each is a schema of its own. May be repeated. Default: folder.",
            show_default=False,
        ),
    ] = None,
    size: Annotated[
        list[int] | None,
        typer.Option(
            metavar="N",
            min=1,
            help="How many passages; may be repeated. Default: 1000, 100000, 1000000.",
            show_default=False,
        ),
    ] = None,
    sentences: Annotated[
        int, typer.Option(min=1, help="How many real sentences to embed and mix.")
    ] = 20_000,
    questions: Annotated[int, typer.Option(min=1, help="How many questions to ask.")] = 200,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Keep vectors and libraries here (3 GB for a million passages) and in the "
            "database, and do not make again what was kept. Default: remove them at the end.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
) -> None:
    """Measure adding, removing, opening, searching and asking libraries of several sizes."""
    stores = store or [_FOLDER]
    for each in stores:
        if each != _FOLDER and not each.startswith(("postgresql://", "postgres://")):
            raise typer.BadParameter(
                f"{each!r} is neither `folder` nor a postgresql:// URL.", param_hint="--store"
            )

    from eval.bench.record import machine
    from eval.bench.scale.measuring import measure
    from eval.bench.scale.scales_table import scales_table
    from eval.bench.scale.sources import Source, make_source
    from index.models.encoder import load_encoder

    with _room(keep) as room:
        if Source.is_in(room):
            source = Source.read(room)
        else:
            with status("Loading the encoder ..."):
                encoder = load_encoder()
            source = make_source(dataset, sentences, questions, encoder)
            source.write(room)
        scales = []
        for measured in measure(room, stores, size or _SIZES, keep=keep is not None):
            scales.append(measured)
            typer.echo(json.dumps(asdict(measured)), err=True)
    known = ", ".join(f"{name} {value}" for name, value in machine().items() if value)
    typer.echo(
        json.dumps([asdict(each) for each in scales], indent=2)
        if as_json
        else scales_table(scales, source, known)
    )


@contextmanager
def _room(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
