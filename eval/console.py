"""What all commands share: options, progress, and the one place where errors become messages."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from qa import ArticleQAError

# Control characters other than tab and line feed, and those that turn the direction of text or part
# lines, could make a terminal show something else than what is written.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

EncoderOption = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="A sentence-transformers model, in place of the installed one: a folder, or a name in "
        "the Hugging Face cache.",
    ),
]
ReaderOption = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="A question-answering model, in place of the installed ones: a folder, or a name in "
        "the Hugging Face cache; or `small`, the small installed one alone, which is faster.",
    ),
]
AfterOption = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="A small reader: --reader rereads what this one finds worth it. `small` is the "
        "installed one.",
    ),
]
CalibrationOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A calibration that `article-qa calibrate` wrote, in place of the reader's own: the "
        "large one's, where there are two.",
        show_default=False,
    ),
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        metavar="DIR|URL",
        help="Keep what is asked in libraries of their own below this folder, or in this "
        "postgresql:// database, which are removed at the end. Default: in memory.",
        show_default=False,
    ),
]
MinConfidenceOption = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        help="How likely an answer must be to be given, in 0..1. Default: as was fitted to the "
        "reader, and what is less sure than nine in ten is given as probable.",
        show_default=False,
    ),
]


def run(app: typer.Typer) -> None:
    """Run a command line and exit: 0 on success, 1 on an expected error, 2 on wrong usage.

    An error is one line on standard error. Set ``ARTICLE_QA_DEBUG`` to see where it came from.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            # What cannot be shown, or was no text when read, becomes a replacement character.
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except Exception as error:
        if os.environ.get("ARTICLE_QA_DEBUG"):
            raise
        if isinstance(error, ArticleQAError):
            complain(str(error))
        else:
            complain(
                f"unexpected {type(error).__name__}: {error} (this is a defect; "
                "ARTICLE_QA_DEBUG=1 shows where)"
            )
        raise SystemExit(1) from None


def complain(message: str) -> None:
    """Write one line to standard error, whatever the names of files in it hold."""
    print(f"article-qa: {safe(' '.join(message.split()))}", file=sys.stderr)  # noqa: T201


def safe(text: str) -> str:
    """Return a text with U+FFFD for each character that would garble a terminal."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


@contextlib.contextmanager
def status(message: str) -> Iterator[None]:
    """Show on a terminal that something takes a while, until it is done."""
    if not sys.stderr.isatty():
        yield
        return
    sys.stderr.write(message)
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
