"""Documents as they look, with the answer marked where it stands, in a real browser."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.web import Chat, ask, drop

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = A4
FONT, SIZE, LEADING = "Helvetica", 10, 14
COLUMNS = (50, 310)
ANSWER = (
    "The crane on the north quay was built",
    "by the engineer Lena Vogt, who lives in",
    "Turku. It lifts forty tonnes in all.",
)
LAST = "The ferry Aurora was bought from Aino Virtanen."
IN_VIEW = """mark => {
  const box = mark.getBoundingClientRect();
  const pane = mark.closest("article").getBoundingClientRect();
  return box.top >= pane.top && box.bottom <= Math.min(pane.bottom, innerHeight);
}"""
HTML = """<!doctype html>
<html><head><title>A bridge over the Elbe</title><style>main { display: none }</style>
<script>document.title = 'pwned'</script></head>
<body onload="document.title='pwned'"><nav><ul><li><a href="/">Front page</a></li></ul></nav>
<main><h1>A bridge over the Elbe</h1>
<p>A bridge over the Elbe was opened in <b>Meissen</b> on Friday. It was built by the engineer
<a href="javascript:document.title='pwned'">Lena <i>Vogt</i></a> in three years of hard work.
<img src="http://192.0.2.1/x.png" alt="The bridge" onerror="document.title='pwned'"></p>
<p>The mayor, Otto Brandt, cut the ribbon, and the whole town danced until it rained at night.</p>
<svg><script>document.title = 'pwned'</script></svg><iframe src="http://192.0.2.1/"></iframe>
</main></body></html>"""
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def filler(lines: int, seed: int) -> list[str]:
    """Return lines of prose, no two of them alike."""
    words = (
        "grain", "timber", "ships", "cargo", "weather", "winter", "summer", "harbour", "captain",
        "quay", "storm", "ice", "trade", "steel", "wages", "fish", "nets", "tides", "boats", "rope",
        "barrels", "salt", "wool", "coal", "rails", "wagons", "clerks", "ledgers", "tolls",
    )  # fmt: skip
    rng = random.Random(seed)
    found = []
    for _ in range(lines):
        line = " ".join(rng.choice(words) for _ in range(6))
        found.append(f"{line.capitalize()}." if rng.random() < 0.4 else line)
    return found


def two_columns() -> bytes:
    """Return a PDF of four pages, in two columns; on the first stands :data:`ANSWER`."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    canvas.setTitle("Annual report")
    for page in range(4):
        canvas.setFont(FONT, SIZE)
        left, right = filler(45, 2 * page), filler(45, 2 * page + 1)
        if page == 0:
            right = ["The year was quiet.", *ANSWER, *right[:40]]
        elif page == 3:
            left = [*left[:20], "All was well.", LAST, *left[20:40]]
        for x, lines in zip(COLUMNS, (left, right), strict=True):
            for row, line in enumerate(lines):
                canvas.drawString(x, HEIGHT - 60 - row * LEADING, line)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def docx() -> bytes:
    """Return a Word file of a heading, a paragraph of two runs, and a table."""
    body = (
        "<w:p><w:r><w:t>The bridge over the Elbe was built by </w:t></w:r>"
        "<w:r><w:rPr><w:b/></w:rPr><w:t>Lena</w:t></w:r>"
        "<w:r><w:t xml:space='preserve'> Vogt in three years.</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Guest</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>Town</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:tr><w:tc><w:p><w:r><w:t>Otto Brandt</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>Bergen</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    written = io.BytesIO()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
            "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package."
            "relationships+xml'/>"
            f"<Override PartName='/word/document.xml' ContentType='{kind}'/></Types>",
        )
        archive.writestr(
            "_rels/.rels",
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
            "<Relationship Id='r1' Target='word/document.xml' Type='http://schemas.openxmlformats."
            "org/officeDocument/2006/relationships/officeDocument'/></Relationships>",
        )
        archive.writestr(
            "word/document.xml",
            f"<w:document xmlns:w='{WORD}'><w:body>{body}</w:body></w:document>",
        )
    return written.getvalue()


