"""How this program does over collections from a thousand to a million passages.

There is no set of a million passages to be had here that can be embedded on two cores in less than
an hour, so the larger collections are made of real ones: an article is twenty real paragraphs drawn
at random, word for word, and the vector of a sentence is that of the real sentence, plus half that
of another, plus noise of length 0.3, made a unit vector again. So the texts that are searched by
words and read are real, no two vectors are the same, and the vectors lie less in clusters than real
ones do: real collections are easier. Questions are real; what they are asked about stands in each
collection once, if it is not too small, and the other paragraphs as often as it takes.

Each measurement is made in a process of its own. Run by ``python -m eval.bench.scale FILE``.
"""

from __future__ import annotations

import math
import multiprocessing
import random
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from eval.console import run, status
from index.models.encoder import load_encoder
from index.store.resumable import build_on_disk
from index.store.vectors import EXACT_UP_TO, VectorSearch
from index.structure.paragraphs import split_paragraphs
from index.structure.sentences import split_sentences
from qa import Article, ArticleQA, Encoder, Retriever, Span, Vectors
from qa.reading.strategies import load_strategy
from qa.squad import load_squad

_PARAGRAPHS = 20  # of an article
_OTHER = 0.5  # how much of another sentence's vector is added
_NOISE = 0.3  # the length of the noise that is added
_POOL = 200  # how many sentences the retriever looks at
_SEED = 0

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@dataclass(frozen=True)
class Source:
    """What collections are made of.

    Attributes:
        paragraphs: Real paragraphs; the first question is asked of the first one, and so on.
        vectors: The vector of each of their sentences, by its text.
        questions: Real questions asked of them.
        asked: The vectors of the questions, by their text.
        rate: How many sentences were embedded in a second.
    """

    paragraphs: list[str]
    vectors: dict[str, NDArray[np.float32]]
    questions: list[str]
    asked: dict[str, NDArray[np.float32]]
    rate: float


@dataclass(frozen=True)
class Memory:
    """What a process takes.

    Attributes:
        peak_mb: The most that was resident at once, in megabytes.
        mapped_mb: How much of what is resident at last are pages of mapped files, which the system
            takes back when it needs them.
    """

    peak_mb: float
    mapped_mb: float


@dataclass(frozen=True)
class Scale:
    """What was measured of one collection.

    Attributes:
        passages: How many passages it has.
        build_s: How long indexing took, embedding left out.
        building: The memory that took.
        disk_mb: How large the index is.
        open_s: How long opening it took, models left out.
        retrieval_ms: p50 and p95 of a search for ten passages, the question's vector given.
        recall: The share of the ten most similar sentences that are among those a search looks at.
        searching: The memory of opening and searching.
        first_s: How long the first question took, end to end.
        answer_ms: p50 and p95 of a question, end to end, with the real models.
        answering: The memory of opening and asking, models and all.
    """

    passages: int
    build_s: float
    building: Memory
    disk_mb: float
    open_s: float
    retrieval_ms: tuple[float, float]
    recall: float
    searching: Memory
    first_s: float
    answer_ms: tuple[float, float]
    answering: Memory


