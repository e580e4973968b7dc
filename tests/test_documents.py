"""Documents as they are: small texts of each kind, asked with the real models.

``documents/cases.json`` has for each kind the files that are asked together, and questions with a
regular expression that the parts of the answer, joined by " | ", match as a whole; null where the
documents do not answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from index.models.encoder import SentenceEncoder
from qa import Answer, ArticleQA, read_articles
from qa.answers import SEVERAL
from qa.reading.strategies import load_strategy

OpenBot: TypeAlias = Callable[[tuple[str, ...]], ArticleQA]

DOCUMENTS = Path(__file__).parent / "documents"
CASES = [
    pytest.param(tuple(case["files"]), asked["question"], asked["expected"], id=asked["question"])
    for case in json.loads((DOCUMENTS / "cases.json").read_text(encoding="utf-8"))
    for asked in case["questions"]
]


@pytest.fixture(scope="module")
def open_bot(encoder: SentenceEncoder) -> OpenBot:
    strategy = load_strategy(None)
    opened: dict[tuple[str, ...], ArticleQA] = {}

    def open_once(files: tuple[str, ...]) -> ArticleQA:
        if files not in opened:
            articles, refused = read_articles([DOCUMENTS / file for file in files])
            assert not refused
            opened[files] = ArticleQA.from_articles(articles, encoder=encoder, reader=strategy)
        return opened[files]

    return open_once


def said(answer: Answer) -> str | None:
    if not answer.citations:
        return None
    cited = answer.citations if answer.kind in SEVERAL else answer.citations[:1]
    return " | ".join(citation.answer for citation in cited)


@pytest.mark.models
@pytest.mark.parametrize(("files", "question", "expected"), CASES)
def test_a_document_is_answered_from_as_it_is(
    files: tuple[str, ...],
    question: str,
    expected: str | None,
    open_bot: OpenBot,
) -> None:
    answer = open_bot(files).ask(question)
    if expected is None:
        assert said(answer) is None
    else:
        assert re.fullmatch(expected, said(answer) or "", re.DOTALL | re.IGNORECASE), answer.items