@pytest.fixture(scope="module")
def fakes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    folder = tmp_path_factory.mktemp("fakes")
    (folder / "notes.txt").write_text("Nothing is told here.")
    running = Chat.of_fakes(
        folder, ["notes.txt"], ["Lena Vogt", "Aino Virtanen", "Otto Brandt", "Мурманск"]
    )
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser, fakes: Chat) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(fakes.url)
    yield page
    context.close()


def shares(mark: Locator) -> list[float]:
    """Return left, top, right and bottom of a mark in shares of its page."""
    found: list[float] = mark.evaluate(
        """mark => {
          const own = mark.getBoundingClientRect();
          const page = mark.closest(".page").getBoundingClientRect();
          return [(own.left - page.left) / page.width, (own.top - page.top) / page.height,
                  (own.right - page.left) / page.width, (own.bottom - page.top) / page.height];
        }"""
    )
    return found


def opens(page: Page, title: str) -> None:
    expect(page.locator("#article h2").first).to_have_text(title)


def test_a_two_column_pdf_is_drawn_and_the_answer_marked_over_its_words(page: Page) -> None:
    drop(page, "report.pdf", two_columns())
    opens(page, "Annual report")
    expect(page.locator("#article .page")).to_have_count(4)
    drawn = page.locator("#article .page img").first
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 500

    ask(page, "Who built the crane on the north quay?")

    marked = page.locator("#article mark.answer")
    expect(marked).to_have_count(1)
    expect(marked).to_have_attribute("aria-label", "answer: “Lena Vogt”")
    before = stringWidth("by the engineer ", FONT, SIZE)
    wide = stringWidth("Lena Vogt", FONT, SIZE)
    left, top, right, bottom = shares(marked)
    x, line = COLUMNS[1] + before, HEIGHT - 60 - 2 * LEADING  # the base line, from below
    assert left == pytest.approx((x - 2) / WIDTH, abs=0.004)
    assert right == pytest.approx((x + wide + 2) / WIDTH, abs=0.004)
    # It reaches from below the base line to above the capitals, and into no other line.
    assert HEIGHT - line + LEADING * 0.6 > bottom * HEIGHT > HEIGHT - line
    assert HEIGHT - line - LEADING * 1.1 < top * HEIGHT < HEIGHT - line - SIZE * 0.7
    # The sentence is marked on all of its lines, in its own column.
    cited = page.locator("#article mark.cited")
    expect(cited).to_have_count(3)
    for box in map(shares, cited.all()):
        assert box[0] > COLUMNS[1] / WIDTH - 0.01
    expect(page.locator(".bot footer").last).to_contain_text("Annual report, page 1")


def test_a_citation_scrolls_to_its_page_and_back(page: Page) -> None:
    drop(page, "report.pdf", two_columns())
    opens(page, "Annual report")
    ask(page, "Who sold the ferry Aurora?")
    marked = page.locator("#article mark.answer")
    expect(marked).to_have_attribute("aria-label", "answer: “Aino Virtanen”")
    page.wait_for_function(IN_VIEW, arg=marked.element_handle())
    expect(page.locator("#article .page[data-number='4'] img")).to_be_visible()
    ask(page, "Who built the crane on the north quay?")
    expect(marked).to_have_attribute("aria-label", "answer: “Lena Vogt”")

    page.locator(".bot:has(strong.answer)").first.locator("a.cite").first.click()

    focused = page.locator("#article mark.answer.focus")
    expect(focused).to_have_attribute("aria-label", "answer: “Aino Virtanen”")
    expect(focused).to_be_focused()
    page.wait_for_function(IN_VIEW, arg=focused.element_handle())
    assert page.evaluate("window.scrollY") == 0


