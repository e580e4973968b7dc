"""What was spoken of in a conversation, and so what a word of the next question may stand for.

The nearest first: the answer, the question, the cited sentences (the order of salience of Lappin
and Leass 1994, "An Algorithm for Pronominal Anaphora Resolution", without its parser).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.answers import Answer
from qa.english.analysis import Analyses
from qa.english.dates import dates
from qa.english.names import ROLES, Name
from qa.english.noun_phrases import head_of, mentioned_in, noun_phrases
from qa.english.words import CLOSED, DETERMINERS, lemma, word_list

_ANTECEDENT_WORDS = 8  # a longer answer is no name for anything
_GROUPS = word_list("groups")

_NUMBERS = word_list("numbers")
_NOUN = rf"the \w+(?: (?!(?:{'|'.join(sorted(map(re.escape, CLOSED)))})\b)\w+)?"
_PAIR = re.compile(rf"\b({_NOUN}) (?:and|or) ({_NOUN})\b")

AntecedentKind = Literal["person", "people", "place", "thing", "things", "date"]


@dataclass(frozen=True)
class Antecedent:
    """Something that was spoken of and that a word may stand for.

    Attributes:
        text: How a question names it.
        kind: What it is; ``people`` and ``things`` are several.
        pronoun: ``he`` or ``she`` if the article tells; empty if not.
        group: Whether it is an organisation or a group, which may be "they" or "it".
        named: Whether it has a name.
    """

    text: str
    kind: AntecedentKind
    pronoun: str = ""
    group: bool = False
    named: bool = False


def antecedents_in(turns: Sequence[Answer], analyses: Analyses) -> list[Antecedent]:
    """Return what was spoken of, the likeliest to be meant first.

    Args:
        turns: What was said, in order.
        analyses: Those of the articles that were cited.
    """
    return list(dict.fromkeys(_antecedents(turns, analyses)))


def _antecedents(turns: Sequence[Answer], analyses: Analyses) -> Iterator[Antecedent]:
    """Return what was spoken of, the likeliest to be meant first."""
    for turn in reversed(turns):
        said = list(of_answer(turn, analyses))
        asked = list(_of_question(turn, analyses))
        topic = re.match(r"(?:when|where|why|how|who)\b", turn.understood.lower())
        # Asked when or where something was, one goes on to speak of that, not of the date; but
        # people and lists just named come first.
        first = [
            antecedent
            for antecedent in said
            if antecedent.kind in {"person", "people", "things", "date"}
        ]
        if topic:
            yield from (
                *first,
                *asked,
                *(antecedent for antecedent in said if antecedent not in first),
            )
        else:
            yield from (*said, *asked)
    for turn in reversed(turns[-2:]):
        yield from _of_sentences(turn, analyses)


def of_answer(turn: Answer, analyses: Analyses) -> Iterator[Antecedent]:
    """Return what an answer names: people and things, those of a list also together."""
    if turn.text is None or turn.kind not in {"phrase", "list", "clause"}:
        return
    spans = {citation.answer: citation for citation in turn.citations}
    named: list[Antecedent] = []
    for text, citation in spans.items():
        inside = analyses.of(citation.article).names_in(citation.place.span)
        own = [_of_name(name) for name in inside]
        days = [Antecedent(text[start:end], "date") for start, end in dates(text)]
        head = head_of(text)
        if turn.kind == "list" and inside and inside[-1].kind == "person":
            own = own[-1:]
        if len(inside) == 1 and inside[0].kind in {"place", "other"}:
            # "the Leeds office" is no name of Leeds.
            own = own if head == head_of(inside[0].text) else []
        if text[0].isdigit() or lemma(text) in _NUMBERS:
            own = _counted(text, turn.understood)
        elif (
            not own
            and not days
            and len(text.split()) <= _ANTECEDENT_WORDS
            and turn.kind != "clause"
        ):
            own = [Antecedent(_with_article(text), _kind_of_phrase(text), group=head in _GROUPS)]
        named += [*own, *days]
    if (len(named) > 1 and turn.kind == "list") or len(named) == 2:
        people = all(antecedent.kind in {"person", "people"} for antecedent in named)
        together = (
            ", ".join(antecedent.text for antecedent in named[:-1]) + f" and {named[-1].text}"
        )
        if len({antecedent.kind for antecedent in named}) == 1:
            named.insert(0, Antecedent(together, "people" if people else "things"))
    yield from named


def _counted(number: str, question: str) -> list[Antecedent]:
    """Return what a number in answer to "how many" counts: "the two ships"."""
    asked = re.match(
        r"\W*(?:of )?how many (?:of )?(?:the )?([a-z-]+)(?: ([a-z-]+))?", question.lower()
    )
    if not asked or len(number.split()) > 2:
        return []
    noun = asked[2] if lemma(asked[1]) in _NUMBERS else asked[1]
    return (
        [] if not noun or noun in CLOSED else [Antecedent(f"the {number.lower()} {noun}", "things")]
    )


def _of_question(turn: Answer, analyses: Analyses) -> Iterator[Antecedent]:
    question = turn.understood
    article = turn.article
    known = analyses.of(article).names if article is not None else ()
    mentioned = mentioned_in(question, known)
    for name in mentioned:
        yield _of_name(name)
    people = [name.text for name in mentioned if name.kind == "person"]
    if len(people) == 2:
        yield Antecedent(f"{people[0]} and {people[1]}", "people")
    if pair := _PAIR.search(question):
        roles = head_of(pair[1]) in ROLES
        yield Antecedent(f"{pair[1]} and {pair[2]}", "people" if roles else "things")
    text = article.text.lower() if article is not None else ""
    for phrase in noun_phrases(question, text):
        yield Antecedent(phrase, _kind_of_phrase(phrase), group=head_of(phrase) in _GROUPS)
    for start, end in dates(question):
        yield Antecedent(question[start:end], "date")


def _of_sentences(turn: Answer, analyses: Analyses) -> Iterator[Antecedent]:
    for citation in (turn.citations or turn.closest)[:2]:
        for name in analyses.of(citation.article).names:
            if any(citation.start <= place.start < citation.end for place in name.places):
                yield _of_name(name)
        for start, end in dates(citation.text):
            yield Antecedent(citation.text[start:end], "date")


def _of_name(name: Name) -> Antecedent:
    kinds: dict[str, AntecedentKind] = {"person": "person", "place": "place"}
    text = name.text
    if name.kind == "organisation" and " " in text:
        text = f"the {text}"
    return Antecedent(
        text, kinds.get(name.kind, "thing"), name.pronoun, name.kind == "organisation", named=True
    )


def _kind_of_phrase(phrase: str) -> AntecedentKind:
    head = head_of(phrase)
    if head in ROLES:
        return "person"
    if head in {"people", "men", "women", "children", "police"}:
        return "people"
    several = re.search(r"[^su]s$", head) and lemma(head) != head
    return "things" if several else "thing"


def _with_article(text: str) -> str:
    first = text.split()[0].lower() if text.split() else ""
    if first in DETERMINERS or text[:1].isupper() or text[:1].isdigit() or text.startswith("£"):
        return text
    return f"the {text}"
