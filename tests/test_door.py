"""Parts of one's own, each brought through the front door alone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.store.conformance import StoreConformance
from qa import (
    LOADERS,
    Answer,
    Article,
    ArticleError,
    ArticleQA,
    Boundaries,
    Calibration,
    Content,
    Cut,
    Document,
    Evidence,
    FoundPassages,
    Fusion,
    Hit,
    IndexSettings,
    Made,
    Matches,
    Outcome,
    Prepared,
    ReaderSpan,
    Retriever,
    Rows,
    Scores,
    SentenceHit,
    Span,
    StoreError,
    Stretch,
    Vectors,
    Vocabulary,
    check_prepared,
    count_spellings,
    document_made,
    keys_of,
    parted,
    read_articles,
    terms,
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


class Shelf:
    """Looks at every sentence, and counts the words that a passage shares with a question."""

    kind = "shelf"

    def __init__(self, made: Made, settings: IndexSettings) -> None:
        self.made, self.settings, self.version = made, settings, 0
        self._kept: dict[int, tuple[Document, Prepared]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def _chosen(self, numbers: Rows | None) -> dict[int, tuple[Document, Prepared]]:
        wanted = self._kept if numbers is None else set(numbers.tolist())
        return {number: each for number, each in self._kept.items() if number in wanted}

    def documents(self, numbers: Rows | None = None) -> Sequence[Document]:
        return [document for document, _ in self._chosen(numbers).values()]

    def numbers(
        self,
        *,
        ids: Collection[str] | None = None,
        tags: Collection[str] | None = None,
        fingerprints: Collection[str] | None = None,
    ) -> Rows:
        every = ids is None and tags is None and fingerprints is None
        return np.array(
            [
                number
                for number, (each, _) in self._kept.items()
                if every
                or each.id in (ids or ())
                or each.tags.intersection(tags or ())
                or each.fingerprint in (fingerprints or ())
            ],
            dtype=np.int64,
        )

    def articles(self, numbers: Rows) -> Mapping[int, Article]:
        return {number: each.article for number, (_, each) in self._chosen(numbers).items()}

    def cuts(self, numbers: Rows) -> Mapping[int, Cut]:
        return {number: each.cut for number, (_, each) in self._chosen(numbers).items()}

    def vectors(self, number: int) -> Vectors:
        return self._kept[number][1].vectors

    def nearest(self, queries: Vectors, k: int, *, only: Rows | None = None) -> list[Rows]:
        keys = [
            keys_of(number, np.arange(len(each.vectors)))
            for number, (_, each) in self._chosen(only).items()
        ]
        joined = np.concatenate([np.empty(0, dtype=np.int64), *keys])
        return [joined[np.argsort(-self.similarities(each, joined))][:k] for each in queries]

    def similarities(self, query: Vectors, sentences: Rows) -> Scores:
        numbers, ordinals = (each.tolist() for each in parted(sentences))
        cosines = [
            self.vectors(number)[ordinal] @ query if number in self._kept else 0.0
            for number, ordinal in zip(numbers, ordinals, strict=True)
        ]
        return np.array(cosines, dtype=np.float32)

    def matching(
        self, question: str, k: int, *, only: Rows | None = None, others: Rows | None = None
    ) -> Matches:
        scores: dict[int, int] = {}
        for number, (_, each) in self._chosen(only).items():
            for ordinal, (first, last) in enumerate(each.cut.passages.tolist()):
                start, end = each.cut.sentences[first, 0], each.cut.sentences[last - 1, 1]
                words = set(terms(each.article.text[start:end]))
                key = int(keys_of(number, np.array(ordinal)))
                scores[key] = len(words.intersection(terms(question)))
        best = sorted((key for key in scores if scores[key]), key=lambda key: -scores[key])[:k]
        asked = [] if others is None else others.tolist()
        return Matches(
            np.array(best, dtype=np.int64),
            np.array([scores[key] for key in best], dtype=np.float32),
            np.array([scores.get(key, 0) for key in asked], dtype=np.float32),
        )

    @property
    def vocabulary(self) -> Vocabulary:
        return self

    def count(self, word: str) -> int | None:
        return self.words().get(word)

    def words(self) -> Mapping[str, int]:
        return count_spellings(each.article.text for _, each in self._kept.values())

    def change(
        self, *, add: Sequence[Prepared] = (), remove: Collection[str] = ()
    ) -> Sequence[Document]:
        ids = [each.article.id for each in add]
        if len(set(ids)) < len(ids):
            raise StoreError("Two documents have the same id.")
        for each in add:
            check_prepared(each, self.made.dimension)
        if not add and not any(each.id in remove for each in self.documents()):
            return []
        gone = {*remove, *ids}
        self._kept = {n: each for n, each in self._kept.items() if each[0].id not in gone}
        added = []
        for each in add:
            self.version += 1
            added.append(document_made(self.version, each, self.made, self.settings))
            self._kept[self.version] = added[-1], each
        self.version += 1
        return added

    def tag(self, ids: Collection[str], tags: Collection[str]) -> None:
        self.version += 1
        self._kept = {
            number: (replace(document, tags=frozenset(tags)) if document.id in ids else document,
                     each)
            for number, (document, each) in self._kept.items()
        }  # fmt: skip

    def compact(self) -> None:
        pass

    def close(self) -> None:
        pass


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
    with pytest.raises(StoreError, match="FirstSentences cannot be saved as an index"):
        bot.save(tmp_path / "i")


POEM = Article("poem", "Poem", "Alma Berg walks in snow. Nobody else is there.")


class TestShelf(StoreConformance):
    is_bm25 = False

    def make_store(self, made: Made, settings: IndexSettings) -> Shelf:
        return Shelf(made, settings)


def shelf() -> Shelf:
    return Shelf(Made("letters", 26), IndexSettings(fusion=Fusion(dense=0.5, lexical=2.0)))


def shelved() -> ArticleQA:
    bot = ArticleQA(Retriever(shelf(), LetterEncoder()), NameReader())
    bot.add(ARTICLES, tags=["prose"])
    bot.add([POEM])
    return bot


def test_a_store_of_ones_own_is_ranked_over() -> None:
    retriever = shelved().retriever

    (hits,) = retriever.search(["who walks in snow"], 9)

    assert hits[0].passage.text == POEM.text
    assert sorted(hit.bm25 for hit in hits) == [0.0, 1.0, 2.0]
    assert [hit.bm25 + hit.bm25_gap for hit in hits] == [2.0, 2.0, 2.0]
    (asked,) = LetterEncoder().encode_questions(["who walks in snow"])
    for hit in hits:
        vectors = retriever.sentences_of(hit.passage.article)[1]
        assert hit.similarity == pytest.approx(float((vectors @ asked).max()))
        assert hit.score == pytest.approx(0.5 * hit.similarity + 2.0 * hit.bm25 / 2.0)
    assert Retriever(shelf(), LetterEncoder(), fusion=Fusion()).fusion == Fusion()


def test_a_store_of_ones_own_answers() -> None:
    bot = shelved()
    answer = bot.ask("Who walks in snow?")
    assert answer.text == "Alma Berg"
    assert answer.citations[0].text == "Alma Berg walks in snow."
    (others,) = bot.retriever.search(["who walks in snow"], 9, without=[answer.citations[0]])
    assert POEM not in [hit.passage.article for hit in others]
    assert bot.ask("who wolks in snow").understood == "who walks in snow"


def test_a_store_of_ones_own_changes() -> None:
    bot = shelved()
    assert list(bot.only(tags=["prose"]).articles) == ARTICLES
    bot.remove(["talks"])
    assert bot.only(ids=["trains"]).ask("Where do trains run?").text == "Bergen"
    assert [document.id for document in bot.documents] == ["trains", "poem"]
    assert bot.add(ARTICLES).unchanged == [bot.documents[0]]
    assert dict(bot.labels) == {"trains": "Trains", "poem": "Poem", "talks": "Talks"}


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
