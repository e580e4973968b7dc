"""Web pages that were saved, and other HTML: their main text, without what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from index.errors import ArticleError
from index.loaders.content import Content
from index.loaders.hypertext.blocks import HtmlBlock, write_block
from index.loaders.hypertext.claims import BY, Claims, claims_of, is_name, names_of
from index.loaders.hypertext.frame import is_day
from index.loaders.hypertext.main_blocks import main_blocks
from index.loaders.hypertext.main_text import page_meta
from index.loaders.hypertext.tree import decode_html, hidden, html_root, tag_of
from index.loaders.markup import Markup
from index.loaders.trees import Element
from index.loaders.writing import Writer, text_of
from index.places import Part

_DOCUMENT = Part()
_PARTED = re.compile(r"\s+(?:[-|–—·•»«:]|::|\|\|)\s+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-\w{2,8})*")
_FIRST = 3  # headings of which one may be the title
_DEGREE = 3  # letters, such as those of "PhD" behind a name
_LONGEST = 300  # characters of a title


def load_html(data: bytes, name: str) -> Content:
    """Read the main text of a page; the title is the page's own, or else the file's name.

    Raises:
        ArticleError: It holds no text of its own.
    """
    decoded = decode_html(data)
    root = html_root(decoded.text)
    writer = Writer()
    writer.begin(_DOCUMENT)
    claims = Claims() if root is None else claims_of(root)
    blocks = [] if root is None else main_blocks(root, claims)
    for block in blocks:
        write_block(writer, block)
    if root is None or not writer.text.strip():
        raise ArticleError(
            f"{name}: holds no text of its own; it may need a browser's scripts: save it as PDF "
            "from the browser and try again."
        )
    meta = _meta(root, claims, blocks)
    headings = [text_of(block.pieces) for block in blocks if block.level][:_FIRST]
    title = _title(root, headings, str(meta.get("sitename", ""))) or Path(name).stem
    return Content(title, writer.text, meta, writer.places, "text/html", decoded.notes(name))


def _meta(root: Element, claims: Claims, blocks: Sequence[HtmlBlock]) -> dict[str, Any]:
    """Return what a page says of itself; what it does not say is not there.

    What is guessed of its author and date has to stand in its byline or its data, too.
    """
    meta = page_meta(root)
    bylines = [text_of(block.pieces) for block in blocks if block.role == "byline"]
    shown = " ".join(bylines).casefold()
    guessed = [name.strip() for name in str(meta.pop("author", "")).split(";")]
    stated = [name for name in claims.authors if name.casefold() in shown] or list(claims.authors)
    names = [
        name for name in guessed
        if is_name(name) and (name.casefold() in shown or name in stated)
    ]  # fmt: skip
    signed = [name for name in names if name.casefold() in shown]
    byline = bylines[0].strip() if bylines else ""
    own = names_of(byline) if BY.match(byline) or is_name(byline) else []
    names = signed or own or names or stated
    names = [name for name in names if len(name) > _DEGREE] or names
    if names:
        meta["author"] = "; ".join(names)
    date = str(meta.pop("date", ""))
    if claims.dates and date not in claims.dates:
        date = claims.dates[0]
    if date and (claims.dates or _is_shown(date, blocks) or _is_in_address(date, meta)):
        meta["date"] = date
    language = root.get("lang") or root.get("xml:lang") or ""
    if _LANGUAGE.fullmatch(language):
        meta["language"] = language
    return meta


def _is_shown(date: str, blocks: Sequence[HtmlBlock]) -> bool:
    return any(is_day(text_of(each.pieces), date) for each in blocks if each.role == "date")


def _is_in_address(date: str, meta: dict[str, Any]) -> bool:
    return "".join(date.split("-")) in re.sub(r"[-/_]", "", str(meta.get("url", "")))


def _title(root: Element, headings: Sequence[str], site: str) -> str:
    """Return what a page is called, without the name of its site; empty if it does not say.

    Args:
        root: The page.
        headings: The first headings of its main text.
        site: The name of its site, if it says that.
    """
    said = [
        *(each.get("content") or "" for each in root.iter("meta")
          if each.get("property") == "og:title"),
        *("".join(each.itertext()) for each in root.iter("title")),
    ]  # fmt: skip
    said, headings = _plain(said[:2]), _plain(headings)
    for title in said:
        parts = _PARTED.split(title)
        for heading in headings:
            if title.startswith(heading) or (len(parts) > 1 and heading in parts):
                return heading
        if len(parts) > 1 and parts[-1].lower() == site.lower():
            return title[: title.rindex(parts[-1])].rstrip(" -|–—·•»«:")
    return next(iter((*said, *headings)), "")


def _plain(titles: Iterable[str]) -> list[str]:
    """Return titles in one line, cut where they are too long, without the sign of a link."""
    lines = (" ".join(title.split()).rstrip("¶# ") for title in titles)
    return [line[:_LONGEST] for line in lines if line]


def _trees(data: bytes) -> list[tuple[Part, Element]]:
    root = html_root(data)
    return [] if root is None else [(_DOCUMENT, root)]


HTML = Markup(trees=_trees, tag_of=tag_of, hidden=hidden)
"""How a page is shown: as a whole, what stands around its text, too."""
