"""What was spoken of in a conversation, and so what a word of the next question may stand for.

The nearest first: the answer, the question, the cited sentences (the order of salience of Lappin
and Leass 1994, "An Algorithm for Pronominal Anaphora Resolution", without its parser).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.articles import Article
from qa.answers import Answer
from qa.english.names import ROLES, Name, dates, names
from qa.english.words import CLOSED, DETERMINERS, PREPOSITIONS, Word, lemma, word_list, words

_OWNER_WORDS = 8  # a longer answer is no name for anything
_GROUPS = word_list("groups")

_NUMBERS = word_list("numbers")
_PAIR = re.compile(r"\b(the \w+(?: \w+)?) (?:and|or) (the \w+(?: \w+)?)\b")

OwnerKind = Literal["person", "people", "place", "thing", "things", "date"]


@dataclass(frozen=True)
class Owner:
    """Something that was spoken of and that a word may stand for.

    Attributes:
        text: How a question names it.
        kind: What it is; ``people`` and ``things`` are several.
        pronoun: ``he`` or ``she`` if the article tells; empty if not.
        group: Whether it is an organisation or a group, which may be "they" or "it".
        named: Whether it has a name.
    """

    text: str
    kind: OwnerKind
    pronoun: str = ""
    group: bool = False
    named: bool = False


def owners_in(turns: Sequence[Answer]) -> list[Owner]:
    """Return what was spoken of, the likeliest to be meant first."""
    return list(dict.fromkeys(_owners(turns)))


def article_of(turn: Answer) -> Article | None:
    """Return the article that a turn was about."""
    cited = turn.citations or turn.closest
    return cited[0].article if cited else None


def _owners(turns: Sequence[Answer]) -> Iterator[Owner]:
    """Return what was spoken of, the likeliest to be meant first."""
    for turn in reversed(turns):
        said = list(of_answer(turn))
        asked = list(_of_question(turn))
        topic = re.match(r"(?:when|where|why|how|who)\b", turn.understood.lower())
        # Asked when or where something was, one goes on to speak of that, not of the date; but
        # people and lists just named come first.
        first = [owner for owner in said if owner.kind in {"person", "people", "things", "date"}]
        if topic:
            yield from (*first, *asked, *(owner for owner in said if owner not in first))
        else:
            yield from (*said, *asked)
    for turn in reversed(turns[-2:]):
        yield from _of_sentences(turn)


def of_answer(turn: Answer) -> Iterator[Owner]:
    """Return what an answer names: people and things, those of a list also together."""
    if turn.text is None or turn.kind not in {"phrase", "list", "clause"}:
        return
    spans = {citation.answer: citation for citation in turn.citations}
    named: list[Owner] = []
    for text, citation in spans.items():
        known = {name.text: name for name in names(citation.article.text)}
        inside = [
            known[name.text]
            for name in names(citation.article.text)
            if any(
                citation.answer_start <= place.start and place.end <= citation.answer_end
                for place in name.places
            )
        ]
        own = [_of_name(name) for name in inside]
        days = [Owner(text[start:end], "date") for start, end in dates(text)]
        head = head_of(text)
        if turn.kind == "list" and inside and inside[-1].kind == "person":
            own = own[-1:]
        if len(inside) == 1 and inside[0].kind in {"place", "other"} and head != inside[0].text:
            own = []
        if text[0].isdigit() or lemma(text) in _NUMBERS:
            own = _counted(text, turn.understood)
        elif not own and not days and len(text.split()) <= _OWNER_WORDS and turn.kind != "clause":
            own = [Owner(_with_article(text), _kind_of_phrase(text), group=head in _GROUPS)]
        named += [*own, *days]
    if (len(named) > 1 and turn.kind == "list") or len(named) == 2:
        people = all(owner.kind in {"person", "people"} for owner in named)
        together = ", ".join(owner.text for owner in named[:-1]) + f" and {named[-1].text}"
        if len({owner.kind for owner in named}) == 1:
            named.insert(0, Owner(together, "people" if people else "things"))
    yield from named


def _counted(number: str, question: str) -> list[Owner]:
    """Return what a number in answer to "how many" counts: "the two ships"."""
    asked = re.match(
        r"\W*(?:of )?how many (?:of )?(?:the )?([a-z-]+)(?: ([a-z-]+))?", question.lower()
    )
    if not asked or len(number.split()) > 2:
        return []
    noun = asked[2] if lemma(asked[1]) in _NUMBERS else asked[1]
    return [] if not noun or noun in CLOSED else [Owner(f"the {number.lower()} {noun}", "things")]


def _of_question(turn: Answer) -> Iterator[Owner]:
    question = turn.understood
    article = article_of(turn)
    known = names(article.text) if article is not None else ()
    mentioned = mentioned_in(question, known)
    for name in mentioned:
        yield _of_name(name)
    people = [name.text for name in mentioned if name.kind == "person"]
    if len(people) == 2:
        yield Owner(f"{people[0]} and {people[1]}", "people")
    if pair := _PAIR.search(question):
        roles = head_of(pair[1]) in ROLES
        yield Owner(f"{pair[1]} and {pair[2]}", "people" if roles else "things")
    text = article.text.lower() if article is not None else ""
    for phrase in noun_phrases(question, text):
        yield Owner(phrase, _kind_of_phrase(phrase), group=head_of(phrase) in _GROUPS)
    for start, end in dates(question):
        yield Owner(question[start:end], "date")


def _of_sentences(turn: Answer) -> Iterator[Owner]:
    for citation in (turn.citations or turn.closest)[:2]:
        for name in names(citation.article.text):
            if any(citation.start <= place.start < citation.end for place in name.places):
                yield _of_name(name)
        for start, end in dates(citation.text):
            yield Owner(citation.text[start:end], "date")


def _of_name(name: Name) -> Owner:
    kinds: dict[str, OwnerKind] = {"person": "person", "place": "place"}
    text = name.text
    if name.kind == "organisation" and " " in text:
        text = f"the {text}"
    return Owner(
        text, kinds.get(name.kind, "thing"), name.pronoun, name.kind == "organisation", named=True
    )


def at_time(date: str) -> str:
    """Return a date with its preposition: "on Monday", "in 1998"."""
    day = re.match(r"\d{1,2} |[A-Z]\w+day|[A-Z]\w+ \d{1,2}\b", date)
    return f"{'on' if day else 'in'} {date}"


def at_place(place: str, verbs: Iterable[str]) -> str:
    """Return a place with its preposition: "to Leeds" where one of some words is "go", or "in"."""
    goes = {lemma(verb) for verb in verbs} & {"go", "travel", "move", "send", "fly"}
    return f"{'to' if goes else 'in'} {place}"


def mentioned_in(question: str, known: Sequence[Name]) -> list[Name]:
    """Return the names in a question, in order: an article's, and others by their capitals."""
    found: list[tuple[int, Name]] = []
    lower = question.lower()
    for name in known:
        forms = {name.text, name.short}
        places = [
            match.start()
            for form in forms
            if form.lower() in lower
            for match in re.finditer(rf"(?<!\w){re.escape(form.lower())}(?!\w)", lower)
        ]
        if places:
            found.append((min(places), name))
    # "Wrenmouth" is not spoken of where "Wrenmouth Harbour Authority" is.
    found = [
        (start, name)
        for start, name in found
        if not any(
            name.text.lower() in other.text.lower() and other.text.lower() in lower
            for _, other in found
            if other != name
        )
    ]
    taken = {word for _, name in found for word in name.text.split()}
    found += [
        (name.places[0].start, name)
        for name in names(question)
        if not taken.intersection(name.text.split())
    ]
    return [name for _, name in sorted(found, key=lambda item: item[0])]


