from __future__ import annotations

from dataclasses import replace

import pytest

from index.articles import Article
from qa.answers import Answer, Outcome
from qa.reading.calibration import Boundaries, Calibration
from tests.fakes import PhraseReader, bot_of
from tests.pages import paged
from tests.turns import turn
from ui.phrases import Part, Wording, in_percent, in_words, word
from ui.terminal import show
from ui.web.markup import answer_html
from ui.web.transcript import as_markdown, as_text

SPEECH = "Ann Hall met Pavel Frost and Eva Berg in Leeds. “We go,” said Ann Hall."
TALKS = "The talks were held in Florida. Paris comes next."
# Answered from 9 in 10 on, probable from 4 in 10, and half of log-odds tell two apart.
STRICT = Boundaries(answered=0.9, probable=0.4, close_call=0.5)


def ask(
    question: str, text: str = SPEECH, *, bounds: Boundaries | None = None, **logits: float
) -> Answer:
    reader = PhraseReader(**logits)
    reader.calibration = Calibration(boundaries=bounds or Boundaries())
    return bot_of(text, reader=reader).ask(question)


def sentences(said: Wording) -> list[tuple[str, list[str], int]]:
    return [(each.role, [s.text for s in each.sentences], each.first) for each in said.passages]


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "almost certainly right"),
        (0.9, "almost certainly right"),
        (0.89, "very likely right"),
        (0.5, "more likely right than wrong"),
        (0.49, "more likely wrong than right"),
        (0.0, "more likely wrong than right"),
    ],
)
def test_a_confidence_is_said_in_words(confidence: float, words: str) -> None:
    assert in_words(confidence) == words


def test_a_confidence_is_said_in_percent() -> None:
    assert [in_percent(each) for each in (0, 0.604, 0.96, 1)] == ["0 %", "60 %", "96 %", "99 %"]


def test_an_answer_is_one_part_of_the_sentence_that_bears_it() -> None:
    said = word(ask("where", Leeds=2), articles=1)
    assert said.parts == (Part("Leeds", None, 1),)
    assert (said.headline, said.before, said.after, said.listed) == (None, None, None, False)
    assert sentences(said) == [("answer", ["Ann Hall met Pavel Frost and Eva Berg in Leeds."], 1)]
    assert (said.odds, said.figures) == ("very likely right · 88 %", "confidence 0.88")


def test_each_part_of_a_list_says_in_which_sentence_shown_it_stands() -> None:
    article = Article("a", "A", "Ann left. Bo came. Eva and Bo met.")
    said = word(turn(article, "Who?", "Bo came", "Eva", "Ann", "Bo met", kind="list"), articles=1)
    assert [(part.text, part.number) for part in said.parts] == [
        ("Bo came", 1),
        ("Eva", 2),
        ("Ann", 3),
        ("Bo met", 2),
    ]
    assert said.listed
    assert [each.text for each in said.sentences] == ["Bo came.", "Eva and Bo met.", "Ann left."]


@pytest.mark.parametrize(
    ("logit", "before", "after"),
    [
        (0.4, "Probably:", "(60 %). Check the passage."),
        (-0.3, "Perhaps:", "(43 %). Check the passage."),
    ],
)
def test_what_is_probable_is_given_with_its_odds_and_a_warning(
    logit: float, before: str, after: str
) -> None:
    said = word(ask("where", TALKS, bounds=STRICT, Florida=logit), articles=1)
    assert said.outcome is Outcome.PROBABLE
    assert (said.before, said.parts, said.after) == (before, (Part("Florida", None, 1),), after)
    assert (said.odds, said.figures) == (None, None)
    assert sentences(said) == [("probable", ["The talks were held in Florida."], 1)]


def test_so_is_a_list() -> None:
    answer = ask("Who met her?", bounds=STRICT, Pavel_Frost_and_Eva_Berg=1)
    said = word(answer, articles=1)
    assert said.headline == "Probably (73 %). Check the passages:"
    assert [part.text for part in said.parts] == ["Pavel Frost", "Eva Berg"]
    assert (said.before, said.after, said.odds) == (None, None, None)


