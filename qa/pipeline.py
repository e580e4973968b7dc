"""The pipeline: what asks, converses and suggests about articles, put together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from pathlib import Path

from index.articles import Article
from index.errors import StoreError
from index.filling import Changes
from index.labels import Titled, labels
from index.models.encoder import Encoder, load_encoder
from index.retrieval import Retrieval
from index.retriever import Retriever
from index.store.base import Document, Made
from index.store.opening import open_store
from index.store.settings import DEFAULT_SETTINGS
from qa.answering.engine import TOP_K, Engine
from qa.answers import Answer
from qa.conversation import Conversation
from qa.reading.reader import Reader
from qa.reading.strategies import Strategy, load_strategy, over_store, store_of
from qa.shipped import shipped_retriever
from qa.suggestions import Suggestions, key_of

OFFERED = 3
"""How many questions are offered at once."""


class ArticleQA:
    """Answers questions about articles by quoting them. Safe to share by threads.

    What it knows of the articles follows them, whoever changes them: this, or another program that
    has the same library open.

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
        self._labels: tuple[int, Mapping[str, str]] | None = None
        self._suggestions = Suggestions()
        self.engine = Engine(
            retriever,
            over_store(load_strategy(reader), store_of(retriever)),
            min_confidence=min_confidence,
            offer=self._suggestions.offering(OFFERED),
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
            encoder: As :meth:`default` takes it.
            reader: As :meth:`default` takes it.
            min_confidence: As :meth:`default` takes it.
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
        """Open a library in a folder to ask it, as :meth:`open` does.

        Raises:
            SavedIndexError: The library cannot be read, or another encoder made it.
            ModelError: A model cannot be loaded.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        return cls.open(Path(folder), encoder=encoder, reader=reader, min_confidence=min_confidence)

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        encoder: Encoder | str | Path | None = None,
        reader: Reader | Strategy | str | Path | None = None,
        min_confidence: float | None = None,
        writing: bool = False,
        create: bool = False,
    ) -> ArticleQA:
        """Open a library in a database, as :meth:`open` does.

        Args:
            url: Where it is: "postgresql://USER@HOST/DATABASE?library=NAME".
            encoder: As :meth:`open` takes it.
            reader: As :meth:`default` takes it.
            min_confidence: As :meth:`default` takes it.
            writing: As :meth:`open` takes it.
            create: As :meth:`open` takes it.

        Raises:
            StoreError: It is no such URL; else as :meth:`open`.
        """
        if not url.startswith(("postgresql://", "postgres://")):
            shown = re.sub(r"(?<=//)[^/@]*@", "", url)  # without a password
            raise StoreError(f"{shown}: is no URL of PostgreSQL; expected postgresql://HOST/NAME.")
        return cls.open(
            url,
            encoder=encoder,
            reader=reader,
            min_confidence=min_confidence,
            writing=writing,
            create=create,
        )

    @classmethod
    def open(
        cls,
        where: str | Path,
        *,
        encoder: Encoder | str | Path | None = None,
        reader: Reader | Strategy | str | Path | None = None,
        min_confidence: float | None = None,
        writing: bool = False,
        create: bool = False,
    ) -> ArticleQA:
        """Open a library.

        Args:
            where: Its folder, or the URL of a database.
            encoder: The encoder that made it, or its folder or name; by the name saved if None.
            reader: As :meth:`default` takes it.
            min_confidence: As :meth:`default` takes it.
            writing: Whether articles are to come and go first; more is then opened when needed.
            create: Whether to make an empty library where there is none.

        Raises:
            StoreError: The library cannot be opened, or another encoder made it.
            ModelError: A model cannot be loaded.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        known = load_encoder(encoder) if encoder is not None or create else None
        made = None if known is None else Made(known.name, known.dimension)
        empty = (made, DEFAULT_SETTINGS) if create and made is not None else None
        store = open_store(where, writing=writing, create=empty)
        try:
            retriever = Retriever.open(store, known)
            return cls(retriever, load_strategy(reader), min_confidence=min_confidence)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Let go of the library's files and connections, for every view of it."""
        if isinstance(self.retriever, Retriever):
            self.retriever.store.close()

    def save(self, folder: str | Path) -> None:
        """Write the index, but not the models, to a folder, whole or not at all.

        Raises:
            StoreError: The folder holds something else, or cannot be written; or is a URL.
        """
        self._library("cannot be saved as an index").save(folder)

    @property
    def strategy(self) -> Strategy:
        """How the passages found are read."""
        return self.engine.strategy

    @property
    def min_confidence(self) -> float | None:
        """The confidence, in 0..1, below which no answer is given; None if it was not set."""
        return self.engine.min_confidence

    @property
    def articles(self) -> Sequence[Article]:
        """The articles as they are now, in order; each is fetched when it is looked at."""
        return self.retriever.articles

    @property
    def documents(self) -> Sequence[Document]:
        """What is known of each article without its text, in the order in which they came.

        Raises:
            StoreError: The retriever is none of this program's.
        """
        return self._library("cannot tell its documents").documents

    @property
    def version(self) -> int:
        """A number that is another after every change of the articles; 0 if they never change."""
        return self.engine.version

    @property
    def labels(self) -> Mapping[str, str]:
        """What each article is called, by its id: its title, and what tells namesakes apart."""
        version, kept = self.version, self._labels  # the version first: changes may come meanwhile
        if kept is None or kept[0] != version:
            ours = isinstance(self.retriever, Retriever)
            titled: Sequence[Titled] = self.documents if ours else self.articles
            self._labels = kept = (version, labels(titled))
        return kept[1]

    def add(
        self,
        articles: Iterable[Article],
        tags: Collection[str] | None = None,
        *,
        progress: bool = False,
    ) -> Changes:
        """Add articles. Only what is not there as it is already is embedded.

        An article whose id is there already is replaced.

        Args:
            articles: The articles, each with its own id.
            tags: What they are filed under. If None, those that are there stay under what they are.
            progress: Whether to show a progress bar on standard error.

        Raises:
            ArticleError: Two have the same id.
            StoreError: They cannot be added now, or not here.
        """
        library = self._library("cannot be added to")
        return self._followed(library.add(articles, tags=tags, progress=progress))

    def update(self, articles: Iterable[Article], *, progress: bool = False) -> Changes:
        """Replace articles by others of the same ids, where they differ.

        Raises:
            ArticleError: Two have the same id, or there is none of an id.
            StoreError: They cannot be replaced now, or not here.
        """
        library = self._library("cannot be updated")
        return self._followed(library.update(articles, progress=progress))

    def remove(self, ids: Collection[str]) -> None:
        """Remove articles, all or none.

        Args:
            ids: Their ids.

        Raises:
            ArticleError: There is none of an id.
            StoreError: They cannot be removed now, or not here.
        """
        self._library("cannot be removed from").remove(ids)
        self._forget(frozenset(ids))

    def only(
        self, ids: Collection[str] | None = None, tags: Collection[str] | None = None
    ) -> ArticleQA:
        """Return a view in which some of the articles are asked alone; all else is shared.

        What comes later is not in it.

        Args:
            ids: The ids of articles to ask.
            tags: What articles to ask are filed under. Given both, either will do.

        Raises:
            ArticleError: There is no article of an id, or none with a tag.
            StoreError: The retriever is none of this program's.
        """
        part = self._library("cannot be asked in part").only(ids=ids, tags=tags)
        view = copy(self)
        view.retriever, view._labels, view._suggestions = part, None, Suggestions()
        view.engine = self.engine.over(part, offer=view._suggestions.offering(OFFERED))
        return view

    def _library(self, cannot: str) -> Retriever:
        if not isinstance(self.retriever, Retriever):
            own = type(self.retriever).__name__
            raise StoreError(f"A {own} {cannot}; do that by what it searches itself.")
        return self.retriever

    def _followed(self, changes: Changes) -> Changes:
        self._forget(frozenset(document.id for document in changes.replaced))
        return changes

    def _forget(self, ids: Collection[str]) -> None:
        """Let go of what was made of articles that are gone: it would go with time only."""
        self.engine.analyses.forget(ids)
        self._suggestions.forget(ids)

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
