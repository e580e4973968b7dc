"""Parts of one's own, each brought through the front door alone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from qa import (
    LOADERS,
    Answer,
    ArrayStore,
    Article,
    ArticleError,
    ArticleQA,
    Boundaries,
    Calibration,
    Content,
    Evidence,
    FoundPassages,
    Fusion,
    Hit,
    Outcome,
    ReaderSpan,
    Retriever,
    Rows,
    SavedIndexError,
    SentenceHit,
    Span,
    Stretch,
    Vectors,
    read_articles,
)

ARTICLES = [
    Article("talks", "Talks", "The talks began in Oslo. Alma Berg leads the delegation."),
    Article("trains", "Trains", "Trains run in Bergen. Snow stops them in winter."),
]


class LetterEncoder:
    """Embeds a text as how often it has each letter."""

    name = "letters"
    dimension = 26
    max_tokens = 100

    def tokenize(self, texts: Sequence[str]) -> list[list[Span]]:
        return [[Span(*word.span()) for word in re.finditer(r"\S+", text)] for text in texts]

    def encode_passages(self, texts: Sequence[str], *, progress: bool = False) -> Vectors:
        letters = "abcdefghijklmnopqrstuvwxyz"
        counts = [[1e-3 + text.lower().count(letter) for letter in letters] for text in texts]
        vectors = np.array(counts, dtype=np.float32).reshape(len(texts), self.dimension)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)


class NameReader:
    """Reads out every name of two words, and towns less surely."""

    calibration = Calibration(Evidence(logit=1.0), boundaries=Boundaries(answered=0.6))

    def read(
        self, questions: Sequence[str], passages: Sequence[Sequence[str]]
    ) -> list[list[ReaderSpan]]:
        return [self._spans(texts) for texts in passages]

    def _spans(self, texts: Sequence[str]) -> list[ReaderSpan]:
        spans = [
            ReaderSpan(number, *found.span(), logit)
            for logit, pattern in ((2.0, r"[A-Z]\w+ [A-Z]\w+"), (1.0, r"(?<=in )[A-Z]\w+"))
            for number, text in enumerate(texts)
            for found in re.finditer(pattern, text)
        ]
        return sorted(spans, key=lambda span: -span.logit)


class FirstSentences:
    """Finds the first sentence of every article, whatever is asked."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = tuple(articles)

    @property
    def articles(self) -> tuple[Article, ...]:
        return self._articles

    def embed(self, questions: Sequence[str]) -> Vectors:
        return np.ones((len(questions), 1), dtype=np.float32)

    def search(
        self,
        questions: Sequence[str],
        k: int,
        *,
        without: Sequence[Stretch] = (),
        vectors: Vectors | None = None,
    ) -> list[list[Hit]]:
        firsts = [self.sentences_of(article)[0][0] for article in self._articles]
        left = [each for each in firsts if not any(map(each.overlaps, without))]
        hits = [Hit(each, score=1.0, similarity=0.5, bm25=0.0, bm25_gap=0.0) for each in left]
        return [hits[:k] for _ in questions]

    def search_sentences(
        self,
        question: str,
        k: int,
        *,
        without: Sequence[Stretch] = (),
        found: FoundPassages | None = None,
    ) -> list[SentenceHit]:
        hits = found.hits if found else self.search([question], k, without=without)[0]
        return [SentenceHit(hit.passage, hit.similarity, shared=0.0) for hit in hits[:k]]

    def sentences_of(self, article: Article) -> tuple[list[Stretch], Vectors]:
        spans = [found.span() for found in re.finditer(r"[^.]+[.]", article.text)]
        return [Stretch(article, *span) for span in spans], np.eye(len(spans), dtype=np.float32)

    def sentences_around(self, passage: Stretch, start: int, end: int) -> Span:
        return passage.span


class Lines:
    """Keeps every line as a sentence and a passage, and matches words letter for letter."""

    fusion = Fusion(dense=0.5, lexical=2.0)

    def __init__(self, articles: Sequence[Article], *, embedded: bool = True) -> None:
        self.articles = tuple(articles)
        lines = [
            (number, *found.span())
            for number, article in enumerate(articles)
            for found in re.finditer(r".+", article.text)
        ]
        self.texts = [articles[number].text[start:end] for number, start, end in lines]
        self.sentences: Rows = np.array(lines)
        self.passages: Rows = np.stack([np.arange(len(lines)), np.arange(len(lines)) + 1], axis=1)
        self.vectors = LetterEncoder().encode_passages(self.texts)
        self._embedded = embedded

    def nearest(self, queries: Vectors, k: int) -> Rows:
        found = min(k, len(self.texts)) if self._embedded else 0
        rows: Rows = np.argsort(-queries @ self.vectors.T, axis=1)[:, :found]
        return rows

    def matching(self, question: str) -> Vectors:
        words = set(question.split())
        shared = [len(words.intersection(text.split())) for text in self.texts]
        return np.array(shared, dtype=np.float32)


