"""Questions made from the sentences of an article.

A sentence of a plain form becomes a question by taking out what it tells: "Russia annexed Crimea in
2014" gives "When did Russia annex Crimea?" (the transformations of Heilman and Smith 2010, "Good
Question! Statistical Ranking for Question Generation", those that need no parser).
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from operator import itemgetter

from index.articles import Article
from index.structure.spans import Span
from index.text.stretches import Stretch
from qa.english.analysis import Analysis
from qa.english.dates import dates
from qa.english.names import ROLES, Name
from qa.english.words import CLOSED, PREPOSITIONS, PRONOUNS, QUESTION_WORDS, lemma, words

_WORDS = range(4, 15)
_NOUN = (
    r"(?!(?:was|were|is|are|has|had|who|which|these|this|those|that|of|in|on|at|to|by|and|but)\b)"
)
_THING = rf"(?:{_NOUN}[A-Z]?[a-z][\w’'-]* ){{0,3}}{_NOUN}[a-z][\w’'-]+"
_VERB = (
    r"(?P<verb>(?!scheduled|expected|supposed|based|said|called|named|added|noted)[a-z]+ed|led|built|made|won|"
    r"wrote|held|became|took|gave|began|chose|met|found|bought|sold|broke|fell|grew)"
)
_STOP = r"(?!(?:who|which|that|and|but|while|as|when|where|because|it|he|she|they)\b)"
_REST = rf"(?P<rest>(?: {_STOP}[\w’'£$%-]+){{1,9}}?)"
_END = (
    r"(?=[.;]|$|, and |,? (?:but|while|as|after|before|because|when|following) |"
    r", (?:which|who|where) )"
)
_PASSIVE = re.compile(
    rf"\b(?:[Aa]n?|[Tt]he) (?P<thing>{_THING}) (?:was |were |is |are )?"
    r"(?P<verb>[a-z]+ed|led|run|built|made) by (?=(?:the |a )?(?:[\w.]+ ){0,5}[A-Z])"
)
_ACTIVE = re.compile(rf" {_VERB}{_REST}{_END}")
_DATED = re.compile(rf" {_VERB}(?P<rest>(?: {_STOP}[\w’'£$%-]+){{0,8}}?) (?:in|on) ")
_WAS = re.compile(
    rf"(?:^|, )(?P<thing>(?:[Tt]he|[Aa]n?) {_THING})(?:, | (?P<be>was|were) )"
    rf"(?P<verb>[a-z]+ed|held|built|made)(?P<rest>(?: {_STOP}[\w’'-]+){{0,5}}?) (?:in|on|at) $"
)
_BEGAN = re.compile(
    rf"(?P<thing>(?:the |The |[A-Z]\w+[’']s ){_THING}) (?P<verb>began|started|ended|opened|"
    rf"closed) (?:in|on) $"
)
_PLANNED = re.compile(
    r"(?: is| was)? (?P<plan>scheduled|expected|due|set) to (?P<rest>[a-z]+(?: "
    r"[\w’'.-]+){0,8}?) (?:in|on|to|at) "
)
_COUNTED = re.compile(
    r"(?:(?:About|Some|Nearly|Almost|Around|More than|Over) )?(?P<number>[\d,]*\d|Two|Three|"
    r"Four|Five|Six|Seven|"
    rf"Eight|Nine|Ten|Eleven|Twelve) (?P<rest>[a-z][\w’'-]+s (?:[^,.;]{{0,60}} "
    rf")?{_VERB.replace('?P<verb>', '?:')} "
    r"[^,.;]{3,60}?)(?=[,.;]| (?:which|who|while|but)\b)"
)
_BECAUSE = re.compile(
    rf" {_VERB}(?P<rest>(?: {_STOP}[\w’'£$%-]+){{0,9}}?),? (?:because of|because|due to) "
    rf"(?P<why>[^,.;]+)"
)
_LONGEST = 1000  # characters; a longer sentence is of no plain form
_NAMED_WITHIN = 60  # characters behind a verb in which whoever did it is named
_ROLE = re.compile(r", (?P<role>(?:the|a|an) [\w’' -]{4,50}?),")


@dataclass(frozen=True)
class Suggestion:
    """A question made from an article, and what answers it.

    Attributes:
        question: The question.
        answer: Where the answer stands.
    """

    question: str
    answer: Stretch


def made_from(article: Article, analysis: Analysis) -> Iterator[Suggestion]:
    """Return questions made from an article, of every form in turn."""
    text = article.text
    places = sorted(
        ((place, name) for name in analysis.names for place in name.places), key=itemgetter(0)
    )
    starts = [place.start for place, _ in places]
    ends = [quotation.end for quotation in analysis.quotations]
    forms: list[list[Suggestion]] = [[], [], [], [], [], []]
    for sentence in analysis.sentences:
        quotations = analysis.quotations[bisect.bisect_right(ends, sentence.start) :][:1]
        if any(sentence.overlaps(quotation.span) for quotation in quotations):
            continue
        if sentence.end - sentence.start > _LONGEST:
            continue
        # Only what is named near by: to look at all names for every sentence takes its time.
        first = bisect.bisect_left(starts, sentence.start)
        last = bisect.bisect_left(starts, sentence.end + _NAMED_WITHIN)
        known = [replace(name, places=(place,)) for place, name in places[first:last]]
        for number, form in enumerate((_by_whom, _role, _when_or_where, _who, _why, _how_many)):
            for question, answer in form(text, sentence, known):
                if _reads_well(question):
                    forms[number].append(Suggestion(question, Stretch(article, *answer)))
    yield from (each for row in zip_longest(*forms) for each in row if each is not None)


def _by_whom(text: str, sentence: Span, known: Sequence[Name]) -> Iterator[tuple[str, Span]]:
    """Make "Who headed the delegation?" of "a delegation headed by Ann Lee"."""
    for found in _PASSIVE.finditer(text, sentence.start, sentence.end):
        before = words(text[sentence.start : found.start()])[-1:]
        answer = _name_behind(text, found.end(), known)
        part_of_more = before and before[0].lower in PREPOSITIONS  # "the end of the war was led by"
        if answer is not None and not part_of_more:
            yield f"Who {found['verb']} the {found['thing']}?", answer


def _role(text: str, sentence: Span, known: Sequence[Name]) -> Iterator[tuple[str, Span]]:
    """Make "Who is the chief executive?" of "Ann Lee, the chief executive, ..."."""
    for name, place in _people(sentence, known):
        if name.kind != "person":
            continue
        found = _ROLE.match(text, place.end, sentence.end)
        if found and ROLES.intersection(word.lower for word in words(found["role"])):
            yield f"What is {name.text}’s role?", Span(*found.span("role"))
            if found["role"].startswith("the "):
                yield f"Who is {found['role']}?", place
        elif title := _title(text, sentence, place):
            yield f"What is {name.text}’s role?", title


def _who(text: str, sentence: Span, known: Sequence[Name]) -> Iterator[tuple[str, Span]]:
    """Make "Who annexed Crimea?" of "Russia annexed Crimea"."""
    for _, place in _subjects(text, sentence, known):
        if found := _ACTIVE.match(text, place.end, sentence.end):
            yield f"Who {found['verb']}{found['rest']}?", place


def _when_or_where(text: str, sentence: Span, known: Sequence[Name]) -> Iterator[tuple[str, Span]]:
    """Make "When was the bridge built?" of "The bridge was built in 1902"."""
    subjects = list(_subjects(text, sentence, known))
    for place, wh in _dates_and_places(text, sentence, known):
        before = text[sentence.start : place.start]
        if found := _WAS.search(before):
            thing = re.sub(r"^(?:A|An|a|an|The) ", "the ", found["thing"])
            several = re.search(r"[^us]s$", thing)
            be = found["be"] or ("were" if several else "was")
            yield f"{wh} {be} {thing} {found['verb']}{found['rest']}?", place
        elif wh == "When" and (found := _BEGAN.search(before)):
            thing = re.sub("^The ", "the ", found["thing"])
            yield f"When did {thing} {lemma(found['verb'])}?", place
        for name, own in subjects:
            if own.end > place.start:
                continue
            if found := _PLANNED.fullmatch(text, own.end, place.start):
                thing = _as_subject(text, name, own)
                yield f"{wh} is {thing} {found['plan']} to {found['rest']}?", place
            elif wh == "When" and (found := _DATED.fullmatch(text, own.end, place.start)):
                thing = _as_subject(text, name, own)
                yield f"When did {thing} {lemma(found['verb'])}{found['rest']}?", place


def _why(text: str, sentence: Span, known: Sequence[Name]) -> Iterator[tuple[str, Span]]:
    """Make "Why did Ann Lee resign?" of "Ann Lee resigned because ..."."""
    for name, place in _subjects(text, sentence, known):
        if found := _BECAUSE.match(text, place.end, sentence.end):
            why = Span(*found.span("why"))
            thing = _as_subject(text, name, place)
            yield f"Why did {thing} {lemma(found['verb'])}{found['rest']}?", why


def _how_many(text: str, sentence: Span, known: Sequence[Name]) -> Iterator[tuple[str, Span]]:
    """Make "How many members joined the strike?" of "About 1,400 members joined the strike."."""
    del known
    if found := _COUNTED.match(text, sentence.start, sentence.end):
        yield f"How many {found['rest']}?", Span(*found.span("number"))


def _as_subject(text: str, name: Name, place: Span) -> str:
    """Return a name as the subject of a question: with "the" if it has one in the text."""
    the = re.search(r"\b[Tt]he $", text[max(0, place.start - 5) : place.start])
    return f"the {name.text}" if the else name.text


def _dates_and_places(
    text: str, sentence: Span, known: Sequence[Name]
) -> Iterator[tuple[Span, str]]:
    for start, end in dates(text[sentence.start : sentence.end]):
        yield Span(start + sentence.start, end + sentence.start), "When"
    for name in known:
        for place in name.places:
            if name.kind == "place" and sentence.start <= place.start < sentence.end:
                yield place, "Where"


def _subjects(text: str, sentence: Span, known: Sequence[Name]) -> Iterator[tuple[Name, Span]]:
    """Return the names that open a clause, with nothing but titles before them."""
    for name, place in _people(sentence, known):
        clause = re.split(r"[,;:] |\bwith |\bwhile ", text[sentence.start : place.start])[-1]
        found = words(clause)
        if len(found) <= 6 and all(
            word.text[0].isupper() or word.lower in ROLES | {"of", "the"} for word in found
        ):
            yield name, place


def _title(text: str, sentence: Span, place: Span) -> Span | None:
    """Return the title right before a name: "senior advisor", "French President"."""
    start = end = place.start
    for word in reversed(words(text[sentence.start : place.start])):
        begins = sentence.start + word.start
        gap = text[sentence.start + word.end : start]
        role = word.lower in ROLES
        adjective = " " not in text[start:end].strip() and lemma(word.text) == word.lower
        qualifies = start < end and (word.text[0].isupper() or adjective)
        if gap != " " or not (role or qualifies) or word.lower in CLOSED or "’" in word.text:
            break
        start = begins
    title = text[start:end].rstrip()
    lowest = any(word.lower in ROLES for word in words(title))
    return Span(start, start + len(title)) if lowest and " " in title else None


def _people(sentence: Span, known: Sequence[Name]) -> Iterator[tuple[Name, Span]]:
    for name in known:
        for place in name.places:
            if name.kind in ("person", "organisation") and sentence.contains(place):
                yield name, place


def _name_behind(text: str, start: int, known: Sequence[Name]) -> Span | None:
    """Return the first person or organisation named behind a place, with the titles before it."""
    for name in known:
        for place in name.places:
            near = start <= place.start < start + _NAMED_WITHIN
            agent = name.kind in ("person", "organisation")
            if near and agent and not re.search(r"[,;.]", text[start : place.start]):
                return Span(start, place.end)
    return None


def _reads_well(question: str) -> bool:
    """Tell whether a question is short, names what it is about and stands alone."""
    found = [word.lower for word in words(question)]
    pronouns = PRONOUNS - QUESTION_WORDS - {"that", "there", "one"}
    ends = found[-1:] and found[-1] not in CLOSED and len(found[-1]) > len("St")
    return bool(ends) and len(found) in _WORDS and not pronouns.intersection(found[1:])
