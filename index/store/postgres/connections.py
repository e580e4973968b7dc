"""Connections to a server: kept, lent, and made again when it restarts. The door to psycopg."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote_plus

from index.errors import StoreError
from index.store.forking import leave, tell_of_fork
from index.store.postgres.address import Address
from index.store.postgres.failures import failure, passing

if TYPE_CHECKING:
    from psycopg import Connection

    Lent = Connection[tuple[Any, ...]]

Answer = TypeVar("Answer")

_CONNECT_S = 10
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 1.0
# Plans are made for each search anew: one for any number of rows would not use the vectors' index.
# For a search the order of the index is wanted, even where sorting seems cheaper.
_SETTINGS = {
    "client_min_messages": "error",
    "enable_sort": "off",
    # Of a million synthetic vectors 0.95 of the ten nearest are found in 17 ms; by 200, 0.90 in 9.
    "hnsw.ef_search": "600",
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.max_scan_tuples": "200000",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
    "standard_conforming_strings": "on",  # else psycopg writes bytes in arrays otherwise
}


class Connections:
    """Connections to one library. Safe to share by threads.

    They are made when they are needed, by who needs them, so that what is wrong is told there and
    then, and are kept for others. A pool with threads of its own would only say that it waited.

    Args:
        address: Where the library is.
        timeout_s: How long a reading statement may take.
        retry_s: For how long reading is tried again when the server is gone or restarts.
        wait_s: How long one waits for a free connection, or for another program that is writing.
        most: How many connections there are at most.
    """

    def __init__(
        self, address: Address, *, timeout_s: float, retry_s: float, wait_s: float, most: int
    ) -> None:
        self.address = address
        self._timeout_s, self._retry_s, self._wait_s = timeout_s, retry_s, wait_s
        self._most = most
        self._library: int | None = None
        self._closed = False
        self._start()
        tell_of_fork(self)

    def _start(self) -> None:
        self._free: list[Lent] = []
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(self._most)

    def forked(self) -> None:
        """Leave the connections to the process that made them: see :mod:`index.store.forking`."""
        leave(self._free)
        self._start()

    def settle(self) -> None:
        """Keep to the library that is there now, for as long as this is open."""
        row = self.read(lambda lent: lent.execute("SELECT 'meta'::regclass::oid").fetchone())
        self._library = None if row is None else row[0]

    def check(self, library: int | None) -> None:
        """Check that what the name of the library leads to is still the same.

        Args:
            library: The number that the server has for its table "meta"; None if there is none.

        Raises:
            StoreError: The library was removed, and maybe another has its name now.
        """
        if self._library not in (None, library):
            raise StoreError(
                f"{self.address.shown}: the library was removed or made anew by another program "
                "since it was opened; open it anew."
            )

    def read(self, work: Callable[[Lent], Answer], *, again: bool = True) -> Answer:
        """Do what only reads; all of it again if the connection is lost in the middle.

        Args:
            work: What to do.
            again: Whether to try again.

        Raises:
            StoreError: It cannot be done: the message says why.
        """
        from psycopg import Error

        end = time.monotonic() + self._retry_s
        pause = _FIRST_PAUSE_S
        while True:
            try:
                with self._lent() as connection:
                    return work(connection)
            except Error as error:
                if not again or not passing(error) or time.monotonic() + pause > end:
                    raise failure(error, self.address) from error
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    @contextmanager
    def snapshot(self, connection: Lent) -> Iterator[None]:
        """Read what was there at one moment, in however many statements."""
        from psycopg import IsolationLevel

        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():
            yield

    def write(self, work: Callable[[Lent], Answer]) -> Answer:
        """Do what writes in one transaction: all of it, or nothing.

        Nothing is tried again. If the connection is lost while the server is told to keep it, the
        server is asked whether it did.

        Raises:
            StoreError: It cannot be done, and nothing was changed: the message says why.
        """
        from psycopg import Error, IsolationLevel

        transaction = None
        try:
            with self._lent(checked=True) as connection:
                # What was written before the lock was got is to be seen.
                connection.isolation_level = IsolationLevel.READ_COMMITTED
                connection.read_only = False
                with connection.transaction():
                    now = connection.execute(
                        "SELECT to_regclass('meta')::oid, "
                        "set_config('statement_timeout', '0', true), "
                        "set_config('lock_timeout', %s, true)",
                        [f"{self._wait_s:g}s"],
                    ).fetchone()
                    self.check(None if now is None else now[0])
                    answer = work(connection)
                    row = connection.execute("SELECT pg_current_xact_id()::text").fetchone()
                    transaction = None if row is None else str(row[0])
        except Error as error:
            if transaction is not None and passing(error) and self._is_kept(transaction):
                return answer
            if passing(error) and error.sqlstate != "53300":
                raise StoreError(
                    f"{self.address.shown}: the connection to the server was lost, and nothing was "
                    "changed; try again."
                ) from error
            raise failure(error, self.address) from error
        return answer

    def tend(self, *statements: str) -> None:
        """Run statements that no transaction may hold.

        Raises:
            StoreError: It cannot be done: the message says why.
        """
        from psycopg import Error

        try:
            with self._lent(checked=True) as connection:
                connection.execute("SET statement_timeout = 0")
                try:
                    for statement in statements:
                        connection.execute(statement.encode())
                finally:
                    with suppress(Error):
                        connection.execute(_timeout(self._timeout_s))
        except Error as error:
            raise failure(error, self.address) from error

    def close(self) -> None:
        """Close all connections; those that are lent, when they are given back."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
        for connection in free:
            connection.close()

    def _is_kept(self, transaction: str) -> bool:
        """Tell whether a transaction was kept, of which the server's word was lost."""

        def ask(connection: Lent) -> str | None:
            row = connection.execute("SELECT pg_xact_status(%s::xid8)", [transaction]).fetchone()
            return None if row is None else row[0]

        try:
            end = time.monotonic() + self._retry_s
            while (status := self.read(ask)) == "in progress" and time.monotonic() < end:
                time.sleep(_FIRST_PAUSE_S)
        except StoreError:
            status = None
        if status not in ("committed", "aborted"):
            raise StoreError(
                f"{self.address.shown}: the connection was lost, and it is not known whether the "
                "change was made; look with `article-qa library list` before you try again."
            )
        return status == "committed"

    @contextmanager
    def _lent(self, *, checked: bool = False) -> Iterator[Lent]:
        """Lend a connection; one that is broken is not kept.

        Args:
            checked: Whether to make sure first that the server still answers on it.
        """
        from psycopg import Error
        from psycopg.pq import TransactionStatus

        if self._closed:
            raise StoreError(f"{self.address.shown}: was closed; open it again.")
        if not self._room.acquire(timeout=self._wait_s):
            raise StoreError(
                f"{self.address.shown}: all connections were in use for {self._wait_s:g} s; try "
                "again, or ask less at once."
            )
        try:
            with self._lock:
                connection = self._free.pop() if self._free else None
            if checked and connection is not None:
                try:
                    connection.execute("SELECT 1")
                except Error:
                    connection.close()
                    connection = None
            if connection is None:
                connection = self._connected()
            try:
                yield connection
            finally:
                status = connection.info.transaction_status
                with self._lock:
                    kept = status == TransactionStatus.IDLE and not self._closed
                    if kept:
                        self._free.append(connection)
                if not kept:
                    connection.close()
                    # Those that were kept are of the same server, which is gone.
                    self.renew()
        finally:
            self._room.release()

    def renew(self) -> None:
        """Close the connections that nobody uses; others are made when they are needed."""
        with self._lock:
            free, self._free = self._free, []
        for connection in free:
            connection.close()

    def _connected(self) -> Lent:
        from psycopg import ProgrammingError, connect

        try:
            connection = connect(
                self.address.database,
                autocommit=True,
                client_encoding="UTF8",  # whatever the URL, the role or the surroundings say
                connect_timeout=_CONNECT_S,
                fallback_application_name="article-qa",
                prepare_threshold=None,
            )
        except ProgrammingError as error:  # its message may have parts of the password in it
            if unknown := _unknown(self.address.shown):
                raise StoreError(
                    f"{self.address.shown}: has a parameter {unknown}, which is not known; "
                    "expected library=NAME, or one of PostgreSQL's, such as sslmode."
                ) from error
            raise StoreError(
                f"{self.address.shown}: cannot be read as a URL of PostgreSQL; expected "
                "postgresql://user:password@host:port/database, and %-escapes for other signs "
                "than letters and digits in the user and the password."
            ) from error
        try:
            connection.execute(_timeout(self._timeout_s))
            connection.execute(
                "SELECT set_config(name, value, false) "
                "FROM unnest(%s::text[], %s::text[]) AS setting (name, value)",
                [list(_SETTINGS), list(_SETTINGS.values())],
            )
            connection.execute(
                "SELECT set_config('search_path', concat_ws(', ', quote_ident(%s), "
                "(SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace n "
                "ON n.oid = extnamespace WHERE extname = 'vector')), false)",
                [self.address.library],
            )
        except BaseException:
            connection.close()
            raise
        return connection


def check_installed(address: Address) -> None:
    """Check that psycopg is there, and what it needs.

    Raises:
        StoreError: It is not.
    """
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise StoreError(
            f"{address.shown}: needs psycopg ({str(error).splitlines()[0].rstrip('.')}); run pip "
            "install 'article-qa[postgres]'."
        ) from error


def _unknown(shown: str) -> str | None:
    """Return the first parameter of a URL, as it is shown, that PostgreSQL does not know."""
    from psycopg.pq import Conninfo

    known = {option.keyword.decode() for option in Conninfo.get_defaults()} | {"library", "ssl"}
    query = shown.partition("?")[2]
    names = [unquote_plus(part.partition("=")[0]) for part in query.split("&") if part]
    return next((name for name in names if name not in known), None)


def _timeout(seconds: float) -> bytes:
    return f"SET statement_timeout = {round(1000 * seconds)}".encode()
