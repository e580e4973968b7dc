"""The HTML report of a run, from made-up results."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from eval.measures.figures import Figure
from eval.measures.results import CitationRecord, Result, Run
from eval.report.html_report import write_report
from tests.sample_results import (
    ABSTAINED,
    ANSWERED,
    CLOSE,
    FLORIDA,
    HOSTILE,
    MISSED,
    PROBABLE,
    SENTENCE,
    WRONG,
)


def run_of(
    *own: Result,
    title: str = "new-wiki.json",
    settings: dict[str, str] | None = None,
    planned: int | None = None,
    others: dict[str, list[Result]] | None = None,
) -> Run:
    return Run(
        title=title,
        settings=settings or {},
        threshold=0.5,
        planned=len(own) if planned is None else planned,
        results={"ours": list(own), **(others or {})},
    )


Report = Callable[..., str]


@pytest.fixture
def report(tmp_path: Path) -> Report:
    def write(run: Run, figures: dict[str, list[Figure]] | None = None) -> str:
        path = tmp_path / "report.html"
        write_report(run, figures or {}, path)
        return path.read_text(encoding="utf-8")

    return write


def questions(page: str) -> list[dict[str, Any]]:
    """What the page's script reads."""
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    shown: list[dict[str, Any]] = json.loads(block[1])
    return shown


class Tags(HTMLParser):
    """The elements of a page, each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def text_of(page: str) -> str:
    """The text of the page's own markup, scripts and styles left out."""
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_the_title_and_the_settings_are_shown(report: Report) -> None:
    page = report(run_of(ANSWERED, settings={"reader": "small", "passages read": "10"}))
    assert "<title>new-wiki.json - article-qa evaluation</title>" in page
    assert '<h1 dir="auto">new-wiki.json</h1>' in page
    assert "reader small passages read 10" in text_of(page)


def test_a_question_is_shown_with_all_that_came_out_for_it(report: Report) -> None:
    assert questions(report(run_of(ANSWERED))) == [
        {
            "id": "q1",
            "verdict": "right",
            "outcome": "answered",
            "kind": "asked",
            "question": "Where were the talks held?",
            "article": "Talks",
            "accepted": ["Florida", "in Florida"],
            "answer": "Florida",
            "guess": "Florida",
            "rivals": [],
            "citation": ["The talks were held in ", "Florida", " on Sunday."],
            "place": "characters 100 to 141",
            "facts": [
                *("answered", "confidence 0.88", "passage rank: 3", "1,234 ms", "kind: asked"),
                "id q1",
            ],
        }
    ]


def test_an_unanswerable_question_has_no_rank_and_one_not_found_says_so(report: Report) -> None:
    abstained, missed = questions(report(run_of(ABSTAINED, MISSED)))
    assert abstained["facts"] == [
        *("not found", "confidence 0.20", "answerability 0.25", "1,234 ms", "kind: other", "id q3")
    ]
    assert missed["facts"][2] == "passage rank: none of the first 100"
    assert (abstained["answer"], abstained["guess"]) == (None, "Florida")


def test_a_close_call_is_shown_with_both_answers_and_whether_one_is_right(report: Report) -> None:
    one, neither = questions(report(run_of(CLOSE, replace(CLOSE, rivals_f1=0.0))))
    assert (one["verdict"], one["outcome"], one["answer"]) == ("close", "close_call", None)
    assert one["rivals"] == ["Paris", "Florida"]
    assert one["facts"][:4] == [
        *("close call", "confidence 0.45", "answerability 0.80", "one of the two is right")
    ]
    assert neither["facts"][3] == "neither is right"


def test_a_question_without_any_guess_is_shown(report: Report) -> None:
    (shown,) = questions(report(run_of(replace(ABSTAINED, guess=None, citation=None))))
    assert (shown["guess"], shown["citation"], shown["place"]) == (None, None, None)


def test_the_answer_is_marked_by_code_points(report: Report) -> None:
    text = "🏖️ 𝒯he talks: Florida 🌴."
    start = text.index("Florida")
    citation = CitationRecord("Beaches", 7, 7 + len(text), text, 7 + start, 14 + start)
    (shown,) = questions(report(run_of(replace(ANSWERED, citation=citation))))
    assert shown["citation"] == ["🏖️ 𝒯he talks: ", "Florida", " 🌴."]
    assert shown["place"] == f"characters 7 to {7 + len(text)} of Beaches"


def test_only_this_programs_questions_are_listed(report: Report) -> None:
    theirs = {"baseline": [replace(ANSWERED, id="theirs")]}
    shown = questions(report(run_of(ANSWERED, others=theirs)))
    assert [question["id"] for question in shown] == ["q1"]


