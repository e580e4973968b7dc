from __future__ import annotations

import pytest

from qa.asking.extents import Extent, Number, extent_of, number_of
from qa.asking.kinds import Asked, kind_of
from qa.asking.speech import AskedOf


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who leads the Ukrainian delegation?", "phrase"),
        ("How many people were displaced?", "phrase"),
        ("How long did it take?", "phrase"),
        ("Which university does Helen Varga work at?", "phrase"),
        ("What causes the delay?", "clause"),
        ("Why did he resign?", "clause"),
        ("How did the fire start?", "clause"),
        ("What happened in 2014?", "clause"),
        ("Who was in the American delegation?", "list"),
        ("Who all attended", "list"),
        ("Which countries are involved?", "list"),
        ("What are the causes of the strike?", "list"),
        ("Name the speakers.", "list"),
        ("Which car parts were replaced?", "list"),
        ("Which rare plants grow there?", "list"),
        ("Which company makes soap?", "phrase"),
        ("Which species moves by night?", "phrase"),
        ("Was the meeting in Florida?", "yes_no"),
        ("did mayor vote against the plan", "yes_no"),
        ("Is it easier or harder?", "phrase"),
        ("What did Schurf’s letter say Luther’s return caused?", "phrase"),
    ],
)
def test_the_kind_of_a_question_is_told(question: str, kind: str) -> None:
    assert kind_of(question).kind == kind


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What did Umerov say?", Asked("speech", of=AskedOf(speaker="umerov"))),
        ("rubio quote?", Asked("speech", of=AskedOf(speaker="rubio"))),
        ("Quotes by Marco Rubio", Asked("speech", of=AskedOf(speaker="marco rubio"))),
        (
            "How did Julian Osei comment on the port?",
            Asked("speech", of=AskedOf(speaker="julian osei", subject="the port")),
        ),
        ("What is this article about?", Asked("about", topic="summary")),
        ("summarise it", Asked("about", topic="summary")),
        ("tl;dr please", Asked("about", topic="summary")),
        ("Who is mentioned?", Asked("about", topic="people")),
        ("List the people in the article", Asked("about", topic="people")),
        ("What dates are there?", Asked("about", topic="dates")),
        ("Which numbers are mentioned?", Asked("about", topic="numbers")),
        ("List the countries", Asked("about", topic="countries")),
        ("Which cities are there?", Asked("about", topic="cities")),
        ("What are the articles about?", Asked("about", topic="summary")),
        ("Who is mentioned in the documents?", Asked("about", topic="people")),
        ("Which quotes are in it?", Asked("about", topic="quotations")),
        ("Which places come up in it?", Asked("about", topic="places")),
        ("hi", Asked("talk", topic="greeting")),
        ("thanks a lot!", Asked("talk", topic="thanks")),
        ("ok bye", Asked("talk", topic="goodbye")),
        ("What can you do?", Asked("talk", topic="help")),
        ("?", Asked("talk", topic="help")),
    ],
)
def test_what_is_asked_of_the_article_of_a_speaker_or_of_the_program_is_told(
    question: str, asked: Asked
) -> None:
    assert kind_of(question) == asked


