from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.retrieval import Hit
from index.text.stretches import Stretch
from qa.answers import Interpretation
from qa.reading.calibration import Calibration
from qa.reading.evidence import Evidence
from qa.reading.rounds import new_share, read_in_rounds
from tests.fakes import PhraseReader, bot_of

LETTERS = Article("letters", "Letters", "abcdefghijklmnopqrstuvwxyz" * 4)
OTHER = Article("other", "Other", LETTERS.text)


def hit(start: int, end: int, *, article: Article = LETTERS) -> Hit:
    return Hit(Stretch(article, start, end), score=1.0, similarity=0.0, bm25=0.0, bm25_gap=0.0)


def apart(count: int) -> list[Hit]:
    """Passages without a letter in common, each with a letter of its own in front."""
    return [hit(4 * number, 4 * number + 4) for number in range(count)]


def read(reader: PhraseReader, hits: list[Hit]) -> list[str]:
    (found,) = read_in_rounds(reader, ["Which?"], [hits])
    return [candidate.text for candidate in found]


def test_three_passages_are_enough_if_no_other_can_win() -> None:
    reader = PhraseReader(a=9.0, m=20.0)  # "m" is in the fourth
    assert read(reader, apart(6)) == ["a"]
    assert reader.seen == [["abcd", "efgh", "ijkl"]]


def test_the_others_are_read_if_one_could_win_yet() -> None:
    reader = PhraseReader(a=5.0, m=7.0)
    assert read(reader, apart(6)) == ["m", "a"]
    assert reader.seen == [["abcd", "efgh", "ijkl"], ["mnop", "qrst", "uvwx"]]


def test_what_a_span_may_reach_is_the_readers_own() -> None:
    reader = PhraseReader(a=9.0, m=20.0)
    reader.calibration = Calibration(utmost=Evidence(logit=25.0))
    assert read(reader, apart(6)) == ["m", "a"]


def test_what_could_win_with_support_only_is_read_if_another_passage_shares_its_text() -> None:
    reader = PhraseReader(a=9.5)
    reader.calibration = Calibration(Evidence(logit=1.0, support=1.0))
    alone, shared = hit(12, 16), hit(15, 19)
    assert read(reader, [*apart(3), alone]) == ["a"]
    assert reader.seen == [["abcd", "efgh", "ijkl"]]
    read(reader, [*apart(3), alone, shared])
    assert reader.seen[2:] == [["mnop", "pqrs"]]


def test_all_is_read_where_nothing_was_found_so_far() -> None:
    reader = PhraseReader(u=1.0)
    assert read(reader, apart(6)) == ["u"]


def test_what_was_mostly_read_already_is_not_read_for_itself() -> None:
    reader = PhraseReader(b=1.0)
    hits = [*apart(3), hit(5, 13), hit(10, 18)]
    read(reader, hits)
    # Of the first of the two, one letter in eight is new; of the other, three quarters are.
    assert reader.seen == [["abcd", "efgh", "ijkl"], ["klmnopqr"]]


def test_the_best_span_is_read_in_three_passages_if_it_stands_in_so_many() -> None:
    reader = PhraseReader(d=9.0)
    hits = [hit(0, 4), hit(8, 12), hit(12, 16), hit(1, 5), hit(2, 6), hit(3, 7)]
    (found,) = read_in_rounds(reader, ["Which?"], [hits])
    assert reader.seen == [["abcd", "ijkl", "mnop"], ["bcde", "cdef"]]
    assert found[0].evidence.support == 9.0


def test_questions_are_read_together_and_each_as_it_would_be_alone() -> None:
    reader = PhraseReader(a=5.0, m=7.0, z=9.0)
    hits = [apart(6), [hit(22, 26)], []]
    together = read_in_rounds(reader, ["Which?", "What?", "Who?"], hits)
    assert together == [read_in_rounds(reader, ["Which?"], [own])[0] for own in hits]
    assert [[each.text for each in found] for found in together] == [["m", "a"], ["z"], []]


@given(
    st.tuples(st.integers(0, 50), st.integers(1, 50)),
    st.lists(st.tuples(st.integers(0, 90), st.integers(1, 10), st.sampled_from([LETTERS, OTHER]))),
)
def test_what_is_new_is_what_stands_in_no_other_passage(
    own: tuple[int, int], others: list[tuple[int, int, Article]]
) -> None:
    start, length = own
    known = [Stretch(article, first, first + size) for first, size, article in others]
    seen = {
        place
        for passage in known
        if passage.article is LETTERS
        for place in range(passage.start, passage.end)
    }
    new = [place for place in range(start, start + length) if place not in seen]
    share = new_share(Stretch(LETTERS, start, start + length), known)
    assert share == pytest.approx(len(new) / length)


@pytest.mark.parametrize(
    ("first", "read_for"),
    [(9.0, ["Who won?"]), (-9.0, ["Who won?", "Who lost?"])],
)
def test_a_reading_is_read_only_if_none_before_it_is_answered(
    first: float, read_for: list[str]
) -> None:
    class Listening(PhraseReader):
        def read(self, questions, passages):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            asked.extend(questions)
            return super().read(questions, passages)

    asked: list[str] = []
    bot = bot_of("Ann won the race.", reader=Listening(Ann=first))
    interpretations = [Interpretation("Who won?"), Interpretation("Who lost?")]
    bot.engine.answer([("Who?", interpretations)])
    assert list(dict.fromkeys(asked)) == read_for
