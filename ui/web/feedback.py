"""Verdicts on answers, kept as a question set that can be evaluated on and trained on."""

from __future__ import annotations

import json
import textwrap
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa import Answer, Article, DatasetError, FeedbackError, Span
from qa.answers import SEVERAL
from qa.squad import read_squad


class FeedbackFile:
    """A file in SQuAD 2.0 format that verdicts are added to.

    What was only said to be wrong has no known answer, and so is no question of the set: it stands
    under ``rejected``, which readers of the format pass over.

    Args:
        path: The file. It is made by the first verdict.

    Raises:
        FeedbackError: The file exists and is not such a file; it is left as it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._adding = threading.Lock()
        if self.path.exists():
            self._read()

    def add(
        self, article: Article, question: str, golds: Sequence[Span] | None, *, given: str | None
    ) -> None:
        """Add a verdict, in place of an earlier one on the same question of the same article.

        Args:
            article: The article that was asked.
            question: The question, written out so that it stands alone.
            golds: Where the right answer stands; nothing if the article does not say; None if the
                answer given is wrong and the right one not known.
            given: The answer that was given, word for word; None if there was none.

        Raises:
            FeedbackError: The file cannot be written, or was changed so that it cannot be read.
        """
        with self._adding:
            document = self._read()
            entry = _entry_of(document, article)
            asked: list[dict[str, Any]] = entry["qas"]
            asked[:] = [each for each in asked if each["question"] != question]
            rejected = [
                each
                for each in document.get("rejected", [])
                if (each["question"], each["title"]) != (question, article.title)
            ]
            if golds is None:
                rejected.append({"title": article.title, "question": question, "given": given})
            else:
                answers = [
                    {"text": article.text[start:end], "answer_start": start} for start, end in golds
                ]
                asked.append(
                    {
                        "id": uuid.uuid4().hex,
                        "question": question,
                        "answers": answers,
                        "is_impossible": not answers,
                    }
                )
            document["rejected"] = rejected
            self._write(document)

    def _read(self) -> dict[str, Any]:
        try:
            document = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"version": "2.0", "data": [], "rejected": []}
        except (OSError, ValueError) as error:
            raise self._unusable() from error
        try:
            if any(part["qas"] for entry in document["data"] for part in entry["paragraphs"]):
                read_squad(self.path)
            return dict(document)
        except (DatasetError, KeyError, TypeError) as error:
            raise self._unusable() from error

    def _unusable(self) -> FeedbackError:
        return FeedbackError(
            f"{self.path}: cannot be added to, because it is not a question set in SQuAD format; "
            "name another file with --feedback."
        )

    def _write(self, document: dict[str, Any]) -> None:
        """Write the file whole or not at all."""
        beside = self.path.with_name(f"{self.path.name}.{uuid.uuid4().hex}.tmp")
        try:
            beside.write_text(
                json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
            beside.replace(self.path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise FeedbackError(
                f"{self.path}: cannot be written ({error.strerror}); name another file with "
                "--feedback."
            ) from error


def golds_of(answer: Answer) -> list[Span]:
    """Return where an answer stands in the article that it cites first.

    If its parts stand in a row there, they are one span.
    """
    cited = answer.citations if answer.kind in SEVERAL else answer.citations[:1]
    own = [each for each in cited if each.article == cited[0].article]
    spans = [Span(each.answer_start, each.answer_end) for each in own]
    if not spans:
        return []
    whole = Span(spans[0].start, spans[-1].end)
    in_a_row = own[0].article.text[whole.start : whole.end] == answer.text
    return [whole] if in_a_row else spans


def find_words(
    words: str, articles: Sequence[Article], near: tuple[Article, int] | None
) -> tuple[Article, Span]:
    """Return where words stand: where they were selected, else in the first article with them.

    Raises:
        FeedbackError: No article has them.
    """
    places = [near] if near else []
    places += [(article, article.text.find(words)) for article in articles]
    for article, start in places:
        if start >= 0 and article.text[start : start + len(words)] == words:
            return article, Span(start, start + len(words))
    shown = textwrap.shorten(words, 80, placeholder=" …")
    raise FeedbackError(
        f"“{shown}” does not stand in the article. Select the words there, so that they are the "
        "same to the letter."
    )


def _entry_of(document: dict[str, Any], article: Article) -> dict[str, Any]:
    """Return the paragraph of an article, which is its whole text, added if it is new."""
    for entry in document["data"]:
        for known in entry["paragraphs"]:
            if known["context"] == article.text:
                found: dict[str, Any] = known
                return found
    paragraph: dict[str, Any] = {"context": article.text, "qas": []}
    document["data"].append({"title": article.title, "paragraphs": [paragraph]})
    return paragraph
