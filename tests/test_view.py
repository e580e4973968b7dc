"""Documents that are trees of elements, shown as they look."""

import html
import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from index.errors import ArticleError
from index.loaders.hypertext.page import HTML, load_html
from index.loaders.markup import Markup, view_of
from index.places import Part
from index.placing import PlacesBuilder

_ATTRIBUTES = re.compile(
    r"(?:data-start='\d+'(?: data-also='\d+(?: \d+)*')?|data-part='[^'<>]*'|class='(?:link|alt)'"
    r"|(?:(?:colspan|rowspan|start|value)='\d{1,4}' ?)*)\Z"
)
_TAG = re.compile(r"<(/?)([a-z0-9]+)([^<>]*)>")


def shown(body: str) -> str:
    data = body.encode()
    return view_of(data, HTML, load_html(data, "page.html").places)


class _Spans(HTMLParser):
    """Reads the marked stretches as a browser does."""

    def __init__(self) -> None:
        super().__init__()
        self.stretches: list[tuple[list[int], str]] = []
        self._starts: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        starts = f"{said.get('data-start') or ''} {said.get('data-also') or ''}"
        self._starts = [int(each) for each in starts.split()]

    def handle_endtag(self, tag: str) -> None:
        self._starts = []

    def handle_data(self, data: str) -> None:
        if self._starts:
            self.stretches.append((self._starts, data))


def stretches(view: str) -> list[tuple[list[int], str]]:
    spans = _Spans()
    spans.feed(view)
    spans.close()
    return spans.stretches


def test_each_text_of_the_article_says_where_it_starts_there() -> None:
    assert shown("<body><h1>Tarvik</h1><p>A <b>small</b> port</p></body>") == (
        "<section data-part=''><div><h1><span data-start='2'>Tarvik</span></h1>"
        "<p><span data-start='10'>A </span><b><span data-start='12'>small</span></b>"
        "<span data-start='17'> port</span></p></div></section>"
    )


def test_what_is_not_in_the_article_is_shown_without_a_place() -> None:
    view = shown(
        "<nav><a href='/'>Home page</a></nav><article>"
        + "<p>The ferry leaves the harbour at noon, as the master of the harbour says.</p>" * 9
        + "</article>"
    )
    assert "<span class='link'>Home page</span>" in view
    assert len(stretches(view)) == 9


def test_a_cell_that_stands_in_two_rows_says_both_places() -> None:
    page = "<table><tr><th>Day<th>Fee<tr><td rowspan=2>Mon<td>3<tr><td>4</table>"
    view = shown(page)
    text = load_html(page.encode(), "page.html").text
    first, second = text.index("Mon"), text.rindex("Mon")
    assert f"<td rowspan='2'><span data-start='{first}' data-also='{second}'>Mon</span>" in view


def test_pictures_are_what_they_say_and_links_lead_nowhere() -> None:
    view = shown(
        "<p>See <a href='https://evil.example' onclick='x()'>this</a>"
        "<img src='https://evil.example/p.gif' alt='A <b>boat'></p>"
        "<iframe src='https://evil.example'></iframe><p style='background:url(x)'>x</p>"
    )
    assert "<span class='alt'>A &lt;b&gt;boat</span>" in view
    assert "<span class='link'><span data-start='4'>this</span></span>" in view
    assert "evil" not in view
    assert "style" not in view


def test_numbers_of_lists_and_cells_are_kept_where_they_are_small_numbers() -> None:
    view = shown("<ol start=3><li value=7>a<li value='8 onx=y'>b</ol><p>x")
    assert "<ol start='3'><li value='7'>" in view
    assert "onx" not in view
    assert "99999" not in shown("<table><tr><td rowspan=99999>a<td>b<tr><td>c<td>d</table>")


