"""Which outcome it is: answered, probable, a close call, not found."""

from __future__ import annotations

import pytest

from index.errors import SettingError
from qa.answers import Outcome
from qa.reading.calibration import Answerability, Boundaries, Calibration
from qa.reading.evidence import Evidence
from tests.fakes import PhraseReader, bot_of

TALKS = "The talks were held in Florida. Paris comes next. In Florida they met. Moscow is far."


def test_what_is_given_say_the_readers_boundaries_or_the_confidence_that_is_asked_for() -> None:
    reader = PhraseReader(Moscow=1)  # a confidence, and a chance of an answer, of 0.73
    assert bot_of(TALKS, reader=reader).ask("where").outcome is Outcome.ANSWERED
    reader.calibration = Calibration(boundaries=Boundaries(answered=0.8, probable=0.7))
    bot = bot_of(TALKS, reader=reader)
    probable = bot.ask("where")
    assert (probable.text, probable.outcome) == ("Moscow", Outcome.PROBABLE)
    assert probable.answerable == pytest.approx(0.731, abs=1e-3)
    refused = bot.ask("where", min_confidence=0.75)
    assert (refused.text, refused.outcome) == (None, Outcome.NOT_FOUND)
    assert bot.ask("where", min_confidence=0.7).outcome is Outcome.PROBABLE
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(SettingError, match=r"expected a number in 0\.\.1"):
            bot.ask("where", min_confidence=wrong)


def test_nothing_is_found_where_the_article_hardly_answers() -> None:
    reader = PhraseReader(Moscow=-0.5)  # a confidence of 0.38
    reader.calibration = Calibration(
        answerable=Answerability(Evidence(logit=1.0), intercept=-2.0),  # 0.08
        boundaries=Boundaries(answered=0.8, probable=0.4),
    )
    answer = bot_of(TALKS, reader=reader).ask("where")
    assert (answer.text, answer.outcome) == (None, Outcome.NOT_FOUND)
    assert answer.answerable == answer.confidence == pytest.approx(0.378, abs=1e-3)
    # Where the best span is right there is an answer: one that is likelier right than not is given.
    reader.logits["Moscow"] = 0.5
    likely = bot_of(TALKS, reader=reader).ask("where")
    assert (likely.text, likely.outcome) == ("Moscow", Outcome.PROBABLE)
    assert likely.answerable == likely.confidence == pytest.approx(0.622, abs=1e-3)


def test_of_two_answers_that_chance_does_not_tell_apart_neither_is_claimed() -> None:
    reader = PhraseReader(Moscow=2.0, Paris=1.5)
    reader.calibration = Calibration(boundaries=Boundaries(close_call=0.6))
    answer = bot_of(TALKS, reader=reader).ask("where")
    assert (answer.text, answer.outcome) == (None, Outcome.CLOSE_CALL)
    assert [rival.text for rival in answer.rivals] == ["Moscow", "Paris"]
    assert [shown.text for shown in answer.shown] == [
        rival.citation.text for rival in answer.rivals
    ]
    assert answer.closest == ()
    # Who asks for a confidence is given what has it.
    assert bot_of(TALKS, reader=reader).ask("where", min_confidence=0.5).text == "Moscow"
    reader.calibration = Calibration(boundaries=Boundaries(close_call=0.4))
    assert bot_of(TALKS, reader=reader).ask("where").text == "Moscow"


def test_what_says_the_opposite_is_shown_where_nothing_is_found() -> None:
    text = "The council met. Ann Hall rejected the plan for a tower. The sun shone."
    reader = PhraseReader(**{"Ann Hall": 4.0, "council": -3.0})
    reader.calibration = Calibration(
        Evidence(logit=1.0, opposed=-8.0), answerable=Answerability(Evidence(1.0, opposed=-8.0))
    )
    bot = bot_of(text, reader=reader)
    answer = bot.ask("Who approved the plan for a tower?")
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.opposite
    assert answer.opposite.text == "Ann Hall rejected the plan for a tower."
    assert answer.opposite.answer == "Ann Hall"
    agreed = bot.ask("Who rejected the plan for a tower?")
    assert (agreed.text, agreed.opposite) == ("Ann Hall", None)


def test_of_a_close_call_the_two_say_something_else() -> None:
    text = "Ann Hall won the prize. The prize went to Hall. Bob Lee got the other prize."
    reader = PhraseReader(**{"Ann Hall": 2.0, "Hall": 1.9, "Bob Lee": 1.8})
    reader.calibration = Calibration(boundaries=Boundaries(close_call=0.6))
    answer = bot_of(text, reader=reader).ask("who")
    assert [rival.text for rival in answer.rivals] == ["Ann Hall", "Bob Lee"]
    assert [other.text for other in answer.alternatives] == ["Ann Hall", "Bob Lee", "Hall"]


def test_two_spans_that_say_the_same_are_no_close_call() -> None:
    text = "Talks in Moscow. The capital, Moscow, is cold. The city of Moscow is old."
    reader = PhraseReader(**{"Moscow": 2.0, "city of Moscow": 1.9})
    reader.calibration = Calibration(boundaries=Boundaries(close_call=0.6))
    assert bot_of(text, reader=reader).ask("where").text == "Moscow"


def test_items_of_one_enumeration_are_no_close_call() -> None:
    reader = PhraseReader(**{"curlews": 1.0, "brent geese": 0.8, "winter": 0.1})
    reader.calibration = Calibration(boundaries=Boundaries(close_call=0.6))
    bot = bot_of("The mud feeds curlews, terns and brent geese in winter.", reader=reader)
    answer = bot.ask("What does the mud feed?")
    assert (answer.outcome, answer.items) == (Outcome.ANSWERED, ("curlews", "terns", "brent geese"))