class MixedEncoder:
    """Gives a sentence the vector of the real one, mixed with that of another.

    The first of a call is left as it is, so that the real encoder is known again by it.
    """

    def __init__(self, source: Source, encoder: Encoder | None = None) -> None:
        self.name = "mixed"
        self._source = source
        self._encoder = encoder
        self._real = np.stack(list(source.vectors.values()))
        self.dimension = self._real.shape[1]
        self.max_tokens = encoder.max_tokens if encoder else 254
        self.seconds = 0.0
        """How long making vectors took."""

    def tokenize(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return where the tokens of each text stand in it, as the real encoder says."""
        assert self._encoder is not None
        return self._encoder.tokenize(texts)

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        """Return a unit vector for each passage."""
        began = time.perf_counter()
        seed = zlib.crc32("\n".join(texts).encode())
        generator = np.random.default_rng(seed)
        # What was cut out of a sentence too long for a vector is given any.
        known = self._source.vectors
        own = np.stack([known.get(text, self._real[len(text) % len(known)]) for text in texts])
        other = self._real[generator.integers(len(self._real), size=len(texts))]
        noise = generator.standard_normal(own.shape, dtype=np.float32)
        noise *= _NOISE / np.sqrt(self.dimension)
        mixed = own + _OTHER * other + noise
        mixed[0] = own[0]
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
        self.seconds += time.perf_counter() - began
        return np.asarray(mixed, dtype=np.float32)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, which were embedded before."""
        return np.stack([self._source.asked[text] for text in texts])


def make_source(path: Path, sentences: int, questions: int, encoder: Encoder) -> Source:
    """Embed real sentences and questions of a SQuAD file.

    Args:
        path: The file.
        sentences: How many sentences to embed, about.
        questions: How many questions to take.
        encoder: Embeds them.
    """
    found = [
        (group.article.text[start:end], own)
        for group in load_squad(path)
        for start, end in split_paragraphs(group.article.text)
        if (own := [q.text for q in group.questions if q.golds and start <= q.golds[0].start < end])
    ]
    random.Random(_SEED).shuffle(found)
    paragraphs: list[str] = []
    texts: dict[str, None] = {}
    for paragraph, _ in found:
        paragraphs.append(paragraph)
        texts |= dict.fromkeys(paragraph[start:end] for start, end in split_sentences(paragraph))
        if len(texts) >= sentences:
            break
    asked = list(dict.fromkeys(own[0] for _, own in found[: len(paragraphs)]))[:questions]
    began = time.perf_counter()
    vectors = encoder.encode_passages(list(texts), progress=True)
    rate = len(texts) / (time.perf_counter() - began)
    return Source(
        paragraphs,
        dict(zip(texts, vectors, strict=True)),
        asked,
        dict(zip(asked, encoder.encode_questions(asked), strict=True)),
        rate,
    )


def make_articles(source: Source, passages: int) -> list[Article]:
    """Make articles until there are about so many passages.

    What is asked about stands in them once, if there is room for it: the first paragraphs, evenly
    over all articles. The rest is drawn from the others.
    """
    generator = random.Random(_SEED)
    # Windows of three sentences, one apart: all but the last two sentences begin a passage.
    sentences = [len(split_sentences(paragraph)) for paragraph in source.paragraphs]
    asked = range(len(source.questions))
    others = range(len(asked), len(sentences)) or asked
    about = math.ceil(passages * len(sentences) / (sum(sentences) * _PARAGRAPHS))  # articles
    share = min(_PARAGRAPHS, math.ceil(len(asked) / about))
    articles: list[Article] = []
    begun = 0
    while begun < passages:
        first = len(articles) * share
        drawn = list(asked[first : first + share])
        drawn += generator.choices(others, k=_PARAGRAPHS - len(drawn))
        while len(drawn) > 1 and begun + sum(sentences[n] for n in drawn[:-1]) - 2 >= passages:
            drawn.pop()
        begun += max(1, sum(sentences[n] for n in drawn) - 2)
        text = "\n\n".join(source.paragraphs[n] for n in drawn)
        articles.append(Article(f"{len(articles)}.txt", f"Article {len(articles)}", text))
    return articles


def measure(source: Source, passages: int, folder: Path, exact_up_to: int = EXACT_UP_TO) -> Scale:
    """Measure a collection of about so many passages; the folder is left empty.

    Args:
        source: What it is made of.
        passages: How many passages it is to have.
        folder: Where the index is to be kept meanwhile.
        exact_up_to: How many sentences there may be for a search to look at every one.
    """
    index = folder / f"{passages}.index"
    try:
        build_s, count, building = _apart(_build, source, passages, index, exact_up_to)
        disk_mb = sum(file.stat().st_size for file in index.iterdir()) / 1e6
        open_s, retrieval_ms, recall, searching = _apart(_search, source, index)
        first_s, answer_ms, answering = _apart(_answer, source.questions, index)
    finally:
        shutil.rmtree(index, ignore_errors=True)
    return Scale(
        count,
        build_s,
        building,
        disk_mb,
        open_s,
        retrieval_ms,
        recall,
        searching,
        first_s,
        answer_ms,
        answering,
    )


def table(scales: Sequence[Scale], source: Source) -> str:
    """Return what was measured as a table in Markdown."""
    rows: dict[str, Callable[[Scale], str]] = {
        "building without embedding, s": lambda scale: f"{scale.build_s:.1f}",
        "embedding at the rate below, s": lambda scale: f"{scale.passages / source.rate:.0f}",
        "peak memory of building, MB": lambda scale: _in_words(scale.building),
        "size on disk, MB": lambda scale: f"{scale.disk_mb:,.0f}",
        "opening, s": lambda scale: f"{scale.open_s:.2f}",
        "retrieval p50 / p95, ms": lambda scale: _pair(scale.retrieval_ms),
        "recall@10 against exact search": lambda scale: f"{scale.recall:.4f}",
        "peak memory of retrieval, MB": lambda scale: _in_words(scale.searching),
        "first question, s": lambda scale: f"{scale.first_s:.2f}",
        "question end to end p50 / p95, ms": lambda scale: _pair(scale.answer_ms),
        "peak memory of asking, MB": lambda scale: _in_words(scale.answering),
    }
    lines = ["| passages | " + " | ".join(f"{scale.passages:,}" for scale in scales) + " |"]
    lines.append("|---" * (len(scales) + 1) + "|")
    lines += [
        f"| {name} | " + " | ".join(show(scale) for scale in scales) + " |"
        for name, show in rows.items()
    ]
    lines += [
        "",
        f"Texts are {len(source.paragraphs):,} real paragraphs, repeated, but for those that the "
        f"{len(source.questions)} questions are asked of; vectors are mixed from those of "
        f"{len(source.vectors):,} real sentences, which were embedded at {source.rate:.0f} a "
        "second. In brackets: how much of the memory are pages of mapped files.",
    ]
    return "\n".join(lines)


def _build(
    source: Source, passages: int, index: Path, exact_up_to: int
) -> tuple[float, int, Memory]:
    articles = make_articles(source, passages)
    encoder = MixedEncoder(source, load_encoder())
    began = time.perf_counter()
    count = build_on_disk(articles, encoder, index, exact_up_to=exact_up_to, progress=True)
    return time.perf_counter() - began - encoder.seconds, count, _memory()


def _search(source: Source, index: Path) -> tuple[float, tuple[float, float], float, Memory]:
    began = time.perf_counter()
    retriever = Retriever.load(index, MixedEncoder(source))
    open_s = time.perf_counter() - began
    retrieval_ms = _percentiles(lambda question: retriever.search([question], 10), source.questions)
    memory = _memory()  # exact search, which is not what is measured, comes after
    data = retriever.data
    asked = np.stack([source.asked[question] for question in source.questions])
    _, exact = VectorSearch(data.vectors).search(asked, 10)
    _, found = VectorSearch(data.vectors, data.clusters).search(asked, _POOL)
    kept = [np.isin(own, others).mean() for own, others in zip(exact, found, strict=True)]
    return open_s, retrieval_ms, float(np.mean(kept)), memory


def _answer(questions: Sequence[str], index: Path) -> tuple[float, tuple[float, float], Memory]:
    bot = ArticleQA(Retriever.load(index, load_encoder()), load_strategy())
    began = time.perf_counter()
    bot.ask(questions[0])
    first_s = time.perf_counter() - began
    return first_s, _percentiles(bot.ask, questions), _memory()


def _percentiles(ask: Callable[[str], object], questions: Sequence[str]) -> tuple[float, float]:
    ask(questions[0])
    took = []
    for question in questions:
        began = time.perf_counter()
        ask(question)
        took.append((time.perf_counter() - began) * 1000)
    p50, p95 = np.percentile(took, [50, 95])
    return float(p50), float(p95)


def _apart(function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
    """Call a function in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result()


def _memory() -> Memory:
    """Return what this process takes, as Linux tells it; nan elsewhere."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return Memory(float("nan"), float("nan"))
    kilobytes = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
    return Memory(int(kilobytes["VmHWM"]) / 1e3, int(kilobytes["RssFile"]) / 1e3)


def _in_words(memory: Memory) -> str:
    return f"{memory.peak_mb:,.0f} ({memory.mapped_mb:,.0f})"


def _pair(milliseconds: tuple[float, float]) -> str:
    return f"{milliseconds[0]:.1f} / {milliseconds[1]:.1f}"


@contextmanager
def _room(folder: Path | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        yield Path(name)


@app.command()
def scale(
    dataset: Annotated[
        Path, typer.Argument(metavar="FILE", help="The SQuAD file that collections are made of.")
    ],
    *,
    size: Annotated[
        list[int] | None,
        typer.Option(
            metavar="N",
            min=1,
            help="How many passages; may be given several times. Default: 1000, 100000, 1000000.",
        ),
    ] = None,
    sentences: Annotated[
        int, typer.Option(min=1, help="How many real sentences to embed and mix.")
    ] = 20_000,
    questions: Annotated[int, typer.Option(min=1, help="How many questions to ask.")] = 200,
    exact_up_to: Annotated[
        int, typer.Option(min=0, help="How many sentences are searched one by one.")
    ] = EXACT_UP_TO,
    folder: Annotated[
        Path | None,
        typer.Option(help="Where indexes are kept meanwhile: 3 GB for a million passages."),
    ] = None,
) -> None:
    """Measure building, opening and asking collections of several sizes; print a table."""
    with status("Loading the encoder ..."):
        encoder = load_encoder()
    source = make_source(dataset, sentences, questions, encoder)
    scales = []
    with _room(folder) as room:
        for passages in size or [1000, 100_000, 1_000_000]:
            scales.append(measure(source, passages, room, exact_up_to))
            typer.echo(f"{scales[-1]}", err=True)
    typer.echo(table(scales, source))


if __name__ == "__main__":
    run(app)
