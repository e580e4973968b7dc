"""What the page does for a visitor: a conversation and articles of their own.

Nothing here knows of Gradio, and nothing of a visitor is kept anywhere but in their `Visitor`.
"""

from __future__ import annotations

import itertools
import logging
import textwrap
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
from ui.phrases import Wording, notes_of, word
from ui.web.feedback import FeedbackFile, find_words, golds_of
from ui.web.limits import check_room, check_size

BUSY = "Too many questions are waiting. Ask again in a moment."
Report = Callable[[float, str], None]
"""Told now and then what share is done, in 0..1, and what is being done."""

ENCODINGS = "Encoding of text files"
OWN = "Ask an article of your own"
"""What the page calls where an encoding is named, and what that is below."""

_OPTION = "--encoding"  # of the command line
_OFFERED = 3  # questions, after an answer
_PASTED = "pasted text "
_TITLE_CHARACTERS = 60
_LOG = logging.getLogger("article_qa.web")


@dataclass(eq=False)
class Turn:
    """A question with what was said to it, or what was said unasked.

    Attributes:
        question: The question, as it was typed; None if there was none.
        bot: The pipeline that it was asked of.
        answer: The answer; None while it is waited for, or if there is none.
        says: What is said in place of an answer.
        offers: Questions that may be asked next.
        min_confidence: What the answer had to reach to be given, if that was set.
    """

    question: str | None
    bot: ArticleQA
    answer: Answer | None = None
    says: str | None = None
    offers: tuple[str, ...] = ()
    min_confidence: float | None = None

    @property
    def waits(self) -> bool:
        """Whether nothing was said yet."""
        return self.answer is None and self.says is None

    @property
    def wording(self) -> Wording | None:
        """The answer, worded; None if there is none."""
        if self.answer is None:
            return None
        return word(
            self.answer,
            articles=len(self.bot.articles),
            min_confidence=self.min_confidence,
            labels=self.bot.labels,
        )


