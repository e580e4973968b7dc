"""Word documents are read as a person reads them, and mapped to where each text stands."""

from __future__ import annotations

import pytest

from index.errors import ArticleError
from index.loaders.office.word import DOCX, load_docx
from tests.packages import W, docx, p, read_again, relations, xml, zipped


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


NUMBERING = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
  <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
  <w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/>
    <w:lvlText w:val="%1"/></w:lvl>
  <w:lvl w:ilvl="1"><w:isLgl/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="0"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""


def item(text: str, number: int, level: int = 0) -> str:
    return p(
        text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )  # fmt: skip


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_lists_are_counted_as_word_counts_them() -> None:
    body = (
        item("Wash", 1) + item("by hand", 1, 1) + item("by machine", 1, 1) + item("Dry", 1)
        + p("Between") + item("Iron", 1) + item("Anew", 4) + item("Milk", 2) + item("Eggs", 2)
    )  # fmt: skip
    assert load_docx(docx(body, numbering=NUMBERING), "x.docx").text == (
        "1. Wash\n  a) by hand\n  b) by machine\n2. Dry\n\nBetween\n\n3. Iron\n1. Anew\n\n"
        "- Milk\n- Eggs"
    )


def test_what_is_numbered_like_a_section_keeps_its_number() -> None:
    heading = '<w:pStyle w:val="berschrift1"/><w:numPr><w:numId w:val="3"/></w:numPr>'
    body = p("Duties", heading) + item("The tenant shall pay.", 3, 1)
    data = docx(body, styles=STYLES, numbering=NUMBERING)
    assert load_docx(data, "lease.docx").text == "# IV Duties\n\n4.1 The tenant shall pay."


def test_a_bullet_that_was_typed_in_a_font_of_signs_is_a_bullet() -> None:
    body = p("\uf0b7\u00a0\u00a0 Monitors projects") + p("\uf0a7 Sends \uf0e0 letters")
    assert text_of(body) == "- Monitors projects\n- Sends letters"


def test_what_was_deleted_is_gone_and_what_was_inserted_is_read() -> None:
    body = (
        f"<w:p>{run('The fee is ')}<w:del><w:r><w:delText>40</w:delText><w:t>41</w:t></w:r></w:del>"
        f"<w:moveFrom>{run('9')}</w:moveFrom><w:ins>{run('5')}</w:ins><w:moveTo>{run('0')}"
        f"</w:moveTo>{run(' pounds', '<w:vanish/>')}"
        + run(" euros", '<w:vanish w:val="0"/>')
        + "</w:p>"
    )
    assert text_of(body) == "The fee is 50 euros"


def test_signs_that_are_elements_are_said() -> None:
    body = (
        "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>well</w:t><w:noBreakHyphen/><w:t>known</w:t><w:br/>"
        '<w:t>so</w:t><w:softHyphen/><w:t>me</w:t><w:sym w:font="Symbol" w:char="F0A3"/>'
        '<w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Webdings" w:char="F021"/>'
        "</w:r></w:p>"
    )
    assert load_docx(docx(body), "x.docx").text == "a well-known\nsome≤✓"


def test_of_fields_the_result_is_read() -> None:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = "<w:r><w:instrText> IF </w:instrText></w:r>"
    inner = char("begin") + code + char("separate") + run("hidden") + char("end")
    field = char("begin") + code + inner + char("separate") + run("Dear Ms Roe") + char("end")
    never_closed = char("begin") + code
    simple = f'<w:fldSimple w:instr="DATE">{run(" 4 May")}</w:fldSimple>'
    link = f'<w:hyperlink r:id="x">{run(" here")}</w:hyperlink>'
    body = f"<w:p>{never_closed}{field}{simple}{link}</w:p>"
    assert text_of(body) == "Dear Ms Roe 4 May here"


def test_what_stands_in_content_controls_and_text_boxes_is_read_once() -> None:
    box = f"<w:txbxContent>{p('In the box')}</w:txbxContent>"
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('Chosen')}</w:sdtContent></w:sdt>"
        f"<w:p>{run('Around')}<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        f"</mc:AlternateContent></w:r>{run(' it')}</w:p>"
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="w16se"/>'
        "<mc:Fallback><w:t>\U0001f60a</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert text_of(body) == "Chosen\n\nAround it\n\nIn the box\n\n\U0001f60a"


