"""Who a text lets speak: the person that a pronoun, a title or a description stands for."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from index.structure.spans import Span
from qa.english.names import ROLES, Name
from qa.english.words import CLOSED, DETERMINERS, Word, is_verb_of_speaking, words

PRONOUNS = {"he": "he", "his": "he", "she": "she", "her": "she", "they": "they", "their": "they"}
_NEAR = 600  # characters behind a person's name within which a pronoun that agrees means them
_INSIDE = DETERMINERS | {"at"}  # words of a description: "the head of the clinic at Bergen"
_LOOKED_AT = 20  # people with a role, among whom the one is looked for whom a description means
_AROUND = 90  # characters on either side of a name in which what somebody is stands
_APPOSITION = re.compile(
    r"(?:, (?:\d+, )?|\s(?=of |for |from ))(?P<what>(?:[\w’'.-]+ ?){1,9}?)"
    r"(?=[,.;:)]|\s(?:who|and)\b)"
)


@dataclass(frozen=True)
class Utterance:
    """What somebody says in a text.

    Attributes:
        start: Where it starts.
        end: Where it ends.
        speaker: Where the text says who says it, in words such as "Umerov" or "both officials";
            None if it does not say.
        name: The speaker's name, if it has one.
    """

    start: int
    end: int
    speaker: Span | None
    name: str | None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)


class Speakers:
    """The people and organisations of a text, each found from a place in it without a search.

    Args:
        text: The text.
        known: All that it names.
    """

    def __init__(self, text: str, known: Sequence[Name]) -> None:
        self._text = text
        named = [
            (place, name)
            for name in known
            if name.kind in ("person", "organisation")
            for place in name.places
        ]
        self._named = sorted(named, key=lambda item: item[0])
        self._people = [item for item in self._named if item[1].kind == "person"]
        self._pronouns = {name.text: name.pronoun for _, name in self._people}
        self._agreeing = {
            pronoun: [item for item in self._people if item[1].pronoun == pronoun]
            for pronoun in ("he", "she")
        }
        self._possible = {
            "they": self._people,
            "he": [item for item in self._people if item[1].pronoun in ("", "he")],
            "she": [item for item in self._people if item[1].pronoun in ("", "she")],
        }

    def people_in(self, span: Span) -> list[tuple[Span, Name]]:
        """Return where people are named in a span, in order, with their names."""
        return _within(self._people, span)

    def named_in(self, span: Span) -> list[tuple[Span, Name]]:
        """Return where people and organisations are named in a span, in order."""
        return _within(self._named, span)

    def pronoun_of(self, name: str) -> str | None:
        """Return the pronoun of a person, empty if it is not known; None if it is no person."""
        return self._pronouns.get(name)

    def antecedent(self, pronoun: str, before: int) -> tuple[Span, Name] | None:
        """Return the person that a pronoun stands for: the last one named who may be it."""
        agreeing = _last(self._agreeing.get(pronoun, []), before)
        if agreeing is not None and before - agreeing[0].start < _NEAR:
            return agreeing
        return _last(self._possible[pronoun], before)

    def described(self, phrase: Span) -> Name | None:
        """Return the person that a description such as "the minister" stands for.

        It is the last one named before it, or else the next, who is described with all of its
        words.
        """
        said = {word.lower for word in words(self._text, *phrase)} - CLOSED
        role = next(iter(sorted(said & ROLES)), None)
        if role is None:
            return None
        having = self._by_role.get(role, [])
        number = bisect.bisect_left(having, phrase.start, key=lambda item: item[0].start)
        before, behind = having[max(0, number - _LOOKED_AT) : number], having[number : number + 1]
        for _, name in [*reversed(before), *behind]:
            if said <= self.descriptions[name.text]:
                return name
        return None

    @cached_property
    def descriptions(self) -> dict[str, frozenset[str]]:
        """By the name of a person, the words with which the text says what they are."""
        found: dict[str, set[str]] = defaultdict(set)
        for place, name in self._people:
            found[name.text] |= self._titles(place) | self._apposed(place)
        return {name: frozenset(said) for name, said in found.items()}

    @cached_property
    def _by_role(self) -> dict[str, list[tuple[Span, Name]]]:
        """By a role, the people who have it, each where they are first named, in order."""
        found: dict[str, list[tuple[Span, Name]]] = defaultdict(list)
        firsts = {name.text: (place, name) for place, name in reversed(self._people)}
        for place, name in sorted(firsts.values(), key=lambda item: item[0]):
            for role in self.descriptions[name.text] & ROLES:
                found[role].append((place, name))
        return found

    def _titles(self, place: Span) -> set[str]:
        """Return the words of "Schools Minister" and "the union's secretary," before a name."""
        piece = self._text[max(0, place.start - _AROUND) : place.start]
        piece = re.split(r"[;:“”\"()]|[.!?]\s", piece)[-1].rstrip()
        apart = piece.endswith(",")
        said: set[str] = set()
        for word in reversed(words(piece.rstrip(",").split(",")[-1])):
            plain = _bare(word)
            title = word.text[0].isupper() and plain not in CLOSED
            if apart:
                title = not is_verb_of_speaking(plain) and plain not in CLOSED - _INSIDE
            if not (title or plain in ROLES or plain in ("of", "for", "and")):
                break
            said.add(plain)
        return said if said & ROLES else set()

    def _apposed(self, place: Span) -> set[str]:
        """Return the words of ", the head of the union," and "of the union" behind a name."""
        found = _APPOSITION.match(self._text, place.end, min(place.end + _AROUND, len(self._text)))
        if found is None:
            return set()
        own = words(found["what"])
        apposed = own[0].lower in DETERMINERS | {"of", "for", "from"} or own[0].lower in ROLES
        speaks = any(is_verb_of_speaking(word.text) and word.lower not in ROLES for word in own)
        return {_bare(word) for word in own} if apposed and not speaks else set()


def _bare(word: Word) -> str:
    return re.sub(r"'s?$", "", word.lower).rstrip(".")


def _within(items: Sequence[tuple[Span, Name]], span: Span) -> list[tuple[Span, Name]]:
    first = bisect.bisect_left(items, span.start, key=lambda item: item[0].start)
    last = bisect.bisect_left(items, span.end, key=lambda item: item[0].start)
    return [item for item in items[first:last] if item[0].end <= span.end]


def _last(items: Sequence[tuple[Span, Name]], before: int) -> tuple[Span, Name] | None:
    number = bisect.bisect_left(items, before, key=lambda item: item[0].start)
    return items[number - 1] if number else None
