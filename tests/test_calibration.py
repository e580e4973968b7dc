from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.commands.calibrate import changes
from eval.measures.fitting import (
    Observation,
    RememberingReader,
    fit,
    fit_in_use,
    index,
    lay_out_file,
    observe,
)
from eval.sets.cases import lay_out
from index.articles import Article
from index.errors import DatasetError, ModelError
from index.retriever import Retriever
from index.store.base import Made
from index.store.memory import MemoryStore
from index.structure.spans import Span
from qa.pipeline import ArticleQA
from qa.reading.calibration import (
    CALIBRATION_FILE,
    EXACT,
    Answerability,
    Boundaries,
    Calibration,
    SentenceCalibration,
    Stores,
    scored_as,
)
from qa.reading.evidence import Evidence, Support
from qa.reading.reader import DEFAULT_READER, Reader
from qa.reading.rounds import InRounds
from qa.reading.stages import TwoStages
from qa.reading.strategies import Strategy
from qa.squad import Question, QuestionSet
from tests.fakes import PhraseReader, WordEncoder


@pytest.mark.parametrize(
    ("logit", "confidence"),
    [(0, 0.5), (1, 0.7310586), (-1, 0.2689414), (1e6, 1.0), (-1e6, 0.0)],
)
def test_without_weights_a_confidence_is_the_logistic_function_of_the_logit(
    logit: float, confidence: float
) -> None:
    evidence = Evidence(logit, support=3, similarity=0.9, bm25_gap=1)
    assert Calibration().confidence(evidence) == pytest.approx(confidence)


def test_weights_and_intercept_are_log_odds() -> None:
    calibration = Calibration(Evidence(0.5, 0.25, 2, 1), intercept=-3)
    assert calibration.confidence(Evidence(4, 0, 0.5, 0)) == pytest.approx(0.5)
    assert calibration.confidence(Evidence(4, 2, 0.5, 0.5)) == pytest.approx(0.7310586)


def test_the_weights_are_read_from_the_folder_of_the_reader(tmp_path: Path) -> None:
    assert Calibration.load(tmp_path) == Calibration()
    calibration = Calibration(
        Evidence(0.4, 0.2, 1.5, 2.0),
        -4.0,
        Answerability(Evidence(0.5), 1.0),
        Boundaries(answered=0.7, probable=0.4, close_call=0.25),
        utmost=Evidence(logit=20.0, support=5.0),
        yes_no=SentenceCalibration(Support(1.0, 2.0, 3.0, 0.1, -0.1), -5.0),
    )
    assert calibration.save(tmp_path) == tmp_path / CALIBRATION_FILE
    saved = Calibration.load(tmp_path)
    assert replace(saved, reader="") == calibration
    assert Calibration.read(tmp_path / CALIBRATION_FILE) == saved


