"""What programs may call: named endpoints, which are MCP tools too."""

# Gradio reads the types of the endpoints as they are: `from __future__ import annotations` would
# leave it with their names.

from collections.abc import Callable
from typing import TypedDict, TypeVar

import gradio as gr
from gradio.events import api

from qa import ArticleQAError
from qa.answer_json import AnswerJson
from ui.web.catalogue import catalogue_of
from ui.web.visitors import Service

QUESTIONS = "questions"
"""The queue in which the questions of visitors and of programs wait together."""

Result = TypeVar("Result")


class ArticleResult(TypedDict):
    """An article that is served."""

    id: str
    title: str
    characters: int


def add_endpoints(service: Service) -> None:
    """Add the endpoints to the page that is being built."""

    def ask(
        question: str, min_confidence: float | None = None, only: list[str] | None = None
    ) -> AnswerJson:
        """Answer a question by quoting the articles, or say that no passage was found that answers.

        The answer is found word for word in the articles; nothing is generated. The result's
        outcome says what came of the question: answered (nine in ten of these are right); probable
        (text is given, but is less sure: check the passage); close_call (two answers are as likely:
        the first two alternatives, neither of them given); not_found (no passage was found that
        answers: the nearest ones are alternatives, which is no proof that the articles are silent);
        not_for_me (no quotation can answer: see reply); small_talk (see reply).

        The text is the answer, or null if none is given. Confidence is the probability, in 0..1,
        that the best span, given or not, is right; answerable, that the articles answer at all; for
        a yes/no question, confidence is the probability that the sentence speaks to it. Where a
        passage says the opposite of what the question takes for granted, opposite cites it. Each
        citation holds the sentences with the answer, and the places of both in the article, as code
        points.

        Args:
            question: A question that stands alone.
            min_confidence: How sure an answer must be to be given, in 0..1, in place of the fitted
                boundaries: what reaches it is answered or probable, the rest not_found. The
                server's if null.
            only: The ids of the articles to ask, as the endpoint articles lists them; all if null.
        """
        return _called(lambda: service.ask_many([question], min_confidence, only))[0].to_dict()

    def ask_many(
        questions: list[str], min_confidence: float | None = None, only: list[str] | None = None
    ) -> list[AnswerJson]:
        """Answer questions in one batch, each as ask does.

        Args:
            questions: Questions that stand alone.
            min_confidence: As in ask.
            only: As in ask.
        """
        answers = _called(lambda: service.ask_many(questions, min_confidence, only))
        return [answer.to_dict() for answer in answers]

    def articles() -> list[ArticleResult]:
        """List the articles that are asked."""
        return [
            {"id": each.id, "title": each.title, "characters": each.characters}
            for each in _called(lambda: catalogue_of(service.bot)).documents
        ]

    api(ask, api_name="ask", concurrency_id=QUESTIONS)
    api(ask_many, api_name="ask_many", concurrency_id=QUESTIONS)
    api(articles, api_name="articles", queue=False)


def _called(answers: Callable[[], Result]) -> Result:
    """Tell a caller what was wrong with the call."""
    try:
        return answers()
    except ArticleQAError as error:
        raise gr.Error(str(error), print_exception=False) from error
