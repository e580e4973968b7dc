"""The pipeline: from a question to an answer with its citations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.articles import Article
from index.errors import QuestionError, SettingError
from index.models.encoder import Encoder, SentenceEncoder
from index.retriever import Retriever
from index.text.passages import Passage
from qa.answering.small_talk import reply_to
from qa.answering.spans import about_articles, fits, from_spans, from_speech
from qa.answering.yes_no import from_evidence
from qa.answers import Answer, Reading
from qa.asking.kinds import LONGEST, kind_of
from qa.asking.spelling import Vocabulary
from qa.reading.candidates import Candidate
from qa.reading.reader import Reader
from qa.reading.strategies import Strategy, load_strategy
from qa.shipped import shipped_retriever

if TYPE_CHECKING:
    from qa.conversation import Conversation

TOP_K = 10


class ArticleQA:
    """Answers questions about articles by quoting them. Safe to share by threads.

    Args:
        retriever: Finds passages.
        reader: Reads answers out of them: a reader, or a way to read with one or two of them, such
            as :class:`qa.reading.stages.TwoStages`.
        min_confidence: The confidence, in 0..1, below which no answer is given. If None, the
            reader's own: at most one in ten of the answers given is wrong.

    Raises:
        SettingError: ``min_confidence`` is outside 0..1.
    """

    def __init__(
        self,
        retriever: Retriever,
        reader: Reader | Strategy,
        *,
        min_confidence: float | None = None,
    ) -> None:
        strategy = load_strategy(reader)
        if min_confidence is None:
            min_confidence = strategy.calibration.threshold
        _check_confidence(min_confidence)
        self.retriever = retriever
        self.strategy = strategy
        self.min_confidence = min_confidence
        self._vocabulary: Vocabulary | None = None
        self._suggestions: list[str] | None = None

    @classmethod
    def default(
        cls,
        *,
        encoder: Encoder | str | Path | None = None,
        reader: Reader | Strategy | str | Path | None = None,
        min_confidence: float | None = None,
    ) -> ArticleQA:
        """Open the article that is in the package, with the index built for it beforehand.

        Args:
            encoder: An encoder, or the folder or name of one; the installed one if None.
            reader: A reader, or the folder or name of one, or a way to read. If None, the two in
                the package, of which the large rereads what decides; "small" is the small alone.
            min_confidence: The confidence, in 0..1, below which no answer is given; the reader's
                own if None.

        Raises:
            ModelError: A model cannot be loaded.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        retriever = shipped_retriever(load_encoder(encoder))
        return cls(retriever, load_strategy(reader), min_confidence=min_confidence)

    @classmethod
    def from_articles(
        cls,
        articles: Sequence[Article],
        *,
        encoder: Encoder | str | Path | None = None,
        reader: Reader | Strategy | str | Path | None = None,
        min_confidence: float | None = None,
        progress: bool = False,
    ) -> ArticleQA:
        """Index articles.

        Args:
            articles: At least one, each with its own id.
            encoder: An encoder, or the folder or name of one; the installed one if None.
            reader: A reader, or the folder or name of one, or a way to read. If None, the two in
                the package, of which the large rereads what decides; "small" is the small alone.
            min_confidence: The confidence, in 0..1, below which no answer is given; the reader's
                own if None.
            progress: Whether to show a progress bar on standard error.

        Raises:
            ArticleError: There is no article, or two have the same id.
            ModelError: A model cannot be loaded.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        strategy = load_strategy(reader)  # before the articles are embedded, which may take long
        retriever = Retriever.build(articles, load_encoder(encoder), progress=progress)
        return cls(retriever, strategy, min_confidence=min_confidence)

    @classmethod
    def load(
        cls,
        folder: str | Path,
        *,
        encoder: Encoder | str | Path | None = None,
        reader: Reader | Strategy | str | Path | None = None,
        min_confidence: float | None = None,
    ) -> ArticleQA:
        """Open a saved index.

        Args:
            folder: Where it was saved.
            encoder: The encoder that made it, or its folder or name; by the name saved if None.
            reader: A reader, or the folder or name of one, or a way to read. If None, the two in
                the package, of which the large rereads what decides; "small" is the small alone.
            min_confidence: The confidence, in 0..1, below which no answer is given; the reader's
                own if None.

        Raises:
            SavedIndexError: The index cannot be read, or another encoder made it.
            ModelError: A model cannot be loaded.
            SettingError: ``min_confidence`` is outside 0..1.
        """
        retriever = Retriever.load(folder, None if encoder is None else load_encoder(encoder))
        return cls(retriever, load_strategy(reader), min_confidence=min_confidence)

    def save(self, folder: str | Path) -> None:
        """Write the index, but not the models, to a folder, whole or not at all.

        Raises:
            SavedIndexError: The folder holds something else, or cannot be written.
        """
        self.retriever.save(folder)

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles, in the order in which they were given."""
        return self.retriever.articles

    def ask(
        self, question: str, *, top_k: int = TOP_K, min_confidence: float | None = None
    ) -> Answer:
        """Answer a question by quoting the articles.

        Args:
            question: A question.
            top_k: How many passages to read.
            min_confidence: What the answer must reach to be given, in place of what this was
                opened with.

        Raises:
            QuestionError: The question is empty or too long.
            SettingError: ``top_k`` is less than 1, or ``min_confidence`` outside 0..1.
        """
        return self.ask_many([question], top_k=top_k, min_confidence=min_confidence)[0]

    def ask_many(
        self,
        questions: Iterable[str],
        *,
        top_k: int = TOP_K,
        min_confidence: float | None = None,
    ) -> list[Answer]:
        """Answer questions in one batch, each as :meth:`ask` would.

        Raises:
            QuestionError: A question is empty or too long.
            SettingError: ``top_k`` is less than 1, or ``min_confidence`` outside 0..1.
        """
        questions = [clean_question(question) for question in questions]
        asked = [(question, self.spellings(question)) for question in questions]
        return self.answer(asked, top_k=top_k, min_confidence=min_confidence)

    def conversation(self, turns: Iterable[Answer] = ()) -> Conversation:
        """Open a conversation, in which a question may lean on what was said before.

        Args:
            turns: What was said before, if it is to go on.
        """
        from qa.conversation import Conversation

        return Conversation(self, turns)

    def suggest(self, count: int = 3, *, without: Collection[str] = ()) -> list[str]:
        """Return questions that the articles answer, made from them; the same ones every time.

        Args:
            count: How many questions to return at most; fewer if too few can be made.
            without: Questions that are not to be among them.
        """
        if self._suggestions is None:
            from qa.suggestions import suggestions

            self._suggestions = suggestions(self)
        return [question for question in self._suggestions if question not in without][:count]

    def spellings(self, question: str) -> tuple[Reading, ...]:
        """Return how a question may have been meant: without its slips, and as it was typed.

        Raises:
            QuestionError: The question is empty.
        """
        question = clean_question(question)
        if len(question) > LONGEST:
            return (Reading(question),)
        if self._vocabulary is None:
            self._vocabulary = Vocabulary(article.text for article in self.articles)
        corrected = self._vocabulary.correct(question)
        readings = (Reading(corrected), Reading(question))
        return readings if corrected != question else readings[1:]

    def answer(
        self,
        asked: Sequence[tuple[str, Sequence[Reading]]],
        *,
        top_k: int = TOP_K,
        min_confidence: float | None = None,
        without: Sequence[Passage] = (),
        articles: Sequence[Article] | None = None,
    ) -> list[Answer]:
        """Answer questions, each by the first of its readings that the articles answer.

        A question's readings are read in order until one is answered, those of all questions
        together. If there are several of a question, they share half as many passages again as are
        read for one, so that a turn of a conversation costs little more than a question that stands
        alone.

        Args:
            asked: Each question, as it was asked, with its readings, the likeliest first.
            top_k: How many passages to read for a question.
            min_confidence: What the answer must reach to be given.
            without: Stretches of the articles to do without.
            articles: What questions about the article itself are about; all if None.

        Raises:
            QuestionError: A question is empty or too long.
            SettingError: ``top_k`` is less than 1, or ``min_confidence`` outside 0..1.
        """
        if top_k < 1:
            raise SettingError(f"top_k is {top_k}; expected at least 1 passage to read.")
        if min_confidence is None:
            min_confidence = self.min_confidence
        _check_confidence(min_confidence)
        about = self.articles if articles is None else articles
        found: list[dict[int, Answer]] = [{} for _ in asked]
        to_read: list[tuple[int, int]] = []
        for number, (question, readings) in enumerate(asked):
            for place, reading in enumerate(readings):
                answer = self._by_rule(question, reading, without, about)
                if answer is not None:
                    found[number][place] = answer
                    break  # it is certain: there is nothing to weigh against it
                to_read.append((number, place))
        shares = Counter(number for number, _ in to_read)
        for place in range(max(shares.values(), default=0)):
            # Whoever has an answer needs no later reading: it would not be chosen.
            numbers = [
                number
                for number, reads in shares.items()
                if place < reads
                and not any(_is_answered(own) for at, own in found[number].items() if at < place)
            ]
            candidates = self._candidates(
                [asked[number][1][place].question for number in numbers],
                [_share(top_k, shares[number]) for number in numbers],
                without,
            )
            for number, spans in zip(numbers, candidates, strict=True):
                question, readings = asked[number]
                reading = readings[place]
                kind = kind_of(reading.question)
                found[number][place] = (
                    from_evidence(
                        self.retriever,
                        question,
                        reading,
                        spans,
                        self.strategy.calibration.yes_no,
                        min_confidence,
                        without,
                    )
                    if kind.kind == "yes_no"
                    else from_spans(self.retriever, question, reading, kind, spans, min_confidence)
                )
        return [_choose([own[place] for place in sorted(own)]) for own in found]

    def _candidates(
        self, questions: Sequence[str], shares: Sequence[int], without: Sequence[Passage]
    ) -> list[list[Candidate]]:
        """Read each question in as many passages as it is to have at most."""
        depths = [self.strategy.depth(share) for share in shares]
        found = self.retriever.search(questions, max(depths, default=1), without=without)
        hits = [own[:depth] for own, depth in zip(found, depths, strict=True)]
        return self.strategy.candidates(questions, hits)

    def _by_rule(
        self,
        question: str,
        reading: Reading,
        without: Sequence[Passage],
        about: Sequence[Article],
    ) -> Answer | None:
        """Answer what needs no reader; None if the question does."""
        asked = kind_of(reading.question)
        if asked.kind == "talk" and asked.topic is not None:
            reply = reply_to(asked.topic, articles=len(self.articles))
            offered = () if asked.topic == "goodbye" else tuple(self.suggest())
            return Answer(question, None, (), (), "talk", reading, reply, offered)
        if asked.kind == "about" and asked.topic is not None:
            return about_articles(self.retriever, question, reading, asked.topic, about, without)
        if asked.kind == "speech":
            articles = self._near(reading.question)
            return from_speech(self.retriever, question, reading, asked, articles, without)
        return None

    def _near(self, question: str) -> list[Article]:
        """Return the articles that speak to a question, the nearest first."""
        if len(self.articles) == 1:
            return list(self.articles)
        hits = self.retriever.search([question], TOP_K)[0]
        return list({hit.passage.article.id: hit.passage.article for hit in hits}.values())