@dataclass(eq=False)
class Visitor:
    """A visitor: their conversation, and the articles that they brought.

    Attributes:
        turns: The conversation.
        own: A retriever for each article of their own.
        bot: Asks their own articles; None if they have none.
    """

    turns: list[Turn] = field(default_factory=list)
    own: list[Retriever] = field(default_factory=list)
    bot: ArticleQA | None = None


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
        self.fetch = fetch
        self._log_questions = log_questions
        self._answering: WeakKeyDictionary[Visitor, threading.Lock] = WeakKeyDictionary()

    def bot_for(self, visitor: Visitor) -> ArticleQA:
        """Return what a visitor asks: their own articles, or else those that are served."""
        return visitor.bot or self.bot

    def begin(self, visitor: Visitor, question: str) -> Turn:
        """Take a question down, to be answered by :meth:`answer_next`."""
        turn = Turn(question, self.bot_for(visitor))
        visitor.turns.append(turn)
        return turn

    def answer_next(self, visitor: Visitor, min_confidence: float | None) -> None:
        """Answer the question of a visitor that waits longest, if one does."""
        # Their next question may lean on the answer to this one.
        with self._answering.setdefault(visitor, threading.Lock()):
            turn = next((turn for turn in visitor.turns if turn.waits), None)
            if turn is not None:
                self.answer(visitor, turn, min_confidence)

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
        known = set(turn.bot.articles)
        conversation = turn.bot.conversation(
            each.answer for each in before if each.answer and known.issuperset(each.bot.articles)
        )
        try:
            answer = conversation.ask(question, min_confidence=min_confidence)
        except ArticleQAError as error:
            turn.says = str(error)
            self.log("refused", question, began, reason=type(error).__name__)
            return
        asked = {each.understood for each in conversation.turns}
        others = answer.suggestions or turn.bot.suggest(_OFFERED, without=asked, near=answer)
        turn.offers = tuple(other for other in others if other not in asked)
        own = turn.bot.min_confidence
        turn.min_confidence = own if min_confidence is None else min_confidence
        turn.answer = answer
        self.log("asked", question, began, **_facts(answer))

    def ask_many(self, questions: list[str], min_confidence: float | None = None) -> list[Answer]:
        """Answer questions that stand alone, of the articles that are served, in one batch.

        Raises:
            QuestionError: A question is empty or too long.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        began = time.perf_counter()
        answers = self.bot.ask_many(questions, min_confidence=min_confidence)
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
        check_size(name or "The text", len(data), self.max_bytes)
        report(0, "Reading the document")
        if not name:
            return self._take(visitor, _pasted(data, visitor), report, began)
        return self._take(visitor, Article.from_bytes(data, name, encoding=encoding), report, began)

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
        if self.fetch is None:
            raise ArticleError(
                f"{url}: is not fetched, as this server asks nothing of others; save the page in a "
                "browser and add the file."
            )
        report(0, "Fetching the page")
        article = Article.from_url(url, fetch=self.fetch)
        if article.original is not None and article.original.data is not None:
            check_size(url, len(article.original.data), self.max_bytes)
        return self._take(visitor, article, report, began)

    def _take(self, visitor: Visitor, article: Article, report: Report, began: float) -> Article:
        """Let a visitor ask an article that was read."""
        kept = [part for part in visitor.own if part.articles[0].id != article.id]
        check_room(article, [part.articles[0] for part in kept], self.max_bytes)
        report(0, "Splitting it into sentences")
        encoder = self._encoder.telling(
            lambda done, total: report(done / total, f"Reading it: {done:,} of {total:,} sentences")
        )
        part = Retriever.build([article], encoder).with_encoder(self._encoder)
        visitor.own = [*kept, part]
        self._asks(visitor)
        report(1, "Looking for questions that it answers")
        offers = tuple(self.bot_for(visitor).suggest(_OFFERED))
        said = (
            f"Added “{article.title}”. From now on your own articles are asked, and only you can "
            "see them."
        )
        self.say(visitor, " ".join([said, *notes_in_chat(article)]), offers)
        self.log("added", None, began, characters=len(article.text), articles=len(visitor.own))
        return article

    def remove(self, visitor: Visitor, article_id: str) -> None:
        """Remove an article of a visitor's own; without any, those that are served are asked."""
        gone = [part for part in visitor.own if part.articles[0].id == article_id]
        visitor.own = [part for part in visitor.own if part not in gone]
        self._asks(visitor)
        for part in gone:
            then = "" if visitor.own else " The articles that are served here are asked again."
            self.say(visitor, f"Removed “{part.articles[0].title}”.{then}")

    def say(self, visitor: Visitor, text: str, offers: tuple[str, ...] = ()) -> None:
        """Tell a visitor something that was not asked for."""
        visitor.turns.append(Turn(None, self.bot_for(visitor), says=text, offers=offers))

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
        article = answer.article or turn.bot.articles[0]
        golds: list[Span] | None = None
        if right:
            golds = golds_of(answer)
        elif correction is not None and not correction.strip():
            golds = []
        elif correction is not None:
            article, gold = find_words(correction.strip(), [article, *turn.bot.articles], near)
            golds = [gold]
        self.feedback.add(article, answer.understood, golds, given=answer.text)
        return f"Saved in {self.feedback.path}."

    def log(self, event: str, question: str | None, began: float, **facts: object) -> None:
        """Log what happened, with the text of a question only if that was asked for."""
        if question is not None and self._log_questions:
            facts["question"] = question
        latency_ms = round((time.perf_counter() - began) * 1000)
        _LOG.info(event, extra={"facts": {**facts, "latency_ms": latency_ms}})

    def _asks(self, visitor: Visitor) -> None:
        """Let a visitor ask the articles of their own that they have now."""
        visitor.bot = (
            ArticleQA(
                Retriever.joined(visitor.own),
                self.bot.strategy,
                min_confidence=self.bot.min_confidence,
            )
            if visitor.own
            else None
        )


def notes_in_chat(article: Article) -> list[str]:
    """Return what a visitor should know of how an article was read; each note says of which."""
    name = article.title if article.id.startswith(_PASTED) else article.id
    return [in_chat(note) for note in notes_of(article, name)]


def in_chat(said: str) -> str:
    """Return what was said of a document, with the page's menu in place of the command's option."""
    return said.replace(_OPTION, f"“{ENCODINGS}”, below “{OWN}”")


def _pasted(data: bytes, visitor: Visitor) -> Article:
    """Return an article of pasted text, named after how it begins."""
    ids = {part.articles[0].id for part in visitor.own}
    number = next(n for n in itertools.count(1) if f"{_PASTED}{n}" not in ids)
    article = Article.from_bytes(data, f"{_PASTED}{number}")
    first = article.text.strip().splitlines()[0].lstrip("# ")
    return replace(article, title=textwrap.shorten(first, _TITLE_CHARACTERS, placeholder=" …"))


def _facts(answer: Answer) -> dict[str, object]:
    """Return what the log says of an answer."""
    return {
        "kind": answer.kind,
        "outcome": answer.outcome.value,
        "confidence": None if answer.confidence is None else round(answer.confidence, 4),
    }