def test_of_a_close_call_both_are_shown_with_their_odds_and_neither_is_claimed() -> None:
    said = word(ask("where", TALKS, bounds=STRICT, Florida=3, Paris=2.9), articles=1)
    assert said.outcome is Outcome.CLOSE_CALL
    assert said.headline == "Close call between two answers. Check the passages:"
    assert [(part.text, part.number) for part in said.parts] == [("Florida", 1), ("Paris", 2)]
    assert [in_percent(part.confidence or 0) for part in said.parts] == ["95 %", "95 %"]
    both = ["The talks were held in Florida.", "Paris comes next."]
    assert sentences(said) == [("close call", both, 1)]
    assert (said.odds, said.figures, said.others) == (None, None, ())


def test_of_two_unlikely_answers_it_is_said_that_neither_may_be_right() -> None:
    bounds = Boundaries(answered=0.9, probable=0.1, close_call=0.5)
    said = word(ask("where", TALKS, bounds=bounds, Florida=-1.3, Paris=-1.4), articles=1)
    assert [in_percent(part.confidence or 0) for part in said.parts] == ["21 %", "20 %"]
    assert said.headline == (
        "Close call between two answers, and perhaps neither is right. Check the passages:"
    )


def test_where_nothing_is_found_no_word_is_said_of_what_the_article_says() -> None:
    said = word(ask("where", Leeds=-1), articles=1)
    assert (said.headline, said.parts) == ("I found no passage that answers this.", ())
    nearest = "Ann Hall met Pavel Frost and Eva Berg in Leeds."
    assert sentences(said) == [("nearest", [nearest], 1)]
    assert said.passages[0].heading == "Nearest passage:"
    assert (said.odds, said.figures) == ("best guess 27 %", "best guess 0.27")
    assert not said.withheld


def test_nothing_near_is_nothing_shown() -> None:
    said = word(ask("where"), articles=1200)
    assert said.headline == "I found no passage in these 1,200 articles that answers this."
    assert (said.passages, said.odds, said.figures) == ((), None, None)
    assert word(ask("where"), articles=1, min_confidence=0.8).headline == (
        "I found no passage that answers this."
    )


def test_what_is_less_sure_than_was_asked_for_is_not_said_to_be_missing() -> None:
    answer = bot_of(SPEECH, reader=PhraseReader(Leeds=0.45)).ask("where", min_confidence=0.8)
    said = word(answer, articles=1, min_confidence=0.8)
    assert said.headline == "Nothing that I found is as sure as you asked for."
    assert said.odds == "best guess 61 %, you asked for 80 %"
    assert said.figures == "best guess 0.61, you asked for 0.80"
    assert said.withheld


def test_that_a_passage_says_the_opposite_comes_before_what_is_near() -> None:
    text = "The drug must never be combined with alcohol. It is taken at noon."
    answer = ask("What can it be combined with?", text, alcohol=-1, noon=-2)
    said = word(replace(answer, opposite=answer.closest[0]), articles=1)
    assert said.headline == "The passage says the opposite, at least in part:"
    assert (said.odds, said.figures) == (None, None)
    assert sentences(said) == [
        ("opposite", ["The drug must never be combined with alcohol."], 1),
        ("nearest", ["It is taken at noon."], 2),
    ]
    assert [each.heading for each in said.passages] == [None, "Nearest passage:"]
    assert said.sentences[0].marks == ()  # the words that tempt are no answer


def test_beside_what_is_given_the_opposite_is_a_passage_more() -> None:
    answer = ask("where", TALKS, Florida=2)
    paris = ask("where", TALKS, Paris=2)
    said = word(replace(answer, opposite=paris.citations[0]), articles=1)
    assert [(each.role, each.first, each.heading) for each in said.passages] == [
        ("answer", 1, None),
        ("opposite", 2, "The passage says the opposite, at least in part:"),
    ]
    assert said.parts == (Part("Florida", None, 1),)


