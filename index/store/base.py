"""What the index needs of a store: the protocol, and the records that it takes and gives.

A store holds documents: articles that were cut into sentences and passages, with a vector for each
sentence. It finds those that are near to a question, and says what they hold. It is the one thing
that changes: every method speaks of the documents that are in it when it is called.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.articles import Article
from index.errors import StoreError
from index.meta import Meta
from index.models.encoder import Vectors
from index.originals import Original
from index.store.rows import Rows
from index.store.settings import IndexSettings

Scores = NDArray[np.float32]


class Made(NamedTuple):
    """What made the vectors of a store.

    Attributes:
        name: The name of the encoder, from which it can be loaded again.
        dimension: How many numbers a vector has.
    """

    name: str
    dimension: int


@dataclass(frozen=True)
class Document:
    """A document in a store, without its text.

    Attributes:
        number: Its number in the store, from 1; none is ever used again.
        id: The id of its article, which tells it apart from all that are there at the same time.
        title: What a person calls it.
        source: Where it came from, if anywhere.
        characters: How many code points its text has.
        sentences: How many sentences it was cut into.
        passages: How many passages were made of them.
        fingerprint: The SHA-256 of what it was made of: see :func:`fingerprint`.
        description: The SHA-256 of what it says of itself besides: see :func:`description`.
        tags: What it is filed under.
        original: The document that it was read from, without its bytes; None if it is in no file.
    """

    number: int
    id: str
    title: str
    source: str | None
    characters: int
    sentences: int
    passages: int
    fingerprint: str
    description: str
    tags: frozenset[str] = frozenset()
    original: Original | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class Cut:
    """How an article was cut.

    Attributes:
        sentences: Where its sentences start and end in the text, in code points, int64, shaped
            (sentences, 2), at least one. Both ascend; only the pieces of a sentence that is too
            long for a vector may share text.
        passages: Which sentences each passage consists of, int64, shaped (passages, 2): the ordinal
            of the first, and one past that of the last. Neither column ever descends, and no
            sentence is left out.
    """

    sentences: Rows
    passages: Rows


@dataclass(frozen=True, eq=False)
class Prepared:
    """An article that is ready to come into a store.

    Attributes:
        article: The article.
        cut: How it was cut.
        vectors: A unit vector for each sentence, float32, shaped (sentences, dimension).
        tags: What it is filed under.
    """

    article: Article
    cut: Cut
    vectors: Vectors
    tags: frozenset[str] = frozenset()


class Matches(NamedTuple):
    """Passages that share words with a question.

    Attributes:
        passages: Their keys, the best first.
        scores: Their BM25 scores, or what stands for them, above 0.
        others: The scores of the passages that were asked after, 0.0 where no word is shared.
    """

    passages: Rows
    scores: Scores
    others: Scores


class Vocabulary(Protocol):
    """The words of all texts of a store, as :mod:`index.text.spellings` counts them."""

    def count(self, word: str) -> int | None:
        """Return how often a word stands in the texts; None if it neither does nor is a lemma."""

    def words(self) -> Mapping[str, int]:
        """Return all words, with how often they stand in the texts; lemmas may stand 0 times."""


class Store(Protocol):
    """Documents, and the ways to find what speaks to a question in them.

    :class:`index.retriever.Retriever` ranks over any; :mod:`index.store.conformance` has the tests
    that each has to pass. A store has to be safe to share by threads. Where a method is given the
    numbers or keys of documents that are gone meanwhile, it leaves them out, or gives 0.0 for them.

    Memory: no method gives, or needs, all texts, or a score for each passage that there is.
    """

    @property
    def kind(self) -> str:
        """What kind of store it is, by which the calibration of a reader names it."""

    @property
    def made(self) -> Made:
        """What made the vectors of the sentences."""

    @property
    def settings(self) -> IndexSettings:
        """How articles are cut, and passages are ranked where the retriever was not told."""

    @property
    def version(self) -> int:
        """A number that is another after every change, whoever made it."""

    def __len__(self) -> int:
        """Return how many documents there are."""

    def documents(self, numbers: Rows | None = None) -> Sequence[Document]:
        """Return documents without their texts, by ascending number; all if None."""

    def numbers(
        self,
        *,
        ids: Collection[str] | None = None,
        tags: Collection[str] | None = None,
        fingerprints: Collection[str] | None = None,
    ) -> Rows:
        """Return the numbers of documents, ascending, int64.

        A document that has one of what is given is among them; all are if nothing is given.

        Args:
            ids: Ids; those that are not there are left out.
            tags: What documents are filed under.
            fingerprints: What documents were made of: see :func:`fingerprint`.
        """

    def articles(self, numbers: Rows) -> Mapping[int, Article]:
        """Return the articles of documents, by their numbers, those gone left out.

        A store may give the same article again for the same number.
        """

    def cuts(self, numbers: Rows) -> Mapping[int, Cut]:
        """Return how documents were cut, by their numbers, those gone left out."""

    def vectors(self, number: int) -> Vectors:
        """Return the vectors of a document's sentences, float32, shaped (sentences, dimension).

        Raises:
            KeyError: There is no such document.
        """

    def nearest(self, queries: Vectors, k: int, *, only: Rows | None = None) -> list[Rows]:
        """Find the sentences whose vectors are nearest to each query.

        Args:
            queries: Unit vectors, float32, shaped (queries, dimension).
            k: How many to find at most, from 1.
            only: The numbers of the documents to look in, ascending; all if None. What is not in
                them is passed over in the search, so that k are found where there are so many.

        Returns:
            The keys of sentences for each query, nearest first, int64, shaped (found,) with found
            at most k. A store may find nearly the nearest.
        """

    def similarities(self, query: Vectors, sentences: Rows) -> Scores:
        """Return the cosine of a query's unit vector, shaped (dimension,), and each sentence's.

        Args:
            query: The vector.
            sentences: Keys of sentences.
        """

    def matching(
        self,
        question: str,
        k: int,
        *,
        only: Rows | None = None,
        others: Rows | None = None,
    ) -> Matches:
        """Find the passages whose words match those of a question best.

        Args:
            question: The question.
            k: How many to find at most, from 1.
            only: The numbers of the documents to look in, ascending; all if None.
            others: Keys of passages whose scores are wanted besides, found or not.
        """

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the texts."""

    def change(
        self, *, add: Sequence[Prepared] = (), remove: Collection[str] = ()
    ) -> Sequence[Document]:
        """Add documents and remove others, all together or, if anything fails, not at all.

        A document whose id is there already is replaced. What this has returned from is kept,
        whatever happens then; what is removed is not found any more, and its text is gone.

        Args:
            add: The documents to add, each with its own id.
            remove: The ids of documents to remove; ids that are not there are left out.

        Returns:
            The documents that were added, as they are now in the store.

        Raises:
            StoreError: It cannot be done now, or not here: the message says why.
        """

    def tag(self, ids: Collection[str], tags: Collection[str]) -> None:
        """File documents under these tags, and no others.

        Raises:
            StoreError: As :meth:`change`.
        """

    def compact(self) -> None:
        """Free the room that is taken by what was removed, and put together what is scattered.

        Searches find the same before, meanwhile and after.

        Raises:
            StoreError: As :meth:`change`.
        """

    def close(self) -> None:
        """Let go of files and connections. Nothing else may be called after it but this."""


