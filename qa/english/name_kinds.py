"""What a name names: a person, a place, an organisation, by its words and what stands around it.

Lists say what most readers know (countries, large cities and firms, first names); all else votes.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.english.words import (
    CLOSED,
    Word,
    is_english,
    is_verb_of_speaking,
    phrase_list,
    word_list,
)

NameKind = Literal["person", "place", "organisation", "other"]

FIRST_NAMES = word_list("first_names")
COUNTRIES = phrase_list("countries")
_REGIONS = phrase_list("regions")
LISTED_PLACES = COUNTRIES | _REGIONS | phrase_list("cities")
_LISTED_ORGANISATIONS = phrase_list("known_organisations")
_ABBREVIATIONS = word_list("abbreviations")  # that name nothing
ORGANISATIONS = word_list("organisations")
PLACES = word_list("places")
THINGS = ORGANISATIONS | PLACES
INSIDE = word_list("inside_names")
_DIRECTIONS = word_list("directions")
_COMPANIES = word_list("kinds_of_company") | word_list("groups")
_POSTS = word_list("posts")
_BEFORE_PLACES = word_list("before_places")
_SETTLEMENTS = frozenset({"city", "hamlet", "town", "village"})
_IN = frozenset({"in", "near"})
_LIKE_SURNAMES = word_list("places_like_surnames")
_SUFFIXES = word_list("company_suffixes")
_BEFORE_COUNTRIES = _BEFORE_PLACES | {"of", "with", "between", "through", "across", "via", "off"}


@dataclass(frozen=True)
class Run:
    """Capitalised words in a row that may be a name.

    Attributes:
        name: The name as the text has it, without titles and possessive ending.
        words: The words of the name itself.
        titles: Those of the titles before it.
        before: The word before it, in lower case; empty if there is none.
        before_of: The word before that, as "island" in "the island of Rhodes".
        after: The word behind it.
        initial: Whether a sentence starts here.
        reach: How far behind it a pronoun may mean it.
        in_apposition: Whether it stands between commas.
        behind_place: Whether a place and a comma stand before, as in "Austin, Texas".
    """

    name: str
    words: tuple[Word, ...]
    titles: tuple[Word, ...]
    before: str
    before_of: str
    after: str
    initial: bool
    reach: int
    in_apposition: bool
    behind_place: bool


def is_country(place: str) -> bool:
    """Tell whether a place is a country, of today or of before."""
    return place in COUNTRIES


def may_be_city(place: str) -> bool:
    """Tell whether a place may be a city, a town or a village, for all that its name says."""
    if place in COUNTRIES | _REGIONS:
        return False
    parts = place.lower().split()
    return not PLACES.intersection(parts) or parts[-1] in _SETTLEMENTS or parts[0] == "port"


def names_place(run: Run) -> bool:
    """Tell whether a name that a person may have as well is a place's here: "in Jordan"."""
    return run.name in LISTED_PLACES and not run.titles and run.before in _BEFORE_COUNTRIES


def firm(name: str) -> str | None:
    """Return what a firm is called for short: "Brightwell" of "Brightwell Inc."; None if none."""
    called, _, suffix = name.rpartition(" ")
    return called if suffix.lower().rstrip(".") in _SUFFIXES else None


def kind_of_name(name: str, runs: Sequence[Run], demonyms: Collection[str]) -> NameKind:
    """Tell what a name names.

    Args:
        name: The name, in full.
        runs: Where the text has it.
        demonyms: How the words for peoples start that the text has: "Ukra" of "Ukrainian".
    """
    parts = name.split()
    told = _by_lists(name, parts, runs) or _by_words(name, runs)
    if told is not None:
        return told
    full = _is_full(parts)
    votes: Counter[NameKind] = Counter()
    votes["person"] += full + 2 * (parts[0] in FIRST_NAMES and name not in LISTED_PLACES)
    votes["place"] += 2 * (name in LISTED_PLACES)
    behind = len(parts) > 1 and parts[-1] in LISTED_PLACES  # "Upper Egypt", "Air France"
    if behind and not full:
        votes["place" if parts[0].lower() in _DIRECTIONS else "organisation"] += 1
    for run in runs:
        speaks = is_verb_of_speaking(run.after)
        located = run.before in (_IN if full or behind else _BEFORE_PLACES)
        votes["place"] += 2 * (located and not speaks)
        votes["place"] += 3 * (run.before == "of" and run.before_of in PLACES)
        votes["place"] += 2 * (run.behind_place and len(parts) == 1)
        votes["place"] += run.before == "of" and not full
        votes["place"] += 2 * (run.after in PLACES and not full)
        votes["person"] += 3 * (run.after in {"who", "whose"})
        votes["person"] += 2 * (run.in_apposition and 2 <= len(parts) <= 3)
        votes["person"] += speaks or is_verb_of_speaking(run.before)
        votes["organisation"] += 3 * (run.before in _COMPANIES)
        votes["organisation"] += 3 * (
            run.before in {"at", "for", "from", "in", "of"} and run.before_of in _POSTS and not full
        )
    votes["place"] += 3 * (len(parts) == 1 and name[:4] in demonyms)  # Ukraine is Ukrainian
    kind, count = max(votes.items(), key=lambda vote: vote[1])
    return kind if count else "other"


def _by_lists(name: str, parts: Sequence[str], runs: Sequence[Run]) -> NameKind | None:
    """Tell a country, a city or a firm that is listed, unless somebody may have its name."""
    if any(run.titles or run.after in {"who", "whose"} for run in runs):
        return None
    if name in _LISTED_ORGANISATIONS:
        return "organisation"
    likely = name in LISTED_PLACES and (len(parts) > 1 or name not in FIRST_NAMES)
    return "place" if likely else None


def _by_words(name: str, runs: Sequence[Run]) -> NameKind | None:
    """Tell what the words of a name say by themselves, the one that the others describe first."""
    parts = [part.lower().rstrip(".") for part in name.split()]
    closed = CLOSED.intersection(parts) - INSIDE - {"i", "may"}  # "Henry I", "May Brown"
    if closed and (name.isupper() or not closed <= {"and", "for", "in", "the"}):
        return "other"  # a heading in capitals
    if len(parts) == 1 and (name in _ABBREVIATIONS or any(sign.isdigit() for sign in name)):
        return "other"
    if "." in name and name.isupper() and len(parts) == 1:
        return "place"
    head = next((a for a, b in itertools.pairwise(parts) if b in {"of", "for"}), parts[-1])
    if (
        head in ORGANISATIONS
        or "&" in name
        or (name.isupper() and name.isalpha() and len(name) > 2)
    ):
        return "organisation"
    if any(run.titles for run in runs):
        return "person"
    if head in PLACES and not _may_be_surname(name):
        return "place"
    if ORGANISATIONS.intersection(parts):
        return "organisation"
    if PLACES.intersection(parts[:-1]) or parts[-1] in PLACES:
        return None if _may_be_surname(name) else "place"
    return None


def _may_be_surname(name: str) -> bool:
    first, *_, last = name.split() if " " in name else ("", "")
    return first in FIRST_NAMES and last.lower() in _LIKE_SURNAMES


def _is_full(parts: Sequence[str]) -> bool:
    """Tell whether a name looks like the first names and surname of somebody."""
    if not 2 <= len(parts) <= 4:
        return False
    if parts[0] in FIRST_NAMES:
        return True
    return parts[-1] not in LISTED_PLACES and not any(
        part.lower() in INSIDE or part in LISTED_PLACES or is_english(part) for part in parts[:-1]
    )
