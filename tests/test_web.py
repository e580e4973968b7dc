"""The conversation in a real browser, with the real models."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.shipped import shipped_article
from tests.web import COUNCIL_SECRETARY, LEADER, Chat, answer, ask, set_sureness

pytestmark = [pytest.mark.browser, pytest.mark.models]


def test_the_chat_says_where_it_is(chat: Chat) -> None:
    assert chat.greeting == f"article-qa is at {chat.url}/ (Ctrl+C stops it)\n"


def test_the_empty_page_invites(page: Page) -> None:
    expect(page.locator("#promise")).to_contain_text("Every answer is a quotation")
    expect(page.locator("#chat h2")).to_have_text("Talks on peace in Ukraine")
    expect(page.locator("#chat .lead")).to_contain_text("In a significant diplomatic development")
    expect(page.locator("#chat .example")).to_have_count(4)


def test_an_answer_is_read_with_its_sentence_and_marked_in_the_article(page: Page) -> None:
    expect(page.locator("#article")).to_contain_text("In a significant diplomatic development")
    expect(page.locator("#article mark")).to_have_count(0)

    ask(page, "Who leads the Ukrainian delegation?")

    assert answer(page) == LEADER
    expect(page.locator(".bot p.confidence").first).to_have_text(
        re.compile("almost certainly right · 9[5-9] %")
    )
    quotation = page.locator(".bot blockquote")
    expect(quotation).to_contain_text("The high-level discussions, convened in Hallandale Beach")
    expect(quotation.locator("mark")).to_have_text(LEADER)
    marked = page.locator("#article mark")
    expect(marked).to_have_count(3)
    expect(page.locator("#article mark.answer")).to_have_text(LEADER)
    sentence = "".join(marked.all_inner_texts())
    assert sentence.startswith("The high-level discussions, convened in Hallandale Beach, Florida,")
    assert sentence.endswith("searched his residence.")


def test_that_nothing_is_found_is_said_and_nothing_marked_until_it_is_asked_for(page: Page) -> None:
    ask(page, "What is the population of Ukraine?")
    assert answer(page) == "I found no passage that answers this."
    expect(page.locator("#article mark")).to_have_count(0)
    nearest = page.locator(".bot blockquote").first
    expect(nearest).to_be_hidden()

    page.get_by_text("Nearest passages").click()

    expect(nearest).to_be_visible()
    expect(nearest.locator("mark")).to_have_count(0)
    nearest.locator("a.cite").click()
    marked = page.locator("#article mark.nearest")
    assert marked.last.get_attribute("data-word") == "nearest"
    expect(page.locator("#article mark.answer")).to_have_count(0)


def test_what_is_probable_is_marked_in_its_own_colour_and_with_its_word(page: Page) -> None:
    ask(page, "Who leads the Ukrainian delegation?")
    assert answer(page) == LEADER
    colour = "mark => getComputedStyle(mark).backgroundColor"
    sure = page.locator("#article mark.answer").evaluate(colour)
    set_sureness(page, "0")
    ask(page, "What is the population of Ukraine?")
    expect(page.locator(".bot .answer-card").last).to_contain_text("Perhaps: ")
    marked = page.locator("#article mark.answer.probable").last
    assert marked.evaluate(colour) != sure
    shown = "mark => getComputedStyle(mark, '::after').content"
    assert marked.evaluate(shown) == '"probable"'
    assert marked.inner_text() == page.locator(".bot strong.answer").last.inner_text()


def test_a_slider_sets_how_sure_an_answer_must_be_and_retry_asks_again(page: Page) -> None:
    set_sureness(page, "1")
    ask(page, "Where were the talks held?")
    assert answer(page) == "Nothing that I found is as sure as you asked for."
    expect(page.locator(".bot .confidence").first).to_contain_text("you asked for 100 %")
    expect(page.locator(".bot blockquote").first).to_contain_text("convened in")

    set_sureness(page, "0")
    page.get_by_role("button", name="Retry").click()

    expect(page.locator(".bot strong")).to_have_text("Hallandale Beach, Florida")
    expect(page.locator(".user.message")).to_have_count(1)


def test_other_readings_are_one_click_away(page: Page) -> None:
    ask(page, "What is the United States committed to?")
    answer(page)
    other = page.locator(".bot .others li").first
    expect(other).to_be_hidden()
    page.get_by_text(re.compile("other reading")).click()
    expect(other).to_contain_text("more likely wrong than right")

    other.locator("a.cite").click()

    said = other.inner_text().split("\xa0")[0]
    assert page.locator("#article mark.answer.focus").inner_text() in said


def test_an_example_is_asked_with_a_click_and_a_conversation_goes_on(page: Page) -> None:
    page.get_by_role("button", name="Who headed the Ukrainian delegation?").click()
    assert answer(page) == LEADER
    ask(page, "When did the full-scale invasion begin?")
    expect(page.locator(".bot strong.answer")).to_have_text([LEADER, "February 2022"])
    expect(page.get_by_label("Your question")).to_have_value("")


def test_a_suggested_question_is_asked_by_a_click(page: Page) -> None:
    ask(page, "hi")
    offered = page.locator("button.option").first
    question = offered.inner_text()
    offered.click()
    expect(page.locator(".user").last).to_contain_text(question)
    expect(page.locator(".bot strong.answer")).not_to_have_count(0)


@pytest.mark.parametrize(
    ("question", "reply"), [("   ", "The question is empty"), ("why " * 2500, "is too long")]
)
def test_a_question_that_cannot_be_asked_gets_a_clear_reply(
    page: Page, question: str, reply: str
) -> None:
    ask(page, question)
    expect(page.locator(".bot")).to_contain_text(reply)


def test_a_question_is_shown_as_it_was_typed(page: Page) -> None:
    question = "Who is *he* <img src=x onerror=\"document.title='pwned'\"> & {{1}}?"
    ask(page, question)
    answer(page)
    expect(page.locator(".user.message")).to_have_text(question)
    assert page.title() == "article-qa"


def test_questions_asked_before_the_answer_is_there_are_all_answered_in_order(page: Page) -> None:
    question = page.get_by_label("Your question")
    for asked in ("Who leads the Ukrainian delegation?", "What position does he hold?"):
        question.fill(asked)
        question.press("Enter")
        page.wait_for_function("document.querySelector('#question textarea').value === ''")
    expect(page.locator(".bot strong.answer")).to_have_text([LEADER, COUNCIL_SECRETARY])


def test_a_follow_up_is_understood_from_what_was_said(page: Page) -> None:
    # Why he resigned the article says by a mere "after": of that no reader is sure.
    set_sureness(page, "0.4")
    for question, said in (
        ("Who leads the Ukrainian delegation?", LEADER),
        ("What position does he hold?", COUNCIL_SECRETARY),
        ("Who did he replace?", "Andriy Yermak"),
        ("Why did he resign?", "anti-corruption authorities searched his residence"),
    ):
        ask(page, question)
        expect(page.locator(".bot strong").last).to_have_text(said)
    expect(page.locator(".bot .understood").last).to_have_text(
        "Understood as: Why did Andriy Yermak resign? (“he” could also be Rustem Umerov)"
    )


def test_a_list_is_shown_part_by_part_and_all_of_it_is_marked(page: Page) -> None:
    ask(page, "Who was in the American delegation?")
    expect(page.locator(".bot li strong.answer")).to_have_text(
        [re.compile("Steve Witkoff$"), re.compile("Jared Kushner$")]
    )
    expect(page.locator("#article mark.answer")).to_have_count(2)


def test_the_last_question_can_be_taken_back_and_edited(page: Page) -> None:
    ask(page, "Who leads the Ukrainian delegation?")
    assert answer(page) == LEADER
    ask(page, "When did the full-scale invasion begin?")
    expect(page.locator(".bot strong.answer")).to_have_count(2)

    page.get_by_role("button", name="Undo").click()

    expect(page.locator(".user.message")).to_have_text(["Who leads the Ukrainian delegation?"])
    expect(page.locator("#article mark.answer")).to_have_text(LEADER)

    page.get_by_role("button", name="Edit last question").click()

    expect(page.locator(".user.message")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_have_value("Who leads the Ukrainian delegation?")
    expect(page.locator("#article mark")).to_have_count(0)


def test_a_cleared_conversation_begins_anew(page: Page) -> None:
    ask(page, "Who leads the Ukrainian delegation?")
    answer(page)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#chat .example")).to_have_count(4)
    ask(page, "What position does he hold?")  # nobody was spoken of since
    expect(page.locator(".bot")).to_have_count(1)
    expect(page.locator(".bot")).not_to_contain_text("Understood as")


def test_an_answer_is_copied_with_its_citation_and_shared_by_a_link(
    browser: Browser, chat: Chat
) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(chat.url)
    ask(page, "When did the full-scale invasion begin?")
    answer(page)

    page.get_by_role("button", name="Copy with citation").click()
    expect(page.locator("button.copy")).to_have_text("Copied")
    question, said, sentence, where = [
        line for line in page.evaluate("navigator.clipboard.readText()").splitlines() if line
    ]
    assert question == "When did the full-scale invasion begin?"
    assert re.fullmatch(r"February 2022 \(almost certainly right · \d+ %\)", said)
    start, end = map(
        int, where.removeprefix("— Talks on peace in Ukraine, characters ").split("to")
    )
    assert sentence == f"“{shipped_article().text[start:end]}”"

    page.get_by_role("link", name="Copy link").click()
    expect(page.locator("a.share")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(
        f"{chat.url}/?q=When+did+the+full-scale+invasion+begin%3F&outcome=answered&odds="
    )
    assert link.endswith(f"&article=Talks+on+peace+in+Ukraine&passage={start}-{end}")

    shared = context.new_page()
    shared.goto(link)
    assert answer(shared) == "February 2022"
    expect(shared.locator("#article mark.answer")).to_be_in_viewport()
    context.close()


def test_a_conversation_is_saved_as_markdown_and_as_json(page: Page, tmp_path: Path) -> None:
    ask(page, "Who leads the Ukrainian delegation?")
    answer(page)

    with page.expect_download() as download:
        page.get_by_role("button", name="Save as Markdown").click()
    assert download.value.suggested_filename == "conversation.md"
    markdown = Path(download.value.path()).read_text()
    odds = r"\(almost certainly right · 9[5-9] %\)"
    assert re.search(rf"\n\n\*\*{LEADER}\*\* {odds}\n\n> The high-level discussions", markdown)
    assert "> — Talks on peace in Ukraine, characters 257 to 567\n" in markdown

    with page.expect_download() as download:
        page.get_by_role("button", name="Save as JSON").click()
    (saved,) = json.loads(Path(download.value.path()).read_text())
    assert saved["text"] == LEADER
    assert saved["citations"][0]["start"] == 257


def test_two_visitors_have_their_own_conversations(browser: Browser, chat: Chat) -> None:
    contexts = [browser.new_context(), browser.new_context()]
    first, second = (context.new_page() for context in contexts)
    for page in (first, second):
        page.goto(chat.url)
    ask(first, "Who leads the Ukrainian delegation?")
    ask(second, "When did the full-scale invasion begin?")
    assert answer(first) == LEADER
    assert answer(second) == "February 2022"
    ask(second, "What position does he hold?")  # nobody was spoken of here
    expect(second.locator(".bot")).to_have_count(2)
    expect(second.locator(".bot").last).not_to_contain_text("Understood as")
    for context in contexts:
        context.close()
