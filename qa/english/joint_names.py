"""Names that have "and", "&" or commas in them: "Marks & Harland Ltd", "Trinidad and Tobago"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from index.structure.spans import Span
from qa.english.name_kinds import ORGANISATIONS
from qa.english.names import Name
from qa.english.words import DETERMINERS, Word, is_english, word_list, words

_LEGAL_FORMS = word_list("legal_forms")
_PARTNERS = word_list("partners")
_TRADES = word_list("trades")
_OFFICES = ORGANISATIONS | word_list("offices")
_PAIRS = frozenset(tuple(pair.split("-")) for pair in word_list("joint_places"))
_SAINTS = frozenset({"st", "saint"})
_OF = frozenset({"of", "for", "on"})


class _Part(NamedTuple):
    """What stands between two delimiters, and the one before it.

    Attributes:
        span: Where it stands.
        words: Its words, without a determiner before them.
        determined: Whether there is one.
        between: What stands between it and the part before; empty before the first.
    """

    span: Span
    words: tuple[Word, ...]
    determined: bool
    between: str

    @property
    def capital(self) -> bool:
        """Whether it can be a name, or a piece of one: the outer words are capitalised."""
        return bool(self.words) and all(
            word.text[0].isupper() for word in (self.words[0], self.words[-1])
        )

    @property
    def single(self) -> bool:
        """Whether it is one capitalised word, initials aside."""
        return self.capital and sum(len(word.text) > 1 for word in self.words) == 1

    @property
    def legal(self) -> bool:
        """Whether it ends like a company's name."""
        return len(self.words) > 1 and (
            self.words[-1].lower.rstrip(".") in _LEGAL_FORMS
            or (self.words[-1].text[0].isupper() and self.words[-1].lower in _TRADES)
        )


def join_names(text: str, parts: Sequence[Span], known: Sequence[Name]) -> list[Span]:
    """Join those parts of an enumeration again that are one name.

    Args:
        text: The whole text.
        parts: The parts, in order: what stands between commas and "and".
        known: All that the text names.
    """
    if len(parts) < 2:
        return list(parts)
    own = _parts(text, parts)
    alone = _Alone(known, Span(parts[0].start, parts[-1].end))
    joins = {number for number in range(1, len(own)) if _is_one(own, number, alone)}
    for number in sorted(joins):
        joins.update(_series_before(own, number, alone))
    joined = [parts[0]]
    for number, part in enumerate(parts[1:], start=1):
        if number in joins:
            joined[-1] = Span(joined[-1].start, part.end)
        else:
            joined.append(part)
    return joined


def is_pair(text: str, parts: Sequence[Span], known: Sequence[Name]) -> bool:
    """Tell whether two parts may as well be one thing: "Procter and Gamble", "fish and chips".

    They may where the second is one bare word, or the first is one in the singular; a capitalised
    one goes with any name, and a saint with another, if the text has neither elsewhere, and they
    are no two places.
    """
    if len(parts) != 2:
        return False
    first, second = _parts(text, parts)
    if "," in second.between or not (first.words and second.words):
        return False
    if first.words[-1].text.islower() and second.words[0].text.islower():
        # "an office for research and development", "store and forward switching"
        opens = len(first.words) == 1 and not first.words[0].lower.endswith("s")
        return (opens and not (first.determined or second.determined)) or (
            len(second.words) == 1 and not second.determined
        )
    saints = [part.words[0].lower.rstrip(".") in _SAINTS for part in (first, second)]
    shorter = all(saints) and len(second.words) == 2
    if len(first.words) != 1 + shorter or not (first.capital and second.capital):
        return False
    alone = _Alone(known, Span(parts[0].start, parts[1].end))
    places = [name.kind for part in parts for name in known if part in name.places]
    return not (alone(first) or alone(second) or places == ["place", "place"])


class _Alone:
    """Tells whether a text names a part somewhere else by itself.

    Args:
        known: All that the text names.
        span: Where the parts stand.
    """

    def __init__(self, known: Sequence[Name], span: Span) -> None:
        self._elsewhere = {
            form
            for name in known
            if any(not span.contains(place) for place in name.places)
            for form in (name.text, name.short)
        }

    def __call__(self, part: _Part) -> bool:
        return " ".join(word.text for word in part.words) in self._elsewhere


def _parts(text: str, parts: Sequence[Span]) -> list[_Part]:
    own: list[_Part] = []
    end = parts[0].start
    for span in parts:
        found = words(text, *span)
        determined = len(found) > 1 and found[0].lower in DETERMINERS
        between = text[end : span.start] if own else ""
        own.append(_Part(span, tuple(found[determined:]), determined, between))
        end = span.end
    return own