@pytest.mark.parametrize(
    "question",
    ["Which dates are celebrated in Ireland?", "Which countries are members?", "Help for whom?"],
)
def test_a_question_that_only_sounds_like_it_is_no_overview_and_no_talk(question: str) -> None:
    assert kind_of(question).kind not in ("about", "talk")


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Translate the article into French", "translation"),
        ("Please say it in German", "translation"),
        ("Summarise it in German", "translation"),
        ("Give me a summary in French", "translation"),
        ("Compare Ann Hall and Pavel Frost", "comparison"),
        ("What is 12 times 7?", "arithmetic"),
        ("12 * 7 =", "arithmetic"),
        ("What's 15% of 200?", "arithmetic"),
        ("How many years are between 1990 and 2004?", "arithmetic"),
        ("Add up the votes", "arithmetic"),
        ("Write me a short poem about it", "writing"),
        ("Can you rewrite the article?", "writing"),
        ("Explain the deal like I'm five", "writing"),
        ("What do you think of Ann Hall?", "opinion"),
        ("Do you like her?", "opinion"),
    ],
)
def test_what_no_quotation_can_answer_is_not_for_the_program(question: str, topic: str) -> None:
    asked = kind_of(question)
    assert (asked.kind, asked.topic) == ("talk", topic)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What is the difference between the two plans?", "comparison"),
        ("How do the plans differ?", "comparison"),
        ("How do you say it in Spanish?", "translation"),
        ("What is the Latin name of the town?", "translation"),
    ],
)
def test_what_an_article_may_have_done_is_read_for(question: str, topic: str) -> None:
    asked = kind_of(question)
    assert (asked.topic, asked.unless_found) == (None, topic)
    assert asked.kind != "talk"


@pytest.mark.parametrize(
    "question",
    [
        "Who translated the letter?",
        "What is 9/11?",
        "2014-2016?",
        "What is 40 percent of the population?",
        "How many years passed between the two elections?",
        "Who wrote the poem?",
        "Describe the plan",
        "Do you need a visa?",
        "What do you do if it breaks?",
        "What did Ann Hall think of the plan?",
    ],
)
def test_what_only_sounds_like_it_is_left_to_the_articles(question: str) -> None:
    asked = kind_of(question)
    assert (asked.topic, asked.unless_found) == (None, None)


@pytest.mark.parametrize(
    ("question", "extent"),
    [
        ("Who are the members of the board?", "whole"),
        ("Which topics does the course cover?", "whole"),
        ("Who were the first traders?", "whole"),
        ("How do I remove a permission?", "whole"),
        ("How can a filter be changed?", "whole"),
        ("What are the steps to register?", "whole"),
        ("What should I bring?", "maybe"),
        ("What should I bring to the first evening?", "maybe"),
        ("What does the kit contain?", "maybe"),
        ("What is included in the price?", "maybe"),
        ("What was she asked to do?", "maybe"),
        ("Who can apply?", "maybe"),
        ("Where can I pay?", "maybe"),
        ("How is the kit checked?", "maybe"),
        ("Who of the jury is Turkish?", "one"),
        ("Which company built it?", "one"),
        ("What is the second step?", "one"),
        ("Which boat does the oldest member row?", "one"),
        ("How many steps are there?", "one"),
        ("Who founded the club?", "one"),
        ("What should I bring? " * 200, "one"),
    ],
)
def test_how_much_of_a_list_is_asked_for_is_told(question: str, extent: Extent) -> None:
    assert extent_of(question, kind_of(question)) == extent


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Who are the members?", Number(several=True, people=True)),
        ("When did it open, and when did it close?", Number(two=True)),
        ("What was the turnout in the first round and in the second?", Number(two=True)),
        ("How much were the first and the second prize?", Number(two=True)),
        ("On whom and on what were sanctions imposed?", Number(two=True)),
        ("What are members not allowed to do?", Number(doings=True)),
        ("Where was it sent?", Number(places=True)),
        ("Which country lies between Peru and what other country?", Number()),
        ("Who repaired the roof and the wall?", Number(people=True)),
        ("Where was it sent? " * 200, Number()),
    ],
)
def test_how_many_things_are_asked_for_is_told(question: str, number: Number) -> None:
    assert number_of(question, kind_of(question)) == number


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Since March 2024, may tenants keep a dog?", "yes_no"),
        ("According to the minutes, is the hall open?", "yes_no"),
        ("In Oslo, who won?", "phrase"),
        ("Since when may tenants keep a dog?", "phrase"),
    ],
)
def test_a_time_or_a_source_may_stand_before_a_yes_no_question(question: str, kind: str) -> None:
    assert kind_of(question).kind == kind
