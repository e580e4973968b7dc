from __future__ import annotations

from dataclasses import replace

from qa.answers import Answer
from qa.reading.calibration import Boundaries, Calibration
from tests.fakes import PhraseReader, bot_of
from ui.phrases import word
from ui.terminal import show

TALKS = (
    "The talks between the two delegations were held\n"
    "in Florida. Paris comes next, and after that\nRome."
)


def ask(reader: PhraseReader, text: str = TALKS, *, bounds: Boundaries | None = None) -> Answer:
    reader.calibration = Calibration(boundaries=bounds or Boundaries())
    return bot_of(text, reader=reader).ask("where")


def shown(answer: Answer, min_confidence: float | None = None, *, color: bool = False) -> str:
    return show(word(answer, articles=1, min_confidence=min_confidence), color=color)


def test_an_answer_is_shown_with_its_sentence_and_marked_in_it() -> None:
    answer = ask(PhraseReader(Florida=9, Paris=1))
    assert shown(answer) == (
        "Florida  (confidence 0.99)\n"
        "\n"
        "[1] Article 0, characters 0 to 59\n"
        "    The talks between the two delegations were held\n"
        "    in **Florida**."
    )


def test_what_is_probable_has_its_odds_in_percent() -> None:
    answer = ask(PhraseReader(Florida=0.4), bounds=Boundaries(answered=0.9))
    assert shown(answer).startswith("Probably: Florida (60 %). Check the passage.\n\n[1] Article 0")


def test_a_close_call_shows_two_answers_and_where_they_stand() -> None:
    answer = ask(PhraseReader(Florida=2, Rome=2), bounds=Boundaries(close_call=0.5))
    assert shown(answer) == (
        "Close call between two answers. Check the passages:\n"
        "- Florida (88 %) [1]\n"
        "- Rome (88 %) [2]\n"
        "\n"
        "[1] Article 0, characters 0 to 59\n"
        "    The talks between the two delegations were held\n"
        "    in **Florida**.\n"
        "\n"
        "[2] Article 0, characters 60 to 98\n"
        "    Paris comes next, and after that\n"
        "    **Rome**."
    )


def test_no_answer_is_said_plainly_with_what_comes_nearest() -> None:
    answer = ask(PhraseReader(Paris=-1))
    assert shown(answer) == (
        "I found no passage that answers this.  (best guess 0.27)\n"
        "\n"
        "Nearest passage:\n"
        "\n"
        "[1] Article 0, characters 60 to 98\n"
        "    **Paris** comes next, and after that\n"
        "    Rome."
    )
    assert shown(ask(PhraseReader())) == "I found no passage that answers this."


def test_what_was_asked_for_stands_beside_what_was_found() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Paris=0.45)).ask("where", min_confidence=0.8)
    assert shown(answer, 0.8).startswith(
        "Nothing that I found is as sure as you asked for.  (best guess 0.61, you asked for 0.80)\n"
    )


def test_questions_that_may_be_asked_after_a_refusal_come_last() -> None:
    answer = replace(ask(PhraseReader(Paris=-1)), suggestions=("Where were the talks?",))
    assert shown(answer).endswith("\n\nYou could ask:\n    Where were the talks?")


def test_colours_mark_where_they_are_wanted_and_yellow_only_an_answer() -> None:
    answer = ask(PhraseReader(Florida=9))
    assert "**" not in shown(answer, color=True)
    assert "\x1b[33m\x1b[1mFlorida\x1b[0m" in shown(answer, color=True)
    probable = ask(PhraseReader(Florida=1), bounds=Boundaries(answered=0.9))
    assert "\x1b[36m\x1b[1mFlorida\x1b[0m" in shown(probable, color=True)
    assert "\x1b[33m" not in shown(probable, color=True)
    assert "\x1b[33m" not in shown(ask(PhraseReader(Florida=-1)), color=True)


def test_a_document_cannot_steer_the_terminal() -> None:
    answer = ask(PhraseReader(Florida=9), "Talks \x1b]0;pwned\x07 in \u202eFlorida\x9b31m.")
    assert "Talks \ufffd]0;pwned\ufffd in \ufffd**Florida**\ufffd31m." in shown(answer)


SPEECH = "Ann Hall met Pavel Frost and Eva Berg in Leeds. “We go,” said Ann Hall."


def said(question: str, **logits: float) -> str:
    return shown(bot_of(SPEECH, reader=PhraseReader(**logits)).ask(question))


def test_a_list_has_a_line_for_each_part_and_each_sentence_once() -> None:
    assert said("Who met her?", **{"Pavel Frost and Eva Berg": 3}) == (
        "- Pavel Frost\n"
        "- Eva Berg\n"
        "(confidence 0.95)\n"
        "\n"
        "[1] Article 0, characters 0 to 47\n"
        "    Ann Hall met **Pavel Frost** and **Eva Berg** in Leeds."
    )


def test_a_quotation_has_its_speaker_beside_it() -> None:
    assert said("What did Ann Hall say?").startswith("- We go, — Ann Hall\n\n[1] Article 0")


def test_evidence_is_called_evidence() -> None:
    told = said("Did Ann Hall meet Pavel Frost in Leeds?", Leeds=9)
    assert told.startswith("Evidence, not a verdict:  (speaks to the question: 99 %)")
    assert told.endswith("\n    Ann Hall met Pavel Frost and Eva Berg in Leeds.")


def test_small_talk_is_a_reply_with_questions_to_ask() -> None:
    assert said("hi").splitlines()[1:] == [
        "    What is this article about?",
        "    Who is mentioned?",
        "    Which quotes are in it?",
    ]


def test_a_follow_up_shows_how_it_was_understood() -> None:
    conversation = bot_of(SPEECH, reader=PhraseReader(Pavel_Frost=3)).conversation()
    conversation.ask("Who met Ann Hall?")
    answer = conversation.ask("Where did he meet her?")
    assert shown(answer).startswith("Understood as: Where did Pavel Frost meet ")


def test_a_yes_no_question_that_is_not_surely_spoken_to_is_not_denied() -> None:
    told = said("Do elephants dance the tango?")
    assert told.startswith("I found no passage that speaks to this.  (best guess 0.")
    assert "Nearest passage" in told