def _is_one(parts: Sequence[_Part], number: int, alone: _Alone) -> bool:
    """Tell whether a part is one name with that before it."""
    before, part = parts[number - 1], parts[number]
    if not part.words or not before.words:
        return False
    last, first = before.words[-1], part.words[0]
    if part.between.strip() == "&":
        return (
            last.text[0].isupper()
            and first.text[0].isupper()
            and not (_may_be_person(before) and _may_be_person(part))
        )
    if (last.text, first.text) in _PAIRS:
        return True
    if not (last.text[0].isupper() and part.capital) or part.determined:
        return False
    if _is_office_of(parts, number):
        return True
    if "," in part.between:
        return False
    if first.lower.rstrip(".") in _PARTNERS:
        return _is_partners(part, before) or part.legal
    if part.legal and before.single and not before.determined:
        return not alone(before)
    return _is_office(before, part) and not alone(before)


def _is_partners(part: _Part, before: _Part) -> bool:
    """Tell whether a part is but "Co." or "Sons", or that "of Leeds", behind somebody's name."""
    first = part.words[0].lower.rstrip(".")
    if len(part.words) == 1 or first not in _PARTNERS:
        return first in _PARTNERS
    named = before.single or first in _LEGAL_FORMS  # no "Daughters of Charity and Sisters of Mercy"
    return named and part.words[1].text in _OF


def _may_be_person(part: _Part) -> bool:
    """Tell whether a part is two capitalised words that end like no company's name."""
    last = part.words[-1].lower.rstrip(".")
    return part.capital and len(part.words) == 2 and last not in _LEGAL_FORMS | _PARTNERS


def _is_office_of(parts: Sequence[_Part], number: int) -> bool:
    """Tell whether it goes on with what an office is for: "Department of Health" and "Care".

    Both have to be common words in capitals, and an "and" to follow the last comma.
    """
    opening = number - 1
    while opening > 0 and not _opens_office(parts[opening]):
        opening -= 1
    if not _opens_office(parts[opening]):
        return False
    further = parts[opening + 1 : number + 1]
    if not all(map(_is_subject, further)) or any("and" in part.between for part in further[:-1]):
        return False
    for part in parts[number:]:
        if not _is_subject(part):
            return False
        if "," not in part.between or "and" in part.between.split():
            return True
    return False


def _opens_office(part: _Part) -> bool:
    """Tell whether a part is an office and the first of what it is for."""
    for place, word in enumerate(part.words[1:-1], start=1):
        if word.text in _OF:
            behind = part.words[place + 1 :]
            named = any(each.lower in _OFFICES for each in part.words[:place])
            return named and all(map(_is_common, behind))
    return False


def _is_subject(part: _Part) -> bool:
    """Tell whether a part can be what an office is for: common words, all in capitals."""
    heads = any(word.lower in ORGANISATIONS for word in part.words)
    return bool(part.words) and not part.determined and not heads and all(
        map(_is_common, part.words)
    )  # fmt: skip


def _is_common(word: Word) -> bool:
    capital = word.text[0].isupper() and not word.text.isupper()
    return (capital and is_english(word.text)) or word.text in {"of", "for", "the"}


def _is_office(before: _Part, part: _Part) -> bool:
    """Tell whether two parts are what an office is for: "Food" and "Drug Administration"."""
    if len(part.words) < 2 or part.words[-1].lower not in _OFFICES:
        return False
    if any(word.lower in _OFFICES for word in before.words):
        return False
    return all(map(_is_common, before.words)) or (before.determined and before.single)


def _series_before(parts: Sequence[_Part], number: int, alone: _Alone) -> set[int]:
    """Return the joins that make "Black, Hooper & Finch" of "Black" and "Hooper & Finch".

    Only where the name is the last of the enumeration: in "Black, Hooper & Finch and Low", commas
    part the items.
    """
    part = parts[number]
    company = "&" in part.between or part.legal or _is_partners(part, parts[number - 1])
    subjects = _ends_office(part)
    if number + 1 != len(parts) or not (company or subjects):
        return set()
    joins: set[int] = set()
    for place in range(number - 1, 0, -1):
        before = parts[place - 1]
        short = before.single if company else all(map(_is_common, before.words))
        if parts[place].between.strip() != "," or not short or not parts[place].single:
            break
        if alone(before) or (before.determined and company):
            break
        joins.add(place)
    return joins


def _ends_office(part: _Part) -> bool:
    """Tell whether a part ends with the word for an office: "Sport Committee"."""
    return len(part.words) > 1 and part.words[-1].lower in _OFFICES
