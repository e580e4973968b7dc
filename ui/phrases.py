"""How what came of a question is worded: what is said, in which parts, and with what odds.

The terminal, the page and the transcript show these words, each in its own dress.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from index.places import labels_of
from qa import Alternative, Answer, Article, Citation, CitedSentence, Outcome
from qa.answers import GIVEN, SEVERAL

EVIDENCE = "Evidence, not a verdict:"
PROBABLE_EVIDENCE = "Probably evidence, but no verdict. Check the passage:"
CLOSE_CALL = "Close call between two answers. Check the passages:"
OPPOSITE = "The passage says the opposite, at least in part:"
CLOSE_CALL_OF_UNLIKELY = (
    "Close call between two answers, and perhaps neither is right. Check the passages:"
)
LESS_SURE = "Nothing that I found is as sure as you asked for."
NEAREST = "Nearest passage:"
OFFER = "You could ask:"
_NEAREST = "Nearest passages:"

Role = Literal["answer", "probable", "close call", "opposite", "nearest", "other reading"]
"""What a passage is to the question; but for an answer, the word that is shown with it."""

_NAMED = 5  # articles that were looked at
_SUREST = 99
_CERTAINTY = (
    (0.9, "almost certainly right"),
    (0.75, "very likely right"),
    (0.5, "more likely right than wrong"),
    (0.0, "more likely wrong than right"),
)


@dataclass(frozen=True)
class Part:
    """A part of an answer, in an article's words.

    Attributes:
        text: The words.
        speaker: Who says them there, if they are direct speech of somebody.
        number: The number, from 1, of the sentence in which they stand, among those shown.
        confidence: How likely this part is to be the right answer, in 0..1, where each has odds of
            its own: in a close call.
    """

    text: str
    speaker: str | None
    number: int
    confidence: float | None = None


@dataclass(frozen=True)
class Passages:
    """Sentences that are shown for one and the same reason.

    Attributes:
        role: What they are to the question.
        sentences: The sentences, at least one.
        first: The number of the first of them, among all that are shown.
        heading: What stands above them, if anything.
    """

    role: Role
    sentences: tuple[CitedSentence, ...]
    first: int = 1
    heading: str | None = None


@dataclass(frozen=True)
class Wording:
    """What is said in answer to a question.

    Attributes:
        question: The question, as it was typed.
        asked: The question, written out so that it stands alone.
        outcome: What came of it.
        reply: All that is said, where that is the program's own: small talk, and what cannot be
            done. Then there is nothing else but what is offered.
        offers: Questions that may be asked next.
        understood: How the question was understood; None if as it was typed.
        headline: What the program says before the parts, or in place of them.
        before: What it says right before the only part.
        parts: The answer, or the two that are in question.
        after: What it says right after the only part.
        listed: Whether the parts are a list.
        confidence: How likely the best span is to be right, in 0..1; None where nothing was read.
        odds: The same in words and percent, where they do not stand in what is said.
        figures: The same in figures.
        passages: The sentences that are shown.
        evidence: Whether what is shown speaks to the question but is no answer: of a yes/no
            question.
        others: What was read out besides, and is not shown yet.
        withheld: Whether the best span was less sure than was asked for.
        looked_at: Which articles of several were looked at, where the question is about them.
        labels: What each article is called, by its id, where that is not its title.
    """

    question: str
    asked: str
    outcome: Outcome
    reply: str | None = None
    offers: tuple[str, ...] = ()
    understood: str | None = None
    headline: str | None = None
    before: str | None = None
    parts: tuple[Part, ...] = ()
    after: str | None = None
    listed: bool = False
    confidence: float | None = None
    odds: str | None = None
    figures: str | None = None
    passages: tuple[Passages, ...] = ()
    evidence: bool = False
    others: tuple[Alternative, ...] = ()
    withheld: bool = False
    looked_at: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def sentences(self) -> tuple[CitedSentence, ...]:
        """All sentences that are shown, in order of their numbers."""
        return tuple(sentence for each in self.passages for sentence in each.sentences)

    @property
    def brief(self) -> tuple[Passages, ...]:
        """What of the passages a copy carries: of the nearest ones, the first."""
        return tuple(
            replace(each, sentences=each.sentences[:1], heading=NEAREST)
            if each.role == "nearest"
            else each
            for each in self.passages
        )

    def line(
        self, part: Part, *, quoted: Callable[[str], str] = str, named: Callable[[str], str] = str
    ) -> str:
        """Return a part with all that is said of it.

        Args:
            part: The part.
            quoted: Returns the article's words as they are to look.
            named: Returns a speaker's name as it is to look.
        """
        words = [self.before, quoted(part.text)]
        if part.speaker is not None:
            words.append(f"— {named(part.speaker)}")
        if part.confidence is not None:
            words.append(f"({in_percent(part.confidence)})")
        return " ".join(filter(None, [*words, self.after]))

    def label_of(self, article: Article) -> str:
        """Return what an article is called, so that no other is called the same."""
        return self.labels.get(article.id, article.title)

    def source_of(self, sentence: CitedSentence) -> str:
        """Return what a sentence is quoted from, as one would look it up: with its page."""
        part = labels_of(sentence.places)
        label = self.label_of(sentence.article)
        return f"{label}, {part}" if part else label

    def place_of(self, sentence: CitedSentence) -> str:
        """Return where a sentence stands, to the character."""
        return f"{self.source_of(sentence)}, characters {sentence.start} to {sentence.end}"

    def odds_of(self, confidence: float) -> str:
        """Return the odds of something that was read, in words and percent."""
        if self.evidence:
            return f"speaks to the question: {in_percent(confidence)}"
        return f"{in_words(confidence)} · {in_percent(confidence)}"


def word(
    answer: Answer,
    *,
    articles: int,
    min_confidence: float | None = None,
    labels: Mapping[str, str] | None = None,
) -> Wording:
    """Word an answer.

    Args:
        answer: The answer.
        articles: How many articles were asked.
        min_confidence: What the answer had to reach to be given, if that was set.
        labels: What each article is called, by its id; their titles if None.
    """
    said = Wording(
        answer.question,
        answer.understood,
        answer.outcome,
        offers=answer.suggestions,
        labels=labels or {},
    )
    if answer.reply is not None:
        return replace(said, reply=answer.reply)
    shown_already = {*answer.closest, *(rival.citation for rival in answer.rivals)}
    said = replace(
        said,
        understood=_understood(answer),
        confidence=answer.confidence,
        passages=_passages(answer),
        evidence=answer.kind == "yes_no",
        looked_at=_looked_at(answer, articles, labels or {}),
        others=tuple(e for e in answer.alternatives if e.citation not in shown_already),
    )
    if answer.outcome is Outcome.CLOSE_CALL:
        return _close_call(said, answer)
    if answer.outcome not in GIVEN:
        return _not_found(said, answer, articles, min_confidence)
    return _evidence(said) if said.evidence else _given(said, answer)


def notes_of(article: Article, name: str | None = None) -> list[str]:
    """Return what a person should know of how an article was read, with its name in each note.

    Args:
        article: The article.
        name: What it is called; where it came from, or else its id, if None.
    """
    name = article.source or article.id if name is None else name
    return [note if note.startswith(name) else f"{name}: {note}" for note in article.notes]


def in_words(confidence: float) -> str:
    """Return what a confidence means: it is the probability that the answer is right."""
    return next(words for least, words in _CERTAINTY if confidence >= least)


def in_percent(confidence: float) -> str:
    """Return a confidence in percent; what was weighed is never certain, and so at most 99 %."""
    return f"{min(100 * confidence, _SUREST):.0f} %"


def in_figures(confidence: float) -> str:
    """Return a confidence with two decimals, at most 0.99."""
    return f"{min(confidence, _SUREST / 100):.2f}"


def _given(said: Wording, answer: Answer) -> Wording:
    several, sure = answer.kind in SEVERAL, answer.confidence
    cited = answer.citations if several else answer.citations[:1]
    said = replace(said, parts=tuple(_part(each, said) for each in cited), listed=several)
    if sure is None:
        return said
    if answer.outcome is Outcome.ANSWERED:
        return replace(said, odds=said.odds_of(sure), figures=f"confidence {in_figures(sure)}")
    word = "Probably" if sure >= 0.5 else "Perhaps"
    if several:
        return replace(said, headline=f"{word} ({in_percent(sure)}). Check the passages:")
    return replace(said, before=f"{word}:", after=f"({in_percent(sure)}). Check the passage.")


def _evidence(said: Wording) -> Wording:
    odds = None if said.confidence is None else said.odds_of(said.confidence)
    headline = EVIDENCE if said.outcome is Outcome.ANSWERED else PROBABLE_EVIDENCE
    return replace(said, headline=headline, odds=odds, figures=odds)


def _close_call(said: Wording, answer: Answer) -> Wording:
    parts = tuple(_part(each.citation, said, each.confidence) for each in answer.rivals)
    either = sum(rival.confidence for rival in answer.rivals)  # they exclude each other
    headline = CLOSE_CALL if either >= 0.5 else CLOSE_CALL_OF_UNLIKELY
    return replace(said, headline=headline, parts=parts, listed=True)


def _not_found(
    said: Wording, answer: Answer, articles: int, min_confidence: float | None
) -> Wording:
    if answer.opposite is not None:
        return replace(said, headline=OPPOSITE)
    best = answer.confidence if answer.alternatives else None
    if best is None or min_confidence is None:
        where = "" if articles == 1 else f" in these {articles:,} articles"
        does = "speaks to" if said.evidence else "answers"
        headline = f"I found no passage{where} that {does} this."
    else:
        headline = LESS_SURE
    if best is None:
        return replace(said, headline=headline)
    odds, figures = f"best guess {in_percent(best)}", f"best guess {in_figures(best)}"
    if min_confidence is not None:
        odds += f", you asked for {min_confidence:.0%}".replace("%", " %")
        figures += f", you asked for {min_confidence:.2f}"
    withheld = min_confidence is not None
    return replace(said, headline=headline, odds=odds, figures=figures, withheld=withheld)


def _passages(answer: Answer) -> tuple[Passages, ...]:
    roles: dict[Outcome, Role] = {
        Outcome.ANSWERED: "answer",
        Outcome.PROBABLE: "probable",
        Outcome.CLOSE_CALL: "close call",
    }
    role: Role = roles.get(answer.outcome, "nearest")
    heading: str | None = None
    found: list[Passages] = []
    shown = answer.shown
    if answer.opposite is not None:
        place = answer.opposite
        opposite = CitedSentence(place.article, place.start, place.end, ())
        if role == "nearest":
            shown = tuple(each for each in shown if not each.overlaps(opposite))
        above = None if role == "nearest" else OPPOSITE
        found.append(Passages("opposite", (opposite,), heading=above))
    if role == "nearest":
        heading = NEAREST if len(shown) == 1 else _NEAREST
    if shown:
        # What answers comes first, what comes near it last.
        found.insert(len(found) if role == "nearest" else 0, Passages(role, shown, 1, heading))
    numbered: list[Passages] = []
    number = 1
    for each in found:
        numbered.append(replace(each, first=number))
        number += len(each.sentences)
    return tuple(numbered)


def _looked_at(answer: Answer, articles: int, labels: Mapping[str, str]) -> str | None:
    """Return which articles were looked at: all, or so many, the first of them by name."""
    if not answer.looked_at:
        return None
    looked_at = [labels.get(each, each) for each in answer.looked_at]
    count = len(looked_at)
    of = f"all {count:,}" if count == articles else f"{count:,} of {articles:,}"
    more = f" and {count - _NAMED:,} more" if count > _NAMED else ""
    return f"Looked at {of} articles: {', '.join(looked_at[:_NAMED])}{more}."


def _understood(answer: Answer) -> str | None:
    if answer.understood == answer.question:
        return None
    also = "; ".join(
        f"“{each.word}” could also be {', '.join(each.others)}"
        for each in answer.references
        if each.others
    )
    return f"Understood as: {answer.understood}" + (f" ({also})" if also else "")


def _part(cited: Citation, said: Wording, confidence: float | None = None) -> Part:
    shown = said.passages[0].sentences
    numbers = {(each.article, each.span): number for number, each in enumerate(shown, start=1)}
    return Part(cited.answer, cited.speaker, numbers[cited.article, cited.span], confidence)
