from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.text.stretches import Stretch
from qa.answering.speech import Near, said_by
from qa.asking.speech import AskedOf
from qa.english.analysis import Analyses, Analysis

SPEECH = (
    "The minister of fisheries, Paul Ormond, spoke in Leith on Tuesday. He said that the quota for "
    "cod would fall by a third because the stock was low. On Iceland he was brief: the two sides "
    "would meet in May. He told the crews that nobody would lose a boat and denied that he had met "
    "the owners.\n\nEwa Brandt of the owners' union called the cut too late. “We warned them,” she "
    "said. According to Brandt, forty boats would be sold. The minister promised to visit Leith "
    "again, and the union announced a march on Friday."
)


def told(text: str) -> list[tuple[str | None, str]]:
    return [
        (
            each.name or (text[slice(*each.speaker)] if each.speaker else None),
            text[each.start : each.end],
        )
        for each in Analysis(text).statements
    ]


def said(speaker: str, subject: str = "", verb: str = "", hearer: str = "") -> list[str]:
    article = Article("a", "A", SPEECH)
    found = said_by(Analyses(), [article], AskedOf(speaker, subject, verb, hearer))
    return [article.text[slice(*each.span)] for _, each in found]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("Ann Hall said that the pier was safe.", "the pier was safe"),
        ("Ann Hall said the pier was safe.", "the pier was safe"),
        ("Ann Hall told the crews that the pier was safe.", "the pier was safe"),
        ("Ann Hall told reporters she would stay.", "she would stay"),
        ("Ann Hall said on Friday that the pier was safe.", "the pier was safe"),
        ("The pier was safe, Ann Hall said.", "The pier was safe"),
        ("The pier was safe, said Ann Hall, the harbour master.", "The pier was safe"),
        ("The pier was safe, Ann Hall told the paper on Friday.", "The pier was safe"),
        ("The pier, Ann Hall said, was safe.", "The pier, Ann Hall said, was safe"),
        ("According to Ann Hall, the pier was safe.", "the pier was safe"),
        ("The pier was safe, according to Ann Hall.", "The pier was safe"),
        ("Ann Hall promised to mend the pier.", "to mend the pier"),
        ("Ann Hall urged the council to mend the pier.", "to mend the pier"),
        ("Ann Hall called the plan a scandal.", "the plan a scandal"),
        ("Ann Hall described the plan as a scandal.", "a scandal"),
        ("Ann Hall, who leads the union, warned that the pier was old.", "the pier was old"),
        ("Ann Hall was adamant that the pier was safe.", "the pier was safe"),
        ("Ann Hall said the pier was safe, but nobody believed her.", "the pier was safe"),
        ("Ann Hall said it was “too late” for the pier.", "it was “too late” for the pier"),
    ],
)
def test_reported_speech_is_found_in_the_forms_of_english_prose(text: str, clause: str) -> None:
    assert told(text) == [("Ann Hall", clause)]


def test_what_goes_on_behind_a_semicolon_as_said_is_reported_too() -> None:
    text = "Ann Hall replied that no bid had come in; a new call would go out in May."
    assert told(text) == [
        ("Ann Hall", "no bid had come in"),
        ("Ann Hall", "a new call would go out in May"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ann Hall said that the crew was home; she would not comment on the wages.",
        "Ann Hall said that the crew was home but declined to talk about the wages.",
    ],
)
def test_what_somebody_did_not_speak_of_is_not_reported(text: str) -> None:
    assert told(text) == [("Ann Hall", "the crew was home")]
    found = said_by(Analyses(), [Article("a", "A", text)], AskedOf("ann hall", "the wages"))
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "Ann Hall did not say whether the pier was safe.",
        "Ann Hall declined to say that the pier was safe.",
        "Residents were told that the pier was safe.",
        "Her promise that the pier was safe was broken.",
        "Ann Hall said nothing. Police hold two men.",
        "Ann Hall said: “The pier is safe.”",
        "“The pier is safe,” said Ann Hall.",
        "Did Ann Hall say that the pier was safe?",
        "The project will add two berths that ships need.",
    ],
)
def test_what_nobody_says_or_what_is_quoted_is_no_reported_speech(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Ann Hall said it was late and added that she was tired.", ["Ann Hall"] * 2),
        ("Ann Hall said it was late, and Ben Low argued that it was not.", ["Ann Hall", "Ben Low"]),
        ("Ann Hall said that Eva Strand was ill. She added that it was flu.", ["Ann Hall"] * 2),
        ("The ministry said it was late. It added that it was dark.", ["The ministry"] * 2),
        ("The mayor, Ann Hall, left. The mayor said she was tired.", ["Ann Hall"]),
        ("Ann Hall's lawyer said she was tired.", ["Ann Hall's lawyer"]),
        ("Ann Hall left, saying that she was tired.", ["Ann Hall"]),
    ],
)
def test_who_says_it_is_the_subject_or_whom_it_stands_for(text: str, speakers: list[str]) -> None:
    assert [speaker for speaker, _ in told(text)] == speakers


