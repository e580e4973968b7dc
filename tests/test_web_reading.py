"""The article pane, and the page for every width, light, hand and ear."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web import LEADER, Chat, answer, ask

pytestmark = [pytest.mark.browser, pytest.mark.models]

WIDTHS = (360, 800, 1280, 2560)
IN_VIEW = """answer => {
  const box = answer.getBoundingClientRect();
  const pane = answer.closest("article").getBoundingClientRect();
  return box.top >= pane.top && box.bottom <= Math.min(pane.bottom, innerHeight);
}"""


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.fixture(params=["light", "dark"])
def lit(request: pytest.FixtureRequest, browser: Browser, chat: Chat) -> Iterator[Page]:
    context = browser.new_context(color_scheme=request.param, reduced_motion="reduce")
    page = context.new_page()
    page.goto(chat.url)
    yield page
    context.close()


def test_a_citation_scrolls_the_article_to_its_sentence_and_marks_it(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 640})
    ask(page, "When did the full-scale invasion begin?")
    assert answer(page) == "February 2022"
    ask(page, "Who leads the Ukrainian delegation?")
    expect(page.locator("#article mark.answer")).to_have_text(LEADER)

    page.locator(".bot").first.locator("a.cite").first.click()

    marked = page.locator("#article mark.answer.focus")
    expect(marked).to_have_text("February 2022")
    expect(marked).to_be_focused()
    page.wait_for_function(IN_VIEW, arg=marked.element_handle())
    assert page.evaluate("window.scrollY") == 0


def test_a_new_answer_is_seen_in_the_article_without_a_click(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 640})
    ask(page, "When did the full-scale invasion begin?")
    marked = page.locator("#article mark.answer")
    expect(marked).to_have_text("February 2022")
    page.wait_for_function(IN_VIEW, arg=marked.element_handle())
    expect(page.locator(".user.message")).to_be_in_viewport()
    expect(page.locator(".bot strong.answer")).to_be_in_viewport()
    assert page.evaluate("window.scrollY") == 0


def test_a_citation_is_previewed_while_it_is_pointed_at(page: Page) -> None:
    ask(page, "Who leads the Ukrainian delegation?")
    answer(page)
    preview = page.locator(".bot .preview").first
    expect(preview).to_be_hidden()
    page.locator(".bot a.cite").first.hover()
    expect(preview).to_be_visible()
    expect(preview).to_contain_text("The high-level discussions, convened in Hallandale Beach")


def test_by_keyboard_alone_one_asks_opens_a_citation_and_comes_back(page: Page) -> None:
    question = page.get_by_label("Your question")
    expect(question).to_be_focused()
    assert question.evaluate("box => getComputedStyle(box).outlineStyle") == "solid"
    page.keyboard.type("Who leads the Ukrainian delegation?")
    page.keyboard.press("Enter")
    assert answer(page) == LEADER

    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('p > a.cite')"):
            break
    chip = page.locator(".bot p > a.cite")
    expect(chip).to_be_focused()
    assert chip.evaluate("chip => getComputedStyle(chip).outlineStyle") == "solid"
    expect(page.locator(".bot .preview").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#article mark.answer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(chip).to_be_focused()


def test_a_screen_reader_is_told_of_a_new_answer_in_words_only(page: Page) -> None:
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    ask(page, "Who leads the Ukrainian delegation?")
    answer(page)
    expect(log.locator("[aria-label*='<']")).to_have_count(0)
    expect(log.get_by_role("link", name="Show in the article: citation 1").first).to_be_visible()


def test_axe_finds_nothing_wrong_in_light_and_dark(lit: Page) -> None:
    lit.locator("#chat .example").first.wait_for()
    assert violations(lit) == []
    for question in (
        "Who leads the Ukrainian delegation?",
        "What is the United States committed to?",
    ):
        ask(lit, question)
        answer(lit)
    expect(lit.locator(".bot .answer-card")).to_have_count(2)
    lit.get_by_text(re.compile("other reading")).first.click()
    lit.locator(".bot").first.locator("a.cite").first.click()
    lit.get_by_role("button", name="Dislike").last.click()
    lit.get_by_role("button", name="Ask an article of your own").click()
    lit.get_by_role("button", name="How sure an answer must be").click()
    lit.get_by_label("Set a bar of my own").check()
    expect(lit.get_by_label("What would have been right?")).to_be_visible()
    expect(lit.locator(".toast-body")).to_have_count(0)  # Gradio's own, of a button in a button
    assert violations(lit) == []

    lit.get_by_label("number input for How sure an answer must be").fill("0")
    lit.get_by_label("number input for How sure an answer must be").press("Tab")
    ask(lit, "What is the population of Ukraine?")
    expect(lit.locator("#article mark.answer.probable").first).to_be_visible()
    assert violations(lit) == []


def test_axe_finds_nothing_wrong_on_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    ask(page, "Who leads the Ukrainian delegation?")
    answer(page)
    assert violations(page) == []
    page.locator("a.cite").first.click()
    expect(page.locator("#article mark.answer")).to_be_visible()
    assert violations(page) == []


def test_dark_follows_the_visitors_system(browser: Browser, chat: Chat) -> None:
    lightness = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
        page = context.new_page()
        page.goto(chat.url)
        page.locator("#chat .example").first.wait_for()
        color = page.evaluate(
            "getComputedStyle(document.querySelector('gradio-app')).backgroundColor"
        )
        lightness.append(sum(map(int, color.strip("rgba()").split(",")[:3])))
        context.close()
    light, dark = lightness
    assert light > 700
    assert dark < 100


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_off_at_any_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    ask(page, "Who leads the Ukrainian delegation?")
    answer(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="How sure an answer must be").click()
    page.get_by_label("Set a bar of my own").check()
    slider = page.get_by_role("slider", name="How sure an answer must be")
    buttons = [
        page.get_by_role("button", name=name, exact=True)
        for name in ("Ask", "Edit last question", "Save as JSON")
    ]
    for part in (slider, *buttons):
        expect(part).to_be_visible()
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize(("size", "share"), [((1280, 800), 0.7), ((360, 740), 0.45)])
def test_the_conversation_has_most_of_the_window(
    page: Page, size: tuple[int, int], share: float
) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    conversation = page.locator("#chat").bounding_box()
    assert conversation is not None
    assert conversation["height"] > share * height
    # And what is below it is seen, above the handle of the article's sheet.
    handle = page.locator("#sheet-handle")
    end = handle.evaluate("handle => handle.getBoundingClientRect().top || innerHeight")
    kept = page.locator("#kept").bounding_box()
    assert kept is not None
    assert kept["y"] + kept["height"] <= end


def test_what_is_folded_says_so(page: Page) -> None:
    for name in ("How sure an answer must be", "Ask an article of your own"):
        fold = page.get_by_role("button", name=name)
        expect(fold).to_have_attribute("aria-expanded", "false")
        fold.press("Enter")
        expect(fold).to_have_attribute("aria-expanded", "true")


def test_on_a_telephone_the_article_is_a_sheet_that_a_citation_opens(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    handle = page.get_by_role("button", name="Article", exact=True)
    expect(handle).to_have_attribute("aria-expanded", "false")
    ask(page, "When did the full-scale invasion begin?")
    answer(page)
    marked = page.locator("#article mark.answer")
    expect(marked).to_be_hidden()

    page.locator("a.cite").first.click()

    expect(handle).to_have_attribute("aria-expanded", "true")
    expect(marked).to_have_text("February 2022")
    page.wait_for_function(IN_VIEW, arg=marked.element_handle())
    article = page.locator("#article article")
    article.evaluate("article => article.scrollTo({ top: article.scrollHeight })")
    last = article.locator("p").last
    assert last.evaluate("last => last.getBoundingClientRect().bottom <= innerHeight")
    handle.click()
    expect(marked).to_be_hidden()


def test_escape_closes_the_sheet_and_the_focus_is_not_lost(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    handle = page.get_by_role("button", name="Article", exact=True)
    handle.press("Enter")
    shelf = page.get_by_role("combobox", name="Article")
    shelf.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(handle).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(handle).to_have_attribute("aria-expanded", "false")
    expect(handle).to_be_focused()