def noun_phrases(question: str, text: str = "") -> list[str]:
    """Return the phrases of a question that begin with a determiner and name something.

    A phrase goes as far as the text has it in these words, or to the next word of a closed class.
    """
    found = words(question)
    phrases = []
    for number, word in enumerate(found):
        counted = (
            number and word.lower in {"many", "which", "what"} and found[number - 1].lower == "how"
        )
        starts = word.lower in {"the", "a", "an", "its", "his", "her", "their"} or counted
        if number == 0 and word.lower in {"which", "what"}:
            starts = True
        if not starts:
            continue
        own: list[Word] = []
        for following in found[number + 1 :]:
            gap = question[(own[-1] if own else word).end : following.start]
            if gap != " " or following.lower in CLOSED or len(own) == 5:
                break
            own.append(following)
        own = _as_in_text(own, question, text)
        if own and not (own[0].text[0].isupper() and len(own) == 1):
            phrases.append("the " + question[own[0].start : own[-1].end])
    return list(dict.fromkeys(phrases))


def _as_in_text(own: list[Word], question: str, text: str) -> list[Word]:
    for size in range(len(own), 0, -1):
        phrase = question[own[0].start : own[size - 1].end].lower()
        if size > 1 and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text):
            return own[:size]
    while len(own) > 1 and re.search(r"(?:ed|ing)$", own[-1].lower):
        own = own[:-1]
    if len(own) > 1 and own[-1].lower != lemma(own[-1].lower) and not own[-1].lower.endswith("s"):
        own = own[:-1]
    return own


def _kind_of_phrase(phrase: str) -> OwnerKind:
    head = head_of(phrase)
    if head in ROLES:
        return "person"
    if head in {"people", "men", "women", "children", "police"}:
        return "people"
    several = re.search(r"[^su]s$", head) and lemma(head) != head
    return "things" if several else "thing"


def head_of(phrase: str) -> str:
    """Return the word that a noun phrase is about: the last before a preposition."""
    found = [word.lower for word in words(phrase)]
    for number, word in enumerate(found[1:], start=1):
        if word in PREPOSITIONS:
            return found[number - 1]
    return found[-1] if found else ""


def _with_article(text: str) -> str:
    first = text.split()[0].lower() if text.split() else ""
    if first in DETERMINERS or text[:1].isupper() or text[:1].isdigit() or text.startswith("£"):
        return text
    return f"the {text}"
