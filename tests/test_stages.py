"""Reading in two stages, with readers that know set phrases and articles of letters."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eval.measures.fitting import index
from eval.measures.sentences import examples
from eval.sets.cases import lay_out
from index.articles import Article
from index.errors import ModelError, SettingError
from index.models.encoder import SentenceEncoder
from index.retrieval import Hit
from index.structure.spans import Span
from qa import ArticleQA
from qa.answers import Outcome
from qa.reading.calibration import Boundaries, Calibration, SentenceCalibration
from qa.reading.candidates import Candidate
from qa.reading.evidence import LOWEST_LOGIT, Evidence, Support
from qa.reading.reader import (
    DEFAULT_READER,
    ITEMS_READER,
    LARGE_READER,
    LazyReader,
    Reader,
    RecalibratedReader,
    TransformerReader,
    load_reader,
)
from qa.reading.rounds import InRounds
from qa.reading.stages import TwoStages, worth_rereading
from qa.reading.strategies import load_strategy, shipped_strategy
from qa.squad import Question, QuestionSet
from tests.fakes import PhraseReader, WordEncoder, bot_of
from tests.test_rounds import LETTERS, apart, hit

HALVED = Calibration(Evidence(logit=0.5))


def candidate(passage: Hit, start: int, confidence: float) -> Candidate:
    """A span of one letter."""
    own = passage.passage
    return Candidate(own.article, start, start + 1, own, Evidence(), confidence)


def unsure(small: PhraseReader, large: PhraseReader, reread: int = 2) -> TwoStages:
    """Two stages, the first of which is never sure."""
    return TwoStages(small, large, reread, sure_from=2.0)


def texts(strategy: TwoStages, hits: list[Hit]) -> list[str]:
    (found,) = strategy.candidates(["Which?"], [hits])
    return [each.text for each in found]


def test_the_passages_that_hold_the_likeliest_spans_are_reread() -> None:
    small = PhraseReader(a=3.0, e=1.0, i=2.0)
    large = PhraseReader(b=1.0)
    assert texts(unsure(small, large), apart(3)) == ["b"]
    assert large.seen == [["abcd", "ijkl"]]


def test_the_large_readers_word_counts_and_the_rest_is_left_out() -> None:
    small = PhraseReader(a=9.0, e=8.0, i=7.0)
    large = PhraseReader(a=1.0, f=2.0, i=5.0)
    # "i" would have won, but stands in neither of the two passages that are reread.
    assert texts(unsure(small, large), apart(3)) == ["f", "a"]


def test_each_reader_is_weighed_by_its_own_calibration() -> None:
    small, large = PhraseReader(a=2.0), PhraseReader(a=40.0)
    small.calibration = HALVED
    large.calibration = Calibration(
        Evidence(logit=0.1), intercept=-4.0, boundaries=Boundaries(answered=0.3)
    )
    strategy = TwoStages(small, large)
    ((found,),) = strategy.candidates(["Which?"], [apart(1)])
    assert found.evidence == Evidence(logit=40.0, first_logit=2.0, margin=10.0)
    assert found.confidence == pytest.approx(0.5)  # 0.1 · 40 - 4 = 0
    assert strategy.calibration.boundaries.answered == 0.3


def test_a_higher_logit_of_the_small_reader_wins_nothing() -> None:
    small, large = PhraseReader(a=90.0, e=80.0), PhraseReader(a=1.0, e=2.0)
    assert texts(unsure(small, large), apart(2)) == ["e", "a"]


def test_what_the_small_reader_made_of_the_place_is_weighed_too() -> None:
    small, large = PhraseReader(ab=2.0, e=-20.0), PhraseReader(bc=4.0, ef=4.0, i=4.0)
    large.calibration = Calibration(Evidence(logit=1.0, first_logit=0.5))
    (found,) = unsure(small, large, 3).candidates(["Which?"], [apart(3)])
    # Of "ef" it thinks less than nothing, and no more of "i", in which it finds nothing at all.
    seen = {each.text: each.evidence.first_logit for each in found}
    assert seen == {"bc": 2.0, "ef": LOWEST_LOGIT, "i": LOWEST_LOGIT}
    assert found[0].confidence == pytest.approx(1 / (1 + math.exp(-5)))


@pytest.mark.parametrize(("logit", "read", "reread"), [(1.5, 3, 1), (1.3, 5, 3)])
def test_where_the_small_reader_is_unsure_more_is_read_and_reread(
    logit: float, read: int, reread: int
) -> None:
    small, large = PhraseReader(a=logit), PhraseReader(b=1.0)
    texts(TwoStages(small, large, sure_from=0.8), apart(5))  # 0.8 is a logit of 1.39
    assert sum(map(len, small.seen)) == read
    assert [len(passages) for passages in large.seen] == [reread]


def test_how_sure_is_sure_enough_can_be_said() -> None:
    large = PhraseReader(b=1.0)
    texts(TwoStages(PhraseReader(a=0.1), large, 2, 1, sure_from=0.5), apart(5))
    assert large.seen == [["abcd"]]


def test_the_small_reader_reads_what_says_something_new() -> None:
    small = PhraseReader(z=1.0)
    # Of the second a quarter is new beside the first, of the third half.
    texts(TwoStages(small, PhraseReader()), [hit(0, 8), hit(2, 10), hit(4, 12)])
    assert small.seen == [["abcdefgh", "efghijkl"]]


def test_more_is_found_than_is_read_as_passages_overlap() -> None:
    reader = PhraseReader()
    assert TwoStages(reader, reader).depth(10) == 20
    assert InRounds(reader).depth(10) == 10


def test_where_the_small_reader_found_too_little_the_best_retrieved_follow() -> None:
    hits = apart(4)
    assert worth_rereading(hits, [candidate(hits[2], 9, 0.9)], 3) == [0, 1, 2]
    assert worth_rereading(hits, [], 2) == [0, 1]
    assert worth_rereading(hits, [], 9) == [0, 1, 2, 3]
    assert worth_rereading([], [], 2) == []


def test_text_that_is_reread_anyway_is_not_reread_twice() -> None:
    hits = [hit(0, 8), hit(2, 10), hit(4, 12), hit(20, 28)]
    found = [candidate(hits[0], 5, 0.9), candidate(hits[1], 8, 0.8), candidate(hits[3], 21, 0.1)]
    # Of the second a quarter is new beside the first; the third has as much, and half of it new.
    assert worth_rereading(hits, found, 2) == [0, 2]
    assert worth_rereading(hits, found, 3) == [0, 2, 3]


def test_of_the_passages_that_hold_a_span_the_one_it_was_read_best_in_is_reread() -> None:
    hits = [hit(0, 8), hit(2, 10)]
    assert worth_rereading(hits, [candidate(hits[1], 5, 0.9)], 1) == [1]
    assert worth_rereading(hits, [candidate(hits[0], 5, 0.9)], 1) == [0]


def test_the_small_reader_is_believed_where_the_large_one_finds_nothing() -> None:
    small = PhraseReader(a=2.0)
    (found,) = TwoStages(small, PhraseReader()).candidates(["Which?"], [apart(2)])
    assert [each.text for each in found] == ["a"]
    assert found == InRounds(small).candidates(["Which?"], [apart(2)])[0]


def test_the_large_reader_reads_for_all_questions_in_one_batch() -> None:
    batches: list[list[str]] = []

    class Listening(PhraseReader):
        def read(self, questions, passages):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            batches.append(list(questions))
            return super().read(questions, passages)

    strategy = TwoStages(PhraseReader(a=2.0, z=1.0), Listening(b=1.0, y=3.0))
    hits = [apart(3), [], [hit(22, 26)]]
    together = strategy.candidates(["Which?", "What?", "Who?"], hits)
    assert batches == [["Which?", "Who?"]]
    assert [[each.text for each in found] for found in together] == [["b"], [], ["y"]]
    assert together == [strategy.candidates(["Which?"], [own])[0] for own in hits]


def test_without_passages_nothing_is_read() -> None:
    large = PhraseReader(a=1.0)
    assert TwoStages(PhraseReader(), large).candidates(["Which?"], [[]]) == [[]]
    assert large.seen == []


@pytest.mark.parametrize("counts", [(0, 4), (2, 0)])
def test_no_passage_to_reread_is_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(SettingError, match="0 passages are to be reread; expected at least 1"):
        TwoStages(PhraseReader(), PhraseReader(), *counts)


def test_readers_are_exchanged_and_the_rest_kept() -> None:
    small, large, other = PhraseReader(), PhraseReader(), PhraseReader()
    strategy = TwoStages(small, large, 3, 5, 0.7)
    assert strategy.with_readers(lambda reader: other if reader is large else reader) == TwoStages(
        small, other, 3, 5, 0.7
    )
    assert InRounds(small).with_readers(lambda reader: other) == InRounds(other)


def test_a_calibration_of_ones_own_takes_the_place_of_the_large_readers(tmp_path: Path) -> None:
    small, large = PhraseReader(a=2.0), PhraseReader(a=40.0)
    own = Calibration(Evidence(logit=0.1), -4.0, boundaries=Boundaries(answered=0.3))
    both = TwoStages(small, large, 3, 5, 0.7)
    strategy = load_strategy(both, own.write(tmp_path / "own.json"))
    assert strategy == both.with_calibration(own)
    assert strategy == TwoStages(small, RecalibratedReader(large, own), 3, 5, 0.7)
    assert strategy.calibration == own
    ((found,),) = strategy.candidates(["Which?"], [apart(1)])
    assert found.confidence == pytest.approx(0.5)  # 0.1 · 40 - 4 = 0
    assert large.calibration == Calibration()


def test_a_calibration_of_ones_own_takes_the_place_of_a_lone_readers(tmp_path: Path) -> None:
    reader, own = PhraseReader(a=2.0), Calibration(intercept=-2.0)
    strategy = load_strategy(reader, own.write(tmp_path / "own.json"))
    assert strategy == InRounds(reader).with_calibration(own)
    assert strategy.calibration == own
    ((found,),) = strategy.candidates(["Which?"], [apart(1)])
    assert found.confidence == pytest.approx(0.5)


def test_a_calibration_of_another_reader_is_refused(tmp_path: Path) -> None:
    small, large = PhraseReader(), PhraseReader()
    large.calibration = Calibration(reader="large")
    own = Calibration(reader="small").write(tmp_path / "own.json")
    with pytest.raises(ModelError, match=r"own\.json: was fitted to another reader \(small; this"):
        load_strategy(TwoStages(small, large), own)
    assert load_strategy(small, own).calibration.reader == "small"


class Oracle:
    """A way to read of somebody's own, which makes its confidences by itself."""

    calibration = Calibration()

    def depth(self, passages: int) -> int:
        return passages

    def candidates(
        self, questions: Sequence[str], hits: Sequence[Sequence[Hit]]
    ) -> list[list[Candidate]]:
        return [[] for _ in questions]

    def items(
        self, questions: Sequence[str], hits: Sequence[Sequence[Hit]]
    ) -> list[list[Candidate]]:
        return [[] for _ in questions]

    def with_readers(self, wrap: Callable[[Reader], Reader]) -> Oracle:
        return self


