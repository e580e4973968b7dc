"""The command ``article-qa train``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from eval.console import complain, status

DataArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="DATA",
        help="Question sets in SQuAD format, or folders of them. PATH=WEIGHT draws each question "
        "WEIGHT times an epoch.",
    ),
]


def train(
    data: DataArgument,
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            file_okay=False,
            help="The reader's folder. If it holds an unfinished run, that is gone on with.",
        ),
    ],
    start_from: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODEL",
            help="The encoder or reader to start from: a folder, or a name in the Hugging Face "
            "cache. Default: the installed encoder.",
            show_default=False,
        ),
    ] = None,
    layers: Annotated[
        str | None,
        typer.Option(
            metavar="N,N,...",
            help="Keep these of its layers, counted from 0, and leave the others out.",
        ),
    ] = None,
    teacher: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL", help="A reader whose logits are learned as well as the answers."
        ),
    ] = None,
    teacher_weight: Annotated[float, typer.Option(help="The teacher's share of the loss.")] = 0.8,
    temperature: Annotated[
        float, typer.Option(help="By what logits are divided to learn from a teacher.")
    ] = 2.0,
    dev: Annotated[
        list[Path] | None,
        typer.Option(help="A question set to measure on, never trained on. Several may be given."),
    ] = None,
    dev_limit: Annotated[
        int, typer.Option(min=1, help="Ask so many of the first's questions at each checkpoint.")
    ] = 300,
    license_: Annotated[
        list[str] | None,
        typer.Option(
            "--license", metavar="FILE=LICENCE", help="The licence of a data file, for the card."
        ),
    ] = None,
    notes: Annotated[
        Path | None,
        typer.Option(dir_okay=False, exists=True, help="Markdown to put into the model card."),
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="How often to go through the data.")] = 2,
    max_steps: Annotated[
        int | None, typer.Option(min=1, help="Train for at most so many steps.")
    ] = None,
    batch_tokens: Annotated[int, typer.Option(min=512, help="The most tokens in a batch.")] = 4096,
    learning_rate: Annotated[float, typer.Option(help="The highest learning rate.")] = 1e-4,
    layer_decay: Annotated[
        float, typer.Option(help="The learning rate of a layer over that of the one above it.")
    ] = 1.0,
    ema_decay: Annotated[
        float, typer.Option(help="Of the moving average of the weights; 0 for none.")
    ] = 0.998,
    dropout: Annotated[float, typer.Option(help="0 is a third faster on a CPU.")] = 0.0,
    freeze_word_embeddings: Annotated[
        bool,
        typer.Option("--freeze-word-embeddings", help="Leave the word embeddings as they are."),
    ] = False,
    shared_normalization: Annotated[
        bool,
        typer.Option("--shared-normalization", help="Let a question's passages share one softmax."),
    ] = False,
    negatives: Annotated[
        float, typer.Option(help="Share of questions with a passage that lacks the answer.")
    ] = 0.4,
    unanswerable: Annotated[
        float, typer.Option(help="Share of questions that are made unanswerable.")
    ] = 0.1,
    paragraphs: Annotated[
        float, typer.Option(help="Share of passages that are whole paragraphs.")
    ] = 0.3,
    other_sizes: Annotated[
        float, typer.Option(help="Share of passages of 1, 2, 4, 6, 8 or 12 sentences.")
    ] = 0.2,
    precision: Annotated[
        str, typer.Option(help="bfloat16, float32, or auto.", metavar="TYPE")
    ] = "auto",
    device: Annotated[str, typer.Option(help="cpu, cuda, or auto.", metavar="DEVICE")] = "auto",
    seed: Annotated[int, typer.Option(min=0, help="Of all that is random.")] = 0,
    checkpoint_steps: Annotated[int, typer.Option(min=1, help="Steps between checkpoints.")] = 500,
) -> None:
    """Train a reader on question sets, and write its weights, card and learning curve."""
    # Only a command that runs pays for its imports: --help is to be instant.
    from eval.measures.reader_alone import read_paragraphs, summarize_reader
    from index.models.encoder import DEFAULT_ENCODER
    from qa import SentenceEncoder, TransformerReader
    from qa.squad import load_squad, sample
    from qa.training.card import write_card
    from qa.training.config import TrainingConfig
    from qa.training.trainer import train as run_training

    config = TrainingConfig(
        data=_weighted(data),
        start_from=start_from or DEFAULT_ENCODER,
        layers=_numbers(layers) if layers is not None else None,
        teacher=teacher,
        teacher_weight=teacher_weight,
        temperature=temperature,
        epochs=epochs,
        max_steps=max_steps,
        batch_tokens=batch_tokens,
        learning_rate=learning_rate,
        layer_decay=layer_decay,
        ema_decay=ema_decay,
        dropout=dropout,
        freeze_word_embeddings=freeze_word_embeddings,
        shared_normalization=shared_normalization,
        negatives=negatives,
        unanswerable=unanswerable,
        paragraphs=paragraphs,
        other_sizes=other_sizes,
        precision=precision,
        device=device,
        seed=seed,
        checkpoint_steps=checkpoint_steps,
    )
    licenses = dict(_pair(text) for text in license_ or [])
    card_notes = notes.read_text(encoding="utf-8") if notes else ""
    dev_sets = [(path.name, load_squad(path)) for path in dev or []]

    def evaluate(folder: Path) -> dict[str, float]:
        found = read_paragraphs(sample(dev_sets[0][1], dev_limit), TransformerReader.load(folder))
        summary = summarize_reader(found)
        return {"dev exact match": summary.exact_match or 0.0, "dev F1": summary.f1 or 0.0}

    with status("Loading the encoder ..."):
        encoder = SentenceEncoder.load()
    report = run_training(
        config, output, encoder, evaluate=evaluate if dev_sets else None, progress=True
    )
    for file in report.files:
        for reason in file.refused:
            complain(f"left out: {reason}")
    scores = []
    for name, sets in dev_sets:
        summary = summarize_reader(
            read_paragraphs(sets, TransformerReader.load(output), progress=True)
        )
        figures = {key: value for key, value in asdict(summary).items() if value is not None}
        scores.append((name, figures))
    write_card(output, config, report, scores=scores, licenses=licenses, notes=card_notes)
    typer.echo(f"{output}: trained for {report.steps:,} steps, {report.seconds / 60:.0f} minutes.")
    typer.echo(f"Ask with it: article-qa ask QUESTION --reader {output}")


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(number) for number in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"{text}: expected numbers of layers, as in 0,2,4.") from None


def _weighted(data: list[str]) -> tuple[tuple[str, float], ...]:
    """Part the arguments into paths and weights; a folder stands for the files in it."""
    weighted: list[tuple[str, float]] = []
    for text in data:
        name, weight = (text, 1.0) if Path(text).exists() else _path_and_weight(text)
        path = Path(name)
        files = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not files:
            raise typer.BadParameter(f"{path}: the folder holds no .json file.")
        weighted += [(str(file), weight) for file in files]
    return tuple(weighted)


def _path_and_weight(text: str) -> tuple[str, float]:
    name, equals, weight = text.rpartition("=")
    if not equals:
        return text, 1.0
    try:
        return name, float(weight)
    except ValueError:
        raise typer.BadParameter(f"{text}: expected PATH or PATH=WEIGHT.") from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, license_ = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text}: expected FILE=LICENCE.")
    return name, license_
