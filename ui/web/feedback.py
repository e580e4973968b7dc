"""Verdicts on answers, kept as a question set that can be evaluated on and trained on."""

from __future__ import annotations

import textwrap
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa import Answer, Article, DatasetError, FeedbackError, Span
from qa.answers import SEVERAL
from qa.squad import (
    Question,
    drop_question,
    new_document,
    put_question,
    read_document,
    write_document,
)


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
            golds: Where the right answer stands; nothing if it has none; None if the
                answer given is wrong and the right one not known.
            given: The answer that was given, word for word; None if there was none.

        Raises:
            FeedbackError: The file cannot be written, or was changed so that it cannot be read.
        """
        with self._adding:
            document = self._read()
            rejected = [
                each
                for each in document.get("rejected", [])
                if (each["question"], each["title"]) != (question, article.title)
            ]
            if golds is None:
                drop_question(document, article, question)
                rejected.append({"title": article.title, "question": question, "given": given})
            else:
                whole = Span(0, len(article.text))
                put_question(
                    document, article, Question(uuid.uuid4().hex, question, tuple(golds), whole)
                )
            document["rejected"] = rejected
            try:
                write_document(document, self.path)
            except OSError as error:
                raise FeedbackError(
                    f"{self.path}: cannot be written ({error.strerror}); name another file with "
                    "--feedback."
                ) from error

    def _read(self) -> dict[str, Any]:
        if not self.path.exists():
            return new_document()
        try:
            return read_document(self.path)
        except DatasetError as error:
            raise FeedbackError(
                f"{self.path}: cannot be added to, because it is not a question set in SQuAD "
                "format; name another file with --feedback."
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
