"""The pipeline: from a question to an answer with its citations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.articles import Article
from index.encoder import Encoder, SentenceEncoder
from index.errors import QuestionError, SettingError
from index.retriever import Hit, Retriever
from qa.answers import Alternative, Answer, Citation
from qa.decoding import normalize, trim
from qa.reader import Reader, ReaderSpan, TransformerReader

DEFAULT_ARTICLE = Path(__file__).parent / "data" / "article.txt"
TOP_K = 10
MIN_CONFIDENCE = 0.5
MAX_ALTERNATIVES = 4


@dataclass(frozen=True)
class _Candidate:
    """A span that may be the answer, in its article."""

    hit: Hit
    start: int
    end: int
    logit: float

    @property
    def text(self) -> str:
        return self.hit.passage.article.text[self.start : self.end]

    def overlaps(self, other: _Candidate) -> bool:
        return (
            self.hit.passage.article.id == other.hit.passage.article.id
            and self.start < other.end
            and other.start < self.end
        )


class ArticleQA:
    """Answers questions about articles by quoting them. Safe to share by threads.

    Args:
        retriever: Finds passages.
        reader: Reads answers out of them.
        min_confidence: The confidence, in 0..1, below which no answer is given; 0.5 if None.

    Raises:
        SettingError: ``min_confidence`` is outside 0..1.
    """

    def __init__(
        self, retriever: Retriever, reader: Reader, *, min_confidence: float | None = None
    ) -> None:
        if min_confidence is None:
            min_confidence = MIN_CONFIDENCE
        if not 0 <= min_confidence <= 1:
            raise SettingError(f"min_confidence is {min_confidence}; expected a number in 0..1.")
        self.retriever = retriever
        self.reader = reader
        self.min_confidence = min_confidence

    @classmethod
    def default(cls) -> ArticleQA:
        """Open the article and the models that are in the package."""
        return cls.from_articles([shipped_article()])

    @classmethod
    def from_articles(
        cls,
        articles: Sequence[Article],
        *,
        encoder: Encoder | str | Path | None = None,
        reader: Reader | str | Path | None = None,
        min_confidence: float | None = None,
        progress: bool = False,
    ) -> ArticleQA:
        """Index articles.

        Args:
            articles: At least one, each with its own id.
            encoder: An encoder, or the folder or name of one; the installed one if None.
            reader: A reader, or the folder or name of one; the one in the package if None.
            min_confidence: The confidence, in 0..1, below which no answer is given; 0.5 if None.
            progress: Whether to show a progress bar on standard error.

        Raises:
            ArticleError: There is no article, or two have the same id.
            ModelError: A model cannot be loaded.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        reader = load_reader(reader)  # before the articles are embedded, which may take long
        retriever = Retriever.build(articles, load_encoder(encoder), progress=progress)
        return cls(retriever, reader, min_confidence=min_confidence)

    @classmethod
    def load(
        cls,
        folder: str | Path,
        *,
        encoder: Encoder | str | Path | None = None,
        reader: Reader | str | Path | None = None,
        min_confidence: float | None = None,
    ) -> ArticleQA:
        """Open a saved index.

        Args:
            folder: Where it was saved.
            encoder: The encoder that made it, or its folder or name; by the name saved if None.
            reader: A reader, or the folder or name of one; the one in the package if None.
            min_confidence: The confidence, in 0..1, below which no answer is given; 0.5 if None.

        Raises:
            SavedIndexError: The index cannot be read, or another encoder made it.
            ModelError: A model cannot be loaded.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        retriever = Retriever.load(folder, None if encoder is None else load_encoder(encoder))
        return cls(retriever, load_reader(reader), min_confidence=min_confidence)

    def save(self, folder: str | Path) -> None:
        """Write the index, but not the models, to a folder, whole or not at all.

        Raises:
            SavedIndexError: The folder holds something else, or cannot be written.
        """
        self.retriever.save(folder)

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles, in the order in which they were given."""
        return self.retriever.articles

    def ask(self, question: str, *, top_k: int = TOP_K) -> Answer:
        """Answer a question by quoting the articles.

        Args:
            question: A question.
            top_k: How many passages to read.

        Raises:
            QuestionError: The question is empty or too long.
            SettingError: ``top_k`` is less than 1.
        """
        return self.ask_many([question], top_k=top_k)[0]

    def ask_many(self, questions: Iterable[str], *, top_k: int = TOP_K) -> list[Answer]:
        """Answer questions in one batch, each as :meth:`ask` would.

        Raises:
            QuestionError: A question is empty or too long.
            SettingError: ``top_k`` is less than 1.
        """
        if top_k < 1:
            raise SettingError(f"top_k is {top_k}; expected at least 1 passage to read.")
        questions = [clean_question(question) for question in questions]
        return self.read(questions, self.retriever.search(questions, top_k))

    def read(self, questions: Sequence[str], hits: Sequence[Sequence[Hit]]) -> list[Answer]:
        """Answer questions from passages that were found for each, in one batch.

        Raises:
            QuestionError: A question is too long.
        """
        spans = self.reader.read(questions, [[hit.passage.text for hit in found] for found in hits])
        return [
            self._answer(question, _candidates(found, read))
            for question, found, read in zip(questions, hits, spans, strict=True)
        ]

    def _answer(self, question: str, candidates: Sequence[_Candidate]) -> Answer:
        """Give the best candidate as the answer if it is likely enough, the others beside it."""
        if not candidates:
            return Answer(question, confidence=0.0, citations=(), alternatives=())
        confidence = self._confidence(candidates[0])
        answered = confidence >= self.min_confidence
        answer = normalize(candidates[0].text)
        citations: list[Citation] = []
        alternatives: dict[str, Alternative] = {}
        for candidate in candidates:
            own_confidence = self._confidence(candidate)
            says = normalize(candidate.text)
            if answered and says == answer:
                if own_confidence >= self.min_confidence:
                    citations.append(self._cite(candidate))
            elif says not in alternatives and len(alternatives) < MAX_ALTERNATIVES:
                alternatives[says] = Alternative(own_confidence, self._cite(candidate))
        return Answer(question, confidence, tuple(citations), tuple(alternatives.values()))

    def _confidence(self, candidate: _Candidate) -> float:
        return self.reader.calibration.confidence(candidate.logit)

    def _cite(self, candidate: _Candidate) -> Citation:
        sentences = self.retriever.sentences_around(
            candidate.hit.passage, candidate.start, candidate.end
        )
        return Citation(
            article=candidate.hit.passage.article,
            start=sentences.start,
            end=sentences.end,
            answer_start=candidate.start,
            answer_end=candidate.end,
            similarity=candidate.hit.similarity,
        )


