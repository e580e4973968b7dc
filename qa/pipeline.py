"""The pipeline: what asks, converses and suggests about articles, put together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from index.articles import Article
from index.errors import SavedIndexError
from index.labels import labels
from index.models.encoder import Encoder, load_encoder
from index.retrieval import Retrieval
from index.retriever import Retriever
from qa.answering.engine import TOP_K, Engine
from qa.answers import Answer
from qa.conversation import Conversation
from qa.reading.reader import Reader
from qa.reading.strategies import Strategy, load_strategy
from qa.shipped import shipped_retriever
from qa.suggestions import Suggestions, key_of

OFFERED = 3
"""How many questions are offered at once."""


class ArticleQA:
    """Answers questions about articles by quoting them. Safe to share by threads.

    Args:
        retriever: Finds passages: a :class:`index.retriever.Retriever`, or what does as it does.
        reader: Reads answers out of them: a reader, or a way to read with one or two of them, such
            as :class:`qa.reading.stages.TwoStages`.
        min_confidence: The confidence, in 0..1, below which no answer is given. If None, the
            boundaries of the reader's calibration say what is answered, and what is probable.

    Raises:
        SettingError: ``min_confidence`` is outside 0..1.
    """

    def __init__(
        self,
        retriever: Retrieval,
        reader: Reader | Strategy,
        *,
        min_confidence: float | None = None,
    ) -> None:
        self.retriever = retriever
        self._suggestions = made = Suggestions()
        self.engine = Engine(
            retriever,
            load_strategy(reader),
            min_confidence=min_confidence,
            offer=lambda engine: made.all(engine)[:OFFERED],  # without a circle by way of self
        )

    @classmethod
    def default(
        cls,
        *,
        encoder: Encoder | str | Path | None = None,
        reader: Reader | Strategy | str | Path | None = None,
        min_confidence: float | None = None,
    ) -> ArticleQA:
        """Open the article that is in the package, with the index built for it beforehand.

        Args:
            encoder: An encoder, or the folder or name of one; the installed one if None.
            reader: A reader, or the folder or name of one, or a way to read. If None, the two in
                the package, of which the large rereads what decides; "small" is the small alone.
            min_confidence: The confidence, in 0..1, below which no answer is given; the reader's
                own if None.

        Raises:
            ModelError: A model cannot be loaded.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        retriever = shipped_retriever(load_encoder(encoder))
        return cls(retriever, load_strategy(reader), min_confidence=min_confidence)

    @classmethod
    def from_articles(
        cls,
        articles: Sequence[Article],
        *,
        encoder: Encoder | str | Path | None = None,
        reader: Reader | Strategy | str | Path | None = None,
        min_confidence: float | None = None,
        progress: bool = False,
    ) -> ArticleQA:
        """Index articles.

        Args:
            articles: At least one, each with its own id.
            encoder: An encoder, or the folder or name of one; the installed one if None.
            reader: A reader, or the folder or name of one, or a way to read. If None, the two in
                the package, of which the large rereads what decides; "small" is the small alone.
            min_confidence: The confidence, in 0..1, below which no answer is given; the reader's
                own if None.
            progress: Whether to show a progress bar on standard error.

        Raises:
            ArticleError: There is no article, or two have the same id.
            ModelError: A model cannot be loaded.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        strategy = load_strategy(reader)  # before the articles are embedded, which may take long
        retriever = Retriever.build(articles, load_encoder(encoder), progress=progress)
        return cls(retriever, strategy, min_confidence=min_confidence)

    @classmethod
    def load(
        cls,
        folder: str | Path,
        *,
        encoder: Encoder | str | Path | None = None,
        reader: Reader | Strategy | str | Path | None = None,
        min_confidence: float | None = None,
    ) -> ArticleQA:
        """Open a saved index.

        Args:
            folder: Where it was saved.
            encoder: The encoder that made it, or its folder or name; by the name saved if None.
            reader: A reader, or the folder or name of one, or a way to read. If None, the two in
                the package, of which the large rereads what decides; "small" is the small alone.
            min_confidence: The confidence, in 0..1, below which no answer is given; the reader's
                own if None.

        Raises:
            SavedIndexError: The index cannot be read, or another encoder made it.
            ModelError: A model cannot be loaded.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        retriever = Retriever.load(folder, None if encoder is None else load_encoder(encoder))
        return cls(retriever, load_strategy(reader), min_confidence=min_confidence)

    def save(self, folder: str | Path) -> None:
        """Write the index, but not the models, to a folder, whole or not at all.

        Raises:
            SavedIndexError: The folder holds something else, or cannot be written; or the retriever
                is none of this program's.
        """
        if not isinstance(self.retriever, Retriever):
            raise SavedIndexError(
                f"{folder}: a {type(self.retriever).__name__} cannot be saved as an index; save "
                "what it searches by itself."
            )
        self.retriever.save(folder)

    @property
    def strategy(self) -> Strategy:
        """How the passages found are read."""
        return self.engine.strategy

    @property
    def min_confidence(self) -> float | None:
        """The confidence, in 0..1, below which no answer is given; None if it was not set."""
        return self.engine.min_confidence

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles, in the order in which they were given."""
        return self.retriever.articles

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What each article is called, by its id: its title, and what tells namesakes apart."""
        return labels(self.articles)

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
        meant = [self.engine.spellings(question) for question in questions]
        asked = [(each[-1].question, each) for each in meant]  # the last is as it was typed
        return self.engine.answer(asked, top_k=top_k, min_confidence=min_confidence)

    def conversation(self, turns: Iterable[Answer] = ()) -> Conversation:
        """Open a conversation, in which a question may lean on what was said before.

        Args:
            turns: What was said before, if it is to go on.
        """
        return Conversation(self.engine, turns)

    def suggest(
        self,
        count: int = OFFERED,
        *,
        without: Collection[str] = (),
        near: Answer | None = None,
    ) -> list[str]:
        """Return questions that the articles answer, made from them.

        The first call takes seconds; later ones take no time, except that new questions are read
        for ``near``, for a third of a second or so.

        Args:
            count: How many questions to return at most; fewer if too few can be made.
            without: Questions that are not to be among them, however they are spelled.
            near: What came of the question before. If no answer was given, what lies nearest to
                that question comes first; and it is not among them itself.
        """
        taken = {*map(key_of, without)}
        if near is not None:
            taken |= {key_of(near.question), key_of(near.understood)}
        if near is None or near.citations:
            made = self._suggestions.all(self.engine)
        else:
            made = self._suggestions.near(self.engine, near.understood, count, without=without)
        return [question for question in made if key_of(question) not in taken][:count]