def test_a_calibration_of_another_reader_is_refused(tmp_path: Path) -> None:
    for name, weights in (("own", b"0123"), ("other", b"0124")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(weights)
    Calibration(Evidence(logit=0.4)).save(tmp_path / "own")
    assert Calibration.load(tmp_path / "own").weights.logit == 0.4
    shutil.copy(tmp_path / "own" / CALIBRATION_FILE, tmp_path / "other")
    with pytest.raises(ModelError, match=r"was fitted to another reader .*`article-qa calibrate`"):
        Calibration.load(tmp_path / "other")
    # One that does not say what it was fitted to is taken for its folder's own.
    Calibration(Evidence(logit=0.3)).write(tmp_path / "other" / CALIBRATION_FILE)
    assert Calibration.load(tmp_path / "other").weights.logit == 0.3


def test_a_calibration_says_over_what_kind_of_store_it_was_fitted(tmp_path: Path) -> None:
    assert Calibration().store == ""
    path = Calibration(store="postgres").write(tmp_path / "own.json")
    assert Calibration.read(path).store == "postgres"
    old = {name: value for name, value in Calibration().to_dict().items() if name != "store"}
    path.write_text(json.dumps(old))
    assert Calibration.read(path).store == EXACT


def test_the_calibration_for_the_store_that_is_asked_is_taken(tmp_path: Path) -> None:
    exact = Calibration(Evidence(logit=0.4), store=EXACT)
    other = Calibration(Evidence(logit=0.3), store="postgres")
    assert exact.save(tmp_path).name == "calibration.json"
    assert other.save(tmp_path).name == "calibration.postgres.json"
    loaded = Calibration.load(tmp_path)
    assert [loaded.over(scored_as(kind)).weights.logit for kind in ("memory", "folder")] == [
        0.4
    ] * 2
    assert loaded.over("postgres").weights.logit == 0.3
    assert loaded.over("shelf") is loaded
    assert loaded.over("postgres").stores("postgres") is None
    assert loaded.over("shelf").stores("shelf") == Stores("exact", "shelf")
    assert loaded.stores(None) is None


def test_a_reader_goes_by_its_calibration_for_the_store_that_is_asked() -> None:
    class Remote(MemoryStore):
        kind = "postgres"

    other = Calibration(intercept=-1, store="postgres")
    reader = PhraseReader(Oslo=2)
    reader.calibration = Calibration(intercept=1, store=EXACT, others=(other,))
    for store, strategy, log_odds in (
        (MemoryStore, InRounds(reader), 3),
        (Remote, InRounds(reader), 1),
        (Remote, TwoStages(PhraseReader(Oslo=2), reader), 1),
    ):
        bot = ArticleQA(Retriever(store(Made("words", 64)), WordEncoder()), strategy)
        bot.add([Article("a", "A", "The talks were held in Oslo.")])
        answer = bot.ask("Where were the talks held?")
        assert answer.confidence == pytest.approx(1 / (1 + math.exp(-log_odds)))
        assert answer.stores is None


def test_a_calibration_of_another_store_beside_it_has_to_be_the_readers(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"0123")
    Calibration(store="postgres", reader="another").write(tmp_path / "calibration.pg.json")
    with pytest.raises(ModelError, match=r"calibration\.pg\.json: was fitted to another reader"):
        Calibration.load(tmp_path)


def test_a_file_from_before_there_were_outcomes_is_to_be_fitted_again(tmp_path: Path) -> None:
    old = {"weights": {"logit": 0.4}, "intercept": -4, "threshold": 0.7}
    (tmp_path / CALIBRATION_FILE).write_text(json.dumps(old))
    with pytest.raises(ModelError, match=r"of an older form.*`article-qa calibrate`"):
        Calibration.load(tmp_path)


def test_a_file_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"mine\.json: no such file"):
        Calibration.read(tmp_path / "mine.json")


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {"logit": "x"}},
        {"weights": {"length": 1}},
        {"intercept": math.nan},
        {"answerable": {"weights": {"logit": 1}}},
        {"boundaries": {"answered": 1.5}},
        {"boundaries": {"close_call": -1}},
        {"boundaries": {"certain": 0.9}},
        {"utmost": {"high": 1}},
        {"yes_no": {"intercept": 1}},
    ],
)
def test_a_file_that_is_no_calibration_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    (tmp_path / CALIBRATION_FILE).write_text(json.dumps(Calibration().to_dict() | change))
    with pytest.raises(ModelError, match=r"expected JSON with weights \(logit, support, .*fit it"):
        Calibration.load(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{}"])
def test_so_is_one_that_lacks_all_of_it(tmp_path: Path, content: str) -> None:
    (tmp_path / CALIBRATION_FILE).write_text(content)
    with pytest.raises(ModelError, match="expected JSON with weights"):
        Calibration.load(tmp_path)


def test_the_reader_in_the_package_is_calibrated() -> None:
    calibration = Calibration.load(DEFAULT_READER)
    # That a passage is like the question speaks, among spans as likely, for one that tempts.
    assert min(calibration.weights[:2]) > 0 > max(calibration.weights[2:4])
    # Its logits run from -5 to 25: neither end is certain whatever else speaks for a span.
    assert calibration.confidence(Evidence(-5, 0, 1, 0)) < 0.5
    assert calibration.confidence(Evidence(25, 20, 0, 9)) > 0.5
    # One in ten of the answers may be wrong at the threshold and above: fewer above, so more at it.
    assert 0.5 < calibration.boundaries.answered < 0.9


def seen(evidence: Evidence, right: bool, answerable: bool = True) -> Observation:
    return Observation(evidence, right, answerable)


def test_the_fit_gives_the_shares_that_were_seen() -> None:
    # With two logits the maximum likelihood is exact: a confidence of 1/4 at 2 and of 9/10 at 6.
    low, high = Evidence(2, 1, 0.5, 0.5), Evidence(6, 1, 0.5, 0.5)
    asked = [
        seen(low, True),
        *[seen(low, False)] * 3,
        *[seen(high, True)] * 9,
        seen(high, False),
    ]
    calibration = fit(asked, Calibration(), fewest=0)
    assert calibration.confidence(low) == pytest.approx(0.25, abs=1e-3)
    assert calibration.confidence(high) == pytest.approx(0.9, abs=1e-3)
    # Nine in ten are right from the higher confidence on, and not from the lower.
    assert calibration.boundaries.answered == pytest.approx(0.9, abs=1e-3)


def test_the_fit_weighs_each_piece_of_evidence() -> None:
    rng = np.random.default_rng(0)
    found = [Evidence(*row) for row in rng.normal(size=(5000, 4)).tolist()]
    true = Calibration(
        Evidence(1.0, 0.5, 2.0, -1.0), -0.5, Answerability(Evidence(0.5, 0.0, 1.0, 0.5), 1.0)
    )
    right = rng.random(5000) < [true.confidence(each) for each in found]
    answerable = rng.random(5000) < [true.answerable.probability(each) for each in found]
    fitted = fit(list(map(seen, found, right.tolist(), answerable.tolist())), Calibration())
    assert fitted.weights == pytest.approx(true.weights, abs=0.2)
    assert fitted.intercept == pytest.approx(true.intercept, abs=0.2)
    assert fitted.answerable.weights == pytest.approx(true.answerable.weights, abs=0.2)
    assert fitted.answerable.intercept == pytest.approx(true.answerable.intercept, abs=0.2)


def test_of_few_questions_only_intercepts_and_boundaries_are_fitted() -> None:
    start = Calibration(Evidence(logit=2.0), -4.0, Answerability(Evidence(logit=3.0), -5.0))
    asked = [seen(Evidence(logit=0.0), True), *[seen(Evidence(logit=0.0), False, False)] * 3]
    fitted = fit(asked, start)
    assert fitted.weights == start.weights
    assert fitted.answerable.weights == start.answerable.weights
    assert fitted.utmost == start.utmost
    assert fitted.intercept == pytest.approx(math.log(1 / 3), abs=1e-4)
    assert fitted.answerable.intercept == pytest.approx(math.log(1 / 3), abs=1e-4)


def test_below_the_boundary_of_the_probable_five_in_six_have_no_answer() -> None:
    # The chance of an answer grows with the logit. Of the eight lowest, six have none; of the six
    # lowest five; the next has one again.
    answerable = [False, False, True, False, False, False, True, False, True, True, True, True]
    asked = [seen(Evidence(logit=n / 4), n > 9, each) for n, each in enumerate(answerable)]
    fitted = fit(asked, Calibration(), fewest=0)
    below = [
        each.answerable
        for each in asked
        if fitted.answerable.probability(each.evidence) < fitted.boundaries.probable
    ]
    assert below == answerable[:6]


def test_a_close_call_is_where_the_best_is_right_less_than_twice_as_often() -> None:
    # Each logit counts 1. Where one of two is right, the best is 3 times in 4 at a lead of 2: the
    # odds grow from even ones to 3:1, and are 2:1 at a lead of 2 · log 2 / log 3.
    def pair(right: bool) -> Observation:
        return Observation(Evidence(logit=2.0), right, True, Evidence(logit=0.0), not right)

    asked = [pair(True), pair(True), pair(True), pair(False)]
    start = Calibration(boundaries=Boundaries(close_call=0.1))
    fitted = fit(asked, start)
    assert fitted.boundaries.close_call == pytest.approx(2 * math.log(2) / math.log(3), abs=1e-3)
    # Where no two compete, it stays as it was.
    alone = [seen(Evidence(logit=2.0), True), seen(Evidence(logit=0.0), False)]
    assert fit(alone, start).boundaries.close_call == 0.1


def test_a_calibration_is_written_into_a_new_folder_or_refused_with_one_line(
    tmp_path: Path,
) -> None:
    path = Calibration(intercept=1.0).write(tmp_path / "new" / "mine.json")
    assert Calibration.read(path) == Calibration(intercept=1.0)
    with pytest.raises(ModelError, match=r"x.json: cannot be written .*; name a file that can\."):
        Calibration().write(path / "x.json")


def test_a_calibration_that_names_no_reader_is_of_any(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(Calibration().to_dict() | {"reader": None}))
    Calibration.read(path).check_reader("264e1180c2fa7894", path)


def test_there_is_nothing_to_fit_where_all_is_right() -> None:
    with pytest.raises(DatasetError, match="All answers are right, or none is"):
        fit([seen(Evidence(1.0), True), seen(Evidence(2.0), True)], Calibration())


def test_what_a_fit_changes_is_told_by_outcome() -> None:
    before = Calibration(boundaries=Boundaries(answered=0.9, probable=0.5))
    after = Calibration(boundaries=Boundaries(answered=0.6, probable=0.9))
    asked = [
        seen(Evidence(logit=1.0), True),  # .73
        seen(Evidence(logit=1.0), False),
        seen(Evidence(logit=-1.0), False, False),  # .27
        seen(Evidence(logit=3.0), True),  # .95
    ]
    spoken = [[(Support(logit=9.0), True)], [(Support(logit=0.0), False)]]
    lines = list(changes(asked, spoken, before, after))
    assert lines[0] == "4 questions, 3 with an answer"
    told = {line.split()[0]: " ".join(line.split()[1:]) for line in lines[-8:-4]}
    assert told == {
        "answered": "25% (100%) 75% (67%)",
        "probable": "50% (50%) 0% (-)",
        "close_call": "0% (-) 0% (-)",
        "not_found": "25% (100%) 25% (100%)",
    }
    assert lines[-4].startswith("of 2 yes/no questions made of these")
    assert [" ".join(line.split()) for line in lines[-3:]] == [
        "answered 0% (-) 50% (100%)",
        "probable 50% (100%) 0% (-)",
        "not_found 50% (0%) 50% (0%)",
    ]


def test_a_calibration_sees_right_answers_and_articles_without_them() -> None:
    # The reader says Florida wherever it stands, else Paris: right for the first question and wrong
    # for the second, and for the first once more without Florida's paragraph.
    text = "Talks in Florida.\n\nThen Paris."
    asked = tuple(
        Question(f"q{n}", "talks", (gold,), Span(0, len(text)))
        for n, gold in enumerate([Span(9, 16), Span(24, 29)])
    )
    corpora = lay_out([QuestionSet(Article("a", "A", text), asked)], also=["removed"])
    reader = PhraseReader(Florida=4, Paris=-2)
    observed = list(observe(index(corpora, WordEncoder(max_tokens=3)), InRounds(reader)))
    assert [
        (each.evidence.logit, each.right, each.answerable, each.rival and each.rival.logit)
        for each in observed
    ] == [(4, True, True, -2), (4, False, True, -2), (-2, False, False, None)]
    assert [each.rival_right for each in observed] == [False, True, False]


def two_towns() -> list[QuestionSet]:
    """One article with two paragraphs, four questions, the last two without an answer."""
    text = "Talks in Florida.\n\nThen Paris."
    golds = [(Span(9, 16),), (Span(24, 29),), (), ()]
    asked = tuple(
        Question(f"q{n}", f"talks {n}", gold, Span(0, len(text))) for n, gold in enumerate(golds)
    )
    return [QuestionSet(Article("a", "A", text), asked)]


def put(sets: list[QuestionSet], count: int) -> list[list[tuple[str, str]]]:
    return [
        [(case.question.id, case.kind) for case in corpus.cases]
        for corpus in lay_out_file(sets, count)
    ]


def test_a_files_own_questions_without_an_answer_are_asked_of_their_article() -> None:
    # One in three has no answer, here and among all articles, where such a question might have one.
    assert put(two_towns(), 2) == [
        [("q0", "asked"), ("q1", "asked"), ("q2", "asked")],
        [("q0", "asked"), ("q1", "asked"), ("q0", "removed")],
    ]


def test_where_all_are_answerable_some_lose_their_answer() -> None:
    (group,) = two_towns()
    answerable = [QuestionSet(group.article, group.questions[:2])]
    assert put(answerable, 2) == [[("q0", "asked"), ("q1", "asked"), ("q0", "removed")]] * 2
    with pytest.raises(DatasetError, match="No question has an answer"):
        lay_out_file([QuestionSet(group.article, group.questions[2:])], 2)


def test_a_remembering_reader_reads_once_and_says_what_the_reader_says() -> None:
    reader = PhraseReader(Oslo=1, Rome=2)
    remembering = RememberingReader(reader, Calibration(boundaries=Boundaries(answered=0.9)))
    passages = [["In Oslo.", "In Rome."], ["Rome", "In Oslo."]]
    for _ in range(2):
        assert remembering.read(["a", "b"], passages) == reader.read(["a", "b"], passages)
    assert reader.seen == [["In Oslo."], ["In Rome."], ["Rome"], ["In Oslo."], *passages, *passages]
    assert remembering.read(["c"], [[]]) == [[]]


def many_towns(count: int) -> list[QuestionSet]:
    """Articles that say where talks were held, and where no talks were held."""
    sets = []
    for number in range(count):
        text = f"Talks {number} in Florida.\n\nAnd talks {number} in Paris."
        town = "Florida" if number % 3 else "Paris"
        start = text.index(town)
        gold = Span(start, start + len(town))
        question = Question(f"q{number}", f"talks {number}", (gold,), Span(0, len(text)))
        sets.append(QuestionSet(Article(f"a{number}", f"A{number}", text), (question,)))
    return sets


def test_a_calibration_is_fitted_to_what_it_finds_in_use() -> None:
    used: list[Calibration] = []

    def reading_with(reader: Reader) -> Strategy:
        used.append(reader.calibration)
        return InRounds(reader)

    reader = PhraseReader(Florida=4, Paris=2)
    sentence = SentenceCalibration(intercept=1.0)
    reader.calibration = Calibration(Evidence(9, 9, 9, 9), yes_no=sentence)
    indexed = index(lay_out(many_towns(9), also=["removed"]), WordEncoder(max_tokens=3))
    fitted, observed = fit_in_use(indexed, reader, reading_with, fewest=0)
    assert len(observed) == 9 + 9  # each once more without its answer
    # First the logit alone, then what was fitted to that; what is not fitted here stays.
    assert used[0] == Calibration(yes_no=sentence)
    assert used[1].weights != used[0].weights
    assert used[1].yes_no == fitted.yes_no == sentence
    assert used[1].utmost == Evidence(logit=4.0)  # none found is above


def test_what_an_unread_span_may_reach_is_what_few_right_ones_exceed() -> None:
    asked = [seen(Evidence(logit=number, support=number / 2), True) for number in range(101)]
    wrong = [
        seen(Evidence(logit=1000.0, support=1000.0), False),
        seen(Evidence(logit=-1.0), False),
    ]
    utmost = fit([*asked, *wrong], Calibration(), fewest=0).utmost
    assert utmost == pytest.approx(Evidence(logit=95.0, support=47.5))


def test_the_large_readers_calibration_is_fitted_to_the_two_stages() -> None:
    small, large = PhraseReader(Florida=4, Paris=2), PhraseReader(Florida=40, Paris=90)
    indexed = index(lay_out(many_towns(9), also=["removed"]), WordEncoder(max_tokens=3))
    observed = list(observe(indexed, TwoStages(small, large)))
    assert {each.evidence.logit for each in observed} <= {40, 90}  # none of the small one's
    fitted, used = fit_in_use(indexed, large, lambda reader: TwoStages(small, reader))
    assert len(used) == len(observed)
    assert small.calibration == Calibration()
    assert 0 < fitted.confidence(observed[0].evidence) < 1
