"""The command line: ``article-qa`` with ``chat``, ``ask``, ``library``, ``eval`` and others."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import Annotated

import typer

from eval.commands.bench import bench
from eval.commands.calibrate import calibrate
from eval.commands.evaluate import evaluate
from eval.console import run
from ui.commands.ask import ask
from ui.commands.chat import chat
from ui.commands.convert import export_onnx, quantize
from ui.commands.index_articles import index_articles
from ui.commands.library import library
from ui.commands.train import train

# What a command needs is imported when it runs: --help is to be instant.

app = typer.Typer(
    help="Ask questions of an article. Every answer is a quotation from it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def _root(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.")
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"article-qa {version('article-qa')}")
        raise typer.Exit


app.command("chat")(chat)
app.command("ask")(ask)
app.command("index")(index_articles)
app.add_typer(library, name="library")
app.command("onnx")(export_onnx)
app.command("quantize")(quantize)
app.command("eval")(evaluate)
app.command("calibrate")(calibrate)
app.add_typer(bench, name="bench")
app.command("train")(train)


def main() -> None:
    """Run the command line."""
    # Nothing is ever downloaded, but libraries beneath would ask the Hugging Face hub for trifles.
    os.environ["HF_HUB_OFFLINE"] = "1"
    run(app)
