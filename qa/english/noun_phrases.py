"""The phrases that name something, and the prepositions that stand before them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qa.english.names import Name, names
from qa.english.words import CLOSED, PREPOSITIONS, Word, lemma, words


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


def head_of(phrase: str) -> str:
    """Return the word that a noun phrase is about: the last before a preposition."""
    found = [word.lower for word in words(phrase)]
    for number, word in enumerate(found[1:], start=1):
        if word in PREPOSITIONS:
            return found[number - 1]
    return found[-1] if found else ""


def at_time(date: str) -> str:
    """Return a date with its preposition: "on Monday", "in 1998"."""
    day = re.match(r"\d{1,2} |[A-Z]\w+day|[A-Z]\w+ \d{1,2}\b", date)
    return f"{'on' if day else 'in'} {date}"


def at_place(place: str, verbs: Iterable[str]) -> str:
    """Return a place with its preposition: "to Leeds" where one of some words is "go", or "in"."""
    goes = {lemma(verb) for verb in verbs} & {"go", "travel", "move", "send", "fly"}
    return f"{'to' if goes else 'in'} {place}"
