from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.retriever import Retriever
from qa.pipeline import ArticleQA
from qa.reading.calibration import Boundaries, Calibration
from tests.fakes import PhraseReader, WordEncoder, bot_of
from tests.pages import paged
from ui.phrases import Wording, word
from ui.web.documents import key_of
from ui.web.markup import answer_html, article_html, escape, titles_html, welcome_html

TALKS = "The talks were held in Florida. Paris comes next.\n\nThe end."
SPEECH = "Ann Hall met Pavel Frost and Eva Berg in Leeds. “We go,” said Ann Hall."


# Answered from 9 in 10 on, and half of log-odds tell two apart.
STRICT = Boundaries(answered=0.9, close_call=0.5)


def said_of(
    text: str, question: str, *, bounds: Boundaries | None = None, **logits: float
) -> Wording:
    reader = PhraseReader(**logits)
    reader.calibration = Calibration(boundaries=bounds or Boundaries())
    return word(bot_of(text, reader=reader).ask(question), articles=1)


def shown(text: str, question: str, **logits: float) -> str:
    return answer_html(said_of(text, question, bounds=None, **logits))


def words_of(markup: str) -> str:
    """Return what a person reads of markup."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


@given(st.text())
def test_escaped_text_shows_as_it_is_and_holds_no_sign(text: str) -> None:
    escaped = escape(text)
    assert html.unescape(escaped.replace("<br>", "\n")) == html.unescape(html.escape(text))
    assert not re.search(r"[*_`\[\]{}$~|\\!]|<(?!br>)|https?://", escaped)


def test_an_answer_shows_its_confidence_and_its_sentence_with_the_answer_marked() -> None:
    said = shown(TALKS, "where", Florida=2)
    assert "<strong class='answer'>Florida</strong>&nbsp;<a class='cite cited'" in said
    assert "<p class='confidence'>very likely right · 88 %</p>" in said
    assert "<blockquote>The talks were held in <mark>Florida</mark>&#46;<footer>" in said


def test_a_citation_says_where_it_leads() -> None:
    said = shown(TALKS, "where", Florida=2)
    key = key_of(Article("a0", "Article 0", TALKS))
    assert set(re.findall(r"href='(#[^']+)'", said)) == {f"#{key}:0-31:23-30"}
    assert TALKS[0:31] == "The talks were held in Florida."
    assert TALKS[23:30] == "Florida"


def test_a_citation_has_its_sentence_as_a_preview() -> None:
    said = shown(TALKS, "where", Florida=2)
    preview = re.findall(r"<span class='preview'>(.*?)</span>", said)[0]
    assert words_of(preview) == "The talks were held in Florida. Article 0"


def test_no_answer_is_said_plainly_and_what_is_nearest_is_folded_and_marked_nowhere() -> None:
    said = shown(TALKS, "where", Paris=-1)
    assert "<p><strong class='no-answer'>I found no passage that answers this.</strong></p>" in said
    folded = said[said.index("<details") : said.index("</details>")]
    assert folded.startswith("<details class='others'><summary>Nearest passage</summary>")
    assert "<p class='confidence'>best guess 27 %</p>" in folded
    assert "<blockquote>Paris comes next&#46;<footer>" in folded
    assert "<mark" not in said
    key = key_of(Article("a0", "Article 0", TALKS))
    assert f"<a class='cite' href='#{key}:32-49::nearest'>" in folded
    assert "class='cite cited'" not in said  # it is not marked before it is asked for


def test_nothing_near_is_nothing_shown() -> None:
    said = answer_html(word(bot_of(TALKS).ask("where"), articles=2))
    assert "I found no passage in these 2 articles that answers this." in said
    assert "details" not in said
    assert "cite" not in said


def test_what_is_less_sure_than_was_asked_for_says_how_sure_at_once() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Paris=0.45)).ask("where", min_confidence=0.8)
    said = answer_html(word(answer, articles=1, min_confidence=0.8))
    head = said[: said.index("<details")]
    assert "Nothing that I found is as sure as you asked for." in head
    assert "<p class='confidence'>best guess 61 %, you asked for 80 %</p>" in head


def test_what_is_probable_is_marked_as_such_and_judged_by_one_click() -> None:
    answer = said_of(TALKS, "where", bounds=STRICT, Florida=0.4)
    said = answer_html(answer, turn=3)
    assert "<p>Probably: <strong class='answer'>Florida</strong>&nbsp;<a class='cite cited'" in said
    assert "</span> (60 %). Check the passage.</p>" in said
    assert "<blockquote>The talks were held in <mark class='probable'>Florida</mark>" in said
    assert re.findall(r"href='#\w+:([^']+)'", said) == ["0-31:23-30:probable"] * 2
    assert re.findall(r"<button class='verdict' value='(\S+)'>(\w+)<", said) == [
        ("3:right", "Right"),
        ("3:wrong", "Wrong"),
    ]
    assert "verdict" not in answer_html(answer)  # where none is asked for
    assert "verdict" not in answer_html(said_of(TALKS, "where", Florida=2), turn=3)


def test_of_a_close_call_both_are_marked_and_either_is_right_by_one_click() -> None:
    said = answer_html(said_of(TALKS, "where", bounds=STRICT, Florida=2, Paris=2), turn=0)
    assert "<strong class='hedge'>Close call between two answers. Check the passages:" in said
    listed = said[said.index("<ul class='answers'>") : said.index("</ul>")]
    assert re.findall(r"<strong class='answer'>(.*?)</strong>", listed) == ["Florida", "Paris"]
    assert listed.count("<span class='confidence'>88 %</span>") == 2
    assert re.findall(r"value='(\S+)'>([\w ]+)<", said) == [
        ("0:0", "This is right"),
        ("0:1", "This is right"),
        ("0:wrong", "Neither"),
    ]
    assert "<blockquote>The talks were held in <mark class='close-call'>Florida</mark>" in said
    assert "<blockquote><mark class='close-call'>Paris</mark> comes next" in said
    assert said.count("class='cite cited'") == 4
    assert "other reading" not in said


def test_the_opposite_is_unfolded_and_no_answer() -> None:
    answer = bot_of(TALKS, reader=PhraseReader(Florida=-1)).ask("where")
    said = answer_html(word(replace(answer, opposite=answer.closest[0]), articles=1))
    headline = "The passage says the opposite, at least in part:"
    assert f"<strong class='no-answer'>{headline}</strong></p><blockq" in said
    assert "<blockquote>The talks were held in Florida&#46;<footer>" in said
    assert ":0-31::opposite'" in said
    assert "details" not in said


def test_other_readings_are_behind_one_click_with_their_confidence() -> None:
    said = shown(TALKS, "where", Florida=2, Paris=0)
    others = said[said.index("<details") : said.index("</details>")]
    assert "<summary>1 other reading</summary>" in others
    assert "Paris <a class='cite' href='#" in others
    assert "more likely right than wrong · 50 %" in others


def test_an_answer_can_be_copied_with_its_citation() -> None:
    said = shown(TALKS, "where & when", Florida=2)
    copied = said[said.index("<pre class='copied'>") :]
    assert words_of(copied) == (
        "where & when\n\nFlorida (very likely right · 88 %)\n\n“The talks were held in Florida.”\n"
        "— Article 0, characters 0 to 31"
    )
    assert "\n" not in said  # a blank line would end the HTML in the chat's Markdown


@pytest.mark.parametrize(("logit", "outcome", "odds"), [(2, "answered", 88), (-1, "not_found", 27)])
def test_a_link_asks_again_and_says_what_came_of_it(logit: float, outcome: str, odds: int) -> None:
    said = shown(TALKS, "where & when", Florida=logit)
    (link,) = re.findall("<a class='share' href='(.*?)'", said)
    assert "&#x" not in link
    assert parse_qs(html.unescape(link).removeprefix("?")) == {
        "q": ["where & when"],
        "outcome": [outcome],
        "odds": [f"{odds} %"],
        "article": ["Article 0"],
        "passage": ["0-31"],
    }


def test_the_article_is_shown_whole_and_each_paragraph_says_where_it_starts() -> None:
    article = Article("a", "Talks & more", TALKS)
    assert article_html(article) == (
        f"<article tabindex='0' data-key='{key_of(article)}' aria-label='Talks &amp; more'>"
        "<h2>Talks &amp; more</h2><div class='text'>"
        "<p data-start='0'>The talks were held in Florida&#46; Paris comes next&#46;</p>"
        "<p data-start='51'>The end&#46;</p></div></article>"
    )


def pieces_of(shown: str) -> list[tuple[int, str]]:
    """Return the pieces of an article that say where they start, and what a browser reads there."""
    found = re.findall(r"<(\w+) data-start='(\d+)'[^>]*>(.*?)</\1>", shown, re.DOTALL)
    # html.unescape is stricter than a browser with some code points below 32 and above 126.
    read = [
        re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), inner.replace("&amp;", "&amp;amp;"))
        for _, _, inner in found
    ]
    return [
        (int(start), html.unescape(words).replace("&amp;", "&"))
        for (_, start, _), words in zip(found, read, strict=True)
    ]


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1)
    | st.lists(st.sampled_from([*"|#-+*\\ \nab1.", "| ", " |\n", "\n| --- |\n"])).map("".join)
)
def test_each_piece_has_the_characters_of_the_article_one_for_one(text: str) -> None:
    if not text.strip():
        return
    end = 0
    for start, read in pieces_of(article_html(Article("a", "A", text))):
        assert start >= end
        end = start + len(read)
        assert read == text[start:end].replace("\0", "\ufffd")


def test_a_markdown_heading_looks_like_one_without_its_signs() -> None:
    shown = article_html(Article("a", "A", "# Talks #\n\nThey met.\n\n### Guests"))
    assert "<p data-start='2' class='heading'>Talks</p>" in shown
    assert "<p data-start='26' class='heading low'>Guests</p>" in shown
    assert "<p data-start='0'>#tag</p>" in article_html(Article("a", "A", "#tag"))


def test_items_of_lists_have_bullets_or_their_numbers() -> None:
    text = "- cook\n  - mate\n\n2. Sail\n\n* without tax"
    shown = article_html(Article("a", "A", text))
    assert re.findall(r"<p data-start='\d+'(.*?)>", shown) == [
        " class='item bullet' style='--depth:0'",
        " class='item bullet' style='--depth:1'",
        " class='item' style='--depth:0'",
        " class='item' style='--depth:0'",
    ]
    read = ["cook", "mate", "2. Sail", "* without tax"]
    assert pieces_of(shown) == [(text.index(each), each) for each in read]


def test_rows_are_a_table_whose_cells_say_where_they_start() -> None:
    text = "| Name | Town |\n| --- | --- |\n| Ann | |\n| A \\| B | Leeds |\n\n| 1 | 2 |"
    shown = article_html(Article("a", "A", text))
    tables = re.findall("<table>.*?</table>", shown)
    assert tables[0] == (
        "<table><tr><th data-start='2'>Name</th><th data-start='9'>Town</th></tr>"
        "<tr><td data-start='32'>Ann</td><td data-start='37'></td></tr>"
        "<tr><td><span data-start='42'>A </span><span data-start='45'>&#124; B</span></td>"
        "<td data-start='51'>Leeds</td></tr></table>"
    )
    assert (
        tables[1] == "<table><tr><td data-start='62'>1</td><td data-start='66'>2</td></tr></table>"
    )


def test_separated_values_are_a_table() -> None:
    article = Article.from_bytes(b"Fruit;Grams\nPlum;150\nPear;90\n", "fruit.csv")
    shown = article_html(article)
    assert shown.count("<tr>") == 3
    assert [words for _, words in pieces_of(shown)] == [
        "Fruit",
        "Grams",
        "Plum",
        "150",
        "Pear",
        "90",
    ]
    assert "| ---" not in shown


def test_a_citation_names_the_page_that_it_is_on() -> None:
    article = paged("Ann Hall met them.", "They met in Leeds.")
    bot = ArticleQA(Retriever.build([article], WordEncoder()), PhraseReader(Leeds=2))
    said = answer_html(word(bot.ask("where did they meet"), articles=1))
    footer = said[said.index("<footer>") : said.index("</footer>")]
    assert words_of(footer) == "Show in the article: citation 1 Report, page 2"
    preview = re.findall(r"<span class='preview'>(.*?)</span>", said)[0]
    assert words_of(preview) == "They met in Leeds. Report, page 2"
    assert "— Report, page 2, characters 20 to 38" in words_of(said)
    (link,) = re.findall("<a class='share' href='(.*?)'", said)
    assert parse_qs(html.unescape(link).removeprefix("?"))["article"] == ["Report, page 2"]


def test_the_welcome_shows_the_lead_of_one_article_and_the_titles_of_several() -> None:
    one = Article("a", "Talks & more", TALKS)
    assert "<h2>Talks &amp; more</h2><p class='lead'>The talks were held" in welcome_html(one)
    assert "The end" not in welcome_html(one)
    many = titles_html([f"No {number}" for number in range(9)], 50_000)
    assert "<h2>50,000 articles</h2>" in many
    assert "No 7" in many
    assert "No 8" not in many
    assert "<p>and 49,992 more</p>" in many
    assert "more" not in titles_html(["One", "Two"], 2)


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "${alert(1)}", "{{7*7}}"],
)
def test_a_document_cannot_steer_the_page(hostile: str) -> None:
    article = Article("a", hostile, f"{hostile} in Florida {hostile}.")
    bot = bot_of(article.text, reader=PhraseReader(Florida=9))
    for shown in (
        article_html(article),
        welcome_html(article),
        titles_html([article.title], 2),
        answer_html(word(bot.ask(f"where {hostile}"), articles=1)),
    ):
        assert hostile not in shown
        assert "<script" not in shown
        assert "<img" not in shown


def test_a_list_is_a_list_over_its_sentences() -> None:
    said = shown(SPEECH, "Who met her?", **{"Pavel Frost and Eva Berg": 3})
    listed = said[said.index("<ul class='answers'>") : said.index("</ul>")]
    assert re.findall(r"<strong class='answer'>(.*?)</strong>", listed) == [
        "Pavel Frost",
        "Eva Berg",
    ]
    assert listed.count("class='cite cited'") == 2
    assert "met <mark>Pavel Frost</mark> and <mark>Eva Berg</mark> in Leeds&#46;<footer>" in said


def test_a_quotation_names_its_speaker_and_small_talk_is_plain() -> None:
    assert "<strong class='answer'>We go,</strong> <span class='speaker'>Ann Hall</span>" in shown(
        SPEECH, "What did Ann Hall say?"
    )
    assert shown(SPEECH, "thanks") == "<p>You are welcome&#46;</p>"


def test_a_row_is_quoted_below_the_headings_of_its_columns() -> None:
    article = Article.from_bytes(b"Fruit;Grams;Note\nPlum & pear;150;\nFig;90;dry\n", "fruit.csv")
    bot = ArticleQA(Retriever.build([article], WordEncoder()), PhraseReader(**{"150": 9}))
    said = answer_html(word(bot.ask("How many grams has the plum?"), articles=1))
    (quoted,) = re.findall("<blockquote>(.*?)<footer>", said)
    above = "<span class='columns'>Fruit &#124; Grams &#124; Note</span>"
    assert quoted.startswith(above)
    assert words_of(quoted.removeprefix(above)).startswith("Plum & pear | 150")
    (copied,) = re.findall("<pre class='copied'>(.*?)</pre>", said)
    assert "Grams" not in html.unescape(copied).replace("How many grams", "")