def test_a_way_to_read_of_ones_own_is_given_no_other_calibration(tmp_path: Path) -> None:
    oracle = Oracle()
    assert load_strategy(oracle) is oracle
    with pytest.raises(SettingError, match="A Oracle makes its confidences by itself; give it"):
        load_strategy(oracle, Calibration().write(tmp_path / "own.json"))


def test_a_pipeline_answers_by_the_large_reader_and_its_threshold() -> None:
    small, large = PhraseReader(Florida=9.0), PhraseReader(Paris=1.0)
    large.calibration = Calibration(boundaries=Boundaries(answered=0.6))
    bot = bot_of("Talks in Florida. Paris comes next.", reader=TwoStages(small, large))
    answer = bot.ask("where")
    assert answer.text == "Paris"
    assert answer.confidence == pytest.approx(0.7310586)
    assert answer.outcome is Outcome.ANSWERED


def test_a_yes_no_question_is_weighed_by_the_large_readers_calibration() -> None:
    small, large = PhraseReader(Florida=9.0), PhraseReader(Florida=2.0)
    sentence = SentenceCalibration(Support(logit=1.0), intercept=-2.0)
    large.calibration = Calibration(yes_no=sentence)
    answer = bot_of("Talks were held in Florida.", reader=TwoStages(small, large)).ask(
        "Were talks held in Florida?"
    )
    assert answer.kind == "yes_no"
    assert answer.confidence == pytest.approx(0.5)


