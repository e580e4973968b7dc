"""What a source knows of an article, such as its author or its pages, frozen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from index.errors import ArticleError


class Meta(Mapping[str, Any]):
    """A mapping that cannot be changed, of values that JSON can hold. Safe to share by threads.

    Values are strings, numbers, booleans, None, or lists and mappings of them; lists become tuples
    and mappings become Metas.

    Raises:
        ArticleError: A key is not a string, or a value nothing that JSON can hold.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = {_key(key): _frozen(key, value) for key, value in (items or {}).items()}

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever the source knows
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"Meta({self._items!r})"

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold, as dictionaries and lists of one's own."""
        return {key: _thawed(value) for key, value in self._items.items()}


NO_META = Meta()


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise ArticleError(f"meta has the key {key!r}; expected a string.")
    return key


def _frozen(key: object, value: object) -> object:
    if isinstance(value, Mapping):
        return Meta(value)
    if isinstance(value, list | tuple):
        return tuple(_frozen(key, each) for each in value)
    if (
        value is None
        or isinstance(value, str | int)
        or (isinstance(value, float) and math.isfinite(value))
    ):
        return value
    raise ArticleError(
        f"meta[{key!r}] holds {value!r}; expected what JSON can hold: a string, a finite number, "
        "a boolean, None, or lists and mappings of them."
    )


def _thawed(value: object) -> object:
    if isinstance(value, Meta):
        return value.to_dict()
    return [_thawed(each) for each in value] if isinstance(value, tuple) else value
