"""Word documents are read as a person reads them, and mapped to where each text stands."""

from __future__ import annotations

import pytest

from index.errors import ArticleError
from index.loaders.docx import DOCX, load_docx
from tests.packages import docx, p, read_again


def text_of(body: str, **parts: str) -> str:
    data = docx(body, **parts)
    content = load_docx(data, "letter.docx")
    read_again(content, data, DOCX)
    return content.text


STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/>
  <w:basedOn w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Local"><w:name w:val="Überschrift 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My own"/>
  <w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Based"><w:name w:val="Based"/>
  <w:basedOn w:val="Mine"/></w:style>
<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="B"/></w:style>
<w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
"""


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("T", "# Tides"),
        ("berschrift1", "# Tides"),
        ("Local", "## Tides"),
        ("Mine", "### Tides"),
        ("Based", "### Tides"),
        ("A", "Tides"),
        ("Heading4", "#### Tides"),
        ("Unknown", "Tides"),
    ],
)
def test_a_heading_is_what_its_style_says_whatever_it_is_called(style: str, written: str) -> None:
    assert text_of(p("Tides", f'<w:pStyle w:val="{style}"/>'), styles=STYLES) == written


def test_what_was_deleted_is_gone_and_what_was_inserted_is_read() -> None:
    body = (
        "<w:p><w:r><w:t>The fee is </w:t></w:r>"
        "<w:del><w:r><w:delText>40</w:delText><w:t>41</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>50</w:t></w:r></w:ins><w:r><w:t> euros</w:t></w:r></w:p>"
    )
    assert text_of(body) == "The fee is 50 euros"


def test_a_document_without_text_says_so() -> None:
    with pytest.raises(ArticleError, match=r"^letter\.docx: holds no text"):
        load_docx(docx("<w:p/>"), "letter.docx")