def test_on_a_telephone_a_citation_opens_the_sheet_at_its_page(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Article", exact=True).click()
    drop(page, "report.pdf", two_columns())
    opens(page, "Annual report")
    page.get_by_role("button", name="Article", exact=True).click()
    ask(page, "Who sold the ferry Aurora?")
    page.locator(".bot:has(strong.answer) a.cite").first.click()
    marked = page.locator("#article mark.answer.focus")
    expect(marked).to_be_visible()
    page.wait_for_function(IN_VIEW, arg=marked.element_handle())
    # It is large enough to be read, and the document has most of the window.
    seen = page.locator("#article article").bounding_box()
    sheet = page.locator("#reading").bounding_box()
    drawn = page.locator("#article .page").first.bounding_box()
    assert seen
    assert sheet
    assert drawn
    assert drawn["width"] / WIDTH * 9 >= 11
    assert seen["height"] >= 0.55 * 844
    assert sheet["height"] <= 0.71 * 844
    # Nothing keeps two fingers from making it larger still.
    viewport = page.locator("meta[name=viewport]").get_attribute("content") or ""
    assert not re.search("user-scalable|maximum-scale", viewport)
    assert (
        page.locator("#article article").evaluate("e => getComputedStyle(e).touchAction") == "auto"
    )
    page.get_by_role("button", name="Smaller").click()
    fitting = page.locator("#article .page").first.bounding_box()
    assert fitting
    assert fitting["width"] < 390
    # The handle brings back the list of the articles.
    expect(page.locator("#shelf")).to_be_hidden()
    for _ in range(2):
        page.get_by_role("button", name="Article", exact=True).click()
    expect(page.locator("#shelf")).to_be_visible()


def test_pages_are_drawn_larger_where_they_are_hard_to_read(page: Page) -> None:
    page.set_viewport_size({"width": 900, "height": 844})
    drop(page, "report.pdf", two_columns())
    opens(page, "Annual report")
    ask(page, "Who built the crane on the north quay?")
    page.locator(".bot:has(strong.answer) a.cite").first.click()
    drawn = page.locator("#article .page img").first
    expect(drawn).to_be_visible()
    before = drawn.evaluate("image => image.decode().then(() => image.clientWidth)")
    larger = page.get_by_role("button", name="Larger")
    larger.click()
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.clientWidth") > 1.8 * before
    # The answer is in the right column, to which the pane scrolls.
    marked = page.locator("#article mark.answer.focus")
    page.wait_for_function(IN_VIEW, arg=marked.element_handle())
    assert marked.evaluate("mark => mark.getBoundingClientRect().right < innerWidth")
    expect(larger).to_have_attribute("aria-disabled", "false")
    larger.click()
    expect(larger).to_have_attribute("aria-disabled", "true")
    page.wait_for_function(IN_VIEW, arg=marked.element_handle())
    page.get_by_role("button", name="Text", exact=True).click()
    expect(larger).to_be_hidden()


def test_the_text_is_one_click_away_and_marked_too(page: Page) -> None:
    drop(page, "report.pdf", two_columns())
    opens(page, "Annual report")
    ask(page, "Who built the crane on the north quay?")
    expect(page.locator("#article .lit mark.answer")).to_have_count(1)
    as_text = page.get_by_role("button", name="Text", exact=True)
    expect(as_text).to_have_attribute("aria-pressed", "false")

    as_text.click()

    expect(as_text).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#article .pages")).to_be_hidden()
    expect(page.locator("#article .text mark.answer")).to_have_text("Lena Vogt")
    page.get_by_role("button", name="Document", exact=True).click()
    expect(page.locator("#article .text")).to_be_hidden()
    expect(page.locator("#article .lit mark.answer")).to_have_count(1)


def test_separated_values_are_a_table_marked_in_its_cells(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Article", exact=True).click()
    columns = [f"Harbour number {number}" for number in range(9)]
    rows = [["Cranes", "Ferries", *columns, "Owner"], ["4", "2", *"123456789", "Otto Brandt"]]
    drop(page, "quay.csv", "\n".join(map(",".join, rows)).encode())
    opens(page, "quay")
    page.get_by_role("button", name="Article", exact=True).click()
    ask(page, "Who is the owner?")
    page.locator(".bot:has(strong.answer) a.cite").first.click()
    marked = page.locator("#article td mark.answer.focus")
    expect(marked).to_have_text("Otto Brandt")
    expect(page.locator("#article th").last).to_have_text("Owner")
    page.wait_for_function(IN_VIEW, arg=marked.element_handle())
    assert marked.evaluate("mark => mark.getBoundingClientRect().right <= innerWidth")
    page.get_by_role("button", name="Dislike").last.evaluate("button => button.click()")
    expect(page.get_by_label("What would have been right?")).to_be_attached()
    page.locator("#article td").nth(1).evaluate("cell => getSelection().selectAllChildren(cell)")
    expect(page.get_by_label("What would have been right?")).to_have_value("2")


def test_words_selected_on_a_page_are_those_of_a_correction(page: Page) -> None:
    drop(page, "report.pdf", two_columns())
    opens(page, "Annual report")
    ask(page, "Who built the crane on the north quay?")
    expect(page.locator("#article mark.answer")).to_have_count(1)
    page.get_by_role("button", name="Dislike").last.click()
    expect(page.get_by_label("What would have been right?")).to_be_visible()
    line = page.locator("#article .lines span", has_text="Turku").first
    expect(line).to_have_css("color", "rgba(0, 0, 0, 0)")  # what is seen is the page
    line.evaluate(
        """line => {
          const words = line.firstChild;
          getSelection().setBaseAndExtent(words, 0, words, "Turku".length);
        }"""
    )
    expect(page.get_by_label("What would have been right?")).to_have_value("Turku")


def test_a_web_page_is_shown_as_it_looks_and_does_nothing(page: Page, fakes: Chat) -> None:
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url))
    drop(page, "bridge.html", HTML.encode())
    opens(page, "A bridge over the Elbe")
    copy = page.locator("#article .markup")
    expect(copy.locator("h1")).to_have_text("A bridge over the Elbe")
    expect(copy.locator("li")).to_have_text("Front page")
    ask(page, "Who built the bridge over the Elbe?")
    marked = copy.locator("mark.answer")
    expect(marked).to_have_text(["Lena ", "Vogt"])
    expect(marked.last.locator("xpath=ancestor::i")).to_have_count(1)
    for never in ("script", "style", "img", "iframe", "svg", "a[href]", "[onload]", "[onerror]"):
        expect(copy.locator(never)).to_have_count(0)
    assert page.title() == "article-qa"
    key = page.locator("#article article").get_attribute("data-key")
    headers = page.request.get(f"{fakes.url}/document/{key}/view").headers_array
    policies = [each["value"] for each in headers if "security-policy" in each["name"].lower()]
    assert policies == ["default-src 'none'; sandbox; frame-ancestors 'none'"]
    assert [url for url in elsewhere if not url.startswith((fakes.url, "blob:", "data:"))] == []

    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator("#article .text mark.answer")).to_have_text("Lena Vogt")
    expect(page.locator("#article .text")).not_to_contain_text("Front page")


