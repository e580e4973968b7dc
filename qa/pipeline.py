"""The pipeline: from a question to an answer with its citations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.articles import Article
from index.encoder import Encoder, SentenceEncoder
from index.errors import QuestionError, SettingError
from index.passages import Passage
from index.retriever import Hit, Retriever
from qa.answers import Alternative, Answer, Citation
from qa.calibration import Evidence
from qa.decoding import normalize, trim
from qa.reader import Reader, ReaderSpan, TransformerReader

DEFAULT_ARTICLE = Path(__file__).parent / "data" / "article.txt"
TOP_K = 10
MAX_ALTERNATIVES = 4


@dataclass(frozen=True)
class _Candidate:
    """A span that may be the answer, in its article, with what speaks for it."""

    passage: Passage
    start: int
    end: int
    evidence: Evidence
    confidence: float

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True)
class _Place:
    """Where a reader's span stands in its article."""

    hit: Hit
    start: int
    end: int
    logit: float

    def overlaps(self, other: _Place) -> bool:
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
        min_confidence: The confidence, in 0..1, below which no answer is given. If None, the
            reader's own: at most one in ten of the answers given is wrong.

    Raises:
        SettingError: ``min_confidence`` is outside 0..1.
    """

    def __init__(
        self, retriever: Retriever, reader: Reader, *, min_confidence: float | None = None
    ) -> None:
        if min_confidence is None:
            min_confidence = reader.calibration.threshold
        _check_confidence(min_confidence)
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
            min_confidence: The confidence, in 0..1, below which no answer is given; the reader's
                own if None.
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
            min_confidence: The confidence, in 0..1, below which no answer is given; the reader's
                own if None.

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

    def ask(
        self, question: str, *, top_k: int = TOP_K, min_confidence: float | None = None
    ) -> Answer:
        """Answer a question by quoting the articles.

        Args:
            question: A question.
            top_k: How many passages to read.
            min_confidence: What the answer must reach to be given, in place of what this was
                opened with.

        Raises:
            QuestionError: The question is empty or too long.
            SettingError: ``top_k`` is less than 1, or ``min_confidence`` outside 0..1.
        """
        return self.ask_many([question], top_k=top_k, min_confidence=min_confidence)[0]

    def ask_many(
        self,
        questions: Iterable[str],
        *,
        top_k: int = TOP_K,
        min_confidence: float | None = None,
    ) -> list[Answer]:
        """Answer questions in one batch, each as :meth:`ask` would.

        Raises:
            QuestionError: A question is empty or too long.
            SettingError: ``top_k`` is less than 1, or ``min_confidence`` outside 0..1.
        """
        if top_k < 1:
            raise SettingError(f"top_k is {top_k}; expected at least 1 passage to read.")
        questions = [clean_question(question) for question in questions]
        hits = self.retriever.search(questions, top_k)
        return self.read(questions, hits, min_confidence=min_confidence)

    def read(
        self,
        questions: Sequence[str],
        hits: Sequence[Sequence[Hit]],
        *,
        min_confidence: float | None = None,
    ) -> list[Answer]:
        """Answer questions from passages that were found for each, in one batch.

        Raises:
            QuestionError: A question is too long.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        if min_confidence is None:
            min_confidence = self.min_confidence
        _check_confidence(min_confidence)
        spans = self.reader.read(questions, [[hit.passage.text for hit in found] for found in hits])
        return [
            self._answer(question, self._candidates(found, read), min_confidence)
            for question, found, read in zip(questions, hits, spans, strict=True)
        ]

    def _candidates(self, hits: Sequence[Hit], spans: Sequence[ReaderSpan]) -> list[_Candidate]:
        """Weigh what speaks for each span, most confident first, one of those that overlap."""
        candidates = []
        for places in _group(_place(hits, spans)):
            best = places[0]
            others = [place for place in places if place.hit is not best.hit]
            read_in = [place.hit for place in places]
            evidence = Evidence(
                logit=best.logit,
                support=max(0.0, others[0].logit) if others else 0.0,
                similarity=max(hit.similarity for hit in read_in),
                bm25_gap=min(hit.bm25_gap for hit in read_in),
            )
            confidence = self.reader.calibration.confidence(evidence)
            candidates.append(
                _Candidate(best.hit.passage, best.start, best.end, evidence, confidence)
            )
        return sorted(candidates, key=lambda candidate: -candidate.confidence)

    def _answer(
        self, question: str, candidates: Sequence[_Candidate], min_confidence: float
    ) -> Answer:
        """Give the best candidate as the answer if it is likely enough, the others beside it."""
        if not candidates:
            return Answer(question, confidence=0.0, citations=(), alternatives=())
        confidence = candidates[0].confidence
        answered = confidence >= min_confidence
        answer = normalize(candidates[0].text)
        citations: list[Citation] = []
        alternatives: dict[str, Alternative] = {}
        for candidate in candidates:
            says = normalize(candidate.text)
            if answered and says == answer:
                if candidate.confidence >= min_confidence:
                    citations.append(self._cite(candidate))
            elif says not in alternatives and len(alternatives) < MAX_ALTERNATIVES:
                alternatives[says] = Alternative(candidate.confidence, self._cite(candidate))
        return Answer(question, confidence, tuple(citations), tuple(alternatives.values()))

    def _cite(self, candidate: _Candidate) -> Citation:
        sentences = self.retriever.sentences_around(
            candidate.passage, candidate.start, candidate.end
        )
        return Citation(
            article=candidate.passage.article,
            start=sentences.start,
            end=sentences.end,
            answer_start=candidate.start,
            answer_end=candidate.end,
            evidence=candidate.evidence,
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


def _check_confidence(min_confidence: float) -> None:
    if not 0 <= min_confidence <= 1:
        raise SettingError(f"min_confidence is {min_confidence}; expected a number in 0..1.")


def _place(hits: Sequence[Hit], spans: Sequence[ReaderSpan]) -> list[_Place]:
    """Find where spans stand in their articles, best first, without what is at their edges."""
    places = []
    for span in spans:
        hit = hits[span.passage]
        offset = hit.passage.start
        start, end = trim(hit.passage.article.text, offset + span.start, offset + span.end)
        if start < end:
            places.append(_Place(hit, start, end, span.logit))
    return places


def _group(places: Sequence[_Place]) -> list[list[_Place]]:
    """Group places, given best first, with the best one that they overlap; it comes first."""
    groups: list[list[_Place]] = []
    for place in places:
        overlapped = [group for group in groups if place.overlaps(group[0])]
        for group in overlapped:
            group.append(place)
        if not overlapped:
            groups.append([place])
    return groups
