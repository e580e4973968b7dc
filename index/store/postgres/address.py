"""Where a library is: a PostgreSQL URL, with a parameter of its own for the library's name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from index.errors import StoreError

DEFAULT_LIBRARY = "article_qa"
_SCHEME = re.compile(r"(?:postgresql|postgres)://")
_PASSWORD = re.compile(r"((?:ssl)?password)=[^&]*", re.IGNORECASE)
_LONGEST = 63  # bytes that a name has at most in PostgreSQL


@dataclass(frozen=True)
class Address:
    """Where a library is.

    Attributes:
        database: What libpq is given, with the password in it if there is one.
        library: The name of the library, which is that of a schema.
        shown: What people are shown, without any password.
    """

    database: str = field(repr=False)
    library: str
    shown: str

    @classmethod
    def of(cls, url: str) -> Address:
        """Read ``postgresql://user:password@host/database?library=NAME``.

        Raises:
            StoreError: It is no such URL, or the name cannot be that of a schema.
        """
        shown = _shown(url)
        if not _SCHEME.match(url):
            raise StoreError(f"{shown}: expected a URL that begins with postgresql://.")
        base, _, query = url.partition("?")
        given = [part for part in query.split("&") if part]
        own = [part for part in given if part.startswith("library=")]
        rest = "&".join(part for part in given if part not in own)
        library = unquote_plus(own[-1].partition("=")[2]) if own else DEFAULT_LIBRARY
        if not library or len(library.encode()) > _LONGEST or "\0" in library:
            raise StoreError(
                f"{shown}: the library's name has {len(library.encode())} bytes; expected 1 to "
                f"{_LONGEST}, without NUL."
            )
        if library.startswith("pg_") or library in ("information_schema", "$user"):
            raise StoreError(
                f"{shown}: {library} is a name that PostgreSQL keeps for itself; give the library "
                "another one."
            )
        return cls(f"{base}?{rest}" if rest else base, library, shown)


def _shown(url: str) -> str:
    """Return a URL without its passwords, also where they were not escaped as they should be."""
    scheme, separator, rest = url.partition("://")
    if "@" in rest:
        user, _, host = rest.rpartition("@")
        name, colon, _ = user.partition(":")
        rest = f"{name}{colon and ':***'}@{host}"
    return _PASSWORD.sub(r"\1=***", " ".join(f"{scheme}{separator}{rest}".split()))