def test_what_the_server_sends_is_not_taken_on_trust(page: Page) -> None:
    hostile = (
        "<p onclick=\"document.title='pwned'\" style='position:fixed' id='chat'>"
        "<span data-start='2' class='x'>A bridge</span><script>document.title='pwned'</script>"
        "<img src=x onerror=\"document.title='pwned'\"><a href='javascript:1'>there</a>"
        "<input><svg onload=\"document.title='pwned'\"></svg></p>"
    )
    page.route("**/view", lambda route: route.fulfill(body=hostile, content_type="text/html"))
    drop(page, "bridge.html", HTML.encode())
    copy = page.locator("#article .markup")
    expect(copy).to_have_text("A bridgethere")
    assert copy.inner_html() == (
        '<p><span data-start="2">A bridge</span><span></span><span>there</span><span></span></p>'
    )
    assert page.title() == "article-qa"


def test_a_word_file_is_marked_across_its_runs_and_in_its_table(page: Page) -> None:
    drop(page, "bridge.docx", docx())
    copy = page.locator("#article .markup")
    expect(copy.locator("p").first).to_contain_text("was built by Lena Vogt in three years.")
    ask(page, "Who built the bridge over the Elbe?")
    expect(copy.locator("mark.answer")).to_have_text(["Lena", " Vogt"])
    expect(copy.locator("td, th")).to_have_text(["Guest", "Town", "Otto Brandt", "Bergen"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_documents_can_be_read_by_all(browser: Browser, fakes: Chat, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(fakes.url)
    for name, data in (("report.pdf", two_columns()), ("bridge.html", HTML.encode())):
        drop(page, name, data)
        expect(page.locator("#article .views")).to_be_visible()
        ask(page, "Who was the engineer that built it?")
        expect(page.locator("#article mark.answer").first).to_be_visible()
        expect(page.locator(".progress-text")).to_have_count(0)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], node["html"]) for each in found for node in each["nodes"]] == []
    context.close()


