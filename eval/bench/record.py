"""What a run of the benchmark measured, and on what machine."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from eval.bench.limits import Shape
from eval.bench.measuring import Speed, Work

PACKAGES = (
    "article-qa",
    "torch",
    "transformers",
    "sentence-transformers",
    "faiss-cpu",
    "numpy",
    "onnxruntime",
    "haystack-ai",
    "transformers-haystack",
    "txtai",
)
_WIDE = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8")  # what products may use


@dataclass(frozen=True)
class Start:
    """How a system starts.

    Attributes:
        import_s: How long it takes to import.
        first_answer_s: From the start of a fresh process to its answer about a file, the median.
        shipped_answer_s: The same about the shipped article, where that differs; else None.
        peak_mb: The most memory that the process for a file held; None where it cannot be told.
        answer: What it answered.
    """

    import_s: float
    first_answer_s: float
    shipped_answer_s: float | None
    peak_mb: float | None
    answer: str


@dataclass
class Measured:
    """What was measured of one system.

    Attributes:
        label: What a person calls it.
        start: How it starts; None if the run was stopped before that was measured.
        speeds: What was measured over each number of articles.
    """

    label: str
    start: Start | None = None
    speeds: list[Speed] = field(default_factory=list)

    def over(self, articles: int) -> Speed | None:
        """Return what was measured over so many articles."""
        return next((speed for speed in self.speeds if speed.articles == articles), None)


@dataclass(frozen=True)
class Limit:
    """What the hardware allows our readers and encoder, on average of the questions.

    Attributes:
        tokens: How many tokens the readers read for a question.
        reader: How many multiply-adds that takes.
        encoder: How many the encoder takes for a question.
        reader_ms: How long the readers read.
        question_ms: How long the question took.
        precision: In which precision ours compute.
        rates: How many multiply-adds a second this machine does, by the precision; None where it
            cannot compute in it.
    """

    tokens: float
    reader: float
    encoder: float
    reader_ms: float
    question_ms: float
    precision: str
    rates: dict[str, float | None]

    @classmethod
    def of(
        cls,
        speed: Speed,
        work: Work,
        shapes: tuple[Shape, Shape],
        rates: Any,  # noqa: ANN401
        *,
        large: Shape | None = None,
    ) -> Limit:
        """Count what a system did.

        Args:
            speed: What was measured of it.
            work: What its models did.
            shapes: The shapes of its small reader and its encoder.
            rates: The machine's rates, by precision.
            large: The shape of its large reader, if that read anything.
        """
        questions = len(speed.latencies_ms)
        reader, encoder = shapes
        reread = large.multiply_adds(work.reread) if large is not None else 0
        return cls(
            tokens=(sum(work.read) + sum(work.reread)) / questions,
            reader=(reader.multiply_adds(work.read) + reread) / questions,
            encoder=encoder.multiply_adds(work.asked) / questions,
            reader_ms=work.reader_ms / questions,
            question_ms=sum(speed.latencies_ms) / questions,
            precision=work.precision,
            rates=rates,
        )


@dataclass
class Record:
    """A run of the benchmark.

    Attributes:
        command: The command that made it.
        machine: What it ran on, by the name of what is told.
        systems: What was measured, by the name of the system.
        limit: What the hardware allows ours; None if that was not measured.
        partial: Whether it was stopped before the end.
    """

    command: str
    machine: dict[str, str]
    systems: dict[str, Measured] = field(default_factory=dict)
    limit: Limit | None = None
    partial: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)


def machine() -> dict[str, str]:
    """Name the hardware and the versions that a run depends on."""
    told = {
        "processor": _processor(),
        "cores": str(
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        ),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
    }
    for package in PACKAGES:
        try:
            told[package] = version(package)
        except PackageNotFoundError:
            continue
    return told


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    told = {name.strip(): value.split() for name, _, value in (x.partition(":") for x in lines)}
    name = " ".join(told.get("model name", [platform.machine()]))
    wide = [each for each in _WIDE if each in told.get("flags", ())]
    return f"{name} ({', '.join(wide)})" if wide else name
