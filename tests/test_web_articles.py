"""Articles of a visitor's own, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.web import Chat, add_text, answer, ask, drop

pytestmark = [pytest.mark.browser, pytest.mark.models]

BRIDGE = (
    "A bridge over the Elbe was opened in Meissen on Friday. It was built by the engineer Lena "
    "Vogt in three years.\n\nThe mayor, Otto Brandt, cut the ribbon."
)
FERRY = "The ferry Aurora sank near Turku. Captain Aino Virtanen was the last to leave it."
HOSTILE = (
    "The **secret** word <img src=x onerror=\"document.title='pwned'\"> ${document.title='pwned'} "
    "{{document.title}} <script>document.title='pwned'</script> is kept in "
    "Hallandale Beach, Florida."
)


def articles(page: Page) -> list[str]:
    """Open the list of the articles and return it."""
    page.get_by_label("Article", exact=True).first.click()
    listed = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    return [text.replace("✓", "").strip() for text in listed]


def test_pasted_text_is_asked_in_place_of_the_article_that_is_served(page: Page) -> None:
    add_text(page, BRIDGE)
    expect(page.locator(".bot").last).to_contain_text("From now on your own articles are asked")
    expect(page.locator("#article")).to_contain_text("A bridge over the Elbe")
    expect(page.get_by_label("Paste its text")).to_have_value("")

    ask(page, "Who built the bridge?")
    expect(page.locator(".bot strong.answer").last).to_contain_text("Lena Vogt")
    expect(page.locator("#article mark.answer")).to_contain_text("Lena Vogt")
    ask(page, "Who leads the Ukrainian delegation?")
    expect(page.locator(".bot strong").last).to_have_text("I found no passage that answers this.")


def test_dropped_files_are_listed_and_each_opens_from_its_citation(page: Page) -> None:
    drop(page, "bridge.txt", BRIDGE.encode())
    expect(page.locator("#article h2")).to_have_text("bridge")
    drop(page, "ferry.md", f"# The Aurora\n\n{FERRY}".encode())
    expect(page.locator("#article h2")).to_have_text("The Aurora")
    assert articles(page) == ["bridge", "The Aurora"]

    ask(page, "Who cut the ribbon?")
    expect(page.locator("#article h2")).to_have_text("bridge")
    expect(page.locator("#article mark.answer")).to_contain_text("Otto Brandt")
    ask(page, "Who was the last to leave the ferry?")
    expect(page.locator("#article h2")).to_have_text("The Aurora")

    page.locator(".bot:has(strong.answer)").first.locator("a.cite").first.click()
    expect(page.locator("#article h2")).to_have_text("bridge")
    expect(page.locator("#article mark.answer.focus")).to_contain_text("Otto Brandt")

    # A citation still opens its article when that is gone.
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#article h2")).to_have_text("The Aurora")
    page.locator(".bot:has(strong.answer)").first.locator("a.cite").first.click()
    expect(page.locator("#article mark.answer.focus")).to_contain_text("Otto Brandt")


def test_an_article_is_removed_and_without_any_the_served_one_is_asked_again(page: Page) -> None:
    drop(page, "bridge.txt", BRIDGE.encode())
    expect(page.locator("#article h2")).to_have_text("bridge")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".bot").last).to_contain_text("served here are asked again")
    expect(page.locator("#article h2")).to_have_text("Talks on peace in Ukraine")
    expect(page.get_by_role("button", name="Remove")).to_be_hidden()
    ask(page, "When did the full-scale invasion begin?")
    assert answer(page) == "February 2022"


def test_the_empty_page_invites_to_ask_the_visitors_own_articles(page: Page) -> None:
    add_text(page, BRIDGE)
    expect(page.locator(".bot").last).to_contain_text("From now on your own articles are asked")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#chat .lead")).to_contain_text("A bridge over the Elbe was opened")
    page.locator("#chat .example").first.click()
    expect(page.locator(".bot")).to_contain_text("Meissen")

    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".bot").last).to_contain_text("served here are asked again")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#chat h2")).to_have_text("Talks on peace in Ukraine")
    expect(page.locator("#chat .example")).to_have_count(4)


@pytest.mark.parametrize(
    ("name", "data", "reply"),
    [
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe", "photo.png: is a picture"),
        ("old.txt", b"\xff\xfea", "old.txt: is not utf-16-le text"),
        ("empty.txt", b"  \n", "empty.txt: the article is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    page: Page, name: str, data: bytes, reply: str
) -> None:
    drop(page, name, data)
    expect(page.locator(".bot").last).to_contain_text(reply)
    expect(page.locator("#article h2")).to_have_text("Talks on peace in Ukraine")


def test_one_bad_file_does_not_stop_the_others(page: Page) -> None:
    page.get_by_role("button", name="Ask an article of your own").click()
    page.locator("#own input[type=file]").set_input_files(
        [
            FilePayload(name="bad.txt", mimeType="text/plain", buffer=b"\xff\xfe\0"),
            FilePayload(name="ferry.txt", mimeType="text/plain", buffer=FERRY.encode()),
        ]
    )
    expect(page.locator("#article h2")).to_have_text("ferry")
    expect(page.locator(".bot").first).to_contain_text("bad.txt: is not utf-16-le text")
    assert articles(page) == ["ferry"]


def test_the_same_file_twice_is_one_article(page: Page) -> None:
    page.get_by_role("button", name="Ask an article of your own").click()
    ferry = FilePayload(name="ferry.txt", mimeType="text/plain", buffer=FERRY.encode())
    page.locator("#own input[type=file]").set_input_files([ferry, ferry])
    expect(page.locator("#article h2")).to_have_text("ferry")
    assert articles(page) == ["ferry"]


def test_one_visitor_never_sees_anothers_article(browser: Browser, chat: Chat) -> None:
    contexts = [browser.new_context(), browser.new_context()]
    first, second = (context.new_page() for context in contexts)
    for page in (first, second):
        page.goto(chat.url)
    add_text(first, BRIDGE)
    expect(first.locator("#article")).to_contain_text("Elbe")

    ask(second, "Who built the bridge?")

    assert answer(second) == "I found no passage that answers this."
    expect(second.locator("body")).not_to_contain_text("Elbe")
    key = first.locator("#article article").get_attribute("data-key")
    # Not even by asking for it by its key, as a citation of it would.
    second.locator(".bot summary").first.click()
    second.locator(".bot a.cite").first.evaluate(
        f"link => link.setAttribute('href', '#{key}:0-10:0-5')"
    )
    second.locator(".bot a.cite").first.click()
    second.wait_for_timeout(1500)
    expect(second.locator("body")).not_to_contain_text("Elbe")
    for context in contexts:
        context.close()


def test_nothing_of_an_upload_stays_on_the_disk(page: Page, chat: Chat) -> None:
    drop(page, "bridge.txt", BRIDGE.encode())
    expect(page.locator("#article h2")).to_have_text("bridge")
    assert any(chat.uploads.iterdir())
    assert sum(path.stat().st_size for path in chat.uploads.rglob("*") if path.is_file()) == 0


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """A chat over a hostile article, which takes no more than a thousand bytes."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "hostile.txt").write_text(HOSTILE)
    running = Chat(
        folder, *("--article", "hostile.txt", "--min-confidence=0", "--max-file-size=0.001")
    )
    yield running
    running.stop()


