"""What goes wrong with a server, in one line each that says what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from index.errors import StoreError
from index.store.postgres.address import Address

if TYPE_CHECKING:
    from psycopg import Error


class _Failure(NamedTuple):
    """A kind of failure.

    Attributes:
        states: What the codes begin with by which PostgreSQL names it (its manual, appendix A).
        words: What stands in the message where a connection could not be made: such errors have no
            code.
        said: What people are told.
        passing: Whether it may be over in a moment.
    """

    states: tuple[str, ...]
    words: str
    said: str
    passing: bool = False


_FAILURES = (
    _Failure(
        ("28P01", "28000"),
        r"authentication failed|no password supplied|no pg_hba\.conf entry|role .* does not exist",
        "the server does not let this user in ({found}); check the user and the password in it",
    ),
    _Failure(
        ("3D000",),
        r"database .* does not exist",
        "there is no such database ({found}); make it with `createdb`, or name another",
    ),
    _Failure(
        ("53300",),
        r"too many (?:clients|connections)|connection slots are reserved",
        "the server has no connection left ({found}); close other programs, or raise its "
        "max_connections",
        passing=True,
    ),
    _Failure(
        (),
        r"resolve host|translate host name",  # where it is may be part of a password
        "the host in it is not known; check it, and write @ as %40, : as %3A and / as %2F in a "
        "password",
    ),
    _Failure(
        ("57P", "08"),
        r"starting up|shutting down|recovery|refused|No such file|closed the connection"
        r"|reset by peer|terminating connection|timeout|unreachable"
        r"|connection (?:is )?(?:lost|closed|failed)"
        r"|could not (?:connect|receive|send)",
        "no server answers ({found}); check that it runs, and host and port, and try again",
        passing=True,
    ),
    _Failure(
        ("53100",),
        r"$.",
        "the server's disk is full, and nothing was changed ({found}); make room there and try "
        "again",
    ),
    _Failure(
        ("25006",),
        r"$.",
        "the server, or this user, may only read, and nothing was changed ({found}); write to the "
        "primary server, as a user that may",
    ),
    _Failure(
        ("42501",),
        r"$.",
        "this user may not do that ({found}); ask its owner for the right, or use a user that has "
        "it",
    ),
    _Failure(
        ("57014",),
        r"$.",
        "the server took too long and was stopped ({found}); try again, or run `article-qa library "
        "compact` if much was added",
    ),
    _Failure(
        ("55P03",),
        r"$.",
        "another program is writing to the library, and nothing was changed; try again when it is "
        "done",
    ),
    _Failure(
        ("42P01", "3F000", "42703"),
        r"$.",
        "the library is gone, or is another ({found}); open it anew",
    ),
    _Failure(
        ("40",),
        r"$.",
        "another program got in between, and nothing was changed ({found}); try again",
    ),
)
# What stands before the reason why a connection could not be made: where to is said already.
_FRONT = re.compile(r"^connection (?:failed|is bad): (?:.*? failed: )?(?:FATAL: )?")


def failure(error: Error, address: Address) -> StoreError:
    """Return what people are told of an error."""
    found = _line(error)
    kind = _kind(error)
    said = "{found}" if kind is None else kind.said
    return StoreError(f"{address.shown}: {said.format(found=found)}.")


def passing(error: Error) -> bool:
    """Tell whether the same may succeed in a moment: the server is gone, or starting."""
    kind = _kind(error)
    return kind is not None and kind.passing


def _kind(error: Error) -> _Failure | None:
    state = error.sqlstate
    if state is not None:
        return next((each for each in _FAILURES if state.startswith(each.states)), None)
    from psycopg import OperationalError

    if not isinstance(error, OperationalError):
        return None
    return next((each for each in _FAILURES if re.search(each.words, str(error))), None)


def _line(error: Error) -> str:
    """Return what the server, or the library, said, in one line without a full stop."""
    said = (error.diag.message_primary or str(error)).strip() or type(error).__name__
    return _FRONT.sub("", " ".join(said.splitlines()[0].split())).rstrip(".")
