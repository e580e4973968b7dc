"""Follow-up questions: what they may mean, written out so that they stand alone.

Three things make a question lean on what was said: a word that stands for something ("he", "there",
"that plan"), a question of one word ("Why?"), and a fragment that takes the place of part of the
question before ("And in Paris?"). Rules write out what each may mean; where several meanings are
possible, the retriever and the reader tell which one the articles answer. No parser and no language
model is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answers import Answer, Interpretation, Reference
from qa.asking.antecedents import Antecedent, antecedents_in
from qa.asking.fragments import as_sentence, written_out
from qa.asking.pronouns import Slot, is_bound, slots_in
from qa.asking.questions import LONGEST
from qa.english.analysis import Analyses
from qa.english.noun_phrases import at_place, at_time
from qa.english.words import PREPOSITIONS, lemma, without_possessive

MAX_INTERPRETATIONS = 3
_OF_TWO = re.compile(r"(?:(?:and|but|or)|(?:what|how) about) the (former|latter)\W*", re.IGNORECASE)
_MOST_SHOWN = 3  # of what else a word could stand for
_TURNS_BACK = 4  # what was said longer ago is meant by no pronoun
_BACK = re.compile(r"^(?:and|but|so|ok|okay|well|also|now|then)\b[, ]+(?=\w)", re.IGNORECASE)


def interpretations(
    question: str, turns: Sequence[Answer], analyses: Analyses
) -> tuple[Interpretation, ...]:
    """Return what a question may mean after what was said, the most likely meaning first.

    A question that stands alone, and one before which nothing was said, has itself as its only
    interpretation. Where a question may stand alone, it is among its interpretations.

    Args:
        question: The question.
        turns: What was said before, in order.
        analyses: Those of the articles that were cited.
    """
    alone = Interpretation(question)
    if len(question) > LONGEST:
        return (alone,)
    turns = [turn for turn in turns[-_TURNS_BACK:] if turn.kind != "talk"]
    if not turns:
        return (alone,)
    question = _other_of_two(question, turns[-1])
    if found := written_out(question, turns[-1], analyses):
        return (*(Interpretation(text) for text in found[: MAX_INTERPRETATIONS - 1]), alone)
    slots = slots_in(question)
    written = _resolve(question, slots, antecedents_in(turns, analyses)) if slots else []
    if not written:
        return (alone,)
    if is_bound(question, slots[0]):
        return (alone, *written[: MAX_INTERPRETATIONS - 1])
    return (*written[: MAX_INTERPRETATIONS - 1], alone)


def _other_of_two(question: str, turn: Answer) -> str:
    """Read "And the former?" behind "Where did the latter go?" as the same of the other."""
    fragment = _OF_TWO.fullmatch(question.strip())
    if fragment and (before := re.search(r"\bthe (?:former|latter)\b", turn.question, re.I)):
        other = f"the {fragment[1].lower()}"
        return turn.question[: before.start()] + other + turn.question[before.end() :]
    return question


def _resolve(
    question: str, slots: Sequence[Slot], antecedents: Sequence[Antecedent]
) -> list[Interpretation]:
    """Put antecedents in the place of a question's slots, each of the first slot's in turn."""
    fitting = [_fitting(slot, antecedents) for slot in slots]
    lead = next((number for number, own in enumerate(fitting) if own), None)
    if lead is None:
        return []
    found: list[Interpretation] = []
    for antecedent in fitting[lead]:
        text = question
        references: list[Reference] = []
        for number in reversed(range(len(slots))):
            slot, own = slots[number], fitting[number]
            same = slot.pronoun and slot.pronoun == slots[lead].pronoun
            others = [other for other in own if other != antecedent]
            taken = (
                antecedent
                if number == lead or (same and antecedent in own)
                else next(iter(others), None)
            )
            if taken is None:
                continue
            text = text[: slot.start] + _in_place(taken, slot, text) + text[slot.end :]
            rest = tuple(other.text for other in own if other != taken and other.named)
            references.insert(0, Reference(slot.word, taken.text, rest[:_MOST_SHOWN]))
        found.append(Interpretation(as_sentence(_BACK.sub("", text)), tuple(references)))
    return list(dict.fromkeys(found))


def _fitting(slot: Slot, antecedents: Sequence[Antecedent]) -> list[Antecedent]:
    """Return the antecedents that a word may stand for, the likeliest first."""
    if slot.word in {"the former", "the latter"}:
        return _one_of_two(slot, antecedents)
    fitting = [
        antecedent
        for antecedent in antecedents
        if antecedent.kind in slot.kinds or (slot.pronoun in {"they", "it"} and antecedent.group)
    ]
    if slot.pronoun in {"he", "she"}:
        fitting = [antecedent for antecedent in fitting if antecedent.pronoun in {"", slot.pronoun}]
        fitting.sort(
            key=lambda antecedent: not antecedent.named
        )  # "the chief negotiator" has a name, too
    if slot.pronoun == "they":  # a single person only where there is nothing else
        fitting.sort(key=lambda antecedent: antecedent.kind == "person")
    if slot.noun:
        base = lemma(slot.noun)
        fitting = [
            antecedent
            for antecedent in fitting
            if lemma(without_possessive(antecedent.text.split()[-1])) == base
            and antecedent.text.lower() != slot.noun
        ]
    return fitting


def _one_of_two(slot: Slot, antecedents: Sequence[Antecedent]) -> list[Antecedent]:
    """Return the first or the second of the last two things of a kind that were spoken of."""
    for antecedent in antecedents:
        if antecedent.kind in {"people", "things"} and (pair := _halves(antecedent.text)):
            text = pair[0] if slot.word == "the former" else pair[1]
            return [Antecedent(text, "person" if antecedent.kind == "people" else "thing")]
    return []


def _halves(text: str) -> tuple[str, str] | None:
    parts = re.split(r",? and |, ", text)
    return (parts[0], parts[-1]) if len(parts) == 2 else None


def _in_place(antecedent: Antecedent, slot: Slot, question: str) -> str:
    """Return an antecedent's text in the form that the slot has."""
    text = antecedent.text
    if slot.form == "possessive":
        return f"{text}’" if text.endswith("s") and antecedent.kind != "person" else f"{text}’s"
    before = question[: slot.start].lower().split()
    if slot.form in {"in", "on"} and not (before and before[-1] in PREPOSITIONS):
        if slot.word.startswith(("since", "until", "by")):
            return f"{slot.word.split()[0]} {text}"
        return at_time(text) if slot.form == "on" else at_place(text, before[-1:])
    return text
