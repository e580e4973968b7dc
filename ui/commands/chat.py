"""The command ``article-qa chat``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.console import (
    CalibrationOption,
    EncoderOption,
    MinConfidenceOption,
    ReaderOption,
    complain,
)
from ui.commands.opening import (
    ArticleOption,
    EncodingOption,
    LibraryOption,
    OnlyOption,
    TagOption,
    open_bot,
)


def chat(
    *,
    article: ArticleOption = None,
    library: LibraryOption = None,
    only: OnlyOption = None,
    tag: TagOption = None,
    encoding: EncodingOption = None,
    host: Annotated[
        str, typer.Option(help="The address to serve on; 0.0.0.0 lets others in.")
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Default: the first free one from 7860 on."),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    root_path: Annotated[
        str, typer.Option(metavar="PATH", help="Where a proxy shows the page, such as /qa.")
    ] = "",
    auth: Annotated[
        str | None,
        typer.Option(
            metavar="NAME:PASSWORD", help="Who may enter; or a file with one such pair a line."
        ),
    ] = None,
    max_file_size: Annotated[
        float, typer.Option(metavar="MB", min=0.001, help="The largest article that may be added.")
    ] = 10.0,
    workers: Annotated[
        int, typer.Option(min=1, help="How many questions are worked on at once, in batches.")
    ] = 16,
    waiting: Annotated[
        int, typer.Option(min=1, help="How many questions may wait; who comes later is told so.")
    ] = 200,
    feedback: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Keep verdicts on answers in this question set. Default: "
            "article-qa-feedback.json here, but nowhere if others may come (--host).",
        ),
    ] = None,
    no_feedback: Annotated[
        bool, typer.Option("--no-feedback", help="Ask for no verdicts on answers.")
    ] = False,
    mcp: Annotated[bool, typer.Option("--mcp", help="Serve MCP tools, too.")] = False,
    log_questions: Annotated[
        bool, typer.Option("--log-questions", help="Write the text of questions to the log.")
    ] = False,
    allow_urls: Annotated[
        bool,
        typer.Option(
            "--allow-urls",
            help="Let visitors have pages of the web fetched. On this machine alone they may "
            "without it; if others may come (--host), only with it.",
        ),
    ] = False,
    allow_changes: Annotated[
        bool,
        typer.Option(
            "--allow-changes",
            help="Let programs add documents to the library and remove them, over HTTP.",
        ),
    ] = False,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    calibration: CalibrationOption = None,
    min_confidence: MinConfidenceOption = None,
) -> None:
    """Chat about the article in the browser."""
    if allow_changes and (library is None or only or tag):
        raise typer.BadParameter(
            "goes with --library, and with all of it: without --only and --tag.",
            param_hint="--allow-changes",
        )
    from ui.web.feedback import FeedbackFile
    from ui.web.server import FEEDBACK, Settings, check_mcp, check_port, is_public, read_auth, serve

    # What cannot be is told before the models are loaded, not after.
    if feedback is None and not is_public(host):
        feedback = FEEDBACK
    settings = Settings(
        host=host,
        port=port,
        open_browser=browser,
        root_path=root_path,
        auth=read_auth(auth) if auth else (),
        max_file_bytes=round(max_file_size * 1_000_000),
        workers=workers,
        waiting=waiting,
        feedback=FeedbackFile(feedback) if feedback and not no_feedback else None,
        mcp=mcp,
        log_questions=log_questions,
        urls=allow_urls or not is_public(host),
        changes=allow_changes,
    )
    if allow_changes and is_public(host) and not settings.auth:
        complain("whoever reaches this server may change the library; --auth lets in fewer.")
    if mcp:
        check_mcp(settings.auth)
    check_port(host, port)
    bot, _ = open_bot(
        *(article, library, encoder, reader, min_confidence, calibration, encoding),
        only=only,
        tags=tag,
        writing=allow_changes,
    )
    serve(bot, settings)
