"""Presentations are read slide by slide, and mapped to where each text stands."""

from __future__ import annotations

import pytest

from index.errors import ArticleError
from index.loaders.office.presentation import PPTX, load_pptx
from index.places import labels_of
from tests.packages import pptx, read_again, relations, replaced, xml, zipped


def shape(*lines: str, role: str | None = None) -> str:
    placeholder = "" if role is None else f'<p:ph type="{role}"/>' if role else "<p:ph/>"
    return (
        f"<p:sp><p:nvSpPr><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>"
        f"<p:txBody>{''.join(lines)}</p:txBody></p:sp>"
    )


def line(text: str, level: int = 0, bullet: str = "") -> str:
    return f'<a:p><a:pPr lvl="{level}">{bullet}</a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>'


def text_of(*slides: str, **parts: str) -> str:
    data = pptx(*slides, **parts)
    content = load_pptx(data, "talk.pptx")
    read_again(content, data, PPTX)
    return content.text


NONE, DOT, COUNTED = "<a:buNone/>", '<a:buChar char="•"/>', '<a:buAutoNum type="arabicPeriod"/>'


def test_titles_are_headings_and_what_has_bullets_is_a_list() -> None:
    first = shape(line("Harbour"), role="ctrTitle") + shape(line("Spring 2024"), role="subTitle")
    second = (
        shape(line("Boats"), line("rowing", 1), line("Piers"), role="body")
        + shape(line("Plan"), role="title")
        + shape(line("Wash", 0, COUNTED), line("Dry", 0, COUNTED))
        + shape(line("Alone"), role="")
        + shape(line("Not an item", 0, NONE), line("An item", 0, DOT))
    )
    assert text_of(first, second) == (
        "# Harbour\n\nSpring 2024\n\n## Plan\n\n- Boats\n  - rowing\n- Piers\n\n1. Wash\n2. Dry\n\n"
        "Alone\n\nNot an item\n\n- An item"
    )


def test_a_citation_says_its_slide() -> None:
    content = load_pptx(pptx(shape(line("One")), shape(line("Two"))), "talk.pptx")
    (place,) = content.places.of(5, 8)
    assert (place.part.label, place.part.file) == ("slide 2", "ppt/slides/slide2.xml")
    assert place.path == (
        "/p:sld/p:cSld[1]/p:spTree[1]/p:sp[1]/p:txBody[1]/a:p[1]/a:r[1]/a:t[1]/text()[1]"
    )


def test_what_is_in_groups_is_read_and_page_furniture_is_not() -> None:
    group = f"<p:grpSp><p:grpSp>{shape(line('Deep'))}</p:grpSp></p:grpSp>"
    furniture = "".join(shape(line("x"), role=role) for role in ("dt", "ftr", "sldNum"))
    number = '<p:sp><a:p><a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p></p:sp>'
    assert text_of(group + furniture + number) == "Deep"


def test_line_breaks_and_runs_are_one_paragraph() -> None:
    body = "".join(f"<a:r><a:t>{each}</a:t></a:r>" for each in ("High ", "tide"))
    body = f"<a:p>{body}<a:br/><a:r><a:t>at 9</a:t></a:r></a:p>"
    assert text_of(shape(body)) == "High tide\nat 9"


def cell(text: str, properties: str = "") -> str:
    return f"<a:tc {properties}><a:txBody>{line(text) if text else '<a:p/>'}</a:txBody></a:tc>"


@pytest.mark.parametrize(("said", "head"), [('firstRow="1"', ""), ("", "|  |  |\n| --- | --- |\n")])
def test_tables_have_headings_if_they_say_so(said: str, head: str) -> None:
    rows = (
        cell("Day") + cell("Time"),
        cell("Monday", 'rowSpan="2"') + cell("9"),
        cell("", 'vMerge="1"') + cell("14"),
    )
    table = "".join(f"<a:tr>{row}</a:tr>" for row in rows)
    frame = f"<p:graphicFrame><a:tbl><a:tblPr {said}/>{table}</a:tbl></p:graphicFrame>"
    lines = ["| Day | Time |", "| --- | --- |", "| Monday | 9 |", "| Monday | 14 |"]
    if head:
        lines.pop(1)
    assert text_of(frame) == head + "\n".join(lines)