def shipped_article() -> Article:
    """Return the article that is in the package."""
    return replace(Article.from_file(DEFAULT_ARTICLE), id=DEFAULT_ARTICLE.name)


def load_encoder(encoder: Encoder | str | Path | None = None) -> Encoder:
    """Return an encoder, loading it if a folder or name is given; the installed one if None.

    Raises:
        ModelError: It cannot be loaded.
    """
    if encoder is None:
        return SentenceEncoder.load()
    return SentenceEncoder.load(encoder) if isinstance(encoder, (str, Path)) else encoder


def load_reader(reader: Reader | str | Path | None = None) -> Reader:
    """Return a reader, loading it if a folder or name is given; the one in the package if None.

    Raises:
        ModelError: It cannot be loaded.
    """
    if reader is None:
        return TransformerReader.load()
    return TransformerReader.load(reader) if isinstance(reader, (str, Path)) else reader


def clean_question(question: str) -> str:
    """Return a question without what is no text, as it is to be asked.

    Raises:
        QuestionError: Nothing is left of it.
    """
    # Half a surrogate pair is no text; tokenizers refuse it.
    question = question.encode("utf-8", errors="replace").decode().strip()
    if not question:
        raise QuestionError("The question is empty; ask something about the article.")
    return question


def _candidates(hits: Sequence[Hit], spans: Sequence[ReaderSpan]) -> list[_Candidate]:
    """Place spans in their articles, best first, and keep the best of those that overlap."""
    kept: list[_Candidate] = []
    for span in spans:
        hit = hits[span.passage]
        offset = hit.passage.start
        start, end = trim(hit.passage.article.text, offset + span.start, offset + span.end)
        candidate = _Candidate(hit, start, end, span.logit)
        if start < end and not any(candidate.overlaps(other) for other in kept):
            kept.append(candidate)
    return kept
