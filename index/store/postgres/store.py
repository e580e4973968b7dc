"""A library in PostgreSQL: see :class:`index.store.base.Store`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from index.articles import Article
from index.errors import StoreError
from index.models.encoder import Vectors
from index.store.base import (
    Cut,
    Document,
    Made,
    Matches,
    Prepared,
    Scores,
    Vocabulary,
    can_be_tag,
    check_names,
)
from index.store.postgres import schema
from index.store.postgres.address import Address
from index.store.postgres.changing import Change, lock, write_tags
from index.store.postgres.compacting import compact
from index.store.postgres.connections import Connections, check_installed
from index.store.postgres.documents import (
    ARTICLES,
    DOCUMENTS,
    article_of,
    cut_of,
    document_of,
    id_hash,
)
from index.store.postgres.searching import nearest, similarities
from index.store.postgres.segments import read_spellings
from index.store.postgres.state import NOTHING, State, load
from index.store.postgres.vectors import read as read_vectors
from index.store.postgres.words import find
from index.store.recently import Recently
from index.store.rows import Rows
from index.store.segments.making import make_segment
from index.store.segments.segment import Segment, Spellings
from index.store.segments.spellings import PackedVocabulary
from index.store.settings import IndexSettings
from index.text.terms import terms

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent

Item = TypeVar("Item")

_ARTICLES_KEPT = 32_000_000  # code points
_CUTS_KEPT = 2_000_000  # sentences and passages


class PostgresStore:
    """A library in a PostgreSQL database with pgvector. Safe to share by threads and programs.

    Each library is a schema of its own. A role that may select in it may ask; what else a role may
    not do is said when it tries. Reading is tried again when the server restarts.

    Args:
        connections: Lead to the library.
        made: What made its vectors.
        settings: How its articles are cut.
    """

    kind = "postgres"

    def __init__(self, connections: Connections, made: Made, settings: IndexSettings) -> None:
        self.made = made
        self.settings = settings
        self._connections = connections
        self._state = NOTHING
        self._spellings: dict[int, Spellings] = {}
        self._articles: Recently[Article] = Recently(_ARTICLES_KEPT)
        self._cuts: Recently[Cut] = Recently(_CUTS_KEPT)

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        create: tuple[Made, IndexSettings] | None = None,
        timeout_s: float = 20.0,
        retry_s: float = 15.0,
        wait_s: float = 60.0,
        connections: int = 8,
    ) -> PostgresStore:
        """Connect to a library, and bring its tables up to date if they are of an older program.

        Args:
            url: Where it is: ``postgresql://user:password@host/database?library=NAME``.
            create: What makes the vectors, and how articles are cut, of a library that is made if
                there is none; it is an error if there is none and this is None.
            timeout_s: How long the server may take over a question's search.
            retry_s: For how long a search is tried again when the server is gone or restarts.
            wait_s: How long one waits for a free connection, or for another program that writes.
            connections: How many connections there may be at most.

        Raises:
            StoreError: It cannot be reached or used, or there is no such library.
        """
        address = Address.of(url)
        check_installed(address)
        lent = Connections(
            address, timeout_s=timeout_s, retry_s=retry_s, wait_s=wait_s, most=connections
        )
        try:
            about = _opened(lent, address, create)
            lent.read(lambda connection: schema.check_server(connection, address))
            lent.settle()
        except BaseException:
            lent.close()
            raise
        return cls(lent, about.made, about.settings)

    @property
    def version(self) -> int:
        """A number that is another after every change, whoever made it."""
        return self._connections.read(self._version)

    def __len__(self) -> int:
        """Return how many documents there are."""
        return len(self._now().numbers)

    def documents(self, numbers: Rows | None = None) -> Sequence[Document]:
        """Return documents without their texts, by ascending number; all if None."""
        self._now()
        rows = (
            self._rows(f"{DOCUMENTS} ORDER BY number")
            if numbers is None
            else self._rows(f"{DOCUMENTS} WHERE number = ANY(%s) ORDER BY number", numbers.tolist())
        )
        return [document_of(row) for row in rows]

    def numbers(
        self,
        *,
        ids: Collection[str] | None = None,
        tags: Collection[str] | None = None,
        fingerprints: Collection[str] | None = None,
    ) -> Rows:
        """Return the numbers of documents, ascending; all if nothing is given."""
        now = self._now()
        if ids is None and tags is None and fingerprints is None:
            return now.numbers
        rows = self._rows(
            "SELECT number FROM document WHERE id_hash = ANY(%s) "
            "UNION SELECT number FROM tag WHERE tag = ANY(%s) "
            "UNION SELECT number FROM document WHERE fingerprint = ANY(%s)",
            [id_hash(own) for own in ids or ()],
            list(filter(can_be_tag, tags or ())),
            list(fingerprints or ()),
        )
        return np.sort(np.array([number for (number,) in rows], dtype=np.int64))

    def articles(self, numbers: Rows) -> Mapping[int, Article]:
        """Return the articles of documents, by their numbers, those gone left out."""

        def read(missing: list[int]) -> Iterator[tuple[int, Article, int]]:
            for row in self._rows(f"{ARTICLES} WHERE number = ANY(%s)", missing):
                article = article_of(row)
                yield row[0], article, len(article.text)

        return self._kept(self._articles, numbers, read)

    def cuts(self, numbers: Rows) -> Mapping[int, Cut]:
        """Return how documents were cut, by their numbers, those gone left out."""

        def read(missing: list[int]) -> Iterator[tuple[int, Cut, int]]:
            statement = "SELECT number, cut FROM document WHERE number = ANY(%s)"
            for number, data in self._rows(statement, missing):
                cut = cut_of(data)
                yield number, cut, len(cut.sentences) + len(cut.passages)

        return self._kept(self._cuts, numbers, read)

    def vectors(self, number: int) -> Vectors:
        """Return the vectors of a document's sentences, of half precision.

        Raises:
            KeyError: There is no such document.
        """
        rows = self._rows("SELECT emb FROM sentence WHERE number = %s ORDER BY ordinal", number)
        if not rows:
            raise KeyError(number)
        return read_vectors([data for (data,) in rows], self.made.dimension)

    def nearest(self, queries: Vectors, k: int, *, only: Rows | None = None) -> list[Rows]:
        """Find the sentences whose vectors are nearest to each query."""
        sentences = 0 if only is None else self._now().sentences(only)
        if not len(queries) or (only is not None and not sentences):
            return [np.empty(0, dtype=np.int64) for _ in queries]
        return self._connections.read(
            lambda connection: [nearest(connection, each, k, only, sentences) for each in queries]
        )

    def similarities(self, query: Vectors, sentences: Rows) -> Scores:
        """Return the cosine of a query's unit vector and each sentence's."""
        if not len(sentences):
            return np.empty(0, dtype=np.float32)
        return self._connections.read(lambda lent: similarities(lent, query, sentences))

    def matching(
        self, question: str, k: int, *, only: Rows | None = None, others: Rows | None = None
    ) -> Matches:
        """Find the passages whose words match those of a question best."""
        stems = list(dict.fromkeys(terms(question)))

        def ask(connection: Lent) -> Matches:
            state = self._state
            (version, library), found = find(connection, stems)
            self._connections.check(library)
            if version != state.version:
                with self._connections.snapshot(connection):
                    state = self._state = load(connection, state)
                    _, found = find(connection, stems)
            return state.matching(question, k, found, only=only, others=others)

        return self._connections.read(ask)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the texts."""

        def ask(connection: Lent) -> list[Spellings]:
            with self._connections.snapshot(connection):
                self._version(connection)
                state = self._state = load(connection, self._state)
                known = self._spellings
                missing = [part.id for part in state.parts if part.id not in known]
                known = {**known, **(read_spellings(connection, missing) if missing else {})}
            self._spellings = {part.id: known[part.id] for part in state.parts}
            return list(self._spellings.values())

        return PackedVocabulary(self._connections.read(ask))

    def change(
        self, *, add: Sequence[Prepared] = (), remove: Collection[str] = ()
    ) -> Sequence[Document]:
        """Add documents and remove others, all together or, if anything fails, not at all.

        Raises:
            StoreError: A document does not fit, or the server cannot do it now.
        """
        ids = {each.article.id for each in add}
        if len(ids) < len(add):
            raise StoreError(f"{self._shown}: two documents to add have the same id.")
        if not add and not remove:
            return []
        check_names(self._shown, add)
        segment = self._segment(add) if add else None
        change = Change(self.made, self.settings, add, segment, remove)
        return self._connections.write(lambda lent: change.make(lent, self._state))

    def tag(self, ids: Collection[str], tags: Collection[str]) -> None:
        """File documents under these tags, and no others.

        Raises:
            StoreError: As :meth:`change`.
        """
        check_names(self._shown, tags=tags)

        def work(connection: Lent) -> None:
            lock(connection)
            hashes = [id_hash(own) for own in ids]
            rows = connection.execute(
                "SELECT number FROM document WHERE id_hash = ANY(%s)", [hashes]
            ).fetchall()
            numbers = [number for (number,) in rows]
            connection.execute("DELETE FROM tag WHERE number = ANY(%s)", [numbers])
            write_tags(connection, {number: frozenset(tags) for number in numbers})
            connection.execute("UPDATE meta SET changes = changes + 1")

        self._connections.write(work)

    def compact(self) -> None:
        """Put segments together, build the index of the vectors, and free the room of what is gone.

        Raises:
            StoreError: As :meth:`change`.
        """
        compact(self._connections, self.made)

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    @property
    def _shown(self) -> str:
        return self._connections.address.shown

    def _now(self) -> State:
        """Return what the library is now."""

        def ask(connection: Lent) -> State:
            if self._version(connection) != self._state.version:
                with self._connections.snapshot(connection):
                    self._state = load(connection, self._state)
            return self._state

        return self._connections.read(ask)

    def _version(self, connection: Lent) -> int:
        """Return the number of the last change of the library, if it is still the same library."""
        row = connection.execute("SELECT changes, tableoid::bigint FROM meta").fetchone()
        version, library = row or (-1, None)
        self._connections.check(library)
        return int(version)

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        def ask(connection: Lent) -> list[tuple[Any, ...]]:
            with connection.cursor(binary=True) as cursor:
                return cursor.execute(statement.encode(), values).fetchall()

        return self._connections.read(ask)

    def _kept(
        self,
        recently: Recently[Item],
        numbers: Rows,
        read: Callable[[list[int]], Iterable[tuple[int, Item, int]]],
    ) -> dict[int, Item]:
        """Return what belongs to documents: as it was kept, or else as it is read now."""
        wanted = self._now().alive(numbers).tolist()
        held = {number: item for number in wanted if (item := recently.get(number)) is not None}
        missing = [number for number in wanted if number not in held]
        if missing:
            for number, item, size in read(missing):
                held[number] = item
                recently.keep(number, item, size)
        return {number: held[number] for number in wanted if number in held}

    def _segment(self, add: Sequence[Prepared]) -> Segment:
        """Make a segment of documents, with numbers that are not theirs yet."""
        most = sum(len(each.vectors) for each in add)
        try:
            for each in add:
                if each.vectors.shape[-1] != self.made.dimension:
                    raise ValueError(
                        f"{each.article.id}: has vectors of {each.vectors.shape[-1]} numbers; "
                        f"expected {self.made.dimension}, as {self.made.name} makes them"
                    )
            return make_segment(add, range(len(add)), exact_up_to=most)
        except ValueError as error:
            raise StoreError(f"{self._shown}: {error}.") from error


def _opened(
    lent: Connections, address: Address, create: tuple[Made, IndexSettings] | None
) -> schema.About:
    """Return what a library says of itself, once its tables are there and up to date."""
    about = lent.read(lambda connection: schema.read_about(connection, address), again=False)
    if not about.version:
        if create is None:
            raise StoreError(
                f"{address.shown}: there is no library {address.library} in this database; make "
                "one by adding documents to it with `article-qa library add`."
            )
        made, settings = create
        lent.write(lambda connection: schema.create(connection, address, made, settings))
        lent.renew()
        about = lent.read(lambda connection: schema.read_about(connection, address))
    schema.check_version(about, address)
    if about.version < len(schema.MIGRATIONS):
        lent.write(lambda connection: schema.migrate(connection, address))
        about = about._replace(version=len(schema.MIGRATIONS))
    return about