def load_encoder(encoder: Encoder | str | Path | None = None) -> Encoder:
    """Return an encoder, loading it if a folder or name is given; the installed one if None.

    Raises:
        ModelError: It cannot be loaded.
    """
    if encoder is None:
        return SentenceEncoder.load()
    return SentenceEncoder.load(encoder) if isinstance(encoder, (str, Path)) else encoder


def clean_question(question: str) -> str:
    """Return a question without what is no text, as it is to be asked.

    Raises:
        QuestionError: Nothing is left of it.
    """
    # Half a surrogate pair is no text; tokenizers refuse it.
    question = question.encode("utf-8", errors="replace").decode().strip()
    if not question:
        raise QuestionError("The question is empty; ask something about the article.")
    return question


def _check_confidence(min_confidence: float) -> None:
    if not 0 <= min_confidence <= 1:
        raise SettingError(f"min_confidence is {min_confidence}; expected a number in 0..1.")


def _share(top_k: int, readings: int) -> int:
    """Return how many passages to read for each of a question's readings."""
    return top_k if readings == 1 else max(1, top_k * 3 // (2 * readings))


def _is_answered(answer: Answer) -> bool:
    return bool(answer.reply or (answer.citations and fits(answer.understood, answer)))


def _choose(answers: Sequence[Answer]) -> Answer:
    """Choose the reading that is meant: the first that is answered, else the most confident.

    If none is answered, a question that leans on what was said is not taken as it was typed.
    """
    for answer in answers:
        if _is_answered(answer):
            return answer
    if answers[0].understood == answers[0].question:
        return answers[0]
    written = [answer for answer in answers if answer.understood != answer.question]
    return max(written, key=lambda answer: answer.confidence or 0.0)
