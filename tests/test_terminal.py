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