def test_charts_are_tables_and_diagrams_are_read_where_they_stand() -> None:
    def points(*texts: str) -> str:
        return "".join(
            f'<c:pt idx="{at}"><c:v>{text}</c:v></c:pt>' for at, text in enumerate(texts)
        )

    def series(name: str, *values: str) -> str:
        return (
            f"<c:ser><c:tx><c:strRef><c:f>A!B1</c:f>{points(name)}</c:strRef></c:tx>"
            f"<c:cat>{points('Spring', 'Autumn')}</c:cat><c:val>{points(*values)}</c:val></c:ser>"
        )

    chart = xml(
        "c:chartSpace",
        f"<c:chart><c:title>{line('Boats')}</c:title>{series('2023', '4', '5')}"
        f"{series('2024', '6')}</c:chart>",
    )
    diagram = xml(
        "dgm:dataModel",
        "".join(f"<dgm:pt><dgm:t>{line(each)}</dgm:t></dgm:pt>" for each in ("Plan", "Do")),
    )
    slide = (
        '<p:graphicFrame><c:chart r:id="rId1"/></p:graphicFrame>'
        + '<p:graphicFrame><dgm:relIds r:dm="rId2"/></p:graphicFrame>'
        + shape(line("Below"))
    )
    assert text_of(slide, chart1=chart, diagramData1=diagram) == (
        "Boats\n\n|  | 2023 | 2024 |\n| --- | --- | --- |\n| Spring | 4 | 6 |\n| Autumn | 5 |  |"
        "\n\nPlan\n\nDo\n\nBelow"
    )


def test_speakers_notes_follow_their_slide() -> None:
    notes = xml("p:notes", shape(line("Smile."), role="body") + shape(line("3"), role="sldNum"))
    slides = (shape(line("One")), shape(line("Two")))
    assert text_of(*slides, notesSlide1=notes) == "One\n\nSmile.\n\nTwo"
    content = load_pptx(pptx(*slides, notesSlide1=notes), "talk.pptx")
    start = content.text.index("Smile")
    assert labels_of(content.places.of(start, start + 6)) == "slide 1, notes"
    assert labels_of(content.places.of(0, 3)) == "slide 1"
    assert labels_of(content.places.of(start + 8, start + 11)) == "slide 2"


def test_hidden_slides_are_read_and_named() -> None:
    data = pptx(shape(line("One")), shape(line("Two")))
    hidden = xml("p:sld", shape(line("Two"))).replace("<p:sld ", '<p:sld show="0" ')
    members = {"ppt/slides/slide2.xml": hidden}
    content = load_pptx(replaced(data, members), "talk.pptx")
    assert content.text == "One\n\nTwo"
    assert content.notes == ("Slide 2 is hidden in the show, and read all the same.",)


def test_a_slide_that_is_damaged_or_missing_costs_only_itself() -> None:
    data = pptx(*(shape(line(each)) for each in ("One", "Two", "Three")))
    damaged = replaced(
        data,
        {
            "ppt/slides/slide1.xml": "<p:sld",
            "ppt/_rels/presentation.xml.rels": relations(
                slide1="slides/slide1.xml", slide2="slides/gone.xml", slide3="slides/slide3.xml"
            ),
        },
    )
    content = load_pptx(damaged, "talk.pptx")
    assert content.text == "Three"
    assert [note[:30] for note in content.notes] == [
        "Slide 1 could not be read: tal",
        "Slide 2 is missing in the file",
    ]


def test_a_slide_that_is_listed_again_and_again_is_read_once() -> None:
    listed = "<p:sldIdLst>" + '<p:sldId r:id="rId1"/>' * 50_000 + "</p:sldIdLst>"
    members = {"ppt/presentation.xml": xml("p:presentation", listed)}
    assert load_pptx(replaced(pptx(shape(line("One"))), members), "talk.pptx").text == "One"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK", "is damaged or cut short"),
        (zipped({"word/document.xml": "<a/>"}), "holds no ppt/presentation.xml"),
        (zipped({"ppt/presentation.xml": "<a/>"}), "ppt/presentation.xml is no presentation"),
        (pptx(shape()), "holds no text"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, said: str) -> None:
    with pytest.raises(ArticleError) as error:
        load_pptx(data, "talk.pptx")
    assert str(error.value).startswith("talk.pptx: ")
    assert said in str(error.value)
