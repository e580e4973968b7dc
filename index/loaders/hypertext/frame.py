"""What frames the text of an article on its page: headline, standfirst, byline, date, captions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import chain, islice, pairwise

from index.loaders.hypertext.blocks import HtmlBlock, is_block
from index.loaders.hypertext.claims import Claims, name_at, names_of
from index.loaders.trees import Element
from index.loaders.writing import Piece, text_of

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BYLINE = frozenset(
    ["byline", "bylines", "author", "authors", "contributor", "contributors", "writer", "writers",
     "journalist", "reporter", "auteur", "autor", "autore", "verfasser"]
)  # fmt: skip
_DATED = frozenset(
    ["date", "dates", "dateline", "datetime", "time", "timestamp", "published", "publish",
     "publication", "pubdate", "posted", "updated", "modified", "datum", "fecha", "meta", "info"]
)  # fmt: skip
_CAPTION = frozenset(["caption", "captions", "figcaption", "cutline", "credit", "credits"])
_CREDIT = frozenset(("credit", "credits"))
_STANDFIRST = frozenset(
    ["standfirst", "deck", "dek", "subtitle", "subheadline", "subheading", "subhead", "strapline",
     "lede", "excerpt", "summary", "subtitulo", "chapo", "synopsis", "tagline"]
)  # fmt: skip
_HEADLINE = frozenset(["headline", "title"])
_OTHERS = frozenset(
    ["related", "recommended", "recirculation", "teaser", "teasers", "comment", "comments",
     "promo", "newsletter", "trending", "popular", "widget", "sidebar", "breadcrumb",
     "breadcrumbs", "carousel", "bio", "next", "previous", "outbrain", "taboola", "latest",
     "recent", "signup", "subscribe", "footer"]
)  # fmt: skip
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.|º)?(?:\s+de)?\s+[^\W\d_]{{3,12}}\.?,?(?:\s+de)?\s+{_YEAR}"
    rf"|\b[^\W\d_]{{3,12}}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\s*,?\s*{_YEAR}"
    rf"|(?<!\d){_YEAR}[-/.年]\s?\d{{1,2}}[-/.月]\s?\d{{1,2}}"
    rf"|(?<!\d)\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:{_YEAR}|\d\d(?!\d))"
)
_DAY = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}\b(?!:)", re.I
)
_NUMBER = re.compile(r"\d+")
_BY = re.compile(
    r"(?i:(?:(?:written|posted|story|words|analysis|review|text)\s+)?\b(?:by|von|par|por)\b):?\s+(?=[^\W\d_a-z])"
)
_OPEN = re.compile(r"(?:(?:written|posted|published|updated|last updated|story|posted on|"
                   r"published on|by|on|date)\s*)+:?", re.I)  # fmt: skip
_COUNTED = re.compile(r"\d+\s?(?:of|/)\s?\d+\s*")
_PUBLISHED = re.compile(r"(?:last\s+)?(?:published|updated|posted|first published)\b", re.I)
_WORDS = re.compile(r"[^\W_]+")
_ABOVE, _BELOW = 10, 6  # blocks around the article in which its byline and date may stand
_BETWEEN = 40  # blocks between headline and text
_ANCESTORS = 3  # of a block that may say what it is
_ANCESTORS_OF_OTHERS = 5
_LABEL = 12  # characters before a name, such as those of "Author: "
_DESCENDANTS = 40
_SHORTEST = 8  # characters of a headline or a caption
_SHORT = 15  # characters of a headline that the title does not say
_LONG = 60  # characters of a paragraph that is no label
_LONGEST_BYLINE, _LONGEST_DATE, _LONGEST_CAPTION, _LONGEST_STANDFIRST = 200, 140, 800, 500
_TITLED = 0.4  # of a title that a headline is; less of it is the name of the site
_TAGGED = 0.5  # of a text that is a date; less of it needs a sign


def framed(blocks: Sequence[HtmlBlock], main: Collection[int], claims: Claims,
           around: Collection[Element]) -> list[HtmlBlock]:  # fmt: skip
    """Return the blocks that are main text with those that frame it, in order, with their roles.

    What stands above the headline comes right below it.

    Args:
        blocks: All blocks.
        main: The numbers of those that are main text.
        claims: What the page says of itself.
        around: The elements that stand around the text.
    """
    return _Frame(blocks, main, claims, around).blocks() if main else []


class _Frame:
    def __init__(
        self, blocks: Sequence[HtmlBlock], main: Collection[int], claims: Claims,
        around: Collection[Element],
    ) -> None:  # fmt: skip
        self._blocks = blocks
        self._main = main
        self._claims = claims
        self._around = around
        self._texts = [" ".join(text_of(block.pieces).split()) for block in blocks]
        self._authors = [_key(author) for author in claims.authors]
        self._last = max(main)
        # What holds the text says nothing of one block.
        self._above = set(blocks[self._last].element.iterancestors())
        self._titled: set[Element] = set()  # what holds the headline is none of something else
        self._headline = self._find_headline()
        self._start = self._find_start()
        head = self._headline
        if head is not None:
            self._titled.update(blocks[head].element.iterancestors())
            if blocks[head].element in around:
                self._around = frozenset()  # it is not known what stands around
        self._above.update(blocks[self._start].element.iterancestors())

    def blocks(self) -> list[HtmlBlock]:
        """Return the blocks of the article."""
        roles = self._roles()
        top: list[HtmlBlock] = []
        head: list[HtmlBlock] = []
        rest: list[HtmlBlock] = []
        for number in sorted({*self._main, *roles}):
            block = _in_role(self._blocks[number], roles.get(number, ""))
            if self._headline is None or number > self._headline:
                rest.append(block)
            elif number == self._headline:
                head.append(block)
            elif block.role in ("byline", "date"):
                head.insert(0, block)
            else:
                top.append(block)
        return [*top, *head[-1:], *head[-2::-1], *_joined(rest)]

    def _find_headline(self) -> int | None:
        """Return the number of the block that is the headline: it says what the page is called."""
        titles = [_key(title) for title in self._claims.titles]
        long = (number for number in sorted(self._main) if len(self._texts[number]) >= _LONG)
        first = next(long, min(self._main))
        best: tuple[tuple[int, int], int] | None = None
        for number, block in enumerate(self._blocks[: self._last + 1]):
            key = _key(self._texts[number][:_LONGEST_STANDFIRST])
            marked = block.kind == "heading" or (
                block.kind == "paragraph" and _words_of(block.element) & _HEADLINE
            )
            if not marked or len(key) < _SHORTEST or number < first - _BETWEEN:
                continue
            if block.element in self._around and block.level != 1:
                continue
            if any(
                title.startswith(key)
                or (key in title and len(key) > _TITLED * len(title))
                or (len(title) > 20 and title in key)
                for title in titles
            ):
                rank = (3 if block.level == 1 else 2 if block.level else 1, len(key))
                if best is None or rank > best[0]:
                    best = rank, number
        if best is not None:
            return best[1]
        ones = [number for number in range(first + 1) if self._blocks[number].level == 1]
        near = len(ones) == 1 and ones[0] >= first - _BETWEEN
        return ones[0] if near and len(self._texts[ones[0]]) > _SHORT else None

    def _find_start(self) -> int:
        """Return the number of the first block of the text itself."""
        behind = [n for n in sorted(self._main) if self._headline is None or n > self._headline]
        long = (n for n in behind if len(self._texts[n]) >= _LONG and not self._blocks[n].level
                and not self._is_caption(self._blocks[n]))  # fmt: skip
        return next(long, min(behind, default=max(self._main)))

    def _roles(self) -> dict[int, str]:
        roles: dict[int, str] = {}
        head = self._headline
        if head is not None:
            roles[head] = "headline"
        low = self._start - _BETWEEN if head is None else head
        seen: set[str] = {_key(self._texts[head])} if head is not None else set()
        zones = [
            (range(max(low + (head is not None), self._start - _BETWEEN, 0), self._start), False),
            (range(self._start, min(self._start + 3, self._last)), True),
            (range(low - 1, max(low - _ABOVE, 0) - 1, -1) if head is not None else range(0), True),
            (range(self._last + 1, min(self._last + _BELOW, len(self._blocks))), True),
        ]
        if head is None:
            zones[0] = (zones[0][0], True)
        for numbers, strict in zones:
            found = set(roles.values())
            strays = False  # whether a heading that is not the article's has been met
            for number in numbers:
                if number > self._last and self._blocks[number].level:
                    break
                if strict and number in self._main and len(self._texts[number]) > _LONG:
                    continue
                role = self._role(number, strict or strays)
                if not role:
                    is_heading = (
                        self._blocks[number].kind == "heading"
                        and len(self._texts[number]) > _SHORT  # less is a button
                    )
                    strays = strays or (is_heading and number not in self._main)
                if role == "date" and "date" in roles.values():
                    beside = roles.get(number - 1) in ("date", "byline")
                    role = role if beside or _PUBLISHED.match(self._texts[number]) else ""
                if not role or (strict and role in found) or number in roles:
                    continue
                key = _key(self._texts[number])
                if any(key in other for other in seen) and number not in self._main:
                    continue
                if role != "open":
                    seen.add(key)
                roles[number] = role
        captions = {_opening(self._texts[number]) for number in self._main}
        for number in range(max(low, 0), min(self._last + 3, len(self._blocks))):
            text = _opening(self._texts[number])
            if number not in roles and text not in captions and self._captions(number):
                roles[number] = "caption"
                captions.add(text)
        return {number: role for number, role in roles.items()
                if role != "open" or roles.get(number + 1) in ("byline", "date")}  # fmt: skip

    def _role(self, number: int, strict: bool) -> str:
        """Return what a block near the headline is; empty if it is none of the frame.

        Args:
            number: Its number.
            strict: Whether it may as well belong to something else than the article.
        """
        block, text = self._blocks[number], self._texts[number]
        if block.kind in ("table", "lines") or self._is_of_others(block):
            return ""
        if strict and block.element in self._around:
            return ""
        words = self._signs(block)
        caption = self._is_caption(block)
        if not caption and self._is_byline(text, words, strict):
            return "byline"
        if not (words & _CAPTION - _CREDIT) and self._is_date(text, words, strict):
            return "date"
        if strict or caption or block.element in self._around:
            return ""
        if _OPEN.fullmatch(text) and len(text) < 20:
            return "open"
        return "standfirst" if self._is_standfirst(number, words) else ""

    def _is_byline(self, text: str, words: AbstractSet[str], strict: bool) -> bool:
        if len(text) > _LONGEST_BYLINE or not any(sign.isupper() for sign in text):
            return False
        key = _key(text)
        places = [f" {key} ".find(f" {author} ") for author in self._authors]
        named = any(place >= 0 for place in places)
        if named and len(key) <= 120:
            return (
                bool(words & _BYLINE)
                or bool(_BY.match(text))
                or (not strict and any(0 <= place <= _LABEL for place in places))
            )
        by = _BY.match(text)
        if by and (names_of(text) or words & _BYLINE or name_at(text[by.end() :])):
            return not strict or not self._authors
        if not words & _BYLINE or strict:
            return False
        return bool(name_at(text))

    def _is_date(self, text: str, words: AbstractSet[str], strict: bool) -> bool:
        found = _DATE.search(text)
        signed = bool(words & (_DATED | _BYLINE)) or bool(_PUBLISHED.match(text))
        if found is None and signed and len(text) <= _LONG:
            found = _DAY.search(text)
        if found is None or len(text) > _LONGEST_DATE:
            return False
        if not signed and len(found[0]) < _TAGGED * len(text):
            return False
        if not self._claims.dates:
            return not strict or bool(_PUBLISHED.match(text))
        is_own = any(is_day(found[0], date) for date in self._claims.dates)
        return is_own or (not strict and bool(_PUBLISHED.match(text)))

    def _is_standfirst(self, number: int, words: AbstractSet[str]) -> bool:
        block, text = self._blocks[number], self._texts[number]
        if not 20 <= len(text) <= _LONGEST_STANDFIRST:
            return False
        key = _key(text)
        if any((len(key) > 30 and key in said) or (len(said) > 40 and said in key)
               for said in map(_key, self._claims.descriptions)):  # fmt: skip
            return True
        if words & _STANDFIRST:
            return True
        return block.kind == "heading" and self._headline == number - 1 and block.level == 2

    def _captions(self, number: int) -> bool:
        block, text = self._blocks[number], self._texts[number]
        if (
            block.kind in ("table", "lines", "heading")
            or not _SHORTEST <= len(text) <= _LONGEST_CAPTION
        ):
            return False
        linked = sum(len(piece.text) for piece in block.pieces if "/a[" in (piece.path or ""))
        return (
            self._is_caption(block)
            and not self._is_of_others(block)
            and block.element not in self._around
            and 2 * linked < len(text)
        )

    def _is_caption(self, block: HtmlBlock) -> bool:
        own = self._own(block.element)
        if any(_is_captioning(each) for each in own if each not in self._titled):
            return True
        for each in islice(_inline(block.element), _DESCENDANTS):
            if _is_captioning(each):  # it is one if it is all that the block says
                said = "".join(each.itertext()).split()
                return said == text_of(block.pieces).split()
        return False

    def _is_of_others(self, block: HtmlBlock) -> bool:
        return any(
            _words_of(each) & _OTHERS
            for each in self._own(block.element, _ANCESTORS_OF_OTHERS)
            if each not in self._titled
        )

    def _signs(self, block: HtmlBlock) -> set[str]:
        """Return the words by which elements of a block say what it is."""
        signs: set[str] = set()
        for each in (*self._own(block.element), *islice(_inline(block.element), _DESCENDANTS)):
            signs |= _words_of(each)
            if each.get("rel") == "author":
                signs.add("author")
            if each.tag == "time":
                signs.add("time")
            if each.tag == "address":
                signs.add("byline")
            signs.update(part.lower() for part in _PARTS.findall((each.get("itemprop") or "")[:80]))
        return signs

    def _own(self, element: Element, most: int = _ANCESTORS) -> Iterator[Element]:
        """Return an element and those around it, as far as they do not hold the text, too."""
        for each in islice(chain((element,), element.iterancestors()), most + 1):
            if each in self._above:
                return
            yield each


def _in_role(block: HtmlBlock, role: str) -> HtmlBlock:
    if not role:
        return block
    if role == "headline":
        return replace(block, kind="heading", level=block.level or 1, role=role)
    return replace(block, kind="paragraph", level=0, role=role, pieces=_apart(block.pieces))


def _apart(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces with a blank where a name and what stands beside it are parted by styles."""
    parted = list(pieces[:1])
    for before, piece in pairwise(pieces):
        if before.text[-1:].islower() and piece.text[:1].isupper():
            parted.append(Piece(" "))
        parted.append(piece)
    return parted