def test_the_buttons_count_the_questions(report: Report) -> None:
    text = text_of(report(run_of(ANSWERED, WRONG, WRONG, ABSTAINED, CLOSE)))
    assert "right (1) wrong (2) missed (0) abstained (1) unfounded (0) close (1)" in text
    assert "answered (3) probable (0) close call (1) not found (1) not for me (0)" in text
    assert "asked (4) removed (0) other (1)" in text


def test_the_figures_are_shown_with_their_intervals_a_column_each_system(report: Report) -> None:
    figures = {
        "ours": [
            Figure("questions", "Questions", 12000, 0),
            Figure("f1", "F1", 71.52, 1, 66.1, 75.96),
            Figure("mrr", "  MRR", None, 3),
        ],
        "baseline": [Figure("f1", "F1", 64.0, 1, 60.0, 68.0)],
    }
    page = report(run_of(ANSWERED, others={"baseline": []}), figures)
    rows = [text_of(row) for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]
    assert rows == [
        "ours baseline",
        "Questions 12,000 -",
        "F1 71.5 66.1 to 76.0 64.0 60.0 to 68.0",
        "MRR - -",
    ]
    assert '<th scope="row" class=part>MRR</th>' in page


def test_a_whole_run_has_no_banner(report: Report) -> None:
    assert "PARTIAL" not in report(run_of(ANSWERED, WRONG))


def test_a_partial_run_says_so(report: Report) -> None:
    text = text_of(report(run_of(ANSWERED, WRONG, planned=5)))
    assert "PARTIAL: 2 of 5 questions asked . The run was stopped" in text


def test_a_partial_run_says_how_far_each_system_came(report: Report) -> None:
    text = text_of(report(run_of(ANSWERED, WRONG, others={"baseline": [ANSWERED]})))
    assert "PARTIAL: 1 of 2 questions asked ( ours 2, baseline 1)" in text


def test_a_run_of_no_question_can_be_written(report: Report) -> None:
    page = report(run_of(planned=3))
    assert questions(page) == []
    assert "<svg" not in page
    assert "PARTIAL: 0 of 3" in page


def test_no_text_becomes_markup(report: Report) -> None:
    def skeleton(text: str) -> list[tuple[str, list[str]]]:
        question = replace(
            ANSWERED,
            id=text,
            question=text,
            article=text,
            golds=(text,),
            answer=text,
            guess=text,
            citation=replace(FLORIDA, article=text + text, text=text + SENTENCE),
        )
        run = run_of(
            question, title=text, settings={text: text}, planned=2, others={text: [question] * 2}
        )
        return [(tag, sorted(attributes)) for tag, attributes in Tags(report(run)).found]

    assert len(skeleton("harmless")) > 400
    assert skeleton(HOSTILE) == skeleton("harmless")


def test_text_is_read_by_the_script_as_it_was(report: Report) -> None:
    text = f"{HOSTILE}\u2028\u2029 \\u003c $title אב \u200d\u200f"
    page = report(run_of(replace(ANSWERED, question=text)))
    assert questions(page)[0]["question"] == text
    assert "\u2028" not in page


def test_signs_that_would_disturb_other_text_are_replaced(report: Report) -> None:
    signs = "\x00\x08\x1b\x7f\x85\u202a\u202e\u2066\u2067\u2069"
    shown = "a" + "\ufffd" * len(signs) + "b"
    evil = replace(ANSWERED, question=f"a{signs}b", citation=replace(FLORIDA, article=f"a{signs}b"))
    page = report(run_of(evil, title=f"a{signs}b", others={f"a{signs}b": [evil]}))
    assert not re.search(f"[{signs}]", page)
    assert not any(json.dumps(sign)[1:-1] in page for sign in signs)
    assert questions(page)[0]["question"] == shown
    assert questions(page)[0]["place"] == f"characters 100 to 141 of {shown}"
    assert f'<h1 dir="auto">{shown}</h1>' in page


def test_half_a_surrogate_pair_does_not_stop_the_report(report: Report) -> None:
    assert questions(report(run_of(replace(ANSWERED, question="a\ud800b"))))[0]["question"] == "a?b"