@pytest.fixture
def small_page(browser: Browser, small: Chat) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(small.url)
    yield page
    context.close()


def test_a_hostile_article_is_shown_and_does_nothing(small_page: Page) -> None:
    ask(small_page, "Where is the secret word kept?")
    assert answer(small_page) == "Hallandale Beach, Florida"
    expect(small_page.locator("#article p")).to_have_text(HOSTILE)
    expect(small_page.locator("#article mark.answer")).to_have_text("Hallandale Beach, Florida")
    expect(small_page.locator(".bot blockquote")).to_contain_text(HOSTILE)
    expect(small_page.locator("#article img, .bot img, .bot script")).to_have_count(0)
    assert small_page.title() == "article-qa"


def test_a_hostile_title_and_text_of_a_visitors_own_do_nothing(small_page: Page) -> None:
    drop(
        small_page, "evil.md", f"# <img src=x onerror=document.title='pwned'>\n\n{HOSTILE}".encode()
    )
    expect(small_page.locator("#article h2")).to_contain_text("<img src=x")
    expect(small_page.locator("img[src=x]")).to_have_count(0)
    assert small_page.title() == "article-qa"


def test_too_large_a_text_or_file_is_refused(small_page: Page) -> None:
    add_text(small_page, "Too much of it. " * 100)
    expect(small_page.locator(".bot").last).to_contain_text("1,600 bytes; expected at most 1,000")
    expect(small_page.get_by_label("Paste its text")).to_have_value(re.compile("Too much of it"))
    drop(small_page, "big.txt", b"Too much of it. " * 100)
    expect(small_page.locator(".toast-wrap")).to_contain_text("1")
    expect(small_page.locator("#article h2")).to_have_text("hostile")


def test_text_with_signs_of_many_code_units_is_marked_where_it_stands(page: Page) -> None:
    add_text(page, f"😀 \U0001d49c Ärger & <b>Streit</b>.\t😀\n\n  {FERRY}")
    expect(page.locator("#article")).to_contain_text("Aurora sank")
    ask(page, "Who was the last to leave the ferry?")
    expect(page.locator("#article mark.answer")).to_have_text("Captain Aino Virtanen")