def test_a_reader_alone_reads_in_rounds() -> None:
    reader, both = PhraseReader(), TwoStages(PhraseReader(), PhraseReader())
    assert load_strategy(reader) == InRounds(reader)
    assert load_strategy(both) is both
    assert bot_of("Paris.", reader=both).strategy is both


def test_a_lazy_reader_is_loaded_once_and_when_it_reads() -> None:
    loaded: list[PhraseReader] = []

    def load() -> PhraseReader:
        loaded.append(PhraseReader(a=1.0))
        return loaded[-1]

    lazy = LazyReader(load, HALVED)
    assert (lazy.calibration, loaded) == (HALVED, [])
    threads = [threading.Thread(target=lazy.read, args=(["?"], [["abc"]])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reader.seen for reader in loaded] == [[["abc"]] * 4]
    assert lazy.read(["?"], [["xa"]])[0][0].start == 1


@pytest.mark.models
def test_without_a_large_reader_in_the_package_the_small_one_reads_alone(tmp_path: Path) -> None:
    assert isinstance(shipped_strategy(large=tmp_path / "none"), InRounds)


@pytest.mark.models
def test_with_a_large_reader_in_the_package_the_two_read_in_stages() -> None:
    strategy = shipped_strategy()
    assert isinstance(strategy, TwoStages)
    assert isinstance(strategy.small, TransformerReader)
    assert strategy.small.name == str(DEFAULT_READER)
    assert isinstance(strategy.large, LazyReader)
    assert strategy.large.calibration == Calibration.load(LARGE_READER)
    answer = ArticleQA.default(reader=strategy).ask("Who leads the Ukrainian delegation?")
    assert answer.text == "Rustem Umerov"
    assert answer.citations[0].evidence.first_logit > 5  # the small one found it as well


@pytest.mark.models
def test_several_things_are_read_by_the_reader_of_items_in_the_package(
    bot: ArticleQA, encoder: SentenceEncoder
) -> None:
    strategy = bot.strategy
    assert isinstance(strategy, TwoStages)
    assert isinstance(strategy.several, LazyReader)
    assert strategy.several.calibration == Calibration.load(ITEMS_READER)
    text = (
        "Dr Ida Berg founded the clinic in 1931 and led it for ten years. It had twelve beds. When "
        "she retired, Otto Lund became its director. The roof leaked. Since 1960 its head has been "
        "Professor Ann Frost. The town's mayor, Karl Holm, opened a second ward."
    )
    articles = [Article("clinic", "The clinic", text)]
    own = ArticleQA.from_articles(articles, encoder=encoder, reader=strategy)
    answer = own.ask("Which people have been in charge of the clinic?")
    assert answer.kind == "list"
    heads = ("Dr Ida Berg", "Otto Lund", "Professor Ann Frost")
    assert len(answer.items) > 1  # of three in as many sentences
    assert set(answer.items) <= set(heads)


@pytest.mark.models
def test_the_small_reader_is_asked_for_by_its_name(tmp_path: Path) -> None:
    reader = load_reader("small")
    assert isinstance(reader, TransformerReader)
    assert reader.name == str(DEFAULT_READER)
    assert isinstance(load_strategy("small"), InRounds)


def test_a_large_reader_that_cannot_be_loaded_says_so_when_it_is_to_read(tmp_path: Path) -> None:
    lazy = LazyReader.of(tmp_path)
    assert lazy.calibration == Calibration()
    with pytest.raises(ModelError, match="cannot be loaded"):
        lazy.read(["Which?"], [[LETTERS.text]])


def test_yes_no_weights_are_fitted_to_the_logits_of_the_reader_whose_word_counts() -> None:
    text = "Tesla moved to Prague in 1880. He liked it."
    gold = Span(text.index("1880"), text.index("1880") + 4)
    question = Question("q", "When did Tesla move to Prague?", (gold,), Span(0, len(text)))
    sets = [QuestionSet(Article("a", "A", text), (question,))]
    small, large = PhraseReader(**{"1880": 3.0}), PhraseReader(**{"1880": 70.0})
    (weighed,) = examples(index(lay_out(sets), WordEncoder()), TwoStages(small, large))
    assert [(support.logit, right) for support, right in weighed] == [
        (70.0, True),
        (LOWEST_LOGIT, False),
    ]