def test_what_cannot_be_read_is_said_beside_the_files_and_in_the_conversation(page: Page) -> None:
    drop(page, "plan.pdf", b"%PDF-1.7 and nothing else")
    notice = page.locator(".toast-wrap")
    expect(notice).to_contain_text("plan.pdf: is cut off")
    expect(page.locator(".bot").last).to_contain_text("plan.pdf: is cut off")
    opens(page, "notes")


def test_the_encoding_of_a_text_can_be_named(page: Page) -> None:
    text = "Порт Мурманск был открыт весной.".encode("koi8-r")
    page.get_by_role("button", name="Ask an article of your own").click()
    page.get_by_label("Encoding of text files").click()
    page.get_by_role("option", name="Cyrillic (KOI8-R)").click()
    drop(page, "port.txt", text)
    opens(page, "port")
    expect(page.locator("#article")).to_contain_text("Порт Мурманск был открыт")


def test_an_address_of_this_machine_is_not_fetched(page: Page, fakes: Chat) -> None:
    page.get_by_role("button", name="Ask an article of your own").click()
    address = page.get_by_label("Or give the address of a web page")
    given = f"{fakes.url}/<b>x</b>"
    address.fill(given)
    address.press("Enter")
    expect(page.locator(".bot").last).to_contain_text("127.0.0.1")
    expect(page.locator(".toast-wrap")).to_contain_text("127.0.0.1")
    expect(page.locator(".toast-wrap b, .bot b")).to_have_count(0)
    expect(address).to_have_value(given)


def test_a_document_that_is_gone_is_shown_as_its_text(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(two_columns())
    chat = Chat.of_fakes(tmp_path, ["report.pdf"], ["Lena Vogt"], urls=False)
    (tmp_path / "report.pdf").unlink()
    page = browser.new_page()
    page.goto(chat.url)
    why = page.locator("#article .why")
    expect(why).to_contain_text("report.pdf: cannot be read any more")
    expect(page.locator("#article .views")).to_have_count(0)
    expect(page.locator("#article .text")).to_contain_text("Lena Vogt")
    ask(page, "Who built the crane on the north quay?")
    expect(page.locator("#article mark.answer")).to_have_text("Lena Vogt")
    page.get_by_role("button", name="Ask an article of your own").click()
    expect(page.get_by_label("Paste its text")).to_be_visible()
    expect(page.get_by_label("Or give the address of a web page")).to_have_count(0)
    page.close()
    chat.stop()


def test_where_a_proxy_shows_the_page_its_documents_are_asked_for_there(page: Page) -> None:
    asked: list[str] = []
    drop(page, "report.pdf", two_columns())
    opens(page, "Annual report")
    expect(page.locator("#article .page img").first).to_be_visible()
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("window.gradio_config.root = location.origin + '/qa'")
    page.locator("#article .page").last.scroll_into_view_if_needed()
    expect(page.locator("#article .why")).to_contain_text("cannot be reached")
    assert any(re.search(r"/qa/document/[0-9a-f]{32}/page/4\.png\?w=\d+$", url) for url in asked)
