"""OpenDocument texts are read as a person reads them, and mapped to where each text stands."""

from __future__ import annotations

import pytest

from index.errors import ArticleError
from index.loaders.office.open_document import ODT, load_odt
from tests.packages import read_again, replaced, zipped

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{each}="{_OASIS}:{uri}:1.0"'
    for each, uri in {
        "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing",
        "meta": "meta", "manifest": "manifest",
    }.items()
)  # fmt: skip
STYLES = (
    '<style:style style:name="P1" style:parent-style-name="Title"/>'
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1"/>'
    "</text:list-style>"
)


def odt(body: str) -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": (
                f"<office:document-content {SPACES}><office:automatic-styles>{STYLES}"
                f"</office:automatic-styles><office:body><office:text>{body}</office:text>"
                "</office:body></office:document-content>"
            ),
        }
    )


def text_of(body: str) -> str:
    data = odt(body)
    content = load_odt(data, "letter.odt")
    read_again(content, data, ODT)
    return content.text


def test_headings_lists_and_tables_are_read() -> None:
    body = (
        '<text:p text:style-name="P1">Tides</text:p><text:h text:outline-level="2">Rise</text:h>'
        '<text:list text:style-name="L1"><text:list-item><text:p>Wash</text:p></text:list-item>'
        "<text:list-item><text:p>Dry</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:table-cell><text:p>1</text:p></table:table-cell>"
        "<table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>"
    )
    text = text_of(body)
    assert text.startswith("# Tides\n\n## Rise\n\n1. Wash\n2. Dry\n\n|")
    assert "| a | b |\n" in text
    assert text.endswith("| 1 | 2 |")


def test_notes_and_text_boxes_follow_their_paragraph() -> None:
    body = (
        "<text:p>High<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Twice a day.</text:p></text:note-body></text:note> tide<draw:frame><draw:text-box>"
        "<text:p>Boxed</text:p></draw:text-box></draw:frame><text:s/>rises"
        "<text:line-break/>now.</text:p><text:p>Then</text:p>"
    )
    assert text_of(body) == "High tide rises\nnow.\n\nTwice a day.\n\nBoxed\n\nThen"


def test_what_was_deleted_comments_and_contents_are_left_out() -> None:
    body = "".join(
        f"<{each}><text:p>x</text:p></{each}>"
        for each in ("text:tracked-changes", "office:annotation", "text:table-of-content")
    )
    assert text_of(f"{body}<text:p>Text</text:p>") == "Text"


def test_what_it_says_of_itself_is_kept() -> None:
    meta = (
        f'<office:document-meta {SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        "<dc:title>The sea</dc:title><dc:creator>Ada Roe</dc:creator></office:meta>"
        "</office:document-meta>"
    )
    content = load_odt(replaced(odt("<text:p>x</text:p>"), {"meta.xml": meta}), "letter.odt")
    assert (content.title, content.meta) == ("The sea", {"author": "Ada Roe"})


LOCK = f"<manifest:manifest {SPACES}><manifest:encryption-data/></manifest:manifest>"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (replaced(odt(""), {"META-INF/manifest.xml": LOCK}), "needs a password"),
        (zipped({"content.xml": "<a/>"}), "content.xml is no OpenDocument text"),
        (zipped({"a": "b"}), "holds no content.xml"),
        (odt("<text:p/>"), "holds no text"),
        (odt("<text:p>" * 1000), "is no XML that can be read"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, said: str) -> None:
    with pytest.raises(ArticleError) as error:
        load_odt(data, "letter.odt")
    assert str(error.value).startswith("letter.odt: ")
    assert said in str(error.value)
