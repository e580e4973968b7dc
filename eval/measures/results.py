"""What came out of a run, question by question, and the file it is kept in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from eval.sets.cases import Condition
from qa import DatasetError, Outcome

RESULTS_FILE = "questions.jsonl"
RIGHT_F1 = 0.5
"""The F1 with an accepted answer from which on a span counts as right."""

Verdict = Literal["right", "wrong", "missed", "abstained", "unfounded", "close"]
VERDICTS: dict[Verdict, str] = {
    "right": "answered, surely or probably, and rightly",
    "wrong": "answered, but not as any person did",
    "missed": "not answered, although the text does",
    "abstained": "rightly not answered",
    "unfounded": "answered, although the text does not",
    "close": "two answers shown, neither claimed",
}
OUTCOMES: dict[Outcome, str] = {
    Outcome.ANSWERED: "an answer is given",
    Outcome.PROBABLE: "an answer is given as probable",
    Outcome.CLOSE_CALL: "two answers are shown, neither claimed",
    Outcome.NOT_FOUND: "no passage was found that answers",
    Outcome.NOT_FOR_ME: "what is asked is no question for a quotation",
    Outcome.SMALL_TALK: "a reply to small talk",
}


@dataclass(frozen=True)
class CitationRecord:
    """The cited sentences and where the answer stands in them, all as offsets into the article.

    Attributes:
        article: The article's title.
        start: Where the cited sentences start.
        end: Where they end.
        text: The cited sentences.
        answer_start: Where the answer starts in the article.
        answer_end: Where it ends.
    """

    article: str
    start: int
    end: int
    text: str
    answer_start: int
    answer_end: int


@dataclass(frozen=True)
class Result:
    """What came out for one question.

    Attributes:
        id: The question's id in its file.
        kind: How it was put.
        question: The question.
        article: The title of the article that it is about.
        golds: The accepted answers; none if what was asked does not answer it.
        answer: The answer that was given, surely or probably, or None.
        outcome: Which outcome it was.
        guess: The best span, whether it was likely enough to be given or not; None if none at all.
        confidence: How likely the guess is to be right, in 0..1; 1.0 where it was found by rule.
        answerability: How likely it is, in 0..1, that what was asked answers at all, as the system
            has it; None where it has no such number.
        citation: The guess in its sentences.
        exact_match: SQuAD's exact match of what was given, 0 or 1; no answer is right where there
            is no accepted one.
        f1: SQuAD's F1 of what was given, likewise, in 0..1.
        guess_exact_match: The exact match of the guess, 0 if the question has no answer.
        guess_f1: The F1 of the guess, likewise.
        rivals: Of a close call, the two answers; else none.
        rivals_f1: The F1 of the better of them, likewise; 0 without any.
        cited: For the sentences of the guess and of up to two other readings, best first, whether
            they hold an accepted answer.
        rank: The rank, from 1, of the first passage found that holds an accepted answer; None if
            none among the first hundred does.
        latency_ms: How long the question took.
    """

    id: str
    kind: Condition
    question: str
    article: str
    golds: tuple[str, ...]
    answer: str | None
    outcome: Outcome
    guess: str | None
    confidence: float
    answerability: float | None
    citation: CitationRecord | None
    exact_match: float
    f1: float
    guess_exact_match: float
    guess_f1: float
    rivals: tuple[str, ...]
    rivals_f1: float
    cited: tuple[bool, ...]
    rank: int | None
    latency_ms: float

    @property
    def answerable(self) -> bool:
        """Whether what was asked answers the question."""
        return bool(self.golds)

    @property
    def guess_right(self) -> bool:
        """Whether the guess is right: an answer that people gave, or at least half of it."""
        return self.guess_f1 >= RIGHT_F1

    @property
    def rival_right(self) -> bool:
        """Whether one of the two answers of a close call is right."""
        return self.rivals_f1 >= RIGHT_F1

    @property
    def verdict(self) -> Verdict:
        """What is to be thought of the answer."""
        if self.outcome is Outcome.CLOSE_CALL:
            return "close"
        if self.answer is None:
            return "missed" if self.answerable else "abstained"
        if not self.answerable:
            return "unfounded"
        return "right" if self.guess_right else "wrong"


@dataclass(frozen=True)
class Run:
    """A run over one question set.

    Attributes:
        title: The name of the question set.
        settings: How it was run, by the name of the setting.
        threshold: The confidence from which on this program gave answers, or held them to be sure
            where its calibration's boundaries say what is given.
        planned: How many questions were to be asked of each system.
        results: What came out, by the name of the system, this program first.
    """

    title: str
    settings: dict[str, str]
    threshold: float
    planned: int
    results: dict[str, list[Result]]

    @property
    def partial(self) -> bool:
        """Whether the run was stopped before all questions had been asked."""
        return any(len(results) < self.planned for results in self.results.values())


def write_results(results: Iterable[Result], path: Path) -> None:
    """Write results as JSON lines, each with its verdict."""
    with path.open("w", encoding="utf-8") as file:
        for result in results:
            line = {**asdict(result), "verdict": result.verdict}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_results(path: str | Path) -> list[Result]:
    """Read the results of a run from its JSON-lines file, or from the folder that holds it.

    A file from before there were outcomes is read, too: an answer was given then, or none found.

    Raises:
        DatasetError: There is no such file, or a line is not a result.
    """
    path = Path(path)
    path = path / RESULTS_FILE if path.is_dir() else path
    results = []
    number = 0
    try:
        # Not by splitlines(), which also breaks lines at characters that JSON leaves as they are.
        for line in path.read_text(encoding="utf-8").split("\n"):
            number += 1
            if line:
                results.append(_read_result(line))
    except FileNotFoundError:
        raise DatasetError(
            f"{path}: no such file; expected one written by `article-qa eval --out`."
        ) from None
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror}).") from error
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DatasetError(
            f"{path}: line {number} is not a result; expected a file written by "
            "`article-qa eval --out`."
        ) from None
    return results


def _read_result(line: str) -> Result:
    values = json.loads(line)
    del values["verdict"]
    if "outcome" not in values:
        values |= _before_outcomes(given=values["answer"] is not None)
    citation = values.pop("citation")
    return Result(
        **{
            **values,
            "golds": tuple(values["golds"]),
            "cited": tuple(values["cited"]),
            "outcome": Outcome(values["outcome"]),
            "rivals": tuple(values["rivals"]),
            "citation": CitationRecord(**citation) if citation else None,
        }
    )


def _before_outcomes(*, given: bool) -> dict[str, Any]:
    """Return what a result of the older form lacks."""
    outcome = Outcome.ANSWERED if given else Outcome.NOT_FOUND
    return {"outcome": outcome, "answerability": None, "rivals": (), "rivals_f1": 0.0}
