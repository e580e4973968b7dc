"""Verdicts on answers, in a real browser, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from qa.shipped import shipped_article
from qa.squad import load_squad
from tests.commands import Run
from tests.web import LEADER, Chat, add_text, answer, ask, set_sureness

pytestmark = [pytest.mark.browser, pytest.mark.models]

REASON = "anti-corruption authorities searched his residence"
SELECT = """(article, words) => {
  for (const p of article.querySelectorAll("p")) {
    const at = p.textContent.indexOf(words);
    if (at < 0 || p.childNodes.length !== 1) continue;
    const range = document.createRange();
    range.setStart(p.firstChild, at);
    range.setEnd(p.firstChild, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
}"""


@pytest.fixture
def feedback(tmp_path: Path) -> Path:
    return tmp_path / "verdicts.json"


@pytest.fixture
def judge(browser: Browser, start: Callable[..., Chat], feedback: Path) -> Iterator[Page]:
    running = start(f"--feedback={feedback}")
    context = browser.new_context()
    page = context.new_page()
    page.goto(running.url)
    yield page
    context.close()


def test_verdicts_become_questions_to_evaluate_on(judge: Page, feedback: Path, run: Run) -> None:
    expect(judge.locator("#kept")).to_contain_text(str(feedback))
    ask(judge, "Who leads the Ukrainian delegation?")
    answer(judge)
    judge.get_by_role("button", name="Like", exact=True).click()
    expect(judge.locator(".toast-wrap")).to_contain_text(f"Saved in {feedback}")

    set_sureness(judge, "1")
    ask(judge, "Why did Andriy Yermak resign?")
    expect(judge.locator(".bot .answer-card")).to_have_count(2)
    judge.get_by_role("button", name="Dislike").last.click()
    words = judge.get_by_label("What would have been right?")
    expect(words).to_be_visible()
    judge.locator("#article article").evaluate(SELECT, REASON)
    expect(words).to_have_value(REASON)
    judge.get_by_role("button", name="Save", exact=True).click()
    expect(words).to_be_hidden()

    ask(judge, "What is the population of Ukraine?")
    expect(judge.locator(".bot .answer-card")).to_have_count(3)
    judge.get_by_role("button", name="Like", exact=True).last.click()
    expect(judge.locator(".toast-wrap")).to_contain_text("Saved")
    judge.wait_for_timeout(500)

    (kept,) = load_squad(feedback)
    assert kept.article.text == shipped_article().text
    assert {each.text: kept.gold_texts(each) for each in kept.questions} == {
        "Who leads the Ukrainian delegation?": [LEADER],
        "Why did Andriy Yermak resign?": [REASON],
        "What is the population of Ukraine?": [],
    }
    evaluated = run("eval", str(feedback))
    assert evaluated.code == 0
    assert "Questions                                                  3" in evaluated.out


def test_what_is_probable_is_accepted_or_rejected_by_one_click(judge: Page, feedback: Path) -> None:
    set_sureness(judge, "0")
    ask(judge, "What is the population of Ukraine?")
    said = answer(judge)
    judge.get_by_role("button", name="Wrong", exact=True).click()
    expect(judge.locator(".toast-wrap")).to_contain_text(f"Saved in {feedback}")
    expect(judge.get_by_label("What would have been right?")).to_be_visible()
    assert [each["given"] for each in json.loads(feedback.read_text())["rejected"]] == [said]

    judge.get_by_role("button", name="Right", exact=True).click()
    expect(judge.get_by_label("What would have been right?")).to_be_hidden()
    (kept,) = load_squad(feedback)
    assert [kept.gold_texts(each) for each in kept.questions] == [[said]]


def test_words_that_do_not_stand_in_the_article_are_not_saved(judge: Page, feedback: Path) -> None:
    add_text(judge, "The talks took place in Bergen.")
    expect(judge.locator("#article h2")).to_contain_text("The talks")
    ask(judge, "Where did the talks take place?")
    answer(judge)
    judge.get_by_role("button", name="Dislike").last.click()
    words = judge.get_by_label("What would have been right?")
    words.fill("Oslo")
    judge.get_by_role("button", name="Save", exact=True).click()
    expect(judge.locator(".toast-wrap")).to_contain_text("“Oslo” does not stand in the article")
    expect(words).to_be_visible()
    document = json.loads(feedback.read_text())
    assert document["data"] == []  # it is known to be wrong, and no more
    assert [each["given"] for each in document["rejected"]] != []

    words.fill("in Bergen")
    judge.get_by_role("button", name="Save", exact=True).click()
    expect(words).to_be_hidden()
    (kept,) = load_squad(feedback)
    assert kept.gold_texts(kept.questions[0]) == ["in Bergen"]


def test_where_others_may_come_no_verdicts_are_asked_for(
    browser: Browser, start: Callable[..., Chat], tmp_path: Path
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(start("--host=0.0.0.0").url)
    ask(page, "Who leads the Ukrainian delegation?")
    answer(page)
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    expect(page.get_by_role("button", name="Like", exact=True)).to_have_count(0)
    expect(page.locator("#kept")).to_have_count(0)
    assert not (tmp_path / "article-qa-feedback.json").exists()
    context.close()
