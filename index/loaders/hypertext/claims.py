"""What a web page says of itself in its head and its data for machines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.loaders.trees import Element

_AUTHOR = frozenset(
    ["author", "authors", "byl", "dc.creator", "dcterms.creator", "parsely-author",
     "sailthru.author", "article:author", "og:article:author"]
)  # fmt: skip
_DATE = frozenset(
    ["article:published_time", "og:article:published_time", "datepublished", "dc.date",
     "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date", "pubdate",
     "publishdate", "publish-date", "publication_date", "date"]
)  # fmt: skip
_DESCRIPTION = frozenset(["description", "og:description", "twitter:description"])
_TITLE = frozenset(["og:title", "twitter:title"])
_ISO = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d")
BY = re.compile(
    r"(?:(?:written|posted|published|story|words|analysis|review|text)\s+)?by\b:?\s*", re.I
)
_PARTED = re.compile(r"\s*(?:[;,&|•·]|\band\b)\s*")
_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[.'’-]+[^\W\d_]+)*['’]?\.?")
_ABBREVIATED = 4  # letters before a full stop that is no end of a sentence
_ENDED = re.compile(r"[,|•·@(\d]|\s[-–—]\s")
_SMALL = frozenset(("de", "da", "do", "dos", "del", "der", "den", "di", "du", "la", "le", "el",
                    "al", "bin", "ibn", "van", "von", "zu", "ter", "y", "e"))  # fmt: skip
_NO_NAME = frozenset(("is", "the", "admin", "editor", "updated", "published", "posted", "share",
                      "follow", "http", "https", "www", "null", "none", "unknown", "read",

                      "writer", "reporter", "correspondent", "contributor", "get", "url",
                      "by", "for", "with", "at", "in", "on", "more", "today"))  # fmt: skip
_LONGEST_NAME = 5  # words
_LONGEST = 1000  # characters of a claim that are read
_MOST = 50  # claims of a kind
_DEEPEST = 8  # lists and records in each other that are looked into


@dataclass(frozen=True)
class Claims:
    """What a page says of itself.

    Attributes:
        titles: What it is called, with or without its site's name.
        authors: Who wrote it, as far as those are names.
        dates: When it was published, as YYYY-MM-DD.
        descriptions: What it is about.
    """

    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()


def claims_of(root: Element) -> Claims:
    """Return what a page says of itself; time is linear to its size."""
    titles: list[str] = []
    authors: list[str] = []
    dates: list[str] = []
    descriptions: list[str] = []
    for record in _records(root):
        titles += _texts(record.get("headline"))
        dates += _texts(record.get("datePublished"))
        descriptions += _texts(record.get("description"))
        authors += _texts(record.get("author")) or _texts(record.get("creator"))
    for element in root.iter("meta"):
        said = element.get("content") or ""
        name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        for names, kind in (
            (_AUTHOR, authors), (_DATE, dates), (_DESCRIPTION, descriptions), (_TITLE, titles)
        ):  # fmt: skip
            if name.lower() in names:
                kind.append(said)
    titles += ["".join(each.itertext()) for each in root.iter("title")][:1]
    isos = (_ISO.match(date.strip()) for date in dates)
    return Claims(
        titles=_once(titles),
        authors=_once([name for author in authors for name in names_of(author)]),
        dates=_once([iso[0] for iso in isos if iso]),
        descriptions=_once(descriptions),
    )


def names_of(byline: str) -> list[str]:
    """Return the names in what says who wrote something; none if it is something else."""
    byline = " ".join(byline.split())
    by = BY.match(byline)
    rest = byline[by.end() :] if by else byline
    names = [name for name in _PARTED.split(rest) if is_name(name)]
    names = [name for name in names if len(name) > 3 or len(names) == 1]  # degrees are no names
    return names or [name for name in [name_at(rest)] if by and name]


def name_at(text: str) -> str:
    """Return the name of two words or more that a text begins with; empty if there is none."""
    words = _ENDED.split(text.strip(), maxsplit=1)[0].split()
    names = (" ".join(words[:count]) for count in (3, 2) if len(words) >= count)
    return next((name for name in names if is_name(name)), "")


def is_name(text: str) -> bool:
    """Tell whether a text may be the name of a person or a newsroom, and is no sentence."""
    words = text.split()
    if not 0 < len(words) <= _LONGEST_NAME:
        return False
    if any(part in _NO_NAME for word in words for part in re.split(r"[.,:-]", word.lower())):
        return False
    return all(
        _NAME.fullmatch(word)
        and (word[-1] != "." or len(word) <= _ABBREVIATED)
        and (not word[0].islower() or word in _SMALL)
        for word in words
    ) and any(word not in _SMALL for word in words)


def _records(root: Element) -> Iterator[dict[str, Any]]:
    """Return the records of JSON-LD that are of an article."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _articles(data, 0)


def _articles(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for each in data:
            yield from _articles(each, depth + 1)
    elif isinstance(data, dict):
        if "headline" in data or "datePublished" in data:
            yield data
        else:
            yield from _articles(data.get("@graph"), depth + 1)


def _texts(value: object, depth: int = 0) -> list[str]:
    """Return what a value of JSON-LD says: a text, something with a name, or several of those."""
    if depth > _DEEPEST:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each, depth + 1)]
    return _texts(value.get("name"), depth + 1) if isinstance(value, dict) else []


def _once(texts: list[str]) -> tuple[str, ...]:
    lines = (" ".join(text[:_LONGEST].split()) for text in texts[:_MOST])
    return tuple(dict.fromkeys(line for line in lines if line))