def test_what_somebody_said_of_a_subject_is_reported_or_quoted_in_the_order_of_the_text() -> None:
    quota = "the quota for cod would fall by a third because the stock was low"
    assert said("Paul Ormond", "cod") == said("the minister", "the quota") == [quota]
    assert said("the minister", "Iceland") == ["the two sides would meet in May"]
    assert said("Brandt", "the boats") == ["forty boats would be sold"]
    assert said("the minister", hearer="the crews") == ["nobody would lose a boat"]


def test_of_what_nobody_speaks_nothing_is_said() -> None:
    assert said("the minister", "Russia") == said("Brandt", "cod") == said("Kim Berg") == []


def test_without_a_subject_quotations_go_before_what_is_reported() -> None:
    assert said("Brandt") == ["We warned them,"]
    assert len(said("Ormond")) == 5


def test_a_denial_is_told_as_one_unless_it_is_asked_for() -> None:
    assert said("Ormond", "the owners") == ["denied that he had met the owners"]
    assert said("Ormond", verb="deny") == ["he had met the owners"]


def test_what_is_asked_for_by_its_verb_is_what_the_verb_governs() -> None:
    assert said("Ormond", verb="promise") == ["to visit Leith again"]
    assert said("Ormond", verb="warn") == []
    assert said("the union", verb="announce") == []  # the reader knows where "a march" ends


def test_a_sentence_near_a_subject_counts_where_no_word_is_shared() -> None:
    article = Article("a", "A", "Ann Hall said that the line had lost money.")
    whole = Article("a", "A", article.text)
    analyses, asked = Analyses(), AskedOf("Ann Hall", "the deficit")
    near = Near(reported=[Stretch(whole, 0, len(whole.text))])
    assert said_by(analyses, [article], asked) == []
    assert len(said_by(analyses, [article], asked, near)) == 1


@given(st.text(alphabet="“”\"' .,\nAbsaid that he,", max_size=150))
def test_any_text_gives_statements_that_stand_in_it_in_order(text: str) -> None:
    found = Analysis(text).statements
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(a.start <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("text", "verb", "parts"),
    [
        (
            "Ann Hall promised to mend the pier, to paint the hall, and to lower the fees.",
            "promise",
            ["to mend the pier", "to paint the hall", "to lower the fees"],
        ),
        (
            "Ann Hall promised to mend the pier, paint the hall and raise the fees.",
            "promise",
            ["mend the pier", "paint the hall", "raise the fees"],
        ),
        (
            "Ann Hall recommended that the pier be shut, that the crews be paid, and that the "
            "owners wait.",
            "recommend",
            ["the pier be shut", "the crews be paid", "the owners wait"],
        ),
        (
            "Ann Hall promised to mend the pier and the hall.",
            "promise",
            ["to mend the pier and the hall"],
        ),
    ],
)
def test_each_thing_that_somebody_promises_is_one(text: str, verb: str, parts: list[str]) -> None:
    found = said_by(Analyses(), [Article("a", "A", text)], AskedOf("ann hall", verb=verb))
    assert [text[slice(*each.span)] for _, each in found] == parts


def test_the_sentence_before_may_name_the_rest_of_what_it_is_about() -> None:
    text = (
        "Guy Frost asked whether the car park could be mended. Ann Hall replied that no tender had "
        "come in. Guy Frost said that the swings of the park were broken."
    )
    asked = AskedOf("ann hall", "the tender for the car park")
    found = said_by(Analyses(), [Article("a", "A", text)], asked)
    assert [text[slice(*each.span)] for _, each in found] == ["no tender had come in"]
