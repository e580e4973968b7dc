"""How an answer is worded: what is said, in which parts, and with what odds.

The terminal, the page and the transcript show these words, each in its own dress.
"""

from __future__ import annotations

from dataclasses import dataclass

from qa import Answer, CitedSentence
from qa.answers import SEVERAL

EVIDENCE = "Evidence, not a verdict:"
CLOSEST = "Closest, but not sure enough:"

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
    """

    text: str
    speaker: str | None
    number: int


@dataclass(frozen=True)
class Wording:
    """What is said in answer to a question.

    Attributes:
        reply: All that is said, where that is the program's own: small talk. Then there is nothing
            else but what is offered.
        offers: Questions that may be asked next.
        understood: How the question was understood; None if as it was typed.
        headline: What the program says in place of parts: that there is no answer, or that what
            follows is evidence.
        parts: The answer.
        listed: Whether the parts are a list.
        confidence: How likely the answer is to be right, in 0..1; None where nothing was read, or
            nothing is answered.
        guess: The same of the best span where nothing is answered.
        heading: What stands above the sentences, if anything.
        sentences: The sentences that are shown.
        cited: Those of them that bear an answer: all or none.
    """

    reply: str | None = None
    offers: tuple[str, ...] = ()
    understood: str | None = None
    headline: str | None = None
    parts: tuple[Part, ...] = ()
    listed: bool = False
    confidence: float | None = None
    guess: float | None = None
    heading: str | None = None
    sentences: tuple[CitedSentence, ...] = ()
    cited: tuple[CitedSentence, ...] = ()

    def in_figures(self, *, min_confidence: float) -> str | None:
        """Return the odds in figures; None if there are none.

        Args:
            min_confidence: What the answer's confidence was held against.
        """
        if self.guess is not None:
            return f"(best guess {self.guess:.2f}, needed {min_confidence:.2f})"
        return None if self.confidence is None else f"(confidence {self.confidence:.2f})"


def word(answer: Answer, *, articles: int) -> Wording:
    """Word an answer.

    Args:
        answer: The answer.
        articles: How many articles were asked.
    """
    if answer.reply is not None:
        return Wording(reply=answer.reply, offers=answer.suggestions)
    understood = _understood(answer)
    shown = answer.shown
    if answer.text is None:
        return Wording(
            understood=understood,
            headline=_refusal(answer, articles),
            guess=answer.confidence,
            heading=CLOSEST if shown else None,
            sentences=shown,
        )
    evidence = answer.kind == "yes_no"
    several = answer.kind in SEVERAL
    return Wording(
        understood=understood,
        headline=EVIDENCE if evidence else None,
        parts=() if evidence else _parts(answer, shown, several=several),
        listed=several,
        confidence=answer.confidence,
        sentences=shown,
        cited=shown,
    )


def in_words(confidence: float) -> str:
    """Return what a confidence means: it is the probability that the answer is right."""
    return next(words for least, words in _CERTAINTY if confidence >= least)


def in_percent(confidence: float) -> str:
    """Return a confidence in percent."""
    return f"{confidence:.0%}"


def place_of(sentence: CitedSentence) -> str:
    """Return where a sentence stands."""
    return f"{sentence.article.title}, characters {sentence.start} to {sentence.end}"


def _understood(answer: Answer) -> str | None:
    if answer.understood == answer.question:
        return None
    also = "; ".join(
        f"“{each.word}” could also be {', '.join(each.others)}"
        for each in answer.references
        if each.others
    )
    return f"Understood as: {answer.understood}" + (f" ({also})" if also else "")


def _refusal(answer: Answer, articles: int) -> str:
    if answer.kind == "yes_no":
        return "No sentence is sure to speak to that."
    return "The article does not say." if articles == 1 else "The articles do not say."


def _parts(answer: Answer, shown: tuple[CitedSentence, ...], *, several: bool) -> tuple[Part, ...]:
    numbers = {(each.article, each.span): number for number, each in enumerate(shown, start=1)}
    return tuple(
        Part(each.answer, each.speaker, numbers[each.article, each.span])
        for each in (answer.citations if several else answer.citations[:1])
    )