def _joined(blocks: Iterable[HtmlBlock]) -> list[HtmlBlock]:
    """Return blocks where "By" and the name behind it are one."""
    joined: list[HtmlBlock] = []
    for block in blocks:
        if joined and joined[-1].role == "open":
            before = joined.pop()
            block = replace(block, pieces=[*before.pieces, Piece(" "), *block.pieces])
        joined.append(block)
    return joined


def _inline(element: Element) -> Iterator[Element]:
    """Return what is in an element and in no block in it."""
    stack = list(islice(element, _DESCENDANTS))[::-1]
    while stack:
        each = stack.pop()
        if isinstance(each.tag, str) and not is_block(each):
            yield each
            stack += list(islice(each, _DESCENDANTS))[::-1]


def _words_of(element: Element) -> set[str]:
    words: set[str] = set()
    for name in islice((*(element.get("class") or "")[:500].split(), element.get("id") or ""), 20):
        parts = [part.lower() for part in _PARTS.findall(name[:100])]
        if "no" not in parts:  # as in "no-promo"
            words.update(parts)
    return words


def _is_captioning(element: Element) -> bool:
    return (
        element.tag == "figcaption"
        or element.get("itemprop") == "caption"
        or not _words_of(element).isdisjoint(_CAPTION)
    )


def _opening(caption: str) -> str:
    """Return how a caption begins: pictures of one thing repeat it."""
    return _COUNTED.sub("", caption[: 2 * _LONG], count=1)[:_LONG]


def _key(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))


def is_day(text: str, date: str) -> bool:
    """Tell whether a date may be that day; elsewhere on Earth it is the day before or behind."""
    numbers = {int(number[:4]) for number in _NUMBER.findall(text)}
    year, _, day = (int(part) for part in date.split("-"))
    days = {day - 1, day, day + 1} | ({1, 28, 29, 30, 31} if day in (1, 28, 29, 30, 31) else set())
    years = {number for number in numbers if number > 1900}
    return bool(numbers & days) and (not years or year in years)