def test_the_page_loads_nothing(report: Report) -> None:
    page = report(run_of(ANSWERED, WRONG, ABSTAINED))
    assert set(re.findall(r"\w+://[^\s\"'<]*", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\((?!#)", page)
    for tag, attributes in Tags(page).found:
        assert tag not in {"img", "iframe", "object", "embed", "base", "form"}
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#") or attributes["rel"] == "icon"


def test_the_page_allows_its_own_script_and_nothing_else(report: Report) -> None:
    page = report(run_of(ANSWERED))
    policy = next(
        attributes["content"]
        for tag, attributes in Tags(page).found
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert len(scripts) == 1
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert policy.endswith(f"script-src 'sha256-{digest}'")


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    run = run_of(ANSWERED, WRONG, ABSTAINED, MISSED)
    for name in ("a.html", "b.html"):
        write_report(run, {"ours": [Figure("f1", "F1", 50.0, 1, 40.0, 60.0)]}, tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_no_id_occurs_twice(report: Report) -> None:
    found = [a["id"] for _, a in Tags(report(run_of(ANSWERED, WRONG))).found if "id" in a]
    assert len(found) > 20
    assert len(found) == len(set(found))


def test_a_plot_that_makes_no_sense_is_left_out(report: Report) -> None:
    assert report(run_of(ABSTAINED)).count("<figure>") == 4
    assert report(run_of(ANSWERED)).count("<figure>") == 5
    assert report(run_of(PROBABLE)).count("<figure>") == 6


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The report of 254 questions; what the browser complains of fails the test."""
    many = [replace(ANSWERED, id=f"many {number}") for number in range(250)]
    hostile = replace(WRONG, id="x" * 500, question=HOSTILE, answer=HOSTILE, article=HOSTILE)
    path = tmp_path / "report.html"
    write_report(
        run_of(hostile, ABSTAINED, MISSED, *many, CLOSE, settings={"x" * 500: "x" * 500}), {}, path
    )
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert complaints == [path.as_uri()]


def verdict(page: Page, name: str) -> None:
    """Press the button of a verdict by keyboard."""
    button = page.get_by_role("button", name=re.compile(f"^{name} "))
    button.focus()
    button.press("Space")


@pytest.mark.browser
def test_the_filters_show_what_they_say_in_chromium(page: Page) -> None:
    cards = page.locator("#list > li")
    count = page.get_by_role("status")
    expect(count).to_have_text("254 of 254 questions, the first 100 shown")

    verdict(page, "abstained")
    expect(count).to_have_text("1 of 254 questions")
    expect(cards.locator(".question")).to_have_text(["Who?"])
    expect(cards.locator(".answer")).to_have_text("no answer given; best guess: Florida")
    expect(page.get_by_role("button", pressed=True)).to_have_text("abstained (1)")
    verdict(page, "missed")
    expect(cards.locator(".question")).to_have_text(["Who?", "Why?"])
    page.get_by_role("button", name="other (1)").click()
    expect(cards.locator(".question")).to_have_text(["Who?"])
    page.get_by_role("button", name="removed (0)").click()
    page.get_by_role("button", name="other (1)").click()
    expect(count).to_have_text("0 of 254 questions")
    expect(cards).to_have_count(0)


@pytest.mark.browser
def test_a_close_call_claims_neither_of_its_answers_in_chromium(page: Page) -> None:
    page.get_by_role("button", name="close call (1)").click()
    cards = page.locator("#list > li")
    expect(cards.locator(".verdict")).to_have_text("close")
    expect(cards.locator(".answer")).to_have_text("neither claimed: Paris or Florida")


@pytest.mark.browser
def test_the_search_finds_what_is_shown_in_chromium(page: Page) -> None:
    page.get_by_label("Search").fill("  HELD in  florida on ")
    expect(page.get_by_role("status")).to_have_text("254 of 254 questions, the first 100 shown")
    page.get_by_label("Search").fill("MANY 7")
    expect(page.get_by_role("status")).to_have_text("11 of 254 questions")
    verdict(page, "wrong")
    expect(page.get_by_role("status")).to_have_text("0 of 254 questions")
    page.get_by_label("Search").fill("onerror=")
    expect(page.get_by_role("status")).to_have_text("1 of 254 questions")


@pytest.mark.browser
def test_more_questions_come_at_the_press_of_a_button_in_chromium(page: Page) -> None:
    cards = page.locator("#list > li")
    more = page.get_by_role("button", name="Show more")
    for before, after in pairwise((100, 200, 254)):
        more.click()
        expect(cards).to_have_count(after)
        expect(cards.nth(before)).to_be_focused()
    expect(more).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("254 of 254 questions")


@pytest.mark.browser
def test_hostile_text_is_shown_and_does_nothing_in_chromium(page: Page) -> None:
    card = page.locator("#list > li").first
    assert card.locator(".question").text_content() == HOSTILE
    assert card.locator(".answer").text_content() == HOSTILE
    assert card.locator(".article").text_content() == HOSTILE
    expect(card.locator("mark")).to_have_text("Florida")
    expect(card.locator("blockquote p")).to_have_text(SENTENCE)
    expect(page.locator("img")).to_have_count(0)
    expect(page.locator("script")).to_have_count(2)
    assert page.title() == "new-wiki.json - article-qa evaluation"


@pytest.mark.browser
def test_nothing_is_wider_than_a_small_telephone_in_chromium(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    # What does not fit into a card is cut, so look whether anything is.
    assert page.locator("#list > li").first.evaluate("card => card.scrollWidth") <= 360 - 2 * 16
