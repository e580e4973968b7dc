from __future__ import annotations

import json

from tests.fakes import PhraseReader, bot_of
from ui.web.transcript import as_json, as_markdown, as_text

TALKS = "The *talks* were held in Florida. Paris comes next."


def test_a_conversation_is_markdown_that_shows_each_text_as_it_is() -> None:
    bot = bot_of(TALKS, reader=PhraseReader(Florida=2))
    answers = [bot.ask("where *exactly*"), bot_of(TALKS).ask("when"), bot.ask("thanks")]
    assert as_markdown([(answer, 1) for answer in answers]) == (
        "# Questions and quotations\n\n"
        "## where \\*exactly\\*\n\n"
        "**Florida** (88%)\n\n"
        "> The \\*talks\\* were held in **Florida**.\n>\n> — Article 0, characters 0 to 33\n\n"
        "## when\n\n"
        "**The article does not say.**\n\n"
        "## thanks\n\n"
        "You are welcome.\n"
    )


def test_a_conversation_is_json_with_every_offset() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Florida=2)).ask("where")
    (saved,) = json.loads(as_json([answer]))
    cited = saved["citations"][0]
    assert TALKS[cited["answer_start"] : cited["answer_end"]] == saved["text"] == "Florida"


def test_what_is_not_answered_is_copied_without_a_citation() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Paris=-1)).ask("where")
    assert as_text(answer, articles=1) == "where\n\nThe article does not say."
