"""Question sets in the SQuAD 1.1 and 2.0 formats (Rajpurkar et al. 2016, 2018)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.articles import Article
from index.errors import ArticleError, DatasetError
from index.text.spans import Span

_SQUAD_KEYS = {"id", "question", "answers", "is_impossible", "plausible_answers"}
_PARAGRAPH_BREAK = "\n\n"


@dataclass(frozen=True)
class Question:
    """A question about an article, with the answers that people gave.

    Attributes:
        id: Tells the questions of a set apart.
        text: The question.
        golds: Where the accepted answers stand in the article; none if the article does not answer.
        paragraph: Where the paragraph that it was asked of stands in the article.
        plausible: Where wrong answers stand that tempt, of a question that the article does not
            answer (SQuAD 2.0's ``plausible_answers``).
        extras: What else the file says of it, beyond SQuAD's own keys.
    """

    id: str
    text: str
    golds: tuple[Span, ...]
    paragraph: Span
    plausible: tuple[Span, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class QuestionSet:
    """An article and the questions asked of it."""

    article: Article
    questions: tuple[Question, ...]

    def gold_texts(self, question: Question) -> list[str]:
        """Return the accepted answers, word for word, each once."""
        return list(dict.fromkeys(self.article.text[start:end] for start, end in question.golds))


def load_squad(path: str | Path) -> list[QuestionSet]:
    """Read a SQuAD file: one article per entry, its paragraphs joined by blank lines.

    Raises:
        DatasetError: The file cannot be read, is not SQuAD JSON, holds no question, or has an
            answer that does not stand where it says. The message names the question; none is left
            out silently.
    """
    sets, refused = read_squad(path)
    if refused:
        raise DatasetError(f"{path}: {refused[0]}; mend the entry or remove it.")
    return sets


def read_squad(path: str | Path) -> tuple[list[QuestionSet], list[str]]:
    """Read what is sound in a SQuAD file.

    Returns:
        The articles with their questions as from :func:`load_squad`, and, for each question that
        was left out because an answer does not stand where it says, its id and what is wrong.

    Raises:
        DatasetError: The file cannot be read, is not SQuAD JSON, or holds no question at all.
    """
    path = Path(path)
    refused: list[str] = []
    try:
        entries = json.loads(path.read_bytes())["data"]
        sets = [
            _read_entry(entry, number, refused) for number, entry in enumerate(entries, start=1)
        ]
    except FileNotFoundError:
        raise DatasetError(f"{path}: no such file; check the path.") from None
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror}).") from error
    except ArticleError as error:
        raise DatasetError(f"{path}: {error}") from None
    except _MalformedError as error:
        raise DatasetError(f"{path}: is not SQuAD JSON: {error}; mend it or remove it.") from None
    except (KeyError, ValueError, TypeError, AttributeError):
        raise DatasetError(
            f"{path}: is not SQuAD JSON; expected data[].paragraphs[] with context and qas[]."
        ) from None
    if not refused and not any(group.questions for group in sets):
        raise DatasetError(f"{path}: holds no question; expected data[].paragraphs[].qas[].")
    return sets, refused


def write_squad(sets: Sequence[QuestionSet], path: Path) -> None:
    """Write questions and their whole articles as SQuAD 2.0 JSON, for :func:`load_squad` to read.

    Paragraphs that nothing is asked of may be joined.
    """
    entries = [
        {"title": group.article.title, "paragraphs": list(_paragraphs(group))} for group in sets
    ]
    path.write_text(json.dumps({"version": "2.0", "data": entries}), encoding="utf-8")


def _paragraphs(group: QuestionSet) -> Iterator[dict[str, Any]]:
    text = group.article.text
    asked: dict[int, list[Question]] = {}
    for question in group.questions:
        asked.setdefault(question.paragraph.start, []).append(question)
    ends = {question.paragraph.end for question in group.questions} - {len(text)}
    starts = sorted({0, *asked, *(end + len(_PARAGRAPH_BREAK) for end in ends)})
    for start, following in itertools.pairwise([*starts, len(text) + len(_PARAGRAPH_BREAK)]):
        end = following - len(_PARAGRAPH_BREAK)
        qas = [
            {
                "id": question.id,
                "question": question.text,
                "answers": [_written(gold, text, start) for gold in question.golds],
                "is_impossible": not question.golds,
            }
            | (
                {"plausible_answers": [_written(each, text, start) for each in question.plausible]}
                if question.plausible
                else {}
            )
            for question in asked.get(start, ())
        ]
        yield {"context": text[start:end], "qas": qas}


def _written(span: Span, text: str, paragraph: int) -> dict[str, Any]:
    return {"text": text[span.start : span.end], "answer_start": span.start - paragraph}


def sample(sets: Sequence[QuestionSet], count: int) -> list[QuestionSet]:
    """Return at most ``count`` questions, taken evenly from all of the sets, in order."""
    total = sum(len(group.questions) for group in sets)
    wanted = {number * total // count for number in range(count)}
    sampled = []
    first = 0
    for group in sets:
        numbered = enumerate(group.questions, start=first)
        questions = tuple(question for number, question in numbered if number in wanted)
        first += len(group.questions)
        if questions:
            sampled.append(QuestionSet(group.article, questions))
    return sampled


class _MalformedError(Exception):
    """Part of a file is not SQuAD JSON. The message says which part."""


@contextmanager
def _naming(part: str) -> Iterator[None]:
    """Say of something malformed which part of the file it is."""
    try:
        yield
    except KeyError as error:
        raise _MalformedError(f"{part} has no {error}") from None
    except (ValueError, TypeError, AttributeError):
        raise _MalformedError(f"{part} is malformed") from None


def _read_entry(entry: dict[str, Any], number: int, refused: list[str]) -> QuestionSet:
    part = f"entry {number}"
    with _naming(part):
        paragraphs = list(entry["paragraphs"])
        name = str(entry.get("title") or part)
    contexts = []
    for place, paragraph in enumerate(paragraphs, start=1):
        with _naming(f"{part}, paragraph {place}"):
            if not isinstance(paragraph["context"], str):
                raise TypeError(paragraph["context"])
            contexts.append(paragraph["context"])
    text = _PARAGRAPH_BREAK.join(contexts)
    article = Article(id=f"{number}: {name}", title=name, text=text)
    questions = []
    offset = 0
    for place, (paragraph, context) in enumerate(zip(paragraphs, contexts, strict=True), start=1):
        bounds = Span(offset, offset + len(context))
        with _naming(f"{part}, paragraph {place}"):
            asked = list(paragraph["qas"])
        for row, qa in enumerate(asked, start=1):
            with _naming(f"{part}, paragraph {place}, question {row}"):
                question = _read_question(qa, context, bounds)
            if isinstance(question, str):
                refused.append(question)
            else:
                questions.append(question)
        offset = bounds.end + len(_PARAGRAPH_BREAK)
    return QuestionSet(article, tuple(questions))


def _read_question(qa: dict[str, Any], context: str, paragraph: Span) -> Question | str:
    """Return the question, or what is wrong with it."""
    if not isinstance(qa["question"], str):
        raise TypeError(qa["question"])
    unanswerable = bool(qa.get("is_impossible"))
    spans: list[tuple[Span, ...]] = []
    for answers in (
        [] if unanswerable else qa["answers"],
        (qa.get("plausible_answers") or []) if unanswerable else [],
    ):
        found = []
        for answer in answers:
            text, start = answer["text"], answer["answer_start"]
            if not text or start < 0 or context[start : start + len(text)] != text:
                return (
                    f"question {qa['id']}: its answer {text!r} does not stand at character {start} "
                    "of its paragraph"
                )
            found.append(Span(paragraph.start + start, paragraph.start + start + len(text)))
        spans.append(tuple(found))
    golds, plausible = spans
    extras = {key: value for key, value in qa.items() if key not in _SQUAD_KEYS}
    return Question(str(qa["id"]), qa["question"], golds, paragraph, plausible, extras)