def test_notes_follow_the_paragraph_that_refers_to_them() -> None:
    def note(kind: str, number: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    body = (
        f"<w:p>{run('Tides')}{note('footnote', 2)}{run(' rise.')}{note('endnote', 2)}</w:p>"
        f"<w:p>{run('They fall.')}{note('footnote', 9)}{note('footnote', 2)}</w:p>"
    )
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{p("-")}</w:footnote>'
        f'<w:footnote w:id="2">{p("Of the sea.")}</w:footnote>'
    )
    assert (
        text_of(
            body, footnotes=notes, endnotes=f'<w:endnote w:id="2">{p("Twice a day.")}</w:endnote>'
        )
        == "Tides rise.\n\nOf the sea.\n\nTwice a day.\n\nThey fall."
    )


def test_a_large_initial_belongs_to_its_word() -> None:
    body = p("O", '<w:framePr w:dropCap="drop"/>') + p("nce there was a boat.")
    assert text_of(body) == "Once there was a boat."


def test_a_table_of_contents_page_headers_and_comments_are_left_out() -> None:
    body = (
        p("Tides 3", '<w:pStyle w:val="TOC1"/>')
        + '<w:p><w:r><w:t>Text</w:t><w:commentReference w:id="1"/></w:r></w:p>'
        + '<w:sectPr><w:headerReference r:id="rId2"/></w:sectPr>'
    )
    data = docx(body, styles=STYLES, header=p("Confidential"), comments=p("Really?"))
    assert load_docx(data, "x.docx").text == "Text"


def cell(*texts: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(p, texts))}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


SPAN_2 = '<w:gridSpan w:val="2"/>'
DOWN, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_a_table_has_a_line_for_each_row_and_what_spans_rows_in_each() -> None:
    body = table(
        cell("Day") + cell("Time"),
        cell("Monday", properties=DOWN) + cell("9", "or 10"),
        cell("", properties=GOES_ON) + cell("14"),
    )
    assert text_of(body) == ("| Day | Time |\n| --- | --- |\n| Monday | 9 or 10 |\n| Monday | 14 |")


def test_numbers_of_items_stand_in_cells_and_what_is_empty_counts() -> None:
    body = table(
        cell("No.") + cell("What"),
        f"<w:tc>{item('', 1)}</w:tc>" + cell("Wash"),
        f"<w:tc>{item('', 1)}</w:tc><w:tc>{item('Milk', 2)}{item('Eggs', 2)}</w:tc>",
    )
    content = load_docx(docx(body + item("", 1) + item("Dry", 1), numbering=NUMBERING), "x.docx")
    assert content.text == (
        "| No. | What |\n| --- | --- |\n| 1. | Wash |\n| 2. | Milk Eggs |\n\n4. Dry"
    )


def test_headings_above_headings_are_said_in_each_column() -> None:
    body = table(
        cell("Town", properties=DOWN) + cell("People", properties=SPAN_2),
        cell("", properties=GOES_ON) + cell("2010") + cell("2020"),
        cell("Varna") + cell("335,000") + cell("332,000"),
    )
    assert text_of(body) == (
        "| Town | People 2010 | People 2020 |\n| --- | --- | --- |\n| Varna | 335,000 | 332,000 |"
    )


def test_a_title_in_a_table_stands_above_it_and_empty_columns_are_left_out() -> None:
    body = table(
        cell("Boats of 2020", properties='<w:gridSpan w:val="3"/>'),
        cell("Name") + cell("") + cell("Length"),
        cell("Heron") + cell("") + cell("21 m"),
    )
    assert text_of(body) == "Boats of 2020\n\n| Name | Length |\n| --- | --- |\n| Heron | 21 m |"


def test_a_table_that_only_lays_out_is_no_table() -> None:
    inner = table(cell("a") + cell("b"), cell("1") + cell("2"))
    body = (
        "<w:tbl><w:tr><w:tc>" + p("Left", '<w:outlineLvl w:val="0"/>') + f"{inner}</w:tc>"
        f"{cell('Right')}</w:tr></w:tbl>"
    )
    assert text_of(body) == "# Left\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nRight"


def test_a_table_in_a_cell_follows_the_table() -> None:
    inner = table(cell("a") + cell("b"), cell("1") + cell("2"))
    body = table(cell("Name") + cell("Size"), cell("Heron") + f"<w:tc>{p('see')}{inner}</w:tc>")
    assert text_of(body) == (
        "| Name | Size |\n| --- | --- |\n| Heron | see |\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"
    )


