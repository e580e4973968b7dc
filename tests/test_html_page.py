import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import ArticleError
from index.loaders.content import Content
from index.loaders.hypertext.page import load_html
from index.loaders.hypertext.tree import html_root


def read(page: str | bytes) -> Content:
    return load_html(page if isinstance(page, bytes) else page.encode(), "page.html")


def text_of(body: str) -> str:
    return read(f"<html><body>{body}</body></html>").text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>One  of\n two</p><p>Two</p>", "One of two\n\nTwo"),
        ("un<b>bel</b><i>iev</i>able <span> blank</span>", "unbelievable blank"),
        ("<h1>Title</h1><h3>Below</h3>text", "# Title\n\n### Below\n\ntext"),
        ("<p>Mill Lane 3<br>Tarvik</p>", "Mill Lane 3\nTarvik"),
        ("first<br><br>second", "first\n\nsecond"),
        ("caf&eacute;&nbsp;&amp; b&#97;r &#x2014; &lt;b&gt;", "café\xa0& bar — <b>"),
        ("un&shy;break&#8203;able", "unbreakable"),
        ("<q>Yes</q>, she said", "“Yes”, she said"),
        ("<blockquote><p>Be brief.</p></blockquote>", "Be brief."),
        ("<details><summary>Why?</summary>Because.</details>", "Why?\n\nBecause."),
        ("<figure><img alt='A boat'><figcaption>The ferry</figcaption></figure>", "The ferry"),
        ("<pre>\n a\n\n   b\n</pre>", " a\n\n   b"),
        ("<pre><code># not a heading\n```\n</code></pre>", "````\n# not a heading\n```\n````"),
        ("<p># of people</p>", "\\# of people"),
    ],
)  # fmt: skip
def test_text_is_read_as_a_browser_shows_it(body: str, text: str) -> None:
    assert text_of(body) == text


@pytest.mark.parametrize(
    "body",
    [
        "<script>x</script>", "<style>x</style>", "<noscript>x</noscript>",
        "<template>x</template>", "<p hidden>x</p>", "<p style='color: red; DISPLAY :none'>x</p>",
        "<span aria-hidden=true>x</span>", "<!-- x -->", "<svg><text>x</text></svg>",
        "<textarea>x</textarea>", "<select><option>x</select>", "<button>x</button>",
    ],
)  # fmt: skip
def test_what_a_browser_does_not_show_as_text_is_left_out(body: str) -> None:
    assert text_of(f"<p>before</p>{body}<p>after</p>") == "before\n\nafter"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "- a\n- b\n  - c\n- d"),
        ("<ol start=3><li>a<li value=7>b<li>c</ol>", "3. a\n7. b\n8. c"),
        ("<ol reversed><li>a<li>b</ol>", "2. a\n1. b"),
        ("<ul><li><p>a</p><p>more</p><li>b</ul>", "- a\n  more\n- b"),
        ("<dl><dt>Fee<dd>3 euros<dt>Open?<dd>Yes.</dl>", "- Fee: 3 euros\n- Open? Yes."),
        ("<ul><li><h2>News</h2><p>It rains.</p></ul>", "## News\n\nIt rains."),
        ("a<ul><li>b</ul>c", "a\n\n- b\n\nc"),
    ],
)  # fmt: skip
def test_lists_are_written_with_their_markers(body: str, text: str) -> None:
    assert text_of(body) == text


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("<tr><th>Day<th>Fee<tr><td>Mon<td>3", "| Day | Fee |\n| --- | --- |\n| Mon | 3 |"),
        ("<tr><td>Mon<td>3<tr><td>Tue<td>4", "|  |  |\n| --- | --- |\n| Mon | 3 |\n| Tue | 4 |"),
        (
            "<tr><th>Day<th>Fee<tr><td rowspan=2>Mon<td>3<tr><td>4",
            "| Day | Fee |\n| --- | --- |\n| Mon | 3 |\n| Mon | 4 |",
        ),
        (
            "<tr><th rowspan=2>Day<th colspan=2>Fee<tr><th>Adult<th>Child<tr><td>Mon<td>3<td>1",
            "| Day | Fee Adult | Fee Child |\n| --- | --- | --- |\n| Mon | 3 | 1 |",
        ),
        (
            "<tr><th>Day<th>Fee<tr><td colspan=2>Winter<tr><td>Mon<td>3|4",
            "| Day | Fee |\n| --- | --- |\n| Winter |  |\n| Mon | 3\\|4 |",
        ),
        ("<caption>Fees</caption><tr><th>A<th>B<tr><td>1<td>2",
         "Fees\n\n| A | B |\n| --- | --- |\n| 1 | 2 |"),
        ("<tr><td>left<td>right", "left\n\nright"),
        ("<tr><td><h2>Head</h2>left<td>x<tr><td>a<td>b", "## Head\n\nleft\n\nx\n\na\n\nb"),
        ("<tr><td><table><tr><td>in</table><td>x<tr><td>a<td>b", "in\n\nx\n\na\n\nb"),
    ],
)  # fmt: skip
def test_tables_of_data_are_rows_and_those_for_looks_are_not(table: str, text: str) -> None:
    assert text_of(f"<table>{table}</table>") == text