class Backwards:
    """Looks at every vector, and returns the farthest first."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Rows]:
        cosines = queries @ self._vectors.T
        rows: Rows = np.argsort(cosines, axis=1)[:, :k]
        return np.take_along_axis(cosines, rows, axis=1), rows


def load_csv(data: bytes, name: str) -> Content:
    """Read a table: a sentence for each row, and its columns as what the source knows."""
    try:
        head, *rows = csv.reader(io.StringIO(data.decode("utf-8")))
    except (UnicodeDecodeError, ValueError) as error:
        raise ArticleError(f"{name}: is no table ({error}); expected CSV in UTF-8.") from None
    text = "\n".join(f"{row[0]} is in {row[1]}." for row in rows)
    return Content(f"Table of {len(rows)}", text, {"columns": head})


def test_a_reader_of_ones_own() -> None:
    bot = ArticleQA.from_articles(ARTICLES, encoder=LetterEncoder(), reader=NameReader())
    answer = bot.ask("Who leads the delegation?")
    assert answer.text == "Alma Berg"
    assert answer.confidence == pytest.approx(1 / (1 + np.exp(-2.0)))  # its own calibration's
    assert answer.outcome is Outcome.ANSWERED
    assert bot.ask("Who leads the delegation?", min_confidence=0.9).text is None


def test_a_retriever_of_ones_own(tmp_path: Path) -> None:
    bot = ArticleQA(FirstSentences(ARTICLES), NameReader())
    answer = bot.ask("Where did they begin?")
    assert answer.text == "Oslo"
    assert answer.citations[0].text == "The talks began in Oslo."
    assert bot.ask("Did they begin in Oslo?").kind == "yes_no"
    assert bot.conversation().ask("Where did they begin?") == answer
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict())), bot.articles) == answer
    with pytest.raises(SavedIndexError, match="FirstSentences cannot be saved as an index"):
        bot.save(tmp_path / "i")


POEM = Article("poem", "Poem", "Rain falls on Oslo\nAlma Berg walks in snow\nnobody else is there")


def test_a_store_of_ones_own_is_ranked_over() -> None:
    retriever = Retriever(Lines([*ARTICLES, POEM]), LetterEncoder())

    (hits,) = retriever.search(["who walks in snow"], 9)

    lines = [hit.passage.text for hit in hits]
    assert lines[0] == "Alma Berg walks in snow"
    assert sorted(lines) == sorted([*POEM.text.splitlines(), *(each.text for each in ARTICLES)])
    assert (hits[0].bm25, hits[0].bm25_gap) == (3.0, 0.0)
    for hit in hits:
        texts = ["who walks in snow", hit.passage.text]
        cosine = np.prod(LetterEncoder().encode_passages(texts), axis=0).sum()
        assert hit.similarity == pytest.approx(cosine)
        assert hit.score == pytest.approx(0.5 * hit.similarity + 2.0 * hit.bm25 / 3.0)
    assert retriever.fusion == Lines.fusion
    assert Retriever(retriever.store, LetterEncoder(), fusion=Fusion()).fusion == Fusion()


def test_a_store_of_ones_own_answers(tmp_path: Path) -> None:
    retriever = Retriever(Lines([*ARTICLES, POEM]), LetterEncoder())
    bot = ArticleQA(retriever, NameReader())

    answer = bot.ask("Who walks in snow?")

    assert answer.text == "Alma Berg"
    assert answer.citations[0].text == "Alma Berg walks in snow"
    assert [each.text for each in retriever.sentences_of(POEM)[0]] == POEM.text.splitlines()
    (others,) = retriever.search(["who walks in snow"], 9, without=[answer.citations[0]])
    assert "Alma Berg walks in snow" not in {hit.passage.text for hit in others}
    for refused in (lambda: bot.save(tmp_path / "i"), lambda: Retriever.joined([retriever])):
        with pytest.raises(SavedIndexError, match="A Lines cannot be saved or joined as an index"):
            refused()


def test_a_store_that_finds_no_vectors_is_ranked_by_words() -> None:
    retriever = Retriever(Lines([POEM], embedded=False), LetterEncoder())
    (hits,) = retriever.search(["nobody walks in snow"], 9)
    assert [hit.passage.text for hit in hits] == [
        "Alma Berg walks in snow",
        "nobody else is there",
    ]


def test_a_vector_search_of_ones_own() -> None:
    texts = ("Aaaa bbbb.", "Cccc dddd.", "Eeee ffff.")
    many = [Article(f"{n}", "T", text) for n, text in enumerate(texts * 200)]
    built = Retriever.build(many, LetterEncoder(), fusion=Fusion(dense=1, lexical=0))
    store = ArrayStore(built.data, vector_index=Backwards(built.data.vectors))

    (hits,) = Retriever(store, LetterEncoder()).search(["aaaab"], 200)
    (nearest,) = built.search(["aaaab"], 200)

    assert {hit.passage.text for hit in nearest} == {"Aaaa bbbb."}
    assert {hit.passage.text for hit in hits} <= {"Cccc dddd.", "Eeee ffff."}
    assert len(hits) == 200


def test_an_encoder_of_ones_own(tmp_path: Path) -> None:
    bot = ArticleQA.from_articles(ARTICLES, encoder=LetterEncoder(), reader=NameReader())
    (hits,) = bot.retriever.search(["stops snow in winter then"], 1)
    assert hits[0].passage.article.id == "trains"
    bot.save(tmp_path / "i")
    again = ArticleQA.load(tmp_path / "i", encoder=LetterEncoder(), reader=NameReader())
    assert again.ask("Who leads?") == bot.ask("Who leads?")


def test_a_loader_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("river,town\nThe Akerselva,Oslo\nThe Spree,Berlin\n")
    (tmp_path / "bad.csv").write_bytes(b"\xff")
    (tmp_path / "note.txt").write_text("A note.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")

    (note, table), refused = read_articles([tmp_path], loaders={**LOADERS, ".csv": load_csv})

    assert table.title == "Table of 2"
    assert table.text == "The Akerselva is in Oslo.\nThe Spree is in Berlin."
    assert table.meta == {"columns": ("river", "town")}
    assert note.text == "A note."
    assert ["bad.csv: is no table" in str(error) for error in refused] == [True]
    assert table not in read_articles([tmp_path])[0]  # no one else's loaders were changed
