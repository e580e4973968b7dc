"""Reported speech: what a text says that somebody said, without quotation marks.

A statement is the clause that a verb of saying governs ("said that ...", "told the crews ...",
"promised to ..."), the one before it ("..., the minister said"), or what is said "according to"
somebody: the forms that Krestel et al. 2008, "Minding the Source: Automatic Tagging of Reported
Speech in Newspaper Articles", find in newspapers. Who says it is found in
:mod:`qa.english.reporters`.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.structure.spans import Span
from qa.english.clause_starts import TIMES, Clauses
from qa.english.names import ROLES
from qa.english.reporters import Reporter, Reporters
from qa.english.series import DELIMITER, begun_alike, doings
from qa.english.speakers import Speakers, Utterance
from qa.english.words import (
    AUXILIARIES,
    CLOSED,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    SPEAKING,
    Word,
    word_list,
    words,
)

_REPORTING = SPEAKING | word_list("verbs_of_reporting")
_NO_CLAUSE = word_list("governing_no_clause")
_TELLING = word_list("telling")
_ASKING_TO = word_list("asking_to")
_BARE = word_list("bare_clause")
_BEHIND = word_list("said_behind")
_INFINITIVE = word_list("infinitive_of_saying")
_GERUND = word_list("gerund_of_saying")
_OBJECT = word_list("object_of_saying")
_OPINION = word_list("adjectives_of_opinion")
_CORE = frozenset({"say", "tell", "add", "warn", "announce", "deny", "reply", "insist", "argue"})
_VOICING = frozenset({"express", "repeat", "reiterate"})  # "expressed concern that"
_ASKING = frozenset({"whether", "why", "how", "where", "when", "what", "who", "if"})
_OPENERS = word_list("clause_openers") | frozenset({"as", "after", "before"})
_LONGEST = 300  # words of a sentence
_FAR = 10  # words between a verb of saying and its "that"
_TAIL = 9  # words behind "the minister said" at the end of a sentence
_ACCORDING = re.compile(
    r"\baccording to (?P<who>[^,.;:]+)"
    r"|\bin (?P<whose>(?:[\w’'-]+ ){0,5}[\w’'-]+?)(?:['’]s?)? (?:view|opinion|words|judge?ment)\b",
    re.IGNORECASE,
)
_APPOSED = re.compile(r", (?:an?|the|its|his|her|who)\s[^,.;]{3,80}(?=,)")
_CALLED = re.compile(
    r"\s+(?=(?:it|him|her|them|this|that|(?:the|a|an|his|her|their|its|this|these)"
    r"(?:\s[\w’'-]+){1,4}?|[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){0,3})"
    r"\s(?:an?\s|the\s|too\s|very\s|[“\"'‘]\w))"
)
_DESCRIBED = re.compile(r"(?:\s[\w’'-]+){1,9}?\sas\s(?=\S)")
_REPORTS_ON = r"(?:adding|saying|noting|warning|insisting|arguing|claiming|stressing)"
_CLOSES = re.compile(
    rf";|\s[—–-]\s|,\s(?:but|while|whereas)\s|\swhile\s\w+ing\s|,\s(?:before|after|without)\s\w+ing\b"
    rf"|,?\s(?:and\s)?(?:also\s|then\s)?{_REPORTS_ON}\s"
)
_CLOSES_TO_DO = re.compile(rf"{_CLOSES.pattern}|,\s(?:and|so|although|though)\s(?!(?:not )?to\s)")
_GOES_ON = re.compile(r";\s(?P<said>[^;]*?\b(?:would|might)\b[^;]*)")
_MARKS = '“”"'
_SILENT = (
    r"\s(?:(?:could|did|does|do|has|had|have|will|would)(?:\snot|n['’]t)\s|(?:declin|refus)(?:ed|es|ing)\sto\s)"
    r"(?:want\sto\s|wish\sto\s)?(?:be\sdrawn|comment|discuss|elaborate|go\sinto|respond|say|speak|talk)\b"
)
SILENT = re.compile(
    rf"(?:[,;]|(?<=\w)(?=\s(?:but|and|though)\s))(?:\s(?:but|and|though|he|she|they|it)\b)*{_SILENT}[^;.]*"
)
"""Where it is told that somebody did not speak of something."""


@dataclass(frozen=True)
class Statement(Utterance):
    """What is reported that somebody says.

    Attributes:
        verb: The base form of the verb of saying: "say", "announce".
        with_verb: Where it starts together with that verb: "denied that ...".
        is_clause: Whether it is a clause, or what somebody promises to do; not just the thing
            that they announce, demand or deny.
    """

    verb: str
    with_verb: int
    is_clause: bool


def reported(
    text: str, sentences: Sequence[Span], speakers: Speakers, quoted: Sequence[Span]
) -> tuple[Statement, ...]:
    """Return the reported speech of a text, in order.

    Args:
        text: The text.
        sentences: All of its sentences, in order.
        speakers: The people and organisations in it.
        quoted: What stands between quotation marks in it, in order.
    """
    reporters = Reporters(text, speakers)
    starts = [each.start for each in quoted]
    base: dict[str, str] = {}
    found: list[Statement] = []
    for sentence in sentences:
        own = words(text, *sentence)
        reporters.begin(own)
        if len(own) > _LONGEST:
            continue  # no prose; what is looked at around a verb would be no longer bounded
        first = max(bisect.bisect_right(starts, sentence.start) - 1, 0)
        inside = quoted[first : bisect.bisect_left(starts, sentence.end)]
        found += _Sentence(text, sentence, own, inside, reporters, base).statements()
    return tuple(sorted(found, key=lambda each: each.start))


def parts_of(text: str, statement: Statement) -> list[Statement]:
    """Return each of the things that somebody promises: "to mend A", "to paint B"."""
    span = statement.span
    parts = begun_alike(text, span)
    if len(parts) < 2 and text.startswith("to ", span.start):
        first = DELIMITER.search(text, span.start + len("to "), span.end)
        end = first.start() if first else span.end
        parts = doings(text, span, Span(span.start + len("to "), end))
    if len(parts) < 2:
        return [statement]
    return [replace(statement, start=part.start, end=part.end) for part in parts]


class _Sentence(Clauses):
    """A sentence in which what is reported is looked for."""

    def __init__(
        self,
        text: str,
        sentence: Span,
        own: list[Word],
        quoted: Sequence[Span],
        reporters: Reporters,
        base: dict[str, str],
    ) -> None:
        super().__init__(text, own, base)
        self._sentence = sentence
        self._quoted = quoted
        self._reporters = reporters

    def statements(self) -> Iterator[Statement]:
        """Yield what is reported in it."""
        if self._text[self._sentence.end - 1 : self._sentence.end] == "?":
            return
        verbs = [number for number in range(len(self._words)) if self._reports(number)]
        for place, at in enumerate(verbs):
            opinion = self._words[at].lower in _OPINION
            verb = "say" if opinion else self._lemma(at)
            said = None if opinion else self._before(at)
            if said is None:
                reporter = self._reporters.subject(at, predicate=opinion)
                governed = self._governed(at, verb) if reporter else None
                if reporter is None or governed is None:
                    continue
                start, is_clause = governed
                span = self._trimmed(start, self._end(start, verbs[place + 1 :]))
            else:
                reporter, span, is_clause = *said, True
            self._reporters.speaks(reporter)
            if span is not None:
                with_verb = min(self._words[at].start, span.start)
                yield Statement(*span, reporter.place, reporter.name, verb, with_verb, is_clause)
                if span.end > self._words[at].start and is_clause:
                    yield from self._going_on(span.end, reporter, verb)
        yield from self._according()

    def _going_on(self, end: int, reporter: Reporter, verb: str) -> Iterator[Statement]:
        """Yield what goes on behind a semicolon as said: "; a new call would go out"."""
        found = _GOES_ON.match(self._text, end, self._sentence.end)
        if found is None or re.search(_SILENT, found["said"]):
            return
        part = Span(*found.span("said"))
        own = [n for n, word in enumerate(self._words) if part.start <= word.start < part.end]
        if any(self._reports(n) and self._reporters.subject(n) for n in own):
            return  # that speaks for itself
        span = self._trimmed(*part)
        if span is not None:
            place = reporter.place
            yield Statement(*span, place, reporter.name, verb, span.start, is_clause=True)

    def _reports(self, at: int) -> bool:
        word = self._words[at]
        if not word.text[0].islower() or word.lower in ROLES or self._is_quoted(word.start):
            return False
        if word.lower in _OPINION:
            return self._text.startswith((":", " that "), word.end)
        return self._lemma(at) in _REPORTING

    # What stands before or around: "The cut came too late, Brandt said."

    def _before(self, at: int) -> tuple[Reporter, Span | None] | None:
        """Return who says the clause before a verb, and where it stands; None if nobody does."""
        if self._lemma(at) not in _BEHIND | {"tell"}:
            return None
        reporter, last = self._reporters.subject(at), at
        if reporter is None or "," not in self._gap(reporter.head - 1):
            inverted = "," in self._gap(at - 1) and self._lemma(at) in _BEHIND
            found = self._reporters.behind(at) if inverted else None
            if found is None:
                return None
            reporter, last = found
        head = reporter.head
        if head < 1 or self._words[0].lower in _OPENERS:
            return None
        opens = self._sentence.start
        if self._text[opens] in _MARKS or self._is_quoted(opens + 1):
            return None  # direct speech
        end = last
        while end + 1 < len(self._words) and not re.search(r"[,;:]", self._gap(end)):
            end += 1
        if end > last:
            opening = self._words[last + 1]
            told = self._lemma(at) in _TELLING or opening.lower in PREPOSITIONS | TIMES
            if not told or end - last > _TAIL or self._finite(last + 1, end + 1):
                return None
        if ":" in self._gap(end) or self._gap(end).strip()[1:]:
            return None
        before = Span(self._sentence.start, self._words[head - 1].end)
        rest = end + 1 < len(self._words) and self._finite(end + 1, len(self._words))
        if rest:
            behind = self._words[end + 1].lower
            rest = not (behind in _OPENERS | {"and", "but"} or behind.endswith("ing"))
        if not rest and not self._finite(0, head):
            return None
        if rest and self._text[self._words[end].end] == ",":
            return reporter, self._trimmed(self._opening(before), self._sentence.end)
        return reporter, self._trimmed(self._opening(before), before.end)

    def _opening(self, before: Span) -> int:
        """Return where the clause starts that ends with a span: behind its last semicolon."""
        return max(self._text.rfind(mark, *before) + 1 for mark in ("; ", ": ")) or before.start

    # What stands behind: "Brandt said that the cut came too late."

    def _governed(self, at: int, verb: str) -> tuple[int, bool] | None:
        """Return where starts what a verb governs, and whether it is a clause."""
        n = at + 1
        if n >= len(self._words):
            return None
        gap, following = self._gap(at), self._words[n]
        if ":" in gap:
            return None if set(gap) & set(_MARKS) else (following.start, True)
        if re.search(r"[.;—–!]", gap):
            return None
        if (that := self._that(at, verb)) is not None:
            return self._words[that].end + 1, True
        if "," in gap:
            return None
        if verb == "call":
            called = _CALLED.match(self._text, self._words[at].end, self._sentence.end)
            if called:
                return called.end(), True
        if verb in ("describe", "characterise", "characterize"):
            found = _DESCRIBED.match(self._text, self._words[at].end, self._sentence.end)
            return (found.end(), True) if found else None
        if verb in _ASKING_TO and following.lower != "for" and (to := self._to(n)) is not None:
            return self._words[to].start, True
        if verb in _NO_CLAUSE:
            return None
        if following.lower in _ASKING and verb not in _OBJECT:
            return following.start, True
        if verb in _INFINITIVE and self._is_infinitive(n):
            return following.start, True
        if (
            verb in _GERUND
            and following.lower.endswith("ing")
            and self._lemma(n) != following.lower
        ):
            return following.start, True
        clause = self._after_hearer(n) if verb in _TELLING else self._after_time(n)
        if clause is not None and verb in _TELLING | _BARE and self._opens_clause(clause, verb):
            return self._words[clause].start, True
        if following.lower in ("of", "about", "against", "for") and verb in ("warn", "complain"):
            return self._words[min(n + 1, len(self._words) - 1)].start, False
        if verb in _OBJECT and following.lower not in CLOSED - DETERMINERS:
            return following.start, False
        return None

    def _that(self, at: int, verb: str) -> int | None:
        """Return the number of the "that" that a verb governs."""
        for number in range(at + 1, min(at + _FAR, len(self._words))):
            word = self._words[number]
            if re.search(r"[.;:—–]", self._gap(number - 1)):
                return None
            if word.lower == "that":
                following = self._words[number + 1].lower if number + 1 < len(self._words) else ""
                return None if following in AUXILIARIES or not following else number
            led = word.lower in PREPOSITIONS | TIMES or word.lower.endswith("ly")
            if number == at + 1 and not led and verb not in _TELLING | _ASKING_TO | _VOICING:
                return None  # "said the crews that fish there would", "stressed a deal that holds"
            if word.lower in AUXILIARIES or (self._lemma(number) in _CORE and word.text.islower()):
                return None
        return None

    def _end(self, start: int, verbs: Sequence[int]) -> int:
        """Return where the clause ends that starts at a place, given the verbs of saying behind."""
        end = self._sentence.end
        to_do = self._text.startswith(("to ", "not to "), start)
        for found in (_CLOSES_TO_DO if to_do else _CLOSES).finditer(self._text, start, end):
            if not self._is_quoted(found.start()):
                end = found.start()
                break
        silent = SILENT.search(self._text, start, end)
        if silent is not None and not self._is_quoted(silent.start()):
            end = silent.start()
        for at in verbs:
            if self._words[at].start < start:
                continue
            before = at - 1
            while self._words[before].lower.endswith("ly") or self._words[before].lower == "also":
                before -= 1
            joined = self._words[before].lower in ("and", "but")
            if joined and self._words[before].start > start and self._is_form(at):
                return min(end, self._words[before - 1].end)
            other = self._reporters.subject(at)
            if other is None or other.head < 1 or self._words[other.head].start <= start:
                continue
            joint = self._words[other.head - 1]
            if joint.lower in CONJUNCTIONS and "," in self._gap(other.head - 2):
                return min(end, self._words[other.head - 2].end)
        return end

    # "According to Brandt, the cut came too late."

    def _according(self) -> Iterator[Statement]:
        text, (start, end) = self._text, self._sentence
        for found in _ACCORDING.finditer(text, start, end):
            if self._is_quoted(found.start()):
                continue
            who = Span(*found.span("who" if found["who"] else "whose"))
            reporter = self._reporters.called(who)
            if reporter is None:
                continue
            opens = not text[start : found.start()].strip(_MARKS + " ")
            behind = found.end()
            if opens and text[behind : behind + 1] == ",":
                apposed = _APPOSED.match(text, behind, end)
                if apposed and not self._finite_in(behind, apposed.end()):
                    behind = apposed.end()
                span = self._trimmed(behind + 1, self._end(behind + 1, ()))
            elif not opens and text[behind : behind + 1] == ",":
                span = self._trimmed(start, end)  # "The cut, according to Brandt, came too late."
            else:
                span = self._trimmed(start, found.start()) if not opens else None
            if span is not None:
                self._reporters.speaks(reporter)
                yield Statement(
                    *span, reporter.place, reporter.name, "say", span.start, is_clause=True
                )

    def _trimmed(self, start: int, end: int) -> Span | None:
        """Return a clause without the marks around it; None if it is direct speech, or none."""
        text = self._text
        while start < end and text[start] in " \n\t,;:":
            start += 1
        while start < end and text[end - 1] in " \n\t.,;:!":
            end -= 1
        inner = text[start:end]
        if inner.count('"') % 2 or inner.count("“") > inner.count("”"):
            end += text[end : end + 1] in ("”", '"')
        if len(inner.split()) < 2:
            return None
        if any(each.start - 1 <= start and end <= each.end + 2 for each in self._quoted):
            return None
        return Span(start, end)

    def _is_quoted(self, place: int) -> bool:
        return any(each.start <= place < each.end for each in self._quoted)