STORY = "".join(
    f"<p>The ferry to the island number {number} leaves the harbour of Tarvik at noon, and comes "
    "back in the evening with the mail, as the harbour master says.</p>"
    for number in range(8)
)


def test_what_stands_around_the_main_text_of_a_page_is_left_out() -> None:
    text = read(
        "<html><body><nav><ul><li><a href=/>Home</a><li><a href=/a>About us</a></ul></nav>"
        "<div class='cookie-banner'>We use cookies to make this site work for you.</div>"
        f"<main><article><h1>The ferry</h1>{STORY}"
        "<table><tr><th>Day<th>Fee<tr><td>Mon<td>3</table></article></main>"
        "<section id=comments><p>First! I never took a ferry in my whole life.</p></section>"
        "<footer>All rights reserved by the harbour.</footer></body></html>"
    ).text
    assert text.count("The ferry to the island") == 8
    assert "| Mon | 3 |" in text
    for gone in ("Home", "About", "cookies", "First!", "rights"):
        assert gone not in text


def test_a_page_with_nothing_around_its_text_is_kept_whole() -> None:
    assert text_of("<p>Tarvik</p><ul><li><a href=/a>Fares</a></ul><p>Ask.</p>") == (
        "Tarvik\n\n- Fares\n\nAsk."
    )


def test_where_no_main_text_is_found_all_but_what_stands_around_is_kept() -> None:
    text = text_of("<nav><a href=/>Home</a></nav><div><span>Opens</span> <b>at 9</b></div>")
    assert text == "Opens at 9"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>The ferry | Tarvik News</title>", "<h1>The ferry</h1>", "The ferry"),
        ("<title>Tarvik News - The ferry</title>", "<h1>The ferry</h1>", "The ferry"),
        ("<title>Ferry times</title>", "<h1>Welcome</h1>", "Ferry times"),
        ("<title> </title>", "<h1>Welcome</h1>", "Welcome"),
        ("<title>A - B</title><meta property='og:title' content='The  ferry'>", "", "The ferry"),
        ("<title>The ferry - Tarvik</title><meta property='og:site_name' content='Tarvik'>", "",
         "The ferry"),
        ("", "", "page"),
    ],
)  # fmt: skip
def test_the_title_is_the_page_s_own_without_its_site_s_name(
    head: str, body: str, title: str
) -> None:
    assert read(f"<html><head>{head}</head><body>{body}<p>text</p></body></html>").title == title


def test_meta_holds_what_the_page_says_of_itself_and_nothing_empty() -> None:
    page = (
        "<html lang='en-GB'><head><meta name=author content='Ada Lund'><link rel=canonical "
        "href='https://tarvik.example/ferry'><meta property='article:published_time' "
        "content='2024-05-06'></head><body><p>text</p></body></html>"
    )
    assert read(page).meta == {
        "author": "Ada Lund", "date": "2024-05-06", "language": "en-GB",
        "url": "https://tarvik.example/ferry", "sitename": "tarvik.example",
    }  # fmt: skip
    assert read("<p>text").meta == {}


ISLAND = "Færgen sejler fra Ærø til Svendborg, når vejret er godt, og så er øen fuld af gæster."


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{ISLAND}</p>".encode(),
        b"\xef\xbb\xbf" + f"<meta charset=latin-1><p>{ISLAND}</p>".encode(),
        b"\xff\xfe" + f"<p>{ISLAND}</p>".encode("utf-16-le"),
        b"\xfe\xff" + f"<p>{ISLAND}</p>".encode("utf-16-be"),
        f"<meta charset=iso-8859-1><p>{ISLAND}</p>".encode("latin-1"),
        f"<?xml version='1.0' encoding='iso-8859-15'?><p>{ISLAND}</p>".encode("iso-8859-15"),
        f"<meta http-equiv=content-type content='text/html; charset=utf-8'><p>{ISLAND}".encode(
            "cp1252"
        ),
        f"<meta charset=punycode><p>{ISLAND}</p>".encode("cp1252"),
        f"<p>\0{ISLAND}\0</p>".encode(),
    ],
)
def test_a_page_is_decoded_as_it_says_where_it_is_that(page: bytes) -> None:
    assert read(page).text == ISLAND