def test_equations_are_read_in_a_line() -> None:
    body = (
        "<w:p><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r>"
        "</m:den></m:f><m:r><m:t>=c</m:t></m:r><m:sSup><m:e><m:r><m:t>d</m:t></m:r></m:e><m:sup>"
        "<m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>"
    )
    assert text_of(body) == "a/b=cd^2"


CORE = (
    "<dc:title>{}</dc:title><dc:creator>Ada Roe</dc:creator>"
    "<dcterms:created>2024-05-04T10:00:00Z</dcterms:created>"
)


@pytest.mark.parametrize(
    ("said", "body", "title"),
    [
        ("Annual report", p("Tides", '<w:outlineLvl w:val="0"/>'), "Annual report"),
        ("Annual report", p("Of 2024", '<w:pStyle w:val="T"/>'), "Of 2024"),
        ("Microsoft Word - final.doc", p("Tides", '<w:outlineLvl w:val="0"/>'), "Tides"),
        ("", p("Only text"), "letter"),
    ],
)
def test_the_title_is_what_the_document_says(said: str, body: str, title: str) -> None:
    data = docx(body, styles=STYLES, core=CORE.format(said))
    content = load_docx(data, "letter.docx")
    assert content.title == title
    assert content.meta == {"author": "Ada Roe", "created": "2024-05-04T10:00:00Z"}


def test_what_the_strict_format_holds_is_read_and_mapped_as_well() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    data = zipped({"word/document.xml": xml("w:document", p("Text")).replace(W, strict)})
    content = load_docx(data, "x.docx")
    assert content.text == "Text"
    assert content.places.of(0, 4)[0].path == "/ws:document/ws:p[1]/ws:r[1]/ws:t[1]/text()[1]"
    read_again(content, data, DOCX)


def test_it_is_shown_with_headings_items_and_bold_words() -> None:
    body = p("Tides", '<w:outlineLvl w:val="1"/>') + item("Rise", 2) + p("Fall")
    (_, root), *_ = DOCX.trees(docx(body, numbering=NUMBERING))
    paragraphs = list(root.iter(f"{{{W}}}p"))
    assert [DOCX.tag_of(each) for each in paragraphs] == ["h2", "li", "p"]
    assert DOCX.tag_of(root[0]) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no archive", "is no zip archive"),
        (zipped({"a.txt": "x"}), "holds no word/document.xml"),
        (zipped({"word/document.xml": "<a>"}), "word/document.xml is no XML that can be read"),
        (zipped({"word/document.xml": "<html/>"}), "word/document.xml is no Word document"),
        (docx("<w:p/>"), "holds no text"),
        (docx(p("x"))[:-40], "is damaged or cut short"),
        (docx("<w:p>" * 1_000_000), "is no XML that can be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_in_a_line(data: bytes, said: str) -> None:
    with pytest.raises(ArticleError) as error:
        load_docx(data, "letter.docx")
    assert str(error.value).startswith("letter.docx: ")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_styles_that_are_damaged_or_based_on_one_another_cost_only_themselves() -> None:
    chain = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{each}"><w:name w:val="S{each}"/>'
        f'<w:basedOn w:val="S{(each + 1) % 20_000}"/></w:style>'
        for each in range(20_000)
    )
    body = p("Text", '<w:pStyle w:val="S0"/>')
    assert text_of(body, styles=chain) == "Text"
    assert text_of(body, styles="<broken>") == "Text"
    assert text_of(body, numbering="</x>") == "Text"


def test_what_could_not_be_read_is_said() -> None:
    content = load_docx(docx(p("Text"), footnotes="<broken>", aFChunk="<x/>"), "x.docx")
    assert content.text == "Text"
    broken, chunk = content.notes
    assert broken.startswith(
        "A part of the document could not be read: x.docx: word/footnotes.xml is no XML"
    )
    assert chunk == "The document that is inserted as word/aFChunk.xml is not read."


def test_the_package_may_refer_to_itself_and_to_what_is_missing_or_outside() -> None:
    related = relations(footnotes="document.xml", endnotes="../../../etc/passwd", styles="gone.xml")
    outside = related.replace("Target=", 'TargetMode="External" Target=', 1)
    members = {
        "word/document.xml": xml("w:document", p("Text")),
        "_rels/.rels": relations(officeDocument="/WORD/Document.xml"),
    }
    for said in (related, outside):
        data = zipped({**members, "word/_rels/document.xml.rels": said})
        assert load_docx(data, "x.docx").text == "Text"
