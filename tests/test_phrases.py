from __future__ import annotations

import pytest

from index.articles import Article
from qa.answers import Answer
from tests.fakes import PhraseReader, bot_of
from tests.turns import turn
from ui.phrases import Part, in_words, word
from ui.terminal import show
from ui.web.markup import answer_html
from ui.web.transcript import as_markdown, as_text

SPEECH = "Ann Hall met Pavel Frost and Eva Berg in Leeds. “We go,” said Ann Hall."


def ask(question: str, **logits: float) -> Answer:
    return bot_of(SPEECH, reader=PhraseReader(**logits)).ask(question)


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


def test_an_answer_is_one_part_of_the_sentence_that_bears_it() -> None:
    said = word(ask("where", Leeds=2), articles=1)
    assert said.parts == (Part("Leeds", None, 1),)
    assert (said.headline, said.listed, said.heading) == (None, False, None)
    assert said.cited == said.sentences
    assert said.in_figures(min_confidence=0.5) == "(confidence 0.88)"


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


def test_a_refusal_has_no_part_and_its_sentences_bear_no_answer() -> None:
    said = word(ask("where", Leeds=-1), articles=1)
    assert (said.headline, said.parts, said.cited) == ("The article does not say.", (), ())
    assert (said.heading, len(said.sentences)) == ("Closest, but not sure enough:", 1)
    assert said.confidence is None
    assert said.in_figures(min_confidence=0.5) == "(best guess 0.27, needed 0.50)"
    assert word(ask("where"), articles=2).headline == "The articles do not say."
    assert word(ask("where"), articles=2).heading is None


def test_small_talk_is_a_reply_and_what_may_be_asked() -> None:
    said = word(ask("hi"), articles=1)
    assert said.reply
    assert said.offers
    assert (said.headline, said.parts, said.sentences) == (None, (), ())


def everywhere(answer: Answer) -> list[str]:
    return [
        show(answer, articles=1, min_confidence=0.5, color=False),
        answer_html(answer, articles=1),
        as_text(answer, articles=1),
        as_markdown([(answer, 1)]),
    ]


def test_evidence_is_called_the_same_wherever_it_is_shown() -> None:
    answer = ask("Did Ann Hall meet Pavel Frost in Leeds?", Leeds=9)
    for shown in everywhere(answer):
        assert "Evidence, not a verdict:" in shown


def test_a_quotation_has_its_speaker_wherever_it_is_shown() -> None:
    terminal, page, copied, saved = everywhere(ask("What did Ann Hall say?"))
    assert "We go, — Ann Hall" in terminal
    assert "We go,</strong> <span class='speaker'>Ann Hall</span>" in page
    assert "We go, — Ann Hall\n" in copied
    assert "- **We go,** — Ann Hall\n" in saved
