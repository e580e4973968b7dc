"""Signs that are read as something else: ligatures, hyphenation, entities, marks of Markdown."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from index.articles import Article


class Rewrite(NamedTuple):
    """Characters of a text, ``text[start:end]``, and what is read in their place."""

    start: int
    end: int
    read: str


# All patterns are bounded, or stop at what they start with, so that none looks at much text twice.
_MAY_HOLD_ANY = re.compile("[\u00ad\u200b\u2060\ufeff\ufb00-\ufb06&`*_\\[\\\\<]|[-‐][ \t]*\n")
_INVISIBLE = re.compile("\u00ad[ \t]*\n[ \t]*|[\u00ad\u200b\u2060\ufeff]")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINE_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_LINK = re.compile(
    r"!?\[(?P<text>[^\[\]]{1,300})\]"
    r"\((?:[^()\s]{0,500}|[^()\s]{0,300}\([^()\s]{0,100}\)[^()\s]{0,100})"
    r"(?:\s\"[^\"\n]{0,200}\")?\)"
)
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)(?P<text>[^`\n]{1,300})\1(?!`)")
_AUTOLINK = re.compile(r"<(?P<text>(?:https?://|mailto:)[^<>\s]{1,500}|[\w.+-]{1,64}@[\w.-]+)>")
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!|<>&~-])")
_MARKS = re.compile(r"\*{1,3}|(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])|~~")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐][ \t]*\n[ \t]*(?=[^\W\d_])")
_PART = re.compile(r"[^\W\d_]{1,60}(?:[-‐][^\W\d_]{1,60})?")
_LONGEST_PART = 60
_MARKDOWN = (".md", ".markdown")


def rewrites(text: str, article: Article) -> list[Rewrite]:
    """Return what of a text is read as something else, in order; none overlaps another.

    Args:
        text: The text, of an article or made of its parts.
        article: The article. Its words tell a hyphen that was put in at the end of a line from one
            that is a word's own. Where its file is none of Markdown, only marks that mean nothing
            else are left out.
    """
    if not _MAY_HOLD_ANY.search(text):
        return []
    markdown = article.id.lower().endswith(_MARKDOWN)
    found = [Rewrite(*each.span(), "") for each in _INVISIBLE.finditer(text)]
    found += [
        Rewrite(*each.span(), unicodedata.normalize("NFKC", each[0]))
        for each in _LIGATURE.finditer(text)
    ]
    found += _hyphens(text, article)
    if markdown:
        for code in _CODE.finditer(text):
            found += _without_frame(code)
        # What stands in code is no mark of anything.
        text = _CODE.sub(lambda code: "x" * len(code[0]), text)
    for entity in _ENTITY.finditer(text):
        read = html.unescape(entity[0])
        if read != entity[0]:
            found.append(Rewrite(*entity.span(), _INVISIBLE.sub("", read).replace("\xa0", " ")))
    found += [Rewrite(*each.span(), " ") for each in _LINE_BREAK.finditer(text)]
    for link in _LINK.finditer(text):
        found += _without_frame(link)
    if markdown:
        for link in _AUTOLINK.finditer(text):
            found += _without_frame(link)
        found += [Rewrite(*each.span(), "") for each in _ESCAPE.finditer(text)]
    found += _marks(text, markdown)
    return _apart(found)


def _without_frame(found: re.Match[str]) -> list[Rewrite]:
    """Leave out what stands before and behind the text of a link or of code."""
    start, end = found.span("text")
    return [Rewrite(found.start(), start, ""), Rewrite(end, found.end(), "")]


def _hyphens(text: str, article: Article) -> Iterator[Rewrite]:
    """Join the words that are parted at the end of a line."""
    for hyphen in _HYPHEN.finditer(text):
        behind = text[max(0, hyphen.start() - _LONGEST_PART) : hyphen.start()]
        first, second = _PART.match(behind[::-1]), _PART.match(text, hyphen.end())
        if first is None or second is None or not second[0][0].islower():
            continue
        before, after, words = first[0][::-1].lower(), second[0].lower(), article.words
        own = f"{before}-{after}" in words or (before in words and after in words)
        keeps = before + after not in words and (own or "-" in before + after)
        start = hyphen.start() + 1 if keeps else hyphen.start()
        yield Rewrite(start, hyphen.end(), "")


def _marks(text: str, markdown: bool) -> Iterator[Rewrite]:
    """Leave out the marks of emphasis, which stand in pairs round what they emphasise."""
    opened: dict[str, re.Match[str]] = {}
    for mark in _MARKS.finditer(text):
        if not markdown and mark[0] != "**":
            continue
        before = text[max(0, mark.start() - 1) : mark.start()]
        after = text[mark.end() : mark.end() + 1]
        if mark[0] in opened and not before.isspace():
            for each in (opened.pop(mark[0]), mark):
                yield Rewrite(*each.span(), "")
        elif after and not after.isspace():
            opened[mark[0]] = mark
        elif markdown and mark[0] == "**" and before and not before.isspace():
            yield Rewrite(*mark.span(), "")  # what it closes was opened in the sentence before
    if markdown and "**" in opened:
        mark = opened["**"]  # and here it is closed in a later one
        if not text[max(0, mark.start() - 1) : mark.start()].isalnum():
            yield Rewrite(*mark.span(), "")


def _apart(found: list[Rewrite]) -> list[Rewrite]:
    """Put rewrites in order, and leave out those that overlap one before."""
    apart: list[Rewrite] = []
    for each in sorted(found):
        if not apart or each.start >= apart[-1].end:
            apart.append(each)
    return apart
