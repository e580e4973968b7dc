"""The retriever: opens or makes a store, fills it with articles, and ranks what is in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from pathlib import Path

import numpy as np

from index.articles import Article
from index.errors import ArticleError, SavedIndexError
from index.filling import BATCH, Changes, fill
from index.models.encoder import Encoder, SentenceEncoder
from index.ranking import Ranking
from index.store.base import Made, Store
from index.store.memory import MemoryStore
from index.store.opening import open_store, save_store
from index.store.segments.vectors import EXACT_UP_TO
from index.store.settings import DEFAULT_FUSION, Fusion, IndexSettings
from index.text.passages import PASSAGE_SENTENCES, PASSAGE_STRIDE
from index.text.rendering import render_in_place
from index.text.stretches import Stretch

SAME_VECTOR = 0.999
"""The least cosine of one text's vectors from one encoder, rounding allowed for."""


class Retriever(Ranking):
    """Fills a store with articles, and ranks what is in it: see :class:`index.ranking.Ranking`.

    Args:
        store: Holds what is ranked, and finds it.
        encoder: What made its vectors, and makes them.
        fusion: How passages are ranked; as the store has it if None.
        only: The numbers of the documents that are searched, ascending; all if None.
    """

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        encoder: Encoder,
        *,
        window: int = PASSAGE_SENTENCES,
        stride: int = PASSAGE_STRIDE,
        fusion: Fusion = DEFAULT_FUSION,
        exact_up_to: int = EXACT_UP_TO,
        progress: bool = False,
    ) -> Retriever:
        """Split articles into passages and embed them, in memory.

        Args:
            articles: At least one, each with its own id.
            encoder: Makes the vectors.
            window: The most sentences in a passage.
            stride: By how many sentences a passage starts after the one before.
            fusion: How passages are ranked.
            exact_up_to: How many sentences there may be for a search to look at every one; of more,
                only those of the clusters nearest to a question are.
            progress: Whether to show progress bars on standard error.

        Raises:
            ArticleError: There is no article, or two have the same id.
            SettingError: ``window`` or ``stride`` is less than 1.
        """
        if not articles:
            raise ArticleError("There is no article to ask; give at least one.")
        settings = IndexSettings(window, stride, fusion)
        made = Made(encoder.name, encoder.dimension)
        retriever = cls(MemoryStore(made, settings, exact_up_to=exact_up_to), encoder)
        retriever.add(articles, progress=progress)
        return retriever

    @classmethod
    def open(cls, store: Store, encoder: Encoder | None = None) -> Retriever:
        """Search a store that may have documents already.

        Args:
            store: The store.
            encoder: The encoder that made its vectors, under whatever name; loaded by the name that
                the store gives if None.

        Raises:
            SavedIndexError: Another encoder made its vectors.
            ModelError: The encoder cannot be loaded.
        """
        retriever = cls(store, encoder or SentenceEncoder.load(store.made.name))
        retriever._check_encoder()
        return retriever

    @classmethod
    def load(cls, folder: str | Path, encoder: Encoder | None = None) -> Retriever:
        """Load a saved index.

        Args:
            folder: Where it was saved.
            encoder: The encoder that made it, under whatever name; loaded by the name that was
                saved if None.

        Raises:
            SavedIndexError: The index cannot be read, or another encoder made its vectors.
            ModelError: The encoder cannot be loaded.
        """
        return cls.open(open_store(folder), encoder)

    def with_encoder(self, encoder: Encoder) -> Retriever:
        """Return a retriever over the same store with another encoder.

        Args:
            encoder: Makes the same vectors as this retriever's own.
        """
        other = copy(self)
        other.encoder = encoder
        return other

    def only(
        self, *, ids: Collection[str] | None = None, tags: Collection[str] | None = None
    ) -> Retriever:
        """Return a retriever over some documents of the same store: those that are there now.

        Args:
            ids: Their ids.
            tags: What they are filed under; one of these will do.

        Raises:
            ArticleError: An id, or a tag, is not there.
        """
        check_several("ids", ids)
        check_several("tags", tags)
        numbers = self.store.numbers(ids=ids or (), tags=tags or ())
        if self._only is not None:
            numbers = np.intersect1d(numbers, self._only)
        found = self.store.documents(numbers)
        there = {document.id for document in found}
        filed = {tag for document in found for tag in document.tags}
        for what, missing in (("id", set(ids or ()) - there), ("tag", set(tags or ()) - filed)):
            if missing:
                raise ArticleError(
                    f"No document has the {what} {min(missing)!r}; list those that are there."
                )
        if not found:
            raise ArticleError("No document was chosen to be asked; name at least one.")
        other = copy(self)
        other._only = numbers
        return other

    def add(
        self,
        articles: Iterable[Article],
        *,
        tags: Collection[str] | None = None,
        batch: int = BATCH,
        progress: bool = False,
    ) -> Changes:
        """Bring articles into the store; one whose id is there is replaced, if it differs.

        See :func:`index.filling.fill`.

        Raises:
            ArticleError: Two articles have the same id.
            StoreError: The store cannot be changed now; what came in before stays.
        """
        check_several("articles", articles)
        check_several("tags", tags)
        return fill(self.store, self.encoder, articles, tags=tags, batch=batch, progress=progress)

    def update(self, articles: Iterable[Article], *, progress: bool = False) -> Changes:
        """Put articles in the place of those of their ids.

        Raises:
            ArticleError: An id is not there; nothing was changed.
            StoreError: The store cannot be changed now.
        """
        check_several("articles", articles)
        new = list(articles)
        self._check_there([article.id for article in new])
        return self.add(new, progress=progress)

    def remove(self, ids: Collection[str]) -> None:
        """Remove documents from the store.

        Raises:
            ArticleError: An id is not there; nothing was removed.
            StoreError: The store cannot be changed now.
        """
        check_several("ids", ids)
        self._check_there(ids)
        self.store.change(remove=ids)

    def save(self, folder: str | Path) -> None:
        """Write all documents of the store, with its settings, to a folder, whole or not at all.

        Raises:
            SavedIndexError: The folder holds something else, or cannot be written.
        """
        save_store(self.store, folder, fusion=self.fusion)

    def _check_there(self, ids: Collection[str]) -> None:
        there = {each.id for each in self.store.documents(self.store.numbers(ids=ids))}
        missing = [own for own in ids if own not in there]
        if missing:
            raise ArticleError(
                f"No document has the id {missing[0]!r}; nothing was changed. List the documents "
                "to see their ids."
            )

    def _check_encoder(self) -> None:
        """Embed one sentence again: names and folders say little about the weights behind them."""
        made = self.store.made
        same = self.encoder.dimension == made.dimension
        for number in self.store.numbers().tolist() if same else ():
            numbers = np.array([number], dtype=np.int64)
            article = self.store.articles(numbers).get(number)
            cut = self.store.cuts(numbers).get(number)
            try:
                known = self.store.vectors(number)[0]
            except KeyError:
                continue
            if article is None or cut is None:
                continue  # it is removed just now
            sentence = Stretch(article, *cut.sentences[0].tolist())
            again = self.encoder.encode_passages([render_in_place(sentence)])[0]
            same = float(again @ known) >= SAME_VECTOR
            break
        if not same:
            raise SavedIndexError(
                f"The documents were embedded by the encoder {made.name} (dimension "
                f"{made.dimension}), and {self.encoder.name} (dimension {self.encoder.dimension}) "
                "gives other vectors; open them with the encoder that made them, or add them to a "
                "new library."
            )


def check_several(name: str, given: object) -> None:
    """Check that several things were given where they are to be, and not one alone.

    Raises:
        ArticleError: One was.
    """
    if isinstance(given, str | Article):
        raise ArticleError(f"{name} is {given!r} alone; expected a list: [{given!r}].")