def test_evidence_speaks_to_the_question_and_is_not_called_right() -> None:
    answer = ask("Did Ann Hall meet Pavel Frost in Leeds?", Leeds=9)
    said = word(answer, articles=1)
    assert (said.headline, said.parts) == ("Evidence, not a verdict:", ())
    assert said.odds == said.figures == "speaks to the question: 99 %"
    probable = word(replace(answer, confidence=0.6, outcome=Outcome.PROBABLE), articles=1)
    assert probable.headline == "Probably evidence, but no verdict. Check the passage:"
    assert probable.odds == "speaks to the question: 60 %"


def test_small_talk_is_a_reply_and_what_may_be_asked() -> None:
    said = word(ask("hi"), articles=1)
    assert said.reply
    assert said.offers
    assert (said.headline, said.parts, said.passages) == (None, (), ())


def test_so_is_what_no_quotation_answers() -> None:
    answer = replace(
        ask("hi"),
        reply="I quote, and do not translate.",
        suggestions=("Who spoke?",),
        outcome=Outcome.NOT_FOR_ME,
    )
    said = word(answer, articles=1)
    assert (said.reply, said.offers) == ("I quote, and do not translate.", ("Who spoke?",))
    assert show(said, color=False) == "I quote, and do not translate.\n    Who spoke?"
    assert answer_html(said) == "<p>I quote, and do not translate&#46;</p>"


def everywhere(answer: Answer) -> list[str]:
    said = word(answer, articles=1)
    return [show(said, color=False), answer_html(said), as_text(said), as_markdown([said])]


def test_evidence_is_called_the_same_wherever_it_is_shown() -> None:
    answer = ask("Did Ann Hall meet Pavel Frost in Leeds?", Leeds=9)
    for shown in everywhere(answer):
        assert "Evidence, not a verdict:" in shown
        assert "speaks to the question: 99 %" in shown
        assert "right" not in shown


@pytest.mark.parametrize("logit", [-3, -0.2, 0.4, 3])
def test_nobody_is_told_that_the_article_does_not_say(logit: float) -> None:
    for shown in everywhere(ask("where", TALKS, bounds=STRICT, Florida=logit)):
        assert "not say" not in shown
        assert "The talks were held in" in shown
        assert "Article 0" in shown


def test_a_quotation_has_its_speaker_wherever_it_is_shown() -> None:
    terminal, page, copied, saved = everywhere(ask("What did Ann Hall say?"))
    assert "We go, — Ann Hall" in terminal
    assert "We go,</strong> <span class='speaker'>Ann Hall</span>" in page
    assert "We go, — Ann Hall\n" in copied
    assert "- **We go,** — Ann Hall\n" in saved


def test_where_a_sentence_stands_is_said_with_its_page_if_it_has_one() -> None:
    article = paged("Ann Hall met them.", "They met in Leeds. It rained.")
    said = word(turn(article, "where?", "Leeds"), articles=1)
    (sentence,) = said.sentences
    assert said.source_of(sentence) == "Report, page 2"
    assert said.place_of(sentence) == "Report, page 2, characters 20 to 38"
    assert "[1] Report, page 2, characters 20 to 38\n" in show(said, color=False)
    assert "\n— Report, page 2, characters 20 to 38" in as_text(said)
    assert "> — Report, page 2, characters 20 to 38" in as_markdown([said])
    both = replace(sentence, start=0)
    assert said.place_of(both) == "Report, pages 1 and 2, characters 0 to 38"


def test_without_a_page_only_the_characters_are_said() -> None:
    article = Article("a", "Report", "They met in Leeds.")
    said = word(turn(article, "where?", "Leeds"), articles=1)
    assert said.place_of(said.sentences[0]) == "Report, characters 0 to 18"
