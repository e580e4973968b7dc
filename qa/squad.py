"""Question sets in the SQuAD 1.1 and 2.0 formats (Rajpurkar et al. 2016, 2018)."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.articles import Article
from index.errors import ArticleError, DatasetError
from index.structure.spans import Span

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
    _, sets, refused = _read(Path(path))
    if not refused and not any(group.questions for group in sets):
        raise DatasetError(f"{path}: holds no question; expected data[].paragraphs[].qas[].")
    return sets, refused


def read_document(path: Path) -> dict[str, Any]:
    """Read a SQuAD file as the JSON that it is, with all that it says, to be added to.

    Raises:
        DatasetError: The file cannot be read, or is not SQuAD JSON; that it holds no question is
            no error here.
    """
    document, _, _ = _read(path)
    return document


def _read(path: Path) -> tuple[dict[str, Any], list[QuestionSet], list[str]]:
    """Return a file's JSON, its sound questions, and what is wrong with the others."""
    refused: list[str] = []
    try:
        document = json.loads(path.read_bytes())
        sets = [
            _read_entry(entry, number, refused)
            for number, entry in enumerate(document["data"], start=1)
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
    return document, sets, refused


def write_squad(sets: Sequence[QuestionSet], path: Path) -> None:
    """Write questions and their whole articles as SQuAD 2.0 JSON, for :func:`load_squad` to read.

    Paragraphs that nothing is asked of may be joined.
    """
    entries = [
        {"title": group.article.title, "paragraphs": list(_paragraphs(group))} for group in sets
    ]
    write_document({**new_document(), "data": entries}, path)


def new_document() -> dict[str, Any]:
    """Return the JSON of a SQuAD file that holds nothing yet."""
    return {"version": "2.0", "data": []}


def put_question(document: dict[str, Any], article: Article, question: Question) -> None:
    """Add a question to the JSON of a SQuAD file, in which its whole article is one paragraph.

    It takes the place of those in the same words about the same text.
    """
    drop_question(document, article, question.text)
    paragraphs = _paragraphs_of(document, article)
    if not paragraphs:
        paragraphs = [{"context": article.text, "qas": []}]
        document["data"].append({"title": article.title, "paragraphs": paragraphs})
    paragraphs[0]["qas"].append(_question(question, article.text, 0))


def drop_question(document: dict[str, Any], article: Article, text: str) -> None:
    """Take the questions in some words about an article's text out of the JSON of a SQuAD file."""
    for paragraph in _paragraphs_of(document, article):
        paragraph["qas"] = [each for each in paragraph["qas"] if each["question"] != text]


def write_document(document: dict[str, Any], path: Path) -> None:
    """Write the JSON of a SQuAD file, whole or not at all.

    Raises:
        OSError: It cannot be written; what was there is left as it is.
    """
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        beside.write_text(
            json.dumps(document, ensure_ascii=False, indent=1) + "\n",
            encoding="utf-8",
            errors="backslashreplace",  # half a surrogate pair becomes its JSON escape
        )
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _paragraphs_of(document: dict[str, Any], article: Article) -> list[dict[str, Any]]:
    """Return the paragraphs that are the whole text of an article."""
    return [
        paragraph
        for entry in document["data"]
        for paragraph in entry["paragraphs"]
        if paragraph["context"] == article.text
    ]


def _paragraphs(group: QuestionSet) -> Iterator[dict[str, Any]]:
    text = group.article.text
    asked: dict[int, list[Question]] = {}
    for question in group.questions:
        asked.setdefault(question.paragraph.start, []).append(question)
    ends = {question.paragraph.end for question in group.questions} - {len(text)}
    starts = sorted({0, *asked, *(end + len(_PARAGRAPH_BREAK) for end in ends)})
    for start, following in itertools.pairwise([*starts, len(text) + len(_PARAGRAPH_BREAK)]):
        end = following - len(_PARAGRAPH_BREAK)
        qas = [_question(question, text, start) for question in asked.get(start, ())]
        yield {"context": text[start:end], "qas": qas}


def _question(question: Question, text: str, paragraph: int) -> dict[str, Any]:
    """Return a question about a text as the format has it, in a paragraph that starts there."""
    written = {
        "id": question.id,
        "question": question.text,
        "answers": [_written(gold, text, paragraph) for gold in question.golds],
        "is_impossible": not question.golds,
    }
    if question.plausible:
        written["plausible_answers"] = [
            _written(each, text, paragraph) for each in question.plausible
        ]
    return written


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
