from __future__ import annotations

from qa.answers import Answer
from tests.fakes import PhraseReader, bot_of
from ui.terminal import show

TALKS = (
    "The talks between the two delegations were held\n"
    "in Florida. Paris comes next, and after that\nRome."
)


def ask(reader: PhraseReader, text: str = TALKS) -> Answer:
    return bot_of(text, reader=reader).ask("where")


def test_an_answer_is_shown_with_its_sentence_and_marked_in_it() -> None:
    answer = ask(PhraseReader(Florida=9, Paris=1))
    assert show(answer, articles=1, min_confidence=0.5, color=False) == (
        "Florida  (confidence 1.00)\n"
        "\n"
        "[1] Article 0, characters 0 to 59\n"
        "    The talks between the two delegations were held\n"
        "    in **Florida**."
    )


def test_no_answer_is_said_plainly_with_what_comes_closest() -> None:
    answer = ask(PhraseReader(Paris=-1))
    assert show(answer, articles=1, min_confidence=0.5, color=False) == (
        "The article does not say.  (best guess 0.27, needed 0.50)\n"
        "\n"
        "Closest, but not sure enough:\n"
        "\n"
        "[1] Article 0, characters 60 to 98\n"
        "    **Paris** comes next, and after that\n"
        "    Rome."
    )


def test_several_articles_do_not_say() -> None:
    shown = show(ask(PhraseReader()), articles=2, min_confidence=0.5, color=False)
    assert shown == "The articles do not say.  (best guess 0.00, needed 0.50)"


def test_colours_mark_where_they_are_wanted() -> None:
    answer = ask(PhraseReader(Florida=9))
    assert "**" not in show(answer, articles=1, min_confidence=0.5, color=True)
    assert "\x1b[33m\x1b[1mFlorida\x1b[0m" in show(
        answer, articles=1, min_confidence=0.5, color=True
    )


def test_a_document_cannot_steer_the_terminal() -> None:
    answer = ask(PhraseReader(Florida=9), "Talks \x1b]0;pwned\x07 in \u202eFlorida\x9b31m.")
    shown = show(answer, articles=1, min_confidence=0.5, color=False)
    assert "Talks \ufffd]0;pwned\ufffd in \ufffd**Florida**\ufffd31m." in shown


SPEECH = "Ann Hall met Pavel Frost and Eva Berg in Leeds. “We go,” said Ann Hall."


def shown(question: str, **logits: float) -> str:
    answer = bot_of(SPEECH, reader=PhraseReader(**logits)).ask(question)
    return show(answer, articles=1, min_confidence=0.5, color=False)


def test_a_list_has_a_line_for_each_part_and_each_sentence_once() -> None:
    assert shown("Who met her?", **{"Pavel Frost and Eva Berg": 3}) == (
        "- Pavel Frost\n"
        "- Eva Berg\n"
        "(confidence 0.95)\n"
        "\n"
        "[1] Article 0, characters 0 to 47\n"
        "    Ann Hall met **Pavel Frost** and **Eva Berg** in Leeds."
    )


def test_a_quotation_has_its_speaker_beside_it() -> None:
    assert shown("What did Ann Hall say?").startswith("- We go, — Ann Hall\n\n[1] Article 0")


def test_evidence_is_called_evidence() -> None:
    said = shown("Did Ann Hall meet Pavel Frost in Leeds?", Leeds=9)
    assert said.startswith("Evidence, not a verdict:  (confidence 1.00)")
    assert said.endswith("\n    Ann Hall met Pavel Frost and Eva Berg in Leeds.")


def test_small_talk_is_a_reply_with_questions_to_ask() -> None:
    assert shown("hi").splitlines()[1:] == [
        "    What is this article about?",
        "    Who is mentioned?",
        "    Which quotes are in it?",
    ]


def test_a_follow_up_shows_how_it_was_understood() -> None:
    conversation = bot_of(SPEECH, reader=PhraseReader(Pavel_Frost=3)).conversation()
    conversation.ask("Who met Ann Hall?")
    answer = conversation.ask("Where did he meet her?")
    said = show(answer, articles=1, min_confidence=0.5, color=False)
    assert said.startswith("Understood as: Where did Pavel Frost meet ")


def test_a_yes_no_question_that_is_not_surely_spoken_to_is_not_denied() -> None:
    said = shown("Do elephants dance the tango?")
    assert said.startswith("No sentence is sure to speak to that.  (best guess 0.")
    assert "Closest, but not sure enough:" in said
