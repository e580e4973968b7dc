"""What the page does for a visitor: a conversation, and a choice of what is asked.

Nothing here knows of Gradio, and nothing of a visitor is kept anywhere but in their `Visitor`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from itertools import chain, islice
from weakref import WeakKeyDictionary

from index.loaders.web.fetching import Fetched
from index.models.encoder import load_encoder
from qa import (
    Answer,
    Article,
    ArticleError,
    ArticleQA,
    ArticleQAError,
    FeedbackError,
    Outcome,
    Retriever,
    Span,
)
from qa.reading.batching import Mutex, SharedEncoder, SharedReader
from ui.phrases import Wording, word
from ui.web.catalogue import catalogue_of, labels_in
from ui.web.feedback import FeedbackFile, find_words, golds_of
from ui.web.own import OwnArticles, Report, notes_in_chat
from ui.web.turns import EVERYTHING, Choice, Turn, Visitor, cited_by

BUSY = "Too many questions are waiting. Ask again in a moment."
GONE = "What you chose to ask is no longer there; all documents are asked again."
EMPTY = "There is nothing to ask yet: no document is there."

_OFFERED = 3  # questions, after an answer
_LEANT_ON = 20  # turns before a question, at most
_LOOKED_THROUGH = 200  # articles, for the words of a correction
_LOG = logging.getLogger("article_qa.web")


class Service:
    """Serves visitors from one pipeline, whose models they share.

    Args:
        bot: The pipeline over the articles that everybody may ask; it is left as it is.
        max_bytes: How large an article of a visitor's own may be.
        feedback: Where verdicts on answers go; None if they are not asked for.
        log_questions: Whether the log holds the text of questions.
        fetch: Fetches the pages of the web that visitors name; None if they may name none.
    """

    def __init__(
        self,
        bot: ArticleQA,
        *,
        max_bytes: int,
        feedback: FeedbackFile | None = None,
        log_questions: bool = False,
        fetch: Callable[[str], Fetched] | None = None,
    ) -> None:
        mutex = Mutex()
        retriever = bot.retriever
        if isinstance(retriever, Retriever):
            self._encoder = SharedEncoder(retriever.encoder, mutex)
            retriever = retriever.with_encoder(self._encoder)
        else:  # what embeds visitors' own articles
            self._encoder = SharedEncoder(load_encoder(), mutex)
        # What several visitors ask is one batch for each reader.
        strategy = bot.strategy.with_readers(lambda reader: SharedReader(reader, mutex))
        self.bot = ArticleQA(retriever, strategy, min_confidence=bot.min_confidence)
        self.max_bytes = max_bytes
        self.feedback = feedback
        self.fetches = fetch is not None
        self._own = OwnArticles(self.bot, self._encoder, max_bytes, fetch)
        self._log_questions = log_questions
        self._answering: WeakKeyDictionary[Visitor, threading.Lock] = WeakKeyDictionary()

    def bot_for(self, visitor: Visitor) -> ArticleQA:
        """Return what a visitor may ask: their own articles, or else those that are served."""
        own = visitor.own
        return self.bot if own is None or not len(own.articles) else own

    def choose(self, visitor: Visitor, choice: Choice) -> None:
        """Have only some documents asked from now on, or all."""
        visitor.choice = choice

    def begin(self, visitor: Visitor, question: str) -> Turn:
        """Take a question down, to be answered by :meth:`answer_next`."""
        collection = self.bot_for(visitor)
        try:
            asked = self._asked(visitor, collection)
            turn = Turn(question, asked, collection)
            if not len(collection.articles):
                turn.says = EMPTY
        except ArticleQAError as error:
            turn = Turn(question, collection, collection, says=str(error))
        visitor.turns.append(turn)
        return turn

    def _asked(self, visitor: Visitor, collection: ArticleQA) -> ArticleQA:
        """Return what asks the documents that a visitor chose, of those that are there now.

        Raises:
            StoreError: The library cannot be reached.
        """
        if not visitor.choice:
            return collection
        made_from = (collection, visitor.choice, collection.version)
        if visitor.chosen is not None and visitor.chosen[:3] == made_from:
            return visitor.chosen[3]
        try:
            view = visitor.choice.of(collection)
        except ArticleError:  # something of it is gone
            left = visitor.choice.among(catalogue_of(collection))
            if not left:
                visitor.choice = EVERYTHING
                self.say(visitor, GONE)
                return collection
            view = left.of(collection)
        visitor.chosen = (*made_from, view)
        return view

    def answer_next(self, visitor: Visitor, min_confidence: float | None) -> Turn | None:
        """Answer the question of a visitor that waits longest; None if none does."""
        # Their next question may lean on the answer to this one.
        with self._answering.setdefault(visitor, threading.Lock()):
            turn = next((turn for turn in visitor.turns if turn.waits), None)
            if turn is not None:
                self.answer(visitor, turn, min_confidence)
            return turn

    def refuse_last(self, visitor: Visitor) -> None:
        """Tell a visitor that the question that came last could not be taken."""
        for turn in visitor.turns[::-1]:
            if turn.waits:
                turn.says = BUSY
                return

    def answer(self, visitor: Visitor, turn: Turn, min_confidence: float | None) -> None:
        """Answer a question within the visitor's conversation, or say why it cannot be.

        Args:
            visitor: The visitor.
            turn: The question.
            min_confidence: How sure an answer must be, in 0..1; what the server asks for if None.
        """
        began = time.perf_counter()
        question = turn.question or ""
        before = visitor.turns[: visitor.turns.index(turn)] if turn in visitor.turns else []
        try:
            conversation = turn.bot.conversation(_leant_on(turn, before[-_LEANT_ON:]))
            answer = conversation.ask(question, min_confidence=min_confidence)
            own = turn.bot.min_confidence
            least = own if min_confidence is None else min_confidence
            turn.wording = self._worded(turn, answer, least)
        except ArticleQAError as error:
            turn.says = str(error)
            self.log("refused", question, began, reason=type(error).__name__)
            return
        turn.offers = answer.suggestions
        turn.answer = answer
        self.log("asked", question, began, **_facts(answer))

    def offer(self, visitor: Visitor, turn: Turn) -> None:
        """Offer questions after an answer, which may take seconds where documents are new."""
        if turn.answer is None or turn.answer.suggestions:
            return
        answers = [each.answer for each in visitor.turns if each.answer is not None]
        asked = {answer.understood for answer in answers}
        try:
            turn.offers = tuple(turn.bot.suggest(_OFFERED, without=asked, near=turn.answer))
        except ArticleQAError:  # nobody asked for them
            turn.offers = ()

    def ask_many(
        self,
        questions: list[str],
        min_confidence: float | None = None,
        only: list[str] | None = None,
    ) -> list[Answer]:
        """Answer questions that stand alone, of the articles that are served, in one batch.

        Args:
            questions: The questions.
            min_confidence: How sure an answer must be, in 0..1; what the server asks for if None.
            only: The ids of the articles to ask; all if None.

        Raises:
            ArticleError: One of the ids is not there.
            QuestionError: A question is empty or too long.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        began = time.perf_counter()
        bot = self.bot if only is None else self.bot.only(ids=only)
        answers = bot.ask_many(questions, min_confidence=min_confidence)
        for answer in answers:
            self.log("asked", answer.question, began, **_facts(answer))
        return answers

    def again(self, visitor: Visitor) -> Turn | None:
        """Take the last question down once more, in place of what was said to it."""
        question = self.undo(visitor)
        return None if question is None else self.begin(visitor, question)

    def undo(self, visitor: Visitor) -> str | None:
        """Take the last question back, with all that was said since; None if none was asked."""
        for place in reversed(range(len(visitor.turns))):
            question = visitor.turns[place].question
            if question is not None:
                del visitor.turns[place:]
                return question
        return None

    def add(
        self,
        visitor: Visitor,
        name: str,
        data: bytes,
        report: Report,
        *,
        encoding: str | None = None,
    ) -> Article:
        """Add an article to a visitor's own, which are then asked in place of those served.

        One of the same name is replaced.

        Args:
            visitor: The visitor.
            name: The file's name; empty if the text was pasted.
            data: The file.
            report: Told how far it is.
            encoding: Which encoding a text is in; found out if None.

        Raises:
            ArticleError: The file cannot be read, is too large, or is one too many.
        """
        began = time.perf_counter()
        article = self._own.add(visitor, name, data, report, encoding)
        return self._added(visitor, article, report, began)

    def add_url(self, visitor: Visitor, url: str, report: Report) -> Article:
        """Add a page of the web to a visitor's own articles; it is fetched now, and only now.

        Args:
            visitor: The visitor.
            url: Its address.
            report: Told how far it is.

        Raises:
            ArticleError: It may not be, or cannot be fetched or read, is too large, or is one too
                many.
        """
        began = time.perf_counter()
        return self._added(visitor, self._own.add_url(visitor, url, report), report, began)

    def _added(self, visitor: Visitor, article: Article, report: Report, began: float) -> Article:
        """Tell a visitor that an article was added, with questions that it answers."""
        report(1, "Looking for questions that it answers")
        bot = self.bot_for(visitor)
        offers = tuple(bot.suggest(_OFFERED))
        said = (
            f"Added “{article.title}”. From now on your own articles are asked, and only you can "
            "see them."
        )
        self.say(visitor, " ".join([said, *notes_in_chat(article)]), offers)
        self.log("added", None, began, characters=len(article.text), articles=len(bot.articles))
        return article

    def remove(self, visitor: Visitor, article_id: str) -> None:
        """Remove an article of a visitor's own; without any, those that are served are asked."""
        gone = self._own.remove(visitor, article_id)
        if gone is not None:
            left = self.bot_for(visitor) is visitor.own
            then = "" if left else " The articles that are served here are asked again."
            self.say(visitor, f"Removed “{gone.title}”.{then}")

    def say(self, visitor: Visitor, text: str, offers: tuple[str, ...] = ()) -> None:
        """Tell a visitor something that was not asked for."""
        bot = self.bot_for(visitor)
        visitor.turns.append(Turn(None, bot, bot, says=text, offers=offers))

    def judge(
        self,
        turn: Turn,
        *,
        right: bool,
        correction: str | None = None,
        near: tuple[Article, int] | None = None,
    ) -> str:
        """Save what a visitor thinks of an answer; return what was done, to be shown.

        Args:
            turn: The turn.
            right: Whether the answer, or that there is none, is right.
            correction: The right answer, in the words of the article; empty if no article has it.
                None if it is not known.
            near: The article and the place where the correction was selected, if it was.

        Raises:
            FeedbackError: There is nothing to judge, or no article has these words, or the file
                cannot be written; or two answers are said to be right.
        """
        answer = turn.answer
        if self.feedback is None or answer is None or answer.reply is not None:
            raise FeedbackError("There is no answer to judge; ask a question first.")
        if right and answer.outcome is Outcome.CLOSE_CALL:
            raise FeedbackError("Two answers are shown; say which of them is right, beside it.")
        article = answer.article or next(iter(turn.collection.articles), None)
        if article is None:
            raise FeedbackError("What was asked is no longer there; ask again.")
        golds: list[Span] | None = None
        if right:
            golds = golds_of(answer)
        elif correction is not None and not correction.strip():
            golds = []
        elif correction is not None:
            words = correction.strip()
            article, gold = find_words(words, _likely(turn, article, words), near)
            golds = [gold]
        self.feedback.add(article, answer.understood, golds, given=answer.text)
        return f"Saved in {self.feedback.path}."

    def log(self, event: str, question: str | None, began: float, **facts: object) -> None:
        """Log what happened, with the text of a question only if that was asked for."""
        if question is not None and self._log_questions:
            facts["question"] = question
        latency_ms = round((time.perf_counter() - began) * 1000)
        _LOG.info(event, extra={"facts": {**facts, "latency_ms": latency_ms}})

    @staticmethod
    def _worded(turn: Turn, answer: Answer, least: float | None) -> Wording:
        """Word an answer, by what the articles are called now."""
        named = {*(each.id for each in cited_by(answer)), *answer.looked_at}
        return word(
            answer,
            articles=len(turn.bot.articles),
            min_confidence=least,
            labels=labels_in(turn.collection, named),
        )


def _leant_on(turn: Turn, before: Sequence[Turn]) -> list[Answer]:
    """Return the answers before a question that are of what it asks, and still stand there."""
    asked: dict[Article, bool] = {}
    found = []
    for each in before:
        if each.answer is None or each.collection is not turn.collection:
            continue
        for article in cited_by(each.answer):
            if article not in asked:
                asked[article] = article in turn.bot.articles
        if all(asked[article] for article in cited_by(each.answer)):
            found.append(each.answer)
    return found


def _likely(turn: Turn, first: Article, words: str) -> list[Article]:
    """Return the articles that may hold some words: of very many those that are found for them."""
    hits = turn.collection.retriever.search([words], _LOOKED_THROUGH)[0]
    found = chain([first], (hit.passage.article for hit in hits))
    rest = islice(turn.collection.articles, _LOOKED_THROUGH)
    return list({article.id: article for article in chain(found, rest)}.values())


def _facts(answer: Answer) -> dict[str, object]:
    """Return what the log says of an answer."""
    return {
        "kind": answer.kind,
        "outcome": answer.outcome.value,
        "confidence": None if answer.confidence is None else round(answer.confidence, 4),
    }
