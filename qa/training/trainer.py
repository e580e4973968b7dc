"""Training runs: from question sets to a reader's folder."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from index.errors import TrainingError
from index.models.encoder import Encoder
from qa.training.checkpoints import read_checkpoint, write_checkpoint
from qa.training.config import TrainingConfig
from qa.training.curve import MetricsFile, plot_learning_curve
from qa.training.held_out import write_held_out
from qa.training.learner import Learner
from qa.training.plan import DataFile, lay_out, read_data

_LOG_STEPS = 10  # steps that a line of the metrics file sums up
_AHEAD = 4  # batches made ready while one is trained on

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True)
class TrainingReport:
    """What a run came to.

    Attributes:
        steps: How many batches were trained on.
        examples: How many pairs of a question and a passage.
        tokens: How many tokens, all but exactly, padding left out.
        seconds: How long the training itself took, in all of its sittings.
        loss: The mean loss of the last steps.
        files: What was trained on.
    """

    steps: int
    examples: int
    tokens: int
    seconds: float
    loss: float
    files: tuple[DataFile, ...]


def train(
    config: TrainingConfig,
    output: Path,
    encoder: Encoder,
    *,
    evaluate: Callable[[Path], dict[str, float]] | None = None,
    progress: bool = False,
) -> TrainingReport:
    """Train a reader and write it into a folder.

    If the folder holds a checkpoint of the same run, the run goes on from there and comes, on the
    same machine, to the same result as if it had never stopped.

    Args:
        config: What to train on, from and how.
        output: The reader's folder. What only the run needs (checkpoint, metrics, the plot of the
            learning curve), and the questions that it did not reach, are in its folder
            ``training``.
        encoder: Finds the passages that are nearest to a question, and tells where tokens stand.
        evaluate: Scores a reader's folder, at each checkpoint and at the end; the scores are
            written among the metrics.
        progress: Whether to show progress bars on standard error.

    Raises:
        DatasetError: A question set cannot be read, or there is nothing to train on.
        ModelError: The model to start from cannot be loaded.
        TrainingError: The folder holds a checkpoint of another run, or cannot be written.
    """
    from tqdm import tqdm

    work = output / "training"
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(f"{output}: cannot be made ({error.strerror}).") from error
    files = read_data(config)
    # A run is what is in its files, wherever they lie.
    identity = {**asdict(config), "data": [[file.sha256, file.weight] for file in files]}
    state = read_checkpoint(work / "checkpoint.pt", identity)
    plan = lay_out(config, files, work, encoder, progress=progress)
    examples = [[example for group in batch for example in group] for batch in plan]
    tokens = [sum(example.tokens for example in batch) for batch in examples]
    learner = Learner(config, len(plan))
    if state:
        learner.restore(state)
    metrics = MetricsFile(work / "metrics.jsonl")
    metrics.truncate(learner.step)
    with (
        closing(ahead(learner.encode, plan[learner.step :])) as made,
        tqdm(
            total=sum(tokens),
            initial=sum(tokens[: learner.step]),
            desc="Training",
            unit=" tokens",
            unit_scale=True,
            disable=not progress,
            mininterval=1,
        ) as bar,
    ):
        for batch in made:
            started = time.monotonic()
            learner.train_on(batch)
            learner.seconds += time.monotonic() - started
            bar.update(tokens[learner.step - 1])
            last = learner.step == len(plan)
            if learner.step % _LOG_STEPS == 0 or last:
                line = learner.log_line()
                bar.set_postfix(loss=f"{line['loss']:.3f}", refresh=False)
                metrics.append(line)
            if learner.step % config.checkpoint_steps == 0 or last:
                learner.save(output)
                if evaluate:
                    scores = learner.undisturbed(evaluate, output)
                    metrics.append({"step": learner.step, **scores})
                write_checkpoint(work / "checkpoint.pt", identity, learner.state())
    write_held_out(files, plan, work / "unread")
    plot_learning_curve(work / "metrics.jsonl", work / "learning_curve.png")
    return TrainingReport(
        steps=len(plan),
        examples=sum(map(len, examples)),
        tokens=sum(tokens),
        seconds=learner.seconds,
        loss=metrics.last_loss(),
        files=tuple(files),
    )


def ahead(make: Callable[[Given], Made], items: Sequence[Given]) -> Generator[Made]:
    """Yield what is made of each item, in order, made by another thread some items ahead."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        waiting: deque[Future[Made]] = deque()
        try:
            for item in items:
                waiting.append(thread.submit(make, item))
                if len(waiting) > _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