def test_what_word_counts_is_taken_from_the_text_where_the_tree_does_not_have_it() -> None:
    """As in office files: an item or a heading has a number that stands nowhere in the document."""
    tree = etree.fromstring(
        "<body><h2>Rules</h2><li>Pay</li><li>Ask</li><li>Go<i>on</i></li>"
        "<p><b>Why</b></p><p>one</p></body>"
    )
    counted = Markup(lambda data: [(Part(), tree)], HTML.tag_of, HTML.hidden, counted=True)
    built = PlacesBuilder()
    built.begin(Part())
    for before, text, path in (
        ("## 1.2 ", "Rules", "h2[1]"), ("\n\n- ", "Pay", "li[1]"), ("\n  a) ", "Ask", "li[2]"),
        ("\n", "Go", "li[3]"), ("\n\n### ", "Why", "p[1]/b[1]"), ("\n\n- ", "one", "p[2]"),
    ):  # fmt: skip
        built.put(before)
        built.copy(text, f"/body/{path}/text()[1]", 0)
    assert view_of(b"", counted, built.places(), built.text) == (
        "<section data-part=''><div><h2 data-marker='1.2'><span data-start='7'>Rules</span></h2>"
        "<li><span data-start='16'>Pay</span></li>"
        "<li data-depth='1' data-marker='a)'><span data-start='25'>Ask</span></li>"
        "<li><span data-start='29'>Go</span><i>on</i></li>"
        "<h3><b><span data-start='37'>Why</span></b></h3>"
        "<li><span data-start='44'>one</span></li></div></section>"
    )


def test_each_part_is_a_section_and_has_only_its_own_places() -> None:
    def trees(data: bytes) -> list[tuple[Part, etree._Element]]:
        return [
            (Part("chapter", number), etree.fromstring(f"<body><p>{word}</p></body>"))
            for number, word in ((1, "one"), (2, "two"))
        ]

    built = PlacesBuilder()
    for number, word in ((1, "one"), (2, "two")):
        built.begin(Part("chapter", number))
        built.copy(word, "/body/p[1]/text()[1]", 0)
    markup = Markup(trees, tag_of=lambda element: element.tag, hidden=lambda element: False)
    assert view_of(b"", markup, built.places()) == (
        "<section data-part='chapter 1'><p><span data-start='0'>one</span></p></section>"
        "<section data-part='chapter 2'><p><span data-start='3'>two</span></p></section>"
    )


def test_places_of_another_document_mark_nothing() -> None:
    places = load_html(b"<p>a much longer text</p>", "page.html").places
    assert stretches(view_of(b"<p>short</p>", HTML, places)) == []


def test_elements_far_inside_one_another_are_shown_side_by_side() -> None:
    view = shown("<div>" * 1000 + "deep" + "</div>" * 1000)
    assert view.count("<div>") == view.count("</div>") <= 200
    assert [text for _, text in stretches(view)] == ["deep"]


_PIECES = st.sampled_from([
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:x'>k</a>",
    "<svg onload=x><script>y</script></svg>", "<p onclick=x>t</p>", "<style>*{}</style>",
    "<iframe srcdoc='<p>x'></iframe>", "<object data=x>o</object>",
    "<table><tr><td>1<td>2<tr><td>3",
    "<math><mtext><script>x</script></mtext></math>", "<ul><li>a", "</ul>", "<pre>\n  x\n</pre>",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;img onerror=x&#62;", "<!-- <b> -->",
    "<b>", "</b>",
    "<noscript><p title='</noscript><img src=x onerror=x>'>", "<td rowspan=2>", "<nav>n</nav>",
    "<base href='http://x'>", "<meta http-equiv=refresh content='0;url=http://x'>", "&shy;", "'\"&",
    "<form action=http://x><input name=a value=b>", "<x-y onz=1>c</x-y>", "<a\x0conx=1>d</a>",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=10)), max_size=25))
def test_nothing_that_runs_or_fetches_is_shown_and_every_span_is_the_article_s(
    pieces: list[str],
) -> None:
    data = "".join(pieces).encode()
    try:
        content = load_html(data, "page.html")
    except ArticleError:
        return
    view = view_of(data, HTML, content.places)
    text = _TAG.sub("", view)
    assert "<" not in text
    assert ">" not in text
    for _, name, attributes in _TAG.findall(view):
        assert name not in ("script", "style", "iframe", "object", "img", "a", "form", "input")
        assert _ATTRIBUTES.match(attributes.strip())
    covered = 0
    for starts, stretch in stretches(view):
        covered += len(starts) * len(stretch)
        for start in starts:
            assert content.text[start : start + len(stretch)] == stretch
    assert covered == sum(run.length for run in content.places.runs())
    assert html.unescape(text).count("\0") == 0