def test_a_page_in_a_guessed_encoding_says_so() -> None:
    letter = "<p>Паром на остров отходит из гавани в полдень и возвращается вечером.</p>"
    content = read(letter.encode("cp1251"))
    assert content.text in letter
    assert content.notes[0].startswith("page.html: read as windows-1251, which was guessed")
    assert read(letter).notes == ()


@pytest.mark.parametrize(
    "page",
    ["", " \n", "<html></html>", "<script>app()</script><div id=root></div>", "\0\0", "<!-- x -->",
     "<frameset><frame src=a></frameset>", "<p hidden>x</p>"],
)  # fmt: skip
def test_a_page_without_text_of_its_own_is_refused_with_what_to_do(page: str) -> None:
    with pytest.raises(ArticleError, match=r"^page\.html: holds no text .* save it as PDF"):
        read(page)


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>a&x;b</p>",
        "<!DOCTYPE html SYSTEM 'http://127.0.0.1:9/x.dtd'><p>ab</p>",
        "<!DOCTYPE x [<!ENTITY a '&b;&b;'><!ENTITY b '&c;&c;'><!ENTITY c 'ha'>]><p>a&a;</p>",
    ],
)
def test_entities_of_a_page_s_own_are_never_resolved(page: str) -> None:
    text = read(page).text
    assert "root:" not in text
    assert "ha" not in text
    assert "]>" not in text
    assert "<!" not in text


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "x",
        "<p>seen</p>" + "<b>" * 100_000 + "x",
        "<p>seen</p>" + "<table><tr><td>" * 3_000 + "x",
        "<ul><li>" * 20_000 + "x",
        f"<p title='{'x' * 5_000_000}'>seen</p>",
        "<p>seen</p>" + "<table><tr>" + "<td>x" * 3_000 + "<tr><td>y" * 3_000 + "</table>",
        "<table><tr><td rowspan=999999 colspan=999999>seen<td>x" + "<tr><td>y" * 500 + "</table>",
        "<p>seen</p></div></p><table><p></i><tr></ul>x<<<>>&&&;",
        "\x1f\x8b\x08\x00\xff<",
        "<nav>seen &#8; &#xFFFE;\f\x0b</nav>",
    ],
)
def test_no_page_is_too_deep_or_too_broken_to_be_read(page: str) -> None:
    try:
        content = read(page)
    except ArticleError:
        return
    assert len(content.text) < 4 * len(page) + 10_000


MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            [f"<{slash}{tag}>" for slash in ("", "/") for tag in (
                "p", "b", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "th",
                "h1", "h2", "pre", "br", "a", "nav", "footer", "span hidden", "script", "q", "body",
            )]
        ),
        st.sampled_from(
            ["<td rowspan=2 colspan=3>", "<th colspan=2>", "<!-- c -->", "&shy;", "|", "&#8;"]
        ),
        st.text(max_size=12),
    ),
    max_size=60,
)  # fmt: skip


def spans_hold(page: str) -> None:
    try:
        content = read(page)
    except ArticleError:
        return
    root = html_root(page.encode())
    covered: set[int] = set()
    assert root is not None
    for run in content.places.runs():
        stretch = content.text[run.start : run.start + run.length]
        (node,) = root.xpath(content.places.paths[run.path])
        assert str(node)[run.at : run.at + run.length] == stretch
        covered.update(range(run.start, run.start + run.length))
    own = "".join(sign for place, sign in enumerate(content.text) if place not in covered)
    assert not re.search(r"[^\W\d_]", own)  # no word is of the writer


@settings(max_examples=300, deadline=None)
@given(MARKUP)
def test_every_stretch_stands_in_the_page_where_its_place_says(parts: list[str]) -> None:
    spans_hold("".join(parts))


def test_a_mark_that_a_page_has_itself_is_no_mark_of_ours() -> None:
    page = f"<nav><a href=/>Home</a></nav><article>{STORY}<p>⠁⠂ ䷀ braille</p></article>"
    assert "⠁⠂ ䷀ braille" in read(page).text


def test_what_stands_behind_the_end_of_a_page_is_read_and_has_its_own_place() -> None:
    page = "<html><body><p>Sold</p></body></html>x</style><body><p>Sold</p><p>again</p>"
    assert read(page).text == "Sold\n\nx\n\nSold\n\nagain"
    spans_hold(page)
