"""Training of the reader of items: last layers of a reader, and a head, that find several answers.

A reader is trained to find one answer: where a text gives several, they share its probability, and
it cannot tell how many there are. So each token has here a probability of its own to start an item,
and one to end one: with s(t) the start logit of token t less that of the first token, which stands
for "no more", the probability is 1 / (1 + exp(-s(t))), and the loss the negative logarithm of that
of what is right, over all tokens of the passage (a threshold of its own for each question, learned:
Zhou et al. 2021, section 4.2). Reading is as with any reader: spans by the sum of the two logits
less the null's.

The layers below the last are those of the reader, and stay; what they make of a passage is computed
once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from index.articles import Article
from index.errors import ModelError
from index.models.bert import Bert
from index.models.files import (
    fingerprint,
    read_config,
    read_tokenizer,
    read_weights,
    write_quantized,
)
from index.models.weights import quantized
from index.structure.sentences import split_sentences
from index.structure.spans import Span
from qa.reading.calibration import Calibration
from qa.reading.evidence import Evidence
from qa.reading.reader import LARGE_READER, TransformerReader
from qa.reading.span_models import MAX_TOKENS
from qa.squad import Question, QuestionSet, load_squad
from qa.training.loading import load_span_model

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer
    from torch import Tensor

_STRIDE = MAX_TOKENS // 4
_STRETCHES = (3, 4, 6, 8)  # sentences of a passage that is read beside the whole article
_BATCH = 8  # windows of a step
_WARMUP = 0.1
_SHARD_BYTES = 60_000_000


@dataclass(frozen=True)
class Window:
    """A question beside as much of its article as is read at once, and what is to be found in it.

    Attributes:
        states: What the layers below make of it, shaped (1, tokens, hidden size).
        first: The first token of the passage.
        targets: 1.0 for each of its tokens that starts, and that ends, an item: (2, tokens).
        counted: 1.0 for each that is right or wrong for certain, likewise.
    """

    states: Tensor
    first: int
    targets: Tensor
    counted: Tensor


def targets_of(
    offsets: Sequence[tuple[int, int]], items: Sequence[Sequence[Span]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return which tokens start and end an item, and which are counted, each shaped (2, tokens).

    Where a variant of an item that is not its best starts or ends is neither right nor wrong.

    Args:
        offsets: Where the tokens stand in the passage.
        items: Where the variants of each item stand in it, the best first; those that stand
            elsewhere are left out.
    """
    targets = np.zeros((2, len(offsets)), dtype=np.float32)
    counted = np.ones_like(targets)
    for variants in items:
        for number, variant in enumerate(variants):
            first = [n for n, (start, end) in enumerate(offsets) if start <= variant.start < end]
            last = [n for n, (start, end) in enumerate(offsets) if start < variant.end <= end]
            if first and last and number == 0:
                targets[0, first[0]] = targets[1, last[0]] = 1
            elif first and last:
                counted[0, first[0]] = counted[1, last[0]] = 0
    counted[targets > 0] = 1
    return targets, counted


def items_of(question: Question) -> list[list[Span]]:
    """Return where the variants of each item that a question asks for stand in its article."""
    return [
        [
            Span(
                start := question.paragraph.start + each["answer_start"], start + len(each["text"])
            )
            for each in variants
        ]
        for variants in question.extras["items"]
    ]


def passages_of(article: Article, rng: np.random.Generator) -> Iterator[Span]:
    """Give the whole article, and some sentences of it where it has more than four."""
    yield Span(0, len(article.text))
    sentences = split_sentences(article.text)
    if len(sentences) > 4:
        first = int(rng.integers(0, len(sentences) - 2))
        last = min(len(sentences), first + int(rng.choice(_STRETCHES))) - 1
        yield Span(sentences[first].start, sentences[last].end)


