"""The tables of a library, how they are made, and how older ones are brought up to date."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

from index.errors import SettingError, StoreError
from index.store.base import Made
from index.store.postgres.address import Address
from index.store.settings import Fusion, IndexSettings

if TYPE_CHECKING:
    from index.store.postgres.connections import Lent

# What a text may hold and PostgreSQL's type "text" may not (NUL), or an index may not (very long
# ones), is kept in "bytea" and "json", and found by a hash: ids by SHA-256, stems by BLAKE2b.
_FIRST = """
CREATE TABLE document (
    number bigint PRIMARY KEY,
    id_hash bytea NOT NULL UNIQUE,
    card json NOT NULL,
    more json NOT NULL,
    characters bigint NOT NULL,
    sentences integer NOT NULL,
    passages integer NOT NULL,
    fingerprint text NOT NULL,
    description text NOT NULL,
    text bytea NOT NULL,
    places bytea NOT NULL,
    cut bytea NOT NULL
);
CREATE INDEX document_fingerprint ON document (fingerprint);
CREATE SEQUENCE document_number;
CREATE TABLE tag (
    number bigint NOT NULL REFERENCES document ON DELETE CASCADE,
    tag text NOT NULL
);
CREATE INDEX tag_number ON tag (number);
CREATE INDEX tag_tag ON tag USING hash (tag);
CREATE TABLE segment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first bigint NOT NULL,
    passages integer NOT NULL,
    layout bytea NOT NULL,
    lengths bytea NOT NULL,
    contexts bytea NOT NULL,
    spellings bytea NOT NULL
);
CREATE TABLE gone (
    number bigint PRIMARY KEY
);
CREATE TABLE posting (
    stem_hash bytea NOT NULL,
    segment bigint NOT NULL,
    held integer NOT NULL,
    headed integer NOT NULL,
    stem bytea NOT NULL,
    places bytea NOT NULL,
    PRIMARY KEY (stem_hash, segment)
);
ALTER TABLE posting ALTER places SET STORAGE EXTERNAL;
CREATE INDEX posting_segment ON posting (segment);
CREATE TABLE sentence (
    number bigint NOT NULL,
    ordinal integer NOT NULL,
    emb halfvec({dimension}) NOT NULL,
    PRIMARY KEY (number, ordinal)
);
"""
MIGRATIONS: tuple[str, ...] = (_FIRST,)
"""What makes each version of the tables of the one before; the first, of an empty schema."""

_META = """
CREATE TABLE meta (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version integer NOT NULL,
    encoder text NOT NULL,
    dimension integer NOT NULL,
    settings json NOT NULL,
    changes bigint NOT NULL
)
"""
LEAST_PGVECTOR = (0, 8, 0)  # the first with iterative scans


class About(NamedTuple):
    """What a library says of itself.

    Attributes:
        version: The version of its tables; 0 if there is no library.
        made: What made its vectors.
        settings: How articles are cut.
    """

    version: int
    made: Made
    settings: IndexSettings


NOTHING = About(0, Made("", 0), IndexSettings())


def read_about(connection: Lent, address: Address) -> About:
    """Return what a library says of itself; :data:`NOTHING` if there is none.

    Raises:
        StoreError: What it says is damaged.
    """
    row = connection.execute(
        "SELECT 1 FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE nspname = %s AND relname = 'meta'",
        [address.library],
    ).fetchone()
    if row is None:
        return NOTHING
    # By its whole name: a user that may not use the schema is to be told so.
    table = f"{_quoted(address.library)}.meta"
    row = connection.execute(
        f"SELECT version, encoder, dimension, settings FROM {table}".encode()
    ).fetchone()
    if row is None:
        raise StoreError(f'{address.shown}: the library\'s table "meta" is empty; make it anew.')
    version, encoder, dimension, settings = row
    try:
        kept = {**settings, "fusion": Fusion(**settings["fusion"])}
        return About(version, Made(encoder, dimension), IndexSettings(**kept))
    except (KeyError, TypeError, SettingError) as error:
        raise StoreError(
            f'{address.shown}: the settings in the library\'s table "meta" are damaged, or of a '
            "newer program; upgrade article-qa."
        ) from error


def check_version(about: About, address: Address, latest: int = len(MIGRATIONS)) -> None:
    """Check that this program knows the tables of a library.

    Raises:
        StoreError: They are of a newer program.
    """
    if about.version > latest:
        raise StoreError(
            f"{address.shown}: the library's tables have version {about.version}, and this program "
            f"knows versions up to {latest}; upgrade article-qa."
        )


def create(connection: Lent, address: Address, made: Made, settings: IndexSettings) -> None:
    """Make the tables of an empty library, if nobody else has; to be called in a transaction."""
    _lock(connection, address)
    if read_about(connection, address).version:
        return
    _check_empty(connection, address)
    _make_extension(connection, address)
    found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [address.library])
    if found.fetchone() is None:  # "IF NOT EXISTS" asks for the right even where there is one
        connection.execute(f"CREATE SCHEMA {_quoted(address.library)}".encode())
    connection.execute(
        "SELECT set_config('search_path', concat_ws(', ', %s::text, quote_ident(nspname)), true) "
        "FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'vector'",
        [_quoted(address.library)],
    )
    connection.execute(_META.encode())
    connection.execute(
        "INSERT INTO meta (version, encoder, dimension, settings, changes) "
        "VALUES (0, %s, %s, %s, 1)",
        [made.name, made.dimension, json.dumps(asdict(settings))],
    )
    migrate(connection, address)


def migrate(connection: Lent, address: Address, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Bring the tables of a library up to date; to be called in a transaction."""
    _lock(connection, address)
    about = read_about(connection, address)
    for migration in migrations[about.version :]:
        connection.execute(migration.format(dimension=about.made.dimension).encode())
    connection.execute("UPDATE meta SET version = %s", [max(about.version, len(migrations))])


