from __future__ import annotations

import pytest

from index.structure.sentences import split_sentences
from index.structure.spans import Span
from qa.english.told_in_order import told_in_order
from tests.fakes import PhraseReader, bot_of

OUTAGE = (
    "The outage had three causes. Firstly, a certificate had expired. Secondly, the node was off. "
    "It had been so since June. Finally, nobody read the mails. Help came at noon."
)
SHOP = "Opening is easy. First, switch off the alarm. Then unlock the door. After that, count."


def told(text: str, at: str) -> list[str]:
    start = text.index(at)
    items, _ = told_in_order(text, split_sentences(text), Span(start, start + len(at)))
    return [text[slice(*each)] for each in items]


@pytest.mark.parametrize(
    ("text", "at", "items"),
    [
        (
            OUTAGE,
            "certificate",
            ["a certificate had expired", "the node was off", "nobody read the mails"],
        ),
        (SHOP, "Opening", ["switch off the alarm", "unlock the door", "count"]),
        (
            "To clean it, first empty the tank, then fill it again, and finally press Start.",
            "fill",
            ["empty the tank", "fill it again", "press Start"],
        ),
        (OUTAGE, "Help", []),
        ("First Bank lent the sum. Then it rose.", "sum", []),
        ("They first met in Oslo and then in Rome.", "Oslo", ["met in Oslo", "in Rome"]),
        ("He came first. The others left.", "He", []),
    ],
)
def test_what_is_told_in_order_is_found_whole(text: str, at: str, items: list[str]) -> None:
    assert told(text, at) == items


def test_steps_and_causes_in_prose_are_given_whole_and_in_order() -> None:
    steps = bot_of(SHOP, reader=PhraseReader(**{"switch off the alarm": 9}))
    answer = steps.ask("How do I open the shop?")
    assert answer.items == ("switch off the alarm", "unlock the door", "count")
    causes = bot_of(OUTAGE, reader=PhraseReader(**{"a certificate had expired": 9}))
    answer = causes.ask("What were the causes of the outage?")
    assert len(answer.items) == 3
    assert causes.ask("What had expired?").text == "a certificate had expired"


def test_the_steps_of_something_else_are_not_given() -> None:
    bot = bot_of(SHOP, reader=PhraseReader(**{"the alarm": 9}))
    assert bot.ask("How do I mend a broken alarm clock?").text == "the alarm"