class LastLayers:
    """The last layers of a reader, and a head, in training.

    Args:
        folder: The reader.
        layers: How many of its layers are trained.
        rate: The highest learning rate of the layers.
        head_rate: That of the head.
    """

    def __init__(self, folder: Path, layers: int, rate: float, head_rate: float) -> None:
        import torch

        self._folder = folder
        self._model, _ = load_span_model(folder.name, folder, dropout=0.0, trained=True)
        encoder: Any = self._model.base_model.encoder
        self._first = len(encoder.layer) - layers
        encoder.layer = encoder.layer[self._first :]
        self._encoder, self._head = encoder, self._model.qa_outputs
        self._trained = [*encoder.layer.parameters(), *self._head.parameters()]
        self._optimizer = torch.optim.AdamW(
            [
                {"params": list(self._head.parameters()), "lr": head_rate},
                {"params": list(encoder.layer.parameters()), "lr": rate},
            ],
            weight_decay=0.01,
        )

    def plan(self, steps: int) -> None:
        """Have the learning rates rise over the first of so many steps, then fall to 0."""
        import torch

        rising = max(1, round(_WARMUP * steps))
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: min((step + 1) / rising, max(0, steps - step) / steps)
        )

    def lower(self) -> Bert:
        """Return the layers below, which are not trained."""
        bert = Bert(read_weights(self._folder), read_config(self._folder), "bfloat16")
        return bert.first_layers(self._first)

    def logits(self, states: Tensor) -> Tensor:
        """Return the start and end logits of a passage's tokens, less the null's: (2, tokens)."""
        import torch

        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self._encoder(states)[0]
        both: Tensor = self._head(hidden[0].float()).T
        return both - both[:, :1]

    def train_on(self, windows: Sequence[Window]) -> float:
        """Take one step, and return the mean loss of a window."""
        import torch

        total = 0.0
        for window in windows:
            passage = slice(window.first, window.first + window.targets.shape[1])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                self.logits(window.states)[:, passage],
                window.targets,
                window.counted,
                reduction="sum",
            )
            (loss / _BATCH).backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        torch.nn.utils.clip_grad_norm_(self._trained, 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self._schedule.step()
        return total / len(windows)

    def save(self, output: Path) -> None:
        """Write the layers and the head in eight bits, and whose layers they belong to."""
        config, tokenizer = read_config(self._folder), read_tokenizer(self._folder)
        weights = {
            f"encoder.layer.{self._first + number}.{name}": tensor.detach()
            for number, layer in enumerate(self._encoder.layer)
            for name, tensor in layer.state_dict().items()
        }
        weights |= {f"qa_outputs.{n}": tensor for n, tensor in self._head.state_dict().items()}
        write_quantized(
            output,
            quantized(weights, config),
            {"model_type": config["model_type"], "base": fingerprint(self._folder)},
            tokenizer.get_vocab_size() if tokenizer else 0,
            _SHARD_BYTES,
        )


class Windows:
    """Makes windows of questions: tokens, and what the layers that are not trained make of them.

    Args:
        tokenizer: The reader's.
        lower: Its layers that are not trained.
        rng: Draws the passages beside the whole articles.
    """

    def __init__(self, tokenizer: Tokenizer, lower: Bert, rng: np.random.Generator) -> None:
        self._tokenizer = tokenizer
        self._lower = lower
        self._rng = rng

    def of(self, article: Article, question: Question) -> Iterator[Window]:
        """Give the windows of a question: its whole article, and a part of it."""
        import torch

        items = items_of(question)
        for passage in passages_of(article, self._rng):
            text = article.text[passage.start : passage.end]
            own = [[_moved(variant, -passage.start) for variant in variants] for variants in items]
            for tokens, offsets in self._cut(question.text, text):
                targets, counted = map(torch.from_numpy, targets_of(offsets, own))
                states = self._lower.hidden([tokens.ids], [tokens.type_ids])
                first = tokens.sequence_ids.index(1)
                # A copy: what is made in inference cannot be trained on.
                yield Window(states.clone()[None], first, targets, counted)

    def _cut(self, question: str, passage: str) -> Iterator[tuple[Encoding, list[tuple[int, int]]]]:
        """Give what is read at once, and where the tokens of the passage in it stand there."""
        asked = self._tokenizer.encode(question, add_special_tokens=False)
        whole = self._tokenizer.encode(passage, add_special_tokens=False)
        room = MAX_TOKENS - self._tokenizer.num_special_tokens_to_add(True) - len(asked)
        if len(whole) > room:
            whole.truncate(room, stride=_STRIDE)
        for piece in (whole, *whole.overflowing):
            yield self._tokenizer.post_process(asked, piece), piece.offsets


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def fit(
    reader: TransformerReader, groups: Sequence[QuestionSet], opposed: float
) -> tuple[Calibration, int]:
    """Fit how likely a span is an item to questions that the reader was not trained on.

    Args:
        reader: The reader of items.
        groups: The articles with their questions.
        opposed: The weight of what the text denies: too rare here to be fitted.

    Returns:
        The calibration (Platt 1999), and to how many spans it was fitted.
    """
    from sklearn.linear_model import LogisticRegression

    logits, right = [], []
    for group in groups:
        for question in group.questions:
            items = items_of(question)
            taken: list[Span] = []
            for span in reader.read([question.text], [[group.article.text]])[0]:
                place = Span(span.start, span.end)
                if any(map(place.overlaps, taken)):
                    continue
                taken.append(place)
                logits.append([span.logit])
                right.append(any(_is(place, variant) for item in items for variant in item))
    model = LogisticRegression(C=math.inf, max_iter=1000).fit(np.array(logits), np.array(right))
    weights = Evidence(logit=float(model.coef_[0, 0]), opposed=opposed)
    return Calibration(weights, float(model.intercept_[0])), len(right)


def _is(place: Span, item: Span) -> bool:
    """Tell whether two places share half of the longer one at least."""
    shared = min(place.end, item.end) - max(place.start, item.start)
    return 2 * shared >= max(place.end - place.start, item.end - item.start)


def main(
    files: Annotated[list[Path], typer.Argument(help="Sets of questions with items.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write.")],
    reader: Annotated[Path, typer.Option(help="Whose last layers to train.")] = LARGE_READER,
    layers: Annotated[int, typer.Option(min=1, help="How many of its layers.")] = 2,
    epochs: Annotated[int, typer.Option(min=1, help="How often each question is seen.")] = 2,
    learning_rate: Annotated[float, typer.Option(help="The layers' highest.")] = 8e-5,
    head_rate: Annotated[float, typer.Option(help="The head's highest.")] = 1e-3,
    held_out: Annotated[
        int, typer.Option(min=2, help="Keep every so manieth article to fit the confidence to.")
    ] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Of the order and the passages.")] = 1,
) -> None:
    """Train the reader of items, and fit its confidence to articles that are kept back."""
    import torch

    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    groups = [group for file in files for group in load_squad(file)]
    kept = set(rng.permutation(len(groups))[::held_out].tolist())
    train = [group for number, group in enumerate(groups) if number not in kept]
    large = TransformerReader.load(reader)
    trained = LastLayers(reader, layers, learning_rate, head_rate)
    tokenizer = read_tokenizer(reader)
    if tokenizer is None:
        raise ModelError(f"{reader}: has no tokenizer.json that can be read.")
    make = Windows(tokenizer, trained.lower(), rng)
    windows = [
        window
        for group in train
        for question in group.questions
        for window in make.of(group.article, question)
    ]
    trained.plan(epochs * math.ceil(len(windows) / _BATCH))
    for epoch in range(epochs):
        order = rng.permutation(len(windows)).tolist()
        batches = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]
        losses = [trained.train_on([windows[n] for n in batch]) for batch in batches]
        typer.echo(f"epoch {epoch + 1}: {len(windows):,} windows, loss {np.mean(losses):.3f}")
    output.mkdir(parents=True, exist_ok=True)
    trained.save(output)
    opposed = Calibration.load(reader).weights.opposed
    held = [groups[number] for number in sorted(kept)]
    calibration, spans = fit(large.branch(output), held, opposed)
    calibration.save(output)
    typer.echo(f"{output}: fitted to {spans:,} spans of {len(held)} articles")


if __name__ == "__main__":
    typer.run(main)