def document_made(number: int, prepared: Prepared, made: Made, settings: IndexSettings) -> Document:
    """Return what a store that takes in an article under a number knows of it."""
    article, cut = prepared.article, prepared.cut
    return Document(
        number=number,
        id=article.id,
        title=article.title,
        source=article.source,
        characters=len(article.text),
        sentences=len(cut.sentences),
        passages=len(cut.passages),
        fingerprint=fingerprint(article, made, settings),
        description=description(article),
        tags=prepared.tags,
        original=_in_file(article.original),
    )


def can_be_tag(tag: str) -> bool:
    """Tell whether every store can file documents under a tag."""
    return _is_text(tag) and "\0" not in tag


def check_names(where: str, add: Sequence[Prepared] = (), tags: Collection[str] = ()) -> None:
    """Check that every store can keep what documents go by, and are filed under.

    Args:
        where: What the message begins with.
        add: Documents that are to be added.
        tags: Tags besides those of them.

    Raises:
        StoreError: An id, a title, a source or a tag holds half of a surrogate pair, which is no
            text, or a tag holds NUL, which no text in PostgreSQL may.
    """
    names = [
        name
        for each in add
        for name in (each.article.id, each.article.title, each.article.source or "")
    ]
    filed = {*tags, *(tag for each in add for tag in each.tags)}
    wrong = [name for name in (*names, *sorted(filed)) if not _is_text(name)]
    wrong += [tag for tag in sorted(filed) if "\0" in tag]
    if wrong:
        what = "NUL" if _is_text(wrong[0]) else "half of a surrogate pair"
        raise StoreError(
            f"{where and f'{where}: '}{wrong[0][:100]!r} cannot be kept, as it holds {what}; "
            "nothing was changed: write it otherwise."
        )


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def fingerprint(article: Article, made: Made, settings: IndexSettings) -> str:
    """Return the SHA-256 of all that the sentences, passages and vectors of an article come from.

    An article of the same fingerprint need not be cut and embedded again.
    """
    parts = [
        *(article.title, article.text, made.name, str(made.dimension)),
        *(str(settings.window), str(settings.stride), settings.language),
    ]
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


def description(article: Article) -> str:
    """Return the SHA-256 of what an article says of itself besides what it is made of.

    An article of the same fingerprint and the same description is in the store already.
    """
    original = _in_file(article.original)
    known = None if original is None else asdict(original)
    said = [article.source, Meta(article.meta).to_dict(), article.notes, known]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _in_file(original: Original | None) -> Original | None:
    """Return what stands for a document that can be read from its file again, or None."""
    return None if original is None or original.path is None else replace(original, data=None)
