from __future__ import annotations

import json

from qa.reading.calibration import Boundaries, Calibration
from tests.fakes import PhraseReader, bot_of
from ui.phrases import word
from ui.web.transcript import as_json, as_markdown, as_text

TALKS = "The *talks* were held in Florida. Paris comes next."


def test_a_conversation_is_markdown_that_shows_each_text_as_it_is() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Florida=2))
    silent = bot_of(TALKS, reader=PhraseReader(Paris=-1, Florida=-2))
    answers = [bot.ask("where *exactly*"), silent.ask("when"), bot.ask("thanks")]
    assert as_markdown(word(answer, articles=1) for answer in answers) == (
        "# Questions and quotations\n\n"
        "## where \\*exactly\\*\n\n"
        "**Florida** (very likely right · 88 %)\n\n"
        "> The \\*talks\\* were held in **Florida**.\n>\n> — Article 0, characters 0 to 33\n\n"
        "## when\n\n"
        "**I found no passage that answers this.** (best guess 27 %)\n\n"
        "Nearest passage:\n\n"
        "> **Paris** comes next.\n>\n> — Article 0, characters 34 to 51\n\n"
        "## thanks\n\n"
        "You are welcome.\n"
    )


def test_a_conversation_is_json_with_every_offset() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Florida=2)).ask("where")
    (saved,) = json.loads(as_json([answer]))
    cited = saved["citations"][0]
    assert TALKS[cited["answer_start"] : cited["answer_end"]] == saved["text"] == "Florida"


def copied(question: str, bounds: Boundaries, **logits: float) -> str:
    reader = PhraseReader(**logits)
    reader.calibration = Calibration(boundaries=bounds)
    return as_text(word(bot_of(TALKS, reader=reader).ask(question), articles=1))


def test_what_is_not_found_is_copied_with_the_nearest_passage_named_as_such() -> None:
    assert copied("where", Boundaries(), Paris=-1, Florida=-2) == (
        "where\n\n"
        "I found no passage that answers this. (best guess 27 %)\n\n"
        "Nearest passage:\n\n"
        "“Paris comes next.”\n— Article 0, characters 34 to 51"
    )


def test_what_is_probable_is_copied_as_such() -> None:
    assert copied("where", Boundaries(answered=0.9), Paris=0.4) == (
        "where\n\n"
        "Probably: Paris (60 %). Check the passage.\n\n"
        "“Paris comes next.”\n— Article 0, characters 34 to 51"
    )


def test_a_close_call_is_copied_with_both_answers() -> None:
    assert copied("where", Boundaries(close_call=0.5), Paris=2, Florida=2.1) == (
        "where\n\n"
        "Close call between two answers. Check the passages:\nFlorida (89 %)\nParis (88 %)\n\n"
        "“The *talks* were held in Florida.”\n— Article 0, characters 0 to 33\n\n"
        "“Paris comes next.”\n— Article 0, characters 34 to 51"
    )


def test_a_list_is_markdown_with_its_odds_below() -> None:
    bot = bot_of(
        "Ann Hall met Bo Berg and Eva Frost.", reader=PhraseReader(Bo_Berg_and_Eva_Frost=2)
    )
    said = word(bot.ask("Who met her?"), articles=1)
    assert "- **Bo Berg**\n- **Eva Frost**\n\n(very likely right · 88 %)\n\n> " in as_markdown(
        [said]
    )
    assert "\n\nBo Berg; Eva Frost (very likely right · 88 %)\n\n" in as_text(said)
