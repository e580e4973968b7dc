"""How documents are measured, and that those made for it are what they claim to be."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pytest

from eval.documents.agreement import NOTHING, Share, agreement, kendall, words
from eval.documents.answering import PLAIN, answer_all
from eval.documents.blocks import Block, Made, structured, typeset
from eval.documents.files import read_folder
from eval.documents.packages import make_docx, make_epub, make_pptx
from eval.documents.pdf import LAYOUTS, PAPER, Layout, make_pdf
from eval.documents.reading import make_all, measure
from eval.documents.spans import placed_in, spans_right, unplaced
from eval.documents.table import answering_table, files_table, reading_table
from eval.documents.texts import make_csv, make_markdown, make_texts
from eval.documents.web import make_html, make_mails
from eval.systems.article_qa import ArticleQASystem
from index.articles import Article
from index.errors import ArticleError
from index.originals import Original
from index.places import Part
from index.placing import PlacesBuilder
from index.structure.parsing import structure_of
from qa.squad import load_squad
from tests.commands import Run
from tests.fakes import PhraseReader, WordEncoder

TABLE = (("Name", "Year"), ("Alma", "1961"), ("Boris", "1962"))
BLOCKS = (
    Block("heading", "The lighthouse"),
    Block("heading", "Its keepers", level=2),
    Block("paragraph", "Alma kept the lighthouse for nineteen years & never left."),
    Block("note", "See the register."),
    Block("item", "Boris painted it.", ordered=True),
    Block("item", "Carla sold it.", ordered=True),
    Block("item", "Nobody bought it.", level=2),
    Block("table", rows=TABLE),
    Block("paragraph", "It stands today."),
)
MARKDOWN = """# The lighthouse

## Its keepers

Alma kept the lighthouse for nineteen years & never left.

See the register.

1. Boris painted it.
2. Carla sold it.
    - Nobody bought it.

| Name | Year |
| --- | --- |
| Alma | 1961 |
| Boris | 1962 |

