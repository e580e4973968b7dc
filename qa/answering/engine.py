"""The engine: from a question to an answer with its citations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace

from index.articles import Article
from index.errors import SettingError
from index.retrieval import SENTENCE_POOL, FoundPassages, Retrieval, search_texts
from index.text.stretches import Stretch
from qa.answering.imprint import from_imprint
from qa.answering.outcomes import Judge
from qa.answering.overview import about_articles
from qa.answering.small_talk import reply_to, reply_unless_found
from qa.answering.spans import fits, from_spans
from qa.answering.speech import checked, from_speech
from qa.answering.tables import from_tables
from qa.answering.yes_no import from_evidence
from qa.answers import GIVEN, Answer, Interpretation, Kind, Outcome
from qa.asking.kinds import Asked, kind_of
from qa.asking.not_for_me import NOT_FOR_ME
from qa.asking.questions import LONGEST, clean_question
from qa.asking.spelling import Corrector
from qa.english.analysis import Analyses
from qa.reading.candidates import Candidate
from qa.reading.strategies import Strategy, store_of

TOP_K = 10


class Engine:
    """Answers questions that stand alone, or were written out so. Safe to share by threads.

    Args:
        retriever: Finds passages.
        strategy: Reads answers out of them.
        min_confidence: The confidence, in 0..1, below which no answer is given. If None, the
            boundaries of the reader's calibration say what is.
        offer: Given this engine, returns the questions that are offered beside a reply to small
            talk, or to what is not for the program; none by default.

    Raises:
        SettingError: ``min_confidence`` is outside 0..1.
    """

    def __init__(
        self,
        retriever: Retrieval,
        strategy: Strategy,
        *,
        min_confidence: float | None = None,
        offer: Callable[[Engine], Sequence[str]] = lambda _: (),
    ) -> None:
        _check_confidence(min_confidence)
        self.retriever = retriever
        self.strategy = strategy
        self.min_confidence = min_confidence
        self.analyses = Analyses()
        self._offer = offer
        self._corrector = Corrector(retriever)

    def over(self, part: Retrieval, *, offer: Callable[[Engine], Sequence[str]]) -> Engine:
        """Return an engine over some of the articles, which shares all else with this one.

        Args:
            part: Finds passages of some of the articles.
            offer: As this engine was given it.
        """
        other = copy(self)
        other.retriever = part
        other._offer = offer
        return other

    @property
    def articles(self) -> Sequence[Article]:
        """The articles as they are now. There may be many: each is fetched when it is looked at."""
        return self.retriever.articles

    @property
    def version(self) -> int:
        """A number that is another after every change of the articles; 0 if they never change."""
        version: int = getattr(self.retriever, "version", 0)
        return version

    def spellings(self, question: str) -> tuple[Interpretation, ...]:
        """Return how a question may have been meant: without its slips, and as it was typed.

        Raises:
            QuestionError: The question is empty.
        """
        question = clean_question(question)
        if len(question) > LONGEST:
            return (Interpretation(question),)
        corrected = self._corrector.correct(question)
        interpretations = (Interpretation(corrected), Interpretation(question))
        return interpretations if corrected != question else interpretations[1:]

    def answer(
        self,
        asked: Sequence[tuple[str, Sequence[Interpretation]]],
        *,
        top_k: int = TOP_K,
        min_confidence: float | None = None,
        without: Sequence[Stretch] = (),
        articles: Sequence[Article] | None = None,
    ) -> list[Answer]:
        """Answer questions, each by the first of its interpretations that the articles answer.

        A question's interpretations are read in order until one is answered, those of all questions
        together. If there are several of a question, they share half as many passages again as are
        read for one, so that a turn of a conversation costs little more than a question that stands
        alone.

        Args:
            asked: Each question, as it was asked, with its interpretations, the likeliest first.
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
        judge = Judge(self.strategy.calibration, min_confidence)
        about = self.articles if articles is None else articles
        found: list[dict[int, Answer]] = [{} for _ in asked]
        to_read: dict[tuple[int, int], Asked] = {}
        typed = [kind_of(question) for question, _ in asked]
        for number, (question, interpretations) in enumerate(asked):
            if typed[number].topic in NOT_FOR_ME:
                # What is not for the program is told by how it was typed: of a question in another
                # language, nothing is put right.
                interpretations = (Interpretation(question),)
            for place, interpretation in enumerate(interpretations):
                as_typed = interpretation.question == question
                kind = typed[number] if as_typed else kind_of(interpretation.question)
                answer = self._by_rule(question, interpretation, kind, without, about)
                if answer is not None:
                    found[number][place] = answer
                    break  # it is certain: there is nothing to weigh against it
                to_read[number, place] = kind
        shares = Counter(number for number, _ in to_read)
        for place in range(max(shares.values(), default=0)):
            # Whoever has an answer needs no later interpretation: it would not be chosen.
            numbers = [
                number
                for number, reads in shares.items()
                if place < reads
                and not any(_is_answered(own) for at, own in found[number].items() if at < place)
            ]
            questions = [asked[number][1][place].question for number in numbers]
            kinds = [to_read[number, place].kind for number in numbers]
            depths = [_share(top_k, shares[number]) for number in numbers]
            reads = self.read(questions, kinds, depths, without)
            items = self._read_items(questions, kinds, reads, judge)
            for number, (passages, spans), several in zip(numbers, reads, items, strict=True):
                question, interpretations = asked[number]
                interpretation = interpretations[place]
                kind = to_read[number, place]
                found[number][place] = (
                    from_evidence(
                        self.retriever,
                        self.analyses,
                        question,
                        interpretation,
                        passages,
                        spans,
                        judge,
                        without,
                    )
                    if kind.kind == "yes_no"
                    else self._looked_up_or_read(
                        question, interpretation, kind, passages, spans, several, judge, without
                    )
                )
                if kind.of is not None:
                    articles = self._near(interpretation.question)
                    answer = found[number][place]
                    found[number][place] = checked(self.analyses, kind.of, answer, articles)
        chosen = [_choose([own[place] for place in sorted(own)]) for own in found]
        told = [self._unless_found(*each) for each in zip(chosen, typed, strict=True)]
        stores = self.strategy.calibration.stores(store_of(self.retriever))
        if stores is None:
            return told
        return [
            answer if answer.confidence is None else replace(answer, stores=stores)
            for answer in told
        ]

    def _looked_up_or_read(
        self,
        question: str,
        interpretation: Interpretation,
        kind: Asked,
        passages: FoundPassages,
        spans: Sequence[Candidate],
        items: Sequence[Candidate],
        judge: Judge,
        without: Sequence[Stretch],
    ) -> Answer:
        """Answer by a cell of a table, or else by what was read, but by no other cell."""
        cell, spans = from_tables(
            question, interpretation, kind, passages, spans, judge.least, without
        )
        if cell is not None:
            return cell
        return from_spans(
            self.retriever, self.analyses, question, interpretation, kind, spans, items, judge
        )

    def _unless_found(self, answer: Answer, asked: Asked) -> Answer:
        """Say that the program does not do what was asked for, where no article has done it."""
        if asked.unless_found is None or answer.outcome is not Outcome.NOT_FOUND:
            return answer
        reply = reply_unless_found(asked.unless_found, articles=len(self.articles))
        return replace(answer, reply=reply, outcome=Outcome.NOT_FOR_ME)

    def read(
        self,
        questions: Sequence[str],
        kinds: Sequence[Kind],
        shares: Sequence[int],
        without: Sequence[Stretch],
    ) -> list[tuple[FoundPassages, list[Candidate]]]:
        """Read each question in as many passages as it is to have at most.

        Args:
            questions: The questions, as they are to be read.
            kinds: What each asks for.
            shares: How many passages to read for each.
            without: Stretches of the articles to do without.

        Returns:
            The passages found for each, and what was read in them.
        """
        if not questions:
            return []
        depths = [self.strategy.depth(share) for share in shares]
        # The sentence that speaks to a yes/no question is looked for in passages found here, too.
        most = max([*depths, *(SENTENCE_POOL for kind in kinds if kind == "yes_no")])
        vectors = self.retriever.embed(questions)
        found = search_texts(self.retriever, questions, most, without=without, vectors=vectors)
        hits = [own[:depth] for own, depth in zip(found, depths, strict=True)]
        candidates = self.strategy.candidates(questions, hits)
        passages = map(FoundPassages, vectors, found)
        return list(zip(passages, candidates, strict=True))

    def _read_items(
        self,
        questions: Sequence[str],
        kinds: Sequence[Kind],
        reads: Sequence[tuple[FoundPassages, list[Candidate]]],
        judge: Judge,
    ) -> list[list[Candidate]]:
        """Return what may be among several things, for the questions that ask for such.

        Where one span is surely the answer, it is one thing, or enumerates all.
        """
        items: list[list[Candidate]] = [[] for _ in questions]
        numbers = [
            number
            for number, (kind, (_, spans)) in enumerate(zip(kinds, reads, strict=True))
            if kind == "list" and judge.outcome(spans) is not Outcome.ANSWERED
        ]
        if numbers:
            found = self.strategy.items(
                [questions[number] for number in numbers],
                [reads[number][0].hits for number in numbers],
            )
            for number, own in zip(numbers, found, strict=True):
                items[number] = own
        return items

    def _by_rule(
        self,
        question: str,
        interpretation: Interpretation,
        asked: Asked,
        without: Sequence[Stretch],
        about: Sequence[Article],
    ) -> Answer | None:
        """Answer what needs no reader; None if the question does."""
        if asked.kind == "talk" and asked.topic is not None:
            reply = reply_to(asked.topic, articles=len(self.articles))
            offered = () if asked.topic == "goodbye" else tuple(self._offer(self))
            return Answer(
                question,
                None,
                (),
                (),
                "talk",
                interpretation,
                reply,
                offered,
                outcome=Outcome.NOT_FOR_ME if asked.topic in NOT_FOR_ME else Outcome.SMALL_TALK,
            )
        if asked.kind == "about" and asked.topic is not None:
            return about_articles(
                self.retriever,
                self.analyses,
                question,
                interpretation,
                asked.topic,
                about,
                without,
            )
        if asked.of is not None:
            articles = self._near(interpretation.question)
            return from_speech(
                self.retriever,
                self.analyses,
                question,
                interpretation,
                asked.of,
                articles,
                without,
            )
        article = self._single()
        if article is None:
            return None  # of several it is not said whose author is meant
        return from_imprint(
            self.retriever, self.analyses, question, interpretation, article, without
        )

    def _single(self) -> Article | None:
        """Return the article, if there is one alone."""
        articles = self.articles
        # It may go between the two looks at it.
        return next(iter(articles), None) if len(articles) == 1 else None

    def _near(self, question: str) -> list[Article]:
        """Return the articles that speak to a question, the nearest first."""
        if (article := self._single()) is not None:
            return [article]
        hits = self.retriever.search([question], TOP_K)[0]
        return list({hit.passage.article.id: hit.passage.article for hit in hits}.values())


def _check_confidence(min_confidence: float | None) -> None:
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        raise SettingError(f"min_confidence is {min_confidence}; expected a number in 0..1.")


def _share(top_k: int, interpretations: int) -> int:
    """Return how many passages to read for each of a question's interpretations."""
    return top_k if interpretations == 1 else max(1, top_k * 3 // (2 * interpretations))


def _is_answered(answer: Answer) -> bool:
    if answer.reply is not None:
        return True
    return answer.outcome is Outcome.ANSWERED and fits(answer.understood, answer)


def _choose(answers: Sequence[Answer]) -> Answer:
    """Choose the interpretation that is meant: the first that is answered, else the most confident.

    A question that leans on what was said is taken as it was typed only where it is answered so,
    and written out it is not even probable.
    """
    leaning = [answer for answer in answers if answer.references and answer.outcome in GIVEN]
    for answer in answers:
        if _is_answered(answer) and not (leaning and answer.understood == answer.question):
            return answer
    if leaning:
        return max(leaning, key=lambda answer: answer.confidence or 0.0)
    if answers[0].understood == answers[0].question:
        return answers[0]
    written = [answer for answer in answers if answer.understood != answer.question]
    return max(written, key=lambda answer: answer.confidence or 0.0)
