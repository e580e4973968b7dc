"""Clauses: where one seems to start among the words of a sentence, and whether it is one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.english.words import AUXILIARIES, CLOSED, DETERMINERS, PREPOSITIONS, Word, lemma, word_list

_TELLING = word_list("telling")
TIMES = word_list("days") | word_list("months") | frozenset({"yesterday", "today", "later"})
_SURE = frozenset({"say", "think", "believe", "insist", "argue", "claim", "hope", "fear", "reckon"})
_SUBJECTS = frozenset({"he", "she", "it", "they", "there", "we", "i", "you", "nobody", "everyone"})
_NOT_SAID = frozenset(
    {"nothing", "little", "anything", "more", "much", "so", "goodbye", "hello", "up"}
)
_HEARER = 7  # words of a hearer: "the members of a local sailing club"
_FINITE_WITHIN = 14  # words of a clause among which its verb is looked for


class Clauses:
    """Looks for clauses in a sentence, by its words and without a parser.

    Args:
        text: The text.
        own: The words of the sentence.
        base: The base forms of the words met so far, to which others are added.
    """

    def __init__(self, text: str, own: Sequence[Word], base: dict[str, str]) -> None:
        self._text = text
        self._words = own
        self._base = base

    def _to(self, first: int) -> int | None:
        """Return where "to sail" or "not to sail" starts behind whoever is asked to."""
        for number in range(first, min(first + _HEARER + 1, len(self._words))):
            if number > first and self._is_infinitive(number):
                return number
            if self._words[number].lower in AUXILIARIES or re.search(r"[,.;:]", self._gap(number)):
                return None
        return None

    def _is_infinitive(self, number: int) -> bool:
        """Tell whether "to" and a verb, or "not to" and one, stand at a word."""
        own = [word.lower for word in self._words[number : number + 3]]
        if own[:1] == ["not"]:
            own, number = own[1:], number + 1
        if len(own) < 2 or own[0] != "to" or own[1] in CLOSED - {"be", "have", "do"}:
            return False
        return self._words[number + 1].text.islower() and self._lemma(number + 1) == own[1]

    def _after_time(self, number: int) -> int | None:
        """Return where a clause may start behind "on Tuesday" or "yesterday"."""
        own = self._words
        if own[number].lower in PREPOSITIONS:
            if number + 1 >= len(own) or own[number + 1].text not in TIMES:
                return None
            number += 2
        elif own[number].text in TIMES:
            number += 1
        return number if number < len(own) else None

    def _after_hearer(self, first: int) -> int | None:
        """Return where a clause starts behind whoever is told it."""
        for number in range(first + 1, min(first + _HEARER, len(self._words))):
            if re.search(r"[,.;:]", self._gap(number - 1)):
                return None
            word, before = self._words[number].lower, self._words[number - 1].lower
            led = before in PREPOSITIONS | DETERMINERS | {"and"}
            if word in _SUBJECTS or (word in DETERMINERS and not led):
                return number
            if word in AUXILIARIES or word in PREPOSITIONS - {"of", "in", "at", "from", "for"}:
                return None
        return None

    def _opens_clause(self, number: int, verb: str) -> bool:
        """Tell whether a clause starts at a word."""
        first = self._words[number]
        if first.lower in _NOT_SAID or len(self._words) - number < 2:
            return False
        if first.lower in _SUBJECTS:
            return True
        if first.lower in CLOSED - DETERMINERS - {"one"}:
            return False
        last = min(number + _FINITE_WITHIN, len(self._words))
        if verb in _SURE or verb in _TELLING:
            return self._finite(number + 1, last)
        following = [word.lower for word in self._words[number + 1 : last]]
        helps = next((n for n, word in enumerate(following) if word in AUXILIARIES), len(following))
        return helps < len(following) and not {"that", "who", "which"} & {*following[:helps]}

    def _finite(self, first: int, last: int) -> bool:
        """Tell whether a finite verb seems to stand among words, none of a relative clause's."""
        relative = False
        for number in range(first, last):
            word = self._words[number]
            if word.lower in ("that", "which", "who"):
                relative = True
            helps = word.lower in AUXILIARIES - {"be", "been"}
            if helps or (word.text.islower() and self._is_form(number)):
                if not relative:
                    return True
                relative = False
        return False

    def _finite_in(self, start: int, end: int) -> bool:
        inside = [n for n, word in enumerate(self._words) if start <= word.start < end]
        return bool(inside) and self._finite(inside[0], inside[-1] + 1)

    def _is_form(self, number: int) -> bool:
        """Tell whether a word seems to be the past or third person of a verb."""
        word = self._words[number].lower
        if word in CLOSED or word.endswith("ing") or self._lemma(number) == word:
            return False
        before = self._words[number - 1].lower if number else ""
        if before in DETERMINERS | PREPOSITIONS:
            return False
        return not word.endswith("s") or self._lemma(number) not in word[:-2]

    def _lemma(self, number: int) -> str:
        word = self._words[number].lower
        if word not in self._base:
            self._base[word] = lemma(word)
        return self._base[word]

    def _gap(self, number: int) -> str:
        """Return what stands between a word and the next."""
        if not 0 <= number < len(self._words) - 1:
            return ""
        return self._text[self._words[number].end : self._words[number + 1].start]
