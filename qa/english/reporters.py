"""Who says what is reported: the subject of a verb of saying, and the person behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.structure.spans import Span
from qa.english.names import ROLES
from qa.english.speakers import Speakers
from qa.english.words import (
    ADVERBS,
    AUXILIARIES,
    CLOSED,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    Word,
    is_verb_of_speaking,
    lemma,
    word_list,
    words,
)

_AROUND_VERB = ADVERBS | word_list("around_verbs")
_OF_BE = word_list("forms_of_be")
_UNREAL = frozenset({"could", "can", "might", "may", "must", "should", "to", "will", "would"})
_HE_OR_SHE = frozenset({"he", "she"})
_NOBODY = frozenset({"i", "we", "you", "there", "that", "which", "one", "nobody", "no-one", "this"})
_AND = frozenset({"and", "but", "then"})
_TIMES = word_list("days") | word_list("months")
_OPENING_TIMES = frozenset(
    {"last", "this", "next", "yesterday", "today", "earlier", "later", "then"}
)
_OPENING_WORDS = 6  # at the start of a sentence, among which is whom it is about
_PLURALS = frozenset({"people", "police", "men", "women", "both", "they"})
_LONGEST = 12  # words of a subject: "Growers from the villages along the river"
_KEPT = 2  # sentences for which a pronoun means whoever spoke last
_CUT = re.compile(r"[,;:()“”\"]|\s[—–-]\s")


def _is_plural(word: Word) -> bool:
    return word.lower in _PLURALS or word.lower[-1] == "s"


@dataclass(frozen=True)
class Reporter:
    """Whoever says what is reported.

    Attributes:
        place: Where the text names or describes them; where it did so before, of a pronoun.
        name: Their name, if it is known.
        pronoun: The pronoun that stands for them here, if one does.
        head: The number of the word in the sentence with which the subject starts.
    """

    place: Span
    name: str | None
    pronoun: str
    head: int


class Reporters:
    """Finds who speaks, sentence by sentence, in the order of the text.

    Args:
        text: The text.
        speakers: The people and organisations in it.
    """

    def __init__(self, text: str, speakers: Speakers) -> None:
        self._text = text
        self._speakers = speakers
        self._own: Sequence[Word] = ()
        self._spoke: Reporter | None = None  # in this sentence
        self._person: Reporter | None = None  # who spoke, or opened a sentence, last
        self._thing: Reporter | None = None  # such as a ministry, likewise
        self._number = 0  # of the sentence
        self._of_person = self._of_thing = 0  # in which they did

    def begin(self, own: Sequence[Word]) -> None:
        """Go on to the next sentence, given by its words."""
        self._own = own
        self._spoke = None
        self._number += 1
        opening = own[:_OPENING_WORDS]
        if not opening:
            return
        people = self._speakers.people_in(Span(opening[0].start, opening[-1].end))
        if not people:
            return
        place, name = people[0]
        led = [word for word in opening if word.end <= place.start]
        titles = all(
            word.lower.rstrip(".") in ROLES | DETERMINERS | PREPOSITIONS or word.text[0].isupper()
            for word in led
        )
        if titles and self._stands_alone(place, Span(opening[0].start, own[-1].end)):
            self._person, self._of_person = Reporter(place, name.text, "", 0), self._number

    def speaks(self, reporter: Reporter) -> None:
        """Note that somebody spoke in this sentence."""
        self._spoke = reporter
        if reporter.pronoun in _HE_OR_SHE or self._is_person(reporter):
            self._person, self._of_person = reporter, self._number
        else:
            self._thing, self._of_thing = reporter, self._number

    def subject(self, at: int, *, predicate: bool = False) -> Reporter | None:
        """Return the subject of a verb of saying; None if nobody says it, or it is not said.

        Args:
            at: The number of the verb among the sentence's words.
            predicate: Whether it is no verb but what somebody is: "adamant".
        """
        last = self._before_verb(at, predicate=predicate)
        if last is None:
            return None
        word = self._own[last].lower
        present = not predicate and last == at - 1 and lemma(said := self._own[at].lower) == said
        if present and word not in _AND and not self._is_several(last):
            return None  # a noun, as in "the think tank"
        if "," in self._gap(last):
            if word in _AND or self._own[at].lower.endswith("ing"):
                return self._same(last + 1)
            return self._before_apposition(last)
        if _CUT.search(self._gap(last)):
            return None
        if word in ("he", "she", "they", "it"):
            return self._pronoun(last)
        if word in _AND:
            return self._same(last)
        if word == "who":
            return self._phrase(last - 1) if last else None
        going_on = any(each.lower in _OF_BE for each in self._own[last + 1 : at])  # "was saying"
        if word in _NOBODY or (self._own[at].lower.endswith("ing") and not going_on):
            return None
        return self._phrase(last)

    def behind(self, at: int) -> tuple[Reporter, int] | None:
        """Return the subject behind a verb, as in ", said Ann Lee", and the number of its end."""
        last = at
        while last + 1 < len(self._own) and last - at < _LONGEST:
            if last > at and _CUT.search(self._gap(last)):
                break
            word = self._own[last + 1]
            if word.lower in AUXILIARIES or word.lower in CONJUNCTIONS | {"that", "who"}:
                return None
            last += 1
        if last == at or _CUT.search(self._gap(at)):
            return None
        phrase = Span(self._own[at + 1].start, self._own[last].end)
        people = self._speakers.people_in(phrase)
        if people:
            place, name = people[0]
            return Reporter(place, name.text, "", at), last
        first = self._own[at + 1]
        if first.lower in DETERMINERS or first.text[0].isupper():
            reporter = self._as_described(phrase, at)
            return None if reporter is None else (reporter, last)
        return None

    def called(self, phrase: Span) -> Reporter | None:
        """Return whom a phrase names, as that behind "according to"."""
        own = words(self._text, *phrase)
        if not own or own[0].lower in _NOBODY:
            return None
        if own[0].lower in ("he", "him", "his", "she", "her"):
            pronoun = "she" if own[0].lower in ("she", "her") else "he"
            if len(own) > 1 and own[0].lower not in ("his", "her"):
                return None
            return self._resolved(Span(own[0].start, own[0].end), pronoun, 0)
        people = self._speakers.people_in(phrase)
        if people:
            return Reporter(people[0][0], people[0][1].text, "", 0)
        if own[0].lower in DETERMINERS or own[0].text[0].isupper() or own[0].lower[-1] == "s":
            return self._as_described(phrase, 0)
        return None

    def _is_several(self, last: int) -> bool:
        """Tell whether the words before a verb may be its plural subject."""
        if _is_plural(self._own[last]):
            return True
        for number in range(last - 1, max(0, last - _LONGEST), -1):
            if _CUT.search(self._gap(number)):
                return False
            if self._own[number].lower == "and":
                return True
            if self._own[number].lower in PREPOSITIONS and _is_plural(self._own[number - 1]):
                return True
        return False

    def _before_verb(self, at: int, *, predicate: bool) -> int | None:
        """Return the number of the last word of what stands before a verb and its auxiliaries."""
        said = self._own[at].lower
        last = at - 1
        while last >= 0:
            word = self._own[last].lower
            helps = word in AUXILIARIES
            if predicate and word in ("it", "made", "makes", "remained", "seemed", "very", "quite"):
                last -= 1
                continue
            before = [each.lower for each in self._own[max(0, last - 2) : last]]
            if word == "to" and before in (["went", "on"], ["goes", "on"], ["gone", "on"]):
                last -= 3
                continue
            if word in _UNREAL or word in ("not", "never") or word.endswith(("n't", "n’t")):
                return None
            if word in _OF_BE and not predicate and not said.endswith("ing"):
                return None  # "was warned that"
            adverb = word in _AROUND_VERB - _AND or (word.endswith("ly") and word[0] != "j")
            if not (helps or adverb) or self._own[last].text[0].isupper():
                break
            last -= 1
        if last < 0:
            return None
        previous = self._own[last].lower
        if previous in DETERMINERS - {"both", "all", "many", "most", "some", "several", "few"}:
            return None  # a noun: "her promise", "the claims"
        if previous in (PREPOSITIONS | CONJUNCTIONS) - _AND and "," not in self._gap(last):
            return None
        if previous.endswith(("'s", "’s")) and "," not in self._gap(last):
            return None
        return last

    def _phrase(self, last: int) -> Reporter | None:
        """Return whom the noun phrase names that ends with a word."""
        first = last
        while first and last - first < _LONGEST and not _CUT.search(self._gap(first - 1)):
            word = self._own[first - 1].lower
            closes = word in CONJUNCTIONS - {"and", "or"} or word in ("that", "who", "which")
            if closes or word in AUXILIARIES:
                break
            if word in ("and", "or", "then") and not self._joins_names(first):
                break
            first -= 1
        opening = self._without_opening(first, last)
        if opening is None:
            return None
        first = opening
        phrase = Span(self._own[first].start, self._own[last].end)
        for place, name in reversed(self._speakers.people_in(phrase)):
            if self._stands_alone(place, phrase):
                return Reporter(place, name.text, "", first)
        return self._as_described(phrase, first)

    def _stands_alone(self, place: Span, phrase: Span) -> bool:
        """Tell whether a name is whom a phrase names: not in "Ann Lee's lawyer"."""
        before = words(self._text, max(phrase.start, place.start - 30), place.start)
        if before and before[-1].lower in PREPOSITIONS | {"and"}:
            return False
        possessed = re.match(r"['’]s?\b", self._text[place.end : place.end + 3])
        return not possessed or place.end + 2 >= phrase.end

    def _without_opening(self, first: int, last: int) -> int | None:
        """Return where a noun phrase starts behind "On Tuesday" or "In a speech in Leith"."""
        opening = self._own[first]
        if opening.lower not in PREPOSITIONS | _OPENING_TIMES and opening.text not in _TIMES:
            return first
        for number in range(first + 1, last + 1):
            word, before = self._own[number], self._own[number - 1]
            starts = word.lower in DETERMINERS or word.text[0].isupper()
            led = before.lower in PREPOSITIONS | DETERMINERS | _OPENING_TIMES
            run = before.text[0].isupper() and before.text not in _TIMES and number - 1 > first
            run = run and word.text[0].isupper()
            if starts and word.text not in _TIMES and not (led or run):
                return number
        return None

    def _before_apposition(self, last: int) -> Reporter | None:
        """Return whom the words name that a comma parts from their verb: "Ann Lee, 40, said"."""
        end = last
        for _ in range(4):
            first = end
            while first and not _CUT.search(self._gap(first - 1)):
                first -= 1
            chunk = Span(self._own[first].start, self._own[end].end)
            opening = self._own[first].lower
            people = self._speakers.people_in(chunk)
            apart = opening in ("who", "which", "whose", "where") or opening[0].isdigit()
            if people and not apart and self._stands_alone(people[-1][0], chunk):
                place, name = people[-1]
                head = self._role_before(self._with_titles(first, place))
                return Reporter(place, name.text, "", head)
            if first == 0 or "," not in self._gap(first - 1):
                return None if apart or end == last else self._phrase(end)
            if apart and not self._names_person(first - 1):
                return self._phrase(first - 1)
            end = first - 1
        return None

    def _with_titles(self, first: int, place: Span) -> int:
        """Return where a name starts, titles and all, in words from the first on."""
        number = first
        while self._own[number].start < place.start:
            number += 1
        while number > first:
            before = self._own[number - 1]
            titles = before.lower.rstrip(".") in ROLES | DETERMINERS or before.text[0].isupper()
            if not titles:
                break
            number -= 1
        return number

    def _role_before(self, first: int) -> int:
        """Return where a subject starts of which a role is part: "the mayor, Ann Lee, said"."""
        if not first or "," not in self._gap(first - 1):
            return first
        start = first - 1
        while start and not _CUT.search(self._gap(start - 1)):
            start -= 1
        own = self._own[start:first]
        role = own[0].lower in DETERMINERS and any(word.lower in ROLES for word in own)
        return start if role and not any(word.lower in AUXILIARIES for word in own) else first

    def _names_person(self, end: int) -> bool:
        before = Span(self._own[max(0, end - 4)].start, self._own[end].end)
        return bool(self._speakers.people_in(before))

    def _pronoun(self, number: int) -> Reporter | None:
        word = self._own[number]
        return self._resolved(Span(word.start, word.end), word.lower, number)

    def _resolved(self, place: Span, pronoun: str, head: int) -> Reporter | None:
        """Return whom a pronoun means: who spoke last, if that may be, or was named last."""
        if pronoun in ("it", "they"):
            thing = self._thing if self._number - self._of_thing <= _KEPT else None
            if thing is None:
                return None if pronoun == "it" else Reporter(place, None, "", head)
            return Reporter(thing.place, thing.name, pronoun, head)
        last = self._person if self._number - self._of_person <= _KEPT else None
        opens = self._speakers.people_in(Span(self._own[0].start, place.start))
        if last is not None and not opens and self._may_be(last, pronoun):
            return Reporter(last.place, last.name, pronoun, head)
        found = self._speakers.antecedent(pronoun, place.start)
        if found is None:
            return Reporter(place, None, pronoun, head)
        return Reporter(found[0], found[1].text, pronoun, head)

    def _may_be(self, last: Reporter, pronoun: str) -> bool:
        if last.pronoun in _HE_OR_SHE:
            return last.pronoun == pronoun
        gender = self._speakers.pronoun_of(last.name) if last.name else None
        return gender in ("", pronoun) if gender is not None else False

    def _is_person(self, last: Reporter) -> bool:
        return last.name is not None and self._speakers.pronoun_of(last.name) is not None

    def _same(self, head: int) -> Reporter | None:
        """Return whoever the sentence is about: who spoke in it, or is named first in it."""
        if (spoke := self._spoke) is not None:
            return Reporter(spoke.place, spoke.name, spoke.pronoun, head)
        first = self._own[0]
        if first.lower in ("he", "she", "they", "it"):
            found = self._pronoun(0)
            return found and Reporter(found.place, found.name, found.pronoun, head)
        for number, word in enumerate(self._own[1:head], start=1):
            if word.lower in ("he", "she"):
                found = self._pronoun(number)
                return found and Reporter(found.place, found.name, found.pronoun, head)
        people = self._speakers.named_in(Span(first.start, self._own[head].start))
        if not people or not self._stands_alone(people[0][0], Span(first.start, people[0][0].end)):
            return None
        return Reporter(people[0][0], people[0][1].text, "", head)

    def _as_described(self, phrase: Span, head: int) -> Reporter | None:
        """Return whom a phrase without a person's name means: "the minister", "Coralis"."""
        if person := self._speakers.described(phrase):
            return Reporter(phrase, person.text, "", head)
        own = words(self._text, *phrase)
        if all(word.lower in CLOSED for word in own) and own[0].lower != "both":
            return None
        opens = own[0].lower in DETERMINERS or not own[0].text[0].islower()
        if not (opens or own[0].lower in ROLES or any(map(_is_plural, own))):
            return None
        speaks = any(is_verb_of_speaking(word.text) and word.text.islower() for word in own[1:-1])
        if speaks and not any(word.lower in ROLES for word in own):
            return None
        for place, name in self._speakers.named_in(phrase):
            if self._text[phrase.start : place.start].lower() in ("", "the "):
                whole = place.end + 2 >= phrase.end  # not "Coralis officials"
                return Reporter(phrase, name.text if whole else None, "", head)
        return Reporter(phrase, None, "", head)

    def _joins_names(self, number: int) -> bool:
        """Tell whether the word before a word joins names: "Hall and Berg said"."""
        return (
            number >= 2
            and self._own[number].text[0].isupper()
            and self._own[number - 2].text[0].isupper()
        )

    def _gap(self, number: int) -> str:
        """Return what stands between a word and the next."""
        if number + 1 >= len(self._own):
            return ""
        return self._text[self._own[number].end : self._own[number + 1].start]