def check_server(connection: Lent, address: Address) -> None:
    """Check that the database has what a search needs.

    Raises:
        StoreError: It lacks pgvector, or has too old a version.
    """
    row = connection.execute(
        "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    ).fetchone()
    if row is None:
        raise StoreError(
            f'{address.shown}: the database has no extension "vector" any more; run CREATE '
            "EXTENSION vector there."
        )
    found = tuple(int(part) for part in row[0].split(".") if part.isdigit())
    if found < LEAST_PGVECTOR:
        least = ".".join(map(str, LEAST_PGVECTOR))
        raise StoreError(
            f"{address.shown}: the database has pgvector {row[0]}, which cannot search on until "
            f"enough is found; install {least} or later, and run ALTER EXTENSION vector UPDATE."
        )


def _lock(connection: Lent, address: Address) -> None:
    """Wait until no other program makes or changes the tables, and keep others from it."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 21))", [address.library])


def _check_empty(connection: Lent, address: Address) -> None:
    row = connection.execute(
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE nspname = %s LIMIT 1",
        [address.library],
    ).fetchone()
    if row is not None:
        raise StoreError(
            f"{address.shown}: the schema {address.library} holds something else ({row[0]}); name "
            "another library with ?library=NAME."
        )


def _make_extension(connection: Lent, address: Address) -> None:
    from psycopg import Error

    encoding = connection.execute("SHOW server_encoding").fetchone()
    if encoding is not None and encoding[0] != "UTF8":
        raise StoreError(
            f"{address.shown}: the database's texts are in {encoding[0]}; make one in UTF8 with "
            "`createdb -E UTF8 -T template0`."
        )
    row = connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'").fetchone()
    if row is None:
        try:
            connection.execute("CREATE EXTENSION vector SCHEMA public")
        except Error as error:
            raise StoreError(
                f'{address.shown}: the database has no extension "vector", and it cannot be made '
                f"({(error.diag.message_primary or str(error)).rstrip('.')}); install pgvector on "
                "the server, and run CREATE EXTENSION vector as a user that may."
            ) from error
    check_server(connection, address)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
