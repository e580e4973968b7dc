"""Direct speech: the quotations in a text and who says them.

Attribution follows the few forms that English prose has: the name before a verb of speaking and the
quotation behind it, or the other way round; a pronoun stands for the last one who could have said
it; a quotation right behind another is of the same speaker (the rules that O'Keefe et al. 2012, "A
Sequence Labelling Approach to Quote Attribution", start from).
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.structure.paragraphs import split_paragraphs
from index.structure.spans import Span
from qa.english.names import ROLES
from qa.english.speakers import PRONOUNS, Speakers, Utterance
from qa.english.words import CLOSED, DETERMINERS, Word, is_verb_of_speaking, words

_OPENING = "“"
_MAY_OPEN = re.compile(r"[“\"]|(?<!\w)[‘'](?=\w)")
# Between single marks, which stand for apostrophes, too: ’ closes but in a word or behind a plural,
# and ' only behind another mark, as in 'We lose two days,' said Ann Lee.
_SINGLE = re.compile(
    r"(?<!\w)‘(?=\S)((?:[^‘’]|’(?=\w)|(?<=s)’(?=\s[a-z]))*)’(?!\w)"
    r"|(?<!\w)'(?=\w)((?:[^']|(?<=\w)'(?=\w)|(?<=s)'(?=\s[a-z]))*[,.?!…])'(?!\w)"
)
_SUBJECT_WORDS = 9  # a longer stretch before a verb is no name for a speaker
_ACCORDING = re.compile(r"\baccording to\b", re.IGNORECASE)


@dataclass(frozen=True)
class Quotation(Utterance):
    """Words that a text puts in quotation marks: they start behind the mark and end before it."""


def quotations(text: str, sentences: Sequence[Span], speakers: Speakers) -> tuple[Quotation, ...]:
    """Return the quotations of a text, in order.

    A quotation that is not closed goes to the end of its paragraph.

    Args:
        text: The text.
        sentences: All of its sentences, in order.
        speakers: The people and organisations in it.
    """
    starts = [sentence.start for sentence in sentences]
    found: list[Quotation] = []
    for paragraph in split_paragraphs(text):
        marks = list(_marks(text, paragraph))
        for number, mark in enumerate(marks):
            sentence = sentences[bisect.bisect_right(starts, mark.start) - 1]
            before = Span(
                max(marks[number - 1].end + 1, sentence.start) if number else sentence.start,
                mark.start - 1,
            )
            last = sentences[max(bisect.bisect_right(starts, mark.end) - 1, 0)].end
            following = marks[number + 1].start - 1 if number + 1 < len(marks) else last
            behind = Span(min(mark.end + 1, last), min(following, last))
            speaker = _subject_behind(text, behind, speakers) or _subject_before(
                text, before, speakers
            )
            # The second half of a broken quotation, or a sentence that is one.
            goes_on = number > 0 and (
                marks[number - 1].end >= sentence.start or before.start >= before.end
            )
            if speaker is None and goes_on:
                found.append(Quotation(*mark, found[-1].speaker, found[-1].name))
                continue
            found.append(_named(text, mark, speaker, speakers))
    return tuple(found)


def may_quote(text: str) -> bool:
    """Tell whether a text has what may be an opening quotation mark."""
    return _MAY_OPEN.search(text) is not None


def may_be_quoted(text: str, place: int) -> bool:
    """Tell whether a quotation mark stands before a place in its paragraph, or at it."""
    start = text.rfind("\n\n", 0, place + 1) + 1
    return _MAY_OPEN.search(text, start, place + 2) is not None  # and the letter behind it


def _marks(text: str, paragraph: Span) -> list[Span]:
    """Return what stands between quotation marks in a paragraph; single ones where no others do."""
    piece = text[paragraph.start : paragraph.end]
    if _OPENING in piece or '"' in piece:
        pattern = r"“([^“”]*)(?:”|$)" if _OPENING in piece else r'"([^"]*)"'
        found = re.finditer(pattern, piece)
    else:
        found = _SINGLE.finditer(piece)
    return [
        Span(paragraph.start + match.start(number), paragraph.start + match.end(number))
        for match in found
        if (number := match.lastindex) and match[number].strip()
    ]


def _subject_behind(text: str, behind: Span, speakers: Speakers) -> Span | None:
    """Read ``said Moira Tennant, ...`` or ``she added`` behind a quotation."""
    found = words(text, *behind)
    if len(found) < 2 or found[0].lower in CLOSED - PRONOUNS.keys() - DETERMINERS:
        return None
    if _speaks(found[0]):
        return _noun_phrase(text, found[1:], speakers)
    for number, word in enumerate(found[1:6], start=1):
        if _speaks(word):
            gap = text[found[0].start : word.start]
            if found[0].lower in PRONOUNS:
                return Span(found[0].start, found[0].end)
            if not re.search(r"[.;:]\s", gap):
                return Span(found[0].start, _end_of_phrase(found[:number]))
            return None
    return None


def _subject_before(text: str, before: Span, speakers: Speakers) -> Span | None:
    """Read ``Umerov echoed this, noting that`` or ``According to Umerov,`` before a quotation."""
    if accord := _ACCORDING.search(text, before.start, before.end):
        rest = Span(accord.end(), before.end)
        return _noun_phrase(text, words(text, *rest), speakers)
    found = words(text, *before)
    for number, word in enumerate(found):
        if number and _speaks(word):
            own = _own_name(found[:number], speakers)
            if own is not None:
                return own
            first = _clause_start(text, found[:number])
            if found[0].lower in PRONOUNS:  # "Her report, published in June, concluded"
                return Span(found[0].start, found[0].end)
            subject = found[first:number]
            while subject and (subject[-1].lower.endswith("ly") or subject[-1].lower in CLOSED):
                subject = subject[:-1]
            if subject and len(subject) <= _SUBJECT_WORDS:
                return Span(subject[0].start, subject[-1].end)
            return None
    return None


def _own_name(found: list[Word], speakers: Speakers) -> Span | None:
    """Return the person whose name stands last among words."""
    if not found:
        return None
    if found[-1].lower in PRONOUNS:
        return Span(found[-1].start, found[-1].end)
    said = Span(found[0].start, found[-1].end)
    inside = [place for place, _ in speakers.people_in(said)]
    return max(inside, default=None)


def _clause_start(text: str, found: list[Word]) -> int:
    """Return the number of the first word of the clause in which the last of them stands."""
    for number in range(len(found) - 1, 0, -1):
        if re.search(r"[,;:—–]", text[found[number - 1].end : found[number].start]):
            return number
    return 0


def _noun_phrase(text: str, found: list[Word], speakers: Speakers) -> Span | None:
    """Return the noun phrase that words start with, or the name in it or in apposition to it."""
    if not found:
        return None
    last = 0
    while last + 1 < len(found) and last < _SUBJECT_WORDS:
        if re.search(r"[,;.:—–]", text[found[last].end : found[last + 1].start]):
            break
        if found[last + 1].lower in CLOSED and found[last + 1].lower != "of":
            break
        last += 1
    end = found[last].end
    reach = end
    if last + 1 < len(found) and text[end : found[last + 1].start] == ", ":
        reach = found[min(last + 2, len(found) - 1)].end  # "the curator, Ann Lee"
    apposed = found[min(last + 1, len(found) - 1)].start
    for place, _ in speakers.people_in(Span(found[0].start, found[-1].end)):
        if place.end <= end or place.start == apposed < reach:
            return place
    return Span(found[0].start, _end_of_phrase(found[: last + 1]))


def _speaks(word: Word) -> bool:
    return word.text[0].islower() and word.lower not in ROLES and is_verb_of_speaking(word.text)


def _end_of_phrase(found: list[Word]) -> int:
    while len(found) > 1 and found[-1].lower.endswith("ly"):
        found = found[:-1]
    return found[-1].end


def _named(text: str, mark: Span, speaker: Span | None, speakers: Speakers) -> Quotation:
    """Put the name of a person to a speaker, going back from a pronoun."""
    if speaker is None:
        return Quotation(*mark, None, None)
    said = text[speaker.start : speaker.end]
    if said.lower() in PRONOUNS:
        antecedent = speakers.antecedent(PRONOUNS[said.lower()], speaker.start)
        if antecedent is None:
            return Quotation(*mark, speaker, None)
        return Quotation(*mark, antecedent[0], antecedent[1].text)
    for _, name in speakers.named_in(speaker):
        return Quotation(*mark, speaker, name.text)
    return Quotation(*mark, speaker, None)