It stands today.
"""
PROSE = "The keeper of the lighthouse counted passing vessels every considerable evening. " * 90


def held(text: str, made: Made | None = None) -> dict[str, float | None]:
    found = agreement(made or Made("x.md", b"", BLOCKS), text, structure_of(text))
    return {
        name: value.percent if isinstance(value, Share) else value
        for name, value in vars(found).items()
    }


def test_a_text_that_says_the_same_agrees_in_all() -> None:
    assert set(held(MARKDOWN).values()) == {100.0, 1.0, None}


def test_precision_and_recall_are_of_words_as_often_as_they_are_there() -> None:
    made = Made("x", b"", (Block("paragraph", "a b b c"),))
    found = held("b b b d", made)
    assert found["precision"] == 50.0
    assert found["recall"] == 50.0
    assert held("a b b c a b b c", made)["recall"] == 100.0


def test_a_word_that_is_parted_is_another_word() -> None:
    assert words("# 1961 was a well-known year\n- it wasn’t") == [
        "1961", "was", "a", "well-known", "year", "it", "wasn’t"
    ]  # fmt: skip
    made = Made("x", b"", (Block("paragraph", "information"),))
    assert held("infor-\nmation", made)["recall"] == 0.0


def test_pairs_are_of_neighbours_and_order_is_of_all() -> None:
    made = Made("x", b"", (Block("paragraph", "a b c d e f"),))
    halves_swapped = held("d e f a b c", made)
    interleaved = held("a d b e c f", made)
    assert halves_swapped["pairs"] == 80.0
    assert interleaved["pairs"] == 0.0
    assert halves_swapped["order"] == pytest.approx(1 - 2 * 9 / 15)
    assert interleaved["order"] == pytest.approx(1 - 2 * 3 / 15)


def test_kendalls_correlation_is_of_words_that_stand_once() -> None:
    assert kendall("abc", "abc") == 1
    assert kendall("abc", "cba") == -1
    assert kendall("abcxx", "xaxbc") == 1
    assert kendall("aab", "b") is None


def test_what_is_no_heading_item_or_cell_in_the_text_is_not_found_as_one() -> None:
    found = held(MARKDOWN.replace("## Its keepers", "").replace("1. Boris", "Boris"))
    assert found["headings"] == pytest.approx(100 * 2 / 3)
    assert found["items"] == pytest.approx(100 * 4 / 5)
    assert found["cells"] == 100.0
    assert held("Alma 1961")["cells"] == 0.0


def test_what_stands_around_is_counted_where_it_is_in_the_text() -> None:
    made = Made("x", b"", BLOCKS, around=("Page 1", "Home and away"))
    assert held(f"{MARKDOWN}\n\nHome\nand away", made)["around"] == 50.0


def test_an_article_gets_headings_lists_tables_and_notes() -> None:
    text = "\n\n".join(
        f"One of {name} came. Two {name} left. Three stayed in {name}." for name in "ABCDEFGH"
    )
    blocks = structured("Title", text)
    assert {block.kind for block in blocks} == {"heading", "paragraph", "item", "table", "note"}
    assert blocks == structured("Title", text)
    assert blocks[:2] == [Block("heading", "Title"), Block("heading", "One of A came", level=2)]
    assert [b.kind for b in typeset("T", "a\nb\n\nc")] == ["heading", *["paragraph"] * 3]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_a_pdf_says_what_is_known_of_it(layout: Layout) -> None:
    made = make_pdf([*BLOCKS, Block("paragraph", PROSE)], layout)
    document = pypdfium2.PdfDocument(made.data)
    assert len(document) == made.pages
    assert document[0].get_size() == (612, 792)
    assert document[0].get_rotation() == layout.rotation
    shown = "\n".join(page.get_textpage().get_text_range() for page in document)
    parted = len(re.findall("\N{REPLACEMENT CHARACTER}|￾", shown))
    assert (parted > 0) == layout.hyphens
    whole = shown.replace("￾", "")
    for line in (*made.text.split("\n")[:2], "Boris painted it.", "It stands today."):
        assert line in whole
    assert set(words(made.text)) <= set(words(whole))
    assert all(each in whole for each in made.around)
    assert bool(made.around) == layout.running


def test_columns_stand_side_by_side_and_notes_at_their_foot() -> None:
    made = make_pdf([*BLOCKS, Block("paragraph", PROSE)], replace(PAPER, hyphens=False))
    page = pypdfium2.PdfDocument(made.data)[0].get_textpage()

    def corner(text: str) -> tuple[float, float]:
        left, bottom, _, _ = page.get_charbox(page.get_text_range().index(text))
        return left, bottom

    left, bottom = corner("It stands today")
    assert 60 < left < 300
    assert corner("See the register")[1] < 80 < bottom
    second = page.get_text_bounded(left=318)
    assert all(word in PROSE.split() for word in second.split())


def test_letters_beyond_western_europe_are_typeset() -> None:
    made = make_pdf([Block("paragraph", "Wałęsa met Țiriac → Gdańsk.")])
    page = pypdfium2.PdfDocument(made.data)[0].get_textpage()
    assert page.get_text_range().strip() == "Wałęsa met Țiriac → Gdańsk."


@pytest.mark.parametrize(
    ("made", "texts"),
    [
        (make_docx(BLOCKS), ["word/document.xml", "word/footnotes.xml"]),
        (make_pptx(BLOCKS), ["ppt/slides/slide1.xml", "ppt/slides/slide2.xml",
                             "ppt/notesSlides/notesSlide2.xml"]),
        (make_epub(BLOCKS), ["OEBPS/chapter1.xhtml"]),
    ],
    ids=["docx", "pptx", "epub"],
)  # fmt: skip
def test_archives_hold_what_is_known_of_them(made: Made, texts: list[str]) -> None:
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        trees = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()
                 if name.endswith(("ml", "rels", "opf"))}  # fmt: skip
    found = "".join("".join(trees[name].itertext()) for name in texts)
    for block in made.blocks:
        for text in (block.text, *(cell for row in block.rows for cell in row)):
            assert "".join(text.split()) in "".join(found.split())
    assert all(each not in found for each in made.around)


def test_python_pptx_opens_the_slides() -> None:
    from pptx import Presentation

    first, second = Presentation(io.BytesIO(make_pptx(BLOCKS).data)).slides
    assert first.shapes.title.text == "The lighthouse"
    assert second.shapes.title.text == "Its keepers"
    assert second.notes_slide.notes_text_frame.text == "See the register."
    tables = [shape.table for shape in second.shapes if shape.has_table]
    assert [cell.text for cell in tables[0].rows[1].cells] == ["Alma", "1961"]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_has_its_article_and_much_around_it() -> None:
    made = make_html(BLOCKS)
    parser = _Text()
    parser.feed(made.data.decode())
    assert all(each in parser.text for each in made.around)
    article = made.data.decode().partition("<article>")[2].partition("</article>")[0]
    parser.text = ""
    parser.feed(article)
    assert words(parser.text) == words(made.text)


def test_mails_have_a_text_or_an_html_part() -> None:
    plain, rich = make_mails(BLOCKS)
    text = message_from_bytes(plain.data, policy=policy.default).get_body(["plain"])
    assert text is not None
    assert "for nineteen years & never left.\n\nIt stands today." in text.get_content()
    page = message_from_bytes(rich.data, policy=policy.default).get_body(["html"])
    assert page is not None
    assert "<td>Alma</td>" in page.get_content()


def test_texts_are_in_several_encodings() -> None:
    blocks = [Block("paragraph", "Malmö"), Block("paragraph", "Åre"), BLOCKS[-2]]
    made = {each.name: each for each in make_texts(blocks)}
    assert made["windows-1252.txt"].data == b"Malm\xf6\r\n\r\n\xc5re"
    assert made["utf-16.txt"].data.decode("utf-16") == "Malmö\r\n\r\nÅre"
    assert make_csv(blocks).data == b"Name,Year\r\nAlma,1961\r\nBoris,1962\r\n"
    assert made["utf-8.txt"].text == "Malmö\nÅre"


def test_markdown_is_read_as_it_was_meant() -> None:
    made = make_markdown(BLOCKS)
    found = agreement(made, made.data.decode(), structure_of(made.data.decode()))
    for share in (found.recall, found.headings, found.paragraphs, found.items, found.cells):
        assert share.percent == 100


def placed(text: str, source: str, at: int) -> Article:
    built = PlacesBuilder()
    built.begin(Part())
    built.put("# ")
    built.copy(text, None, at)
    original = Original.of(source.encode(), "text/csv")
    return Article("a.csv", "A", built.text, places=built.places(), original=original)


def test_spans_are_right_where_the_document_says_the_same_there() -> None:
    article = placed("Alma left.", "On Monday Alma left.", 10)
    assert spans_right(article, 50) == Share(50, 50)
    assert unplaced(article) == Share(0, 8)
    assert placed_in(article.text, article.places) == [False] * 2 + [True] * 10
    moved = spans_right(placed("Alma left.", "On Monday Alma left.", 9), 50)
    assert moved.found < 25
    assert spans_right(Article("a.txt", "A", "Alma."), 50) == NOTHING


def test_letters_that_have_no_place_are_counted() -> None:
    article = placed("Alma left.", "On Monday Alma left.", 10)
    assert unplaced(replace(article, text=article.text + " And?")) == Share(3, 11)


def test_what_is_refused_is_a_row_with_its_reason() -> None:
    def refuse(data: bytes, name: str) -> Article:
        raise ArticleError(f"{name}: is damaged; ask for another.")

    readings = [measure(make_markdown(BLOCKS), 10), measure(make_markdown(BLOCKS), 10, refuse)]
    table, reason = reading_table(readings).split("\n\n")
    assert "| notes.md | 100.0 | 100.0 | 100.0 | 1.000 |" in table
    assert "| notes.md | refused |" in table
    assert reason == "notes.md: is damaged; ask for another."


def test_every_format_and_layout_is_made() -> None:
    names = [made.name for made in make_all(structured("T", "A b. C Dora. E f.\n\n" * 8))]
    assert len(set(names)) == len(names)
    suffixes = {Path(name).suffix for name in names}
    assert suffixes == {".pdf", ".docx", ".pptx", ".epub", ".html", ".eml", ".md", ".csv", ".txt"}


def test_real_files_are_read_whatever_comes_of_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "good.TXT").write_text("One two.")
    (tmp_path / "bad.txt").write_text(" ")
    (tmp_path / "breaks.xyz").write_text("x")

    def read(data: bytes, name: str) -> Article:
        if name == "breaks.xyz":
            raise KeyError(name)
        return Article.from_bytes(data, name)

    files = list(read_folder(tmp_path, 10, read))
    assert [(each.path, each.kind, each.words, each.fault) for each in files] == [
        ("a/good.TXT", ".txt", 2, False), ("bad.txt", ".txt", 0, False),
        ("breaks.xyz", ".xyz", 0, True),
    ]  # fmt: skip
    table, reasons = files_table(files).split("\n\n")
    assert "| .txt | 2 | 1 | 1 | 0 | 2 |" in table
    assert "| .xyz | 1 | 0 | 0 | 1 | 0 |" in table
    assert "| .xyz: KeyError: '….xyz' | 1 | breaks.xyz |" in reasons


def test_spans_of_real_files_are_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(make_docx(BLOCKS).data)
    (tmp_path / "b.docx").write_bytes(make_docx(BLOCKS).data)
    files = list(read_folder(tmp_path, 9))
    assert [(each.spans, each.unplaced.found) for each in files] == [(Share(5, 5), 0)] * 2


def test_answers_are_measured_beside_those_of_the_plain_text(questions: Path) -> None:
    sets = load_squad(questions)

    def read(data: bytes, name: str) -> Article:
        if name.endswith(".docx"):  # all that can be asked for is lost
            return Article(name, "Nothing", "Nothing is left.")
        return Article(name, "All", "\n\n".join(group.article.text for group in sets))

    towns = {"Bergen": 9.0, "Aarhus": 8.0, "Nothing": 7.0}
    system = ArticleQASystem(WordEncoder(), PhraseReader(**towns))
    measured = answer_all(sets, system, limit=60, read=read)
    assert measured[0].name == PLAIN
    assert {each.questions for each in measured} == {60}
    by_name = {each.name: each for each in measured}
    assert by_name["DOCX"].guess_f1 == 0
    assert by_name[PLAIN].guess_f1 > 0
    assert f"| DOCX | 60 | {by_name['DOCX'].f1:.1f} (" in answering_table(measured)


def test_the_command_prints_tables_and_writes_figures(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    outcome = run("bench", "documents", "--no-answers", "--spans", "20", "--out", str(out))
    assert outcome.code == 0
    assert "| notes.md | 100.0 | 100.0 | 100.0 | 1.000 |" in outcome.out
    figures = json.loads(out.read_text("utf-8"))
    assert len(figures["readings"]) == len(re.findall(r"^\| \S.*\.", outcome.out, re.MULTILINE))

    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("One two.")
    outcome = run("bench", "documents", "--files", str(tmp_path / "folder"))
    assert "| .txt | 1 | 1 | 0 | 0 | 2 |" in outcome.out


def test_the_command_names_what_is_wrong(run: Run, tmp_path: Path) -> None:
    assert run("bench", "documents", str(tmp_path / "no.json")).complaint.endswith(
        "no.json: no such file; check the path."
    )
    outcome = run("bench", "documents", "--out", "nowhere/at/all.json")
    assert outcome.code == 2
    assert "there is no folder nowhere/at" in outcome.err
