"""DOCX, PPTX and EPUB with known text: archives of XML, as small as they can be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from eval.documents.blocks import Block, Made
from eval.documents.web import article_html

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml"
_RUNNING = "Annals of Known Text"
_BULLETS, _NUMBERS = 1, 2
_MOST_ON_A_SLIDE = 6


def make_docx(blocks: Sequence[Block]) -> Made:
    """Write blocks as a Word document: headings by their style, lists by their numbering."""
    body: list[str] = []
    notes: list[str] = []
    for place, block in enumerate(blocks):
        if block.kind == "table":
            body.append(_word_table(block.rows))
        elif block.kind == "note":
            notes.append(block.text)
        else:
            style = ""
            if block.kind == "heading":
                style = f'<w:pStyle w:val="Heading{block.level}"/>'
            elif block.kind == "item":
                number = _NUMBERS if block.ordered else _BULLETS
                style = (
                    f'<w:pStyle w:val="ListParagraph"/><w:numPr><w:ilvl w:val="{block.level - 1}"/>'
                    f'<w:numId w:val="{number}"/></w:numPr>'
                )
            noted = place + 1 < len(blocks) and blocks[place + 1].kind == "note"
            mark = f'<w:r><w:footnoteReference w:id="{len(notes) + 1}"/></w:r>' if noted else ""
            body.append(f"<w:p><w:pPr>{style}</w:pPr>{_word_runs(block.text)}{mark}</w:p>")
    section = '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/></w:sectPr>'
    files = {
        "word/document.xml": _word("document", f"<w:body>{''.join(body)}{section}</w:body>"),
        "word/styles.xml": _word("styles", "".join(map(_word_style, (1, 2, 3)))),
        "word/numbering.xml": _word("numbering", _word_numbering()),
        "word/footnotes.xml": _word("footnotes", "".join(
            f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r>{_word_runs(note)}</w:p>'
            "</w:footnote>" for number, note in enumerate(notes, start=1)
        )),
        "word/header1.xml": _word("hdr", f"<w:p>{_word_runs(_RUNNING)}</w:p>"),
        "docProps/core.xml": _core(_title(blocks)),
    }  # fmt: skip
    related = {
        "styles": "styles.xml", "numbering": "numbering.xml", "footnotes": "footnotes.xml",
        "header": "header1.xml",
    }  # fmt: skip
    files["word/_rels/document.xml.rels"] = _relations(
        (f"{_OFFICE}/{kind}", target) for kind, target in related.items()
    )
    types = {"/word/document.xml": f"{_WORD}.document.main+xml"}
    types |= {
        f"/word/{target}": f"{_WORD}.{kind}+xml" for kind, target in related.items()
    }  # fmt: skip
    data = _package(files, types, "word/document.xml")
    return Made("document.docx", data, tuple(blocks), (_RUNNING,))


def make_pptx(blocks: Sequence[Block]) -> Made:
    """Write blocks as slides: each heading begins one, and notes are what the speaker says."""
    slides: list[list[Block]] = []
    for block in blocks:
        full = bool(slides) and sum(each.kind != "note" for each in slides[-1]) > _MOST_ON_A_SLIDE
        if not slides or block.kind == "heading" or (full and block.kind == "paragraph"):
            slides.append([])
        slides[-1].append(block)
    files: dict[str, str] = {}
    types = {"/ppt/presentation.xml": f"{_SLIDES}.presentation.main+xml"}
    relations: list[tuple[str, str]] = []
    known: list[Block] = []
    for number, slide in enumerate(slides, start=1):
        notes = [block for block in slide if block.kind == "note"]
        shown = [block for block in slide if block.kind != "note"]
        known += [*shown, *notes]
        path = f"ppt/slides/slide{number}.xml"
        files[path] = _slide("sld", _shapes(shown))
        types[f"/{path}"] = f"{_SLIDES}.slide+xml"
        relations.append((f"{_OFFICE}/slide", f"slides/slide{number}.xml"))
        beside = [(f"{_OFFICE}/slideLayout", "../slideLayouts/slideLayout1.xml")]
        if notes:
            path = f"ppt/notesSlides/notesSlide{number}.xml"
            files[path] = _slide("notes", _shape(2, "body", notes))
            types[f"/{path}"] = f"{_SLIDES}.notesSlide+xml"
            beside.append((f"{_OFFICE}/notesSlide", f"../notesSlides/notesSlide{number}.xml"))
            files[f"ppt/notesSlides/_rels/notesSlide{number}.xml.rels"] = _relations(
                [(f"{_OFFICE}/slide", f"../slides/slide{number}.xml")]
            )
        files[f"ppt/slides/_rels/slide{number}.xml.rels"] = _relations(beside)
    files["ppt/slideLayouts/slideLayout1.xml"] = _slide("sldLayout", "")
    types["/ppt/slideLayouts/slideLayout1.xml"] = f"{_SLIDES}.slideLayout+xml"
    files["docProps/core.xml"] = _core(_title(blocks))
    ids = "".join(
        f'<p:sldId id="{255 + number}" r:id="rId{number}"/>' for number in range(1, len(slides) + 1)
    )
    files["ppt/presentation.xml"] = (
        f'{_XML}<p:presentation xmlns:p="{_P}" xmlns:r="{_OFFICE}"><p:sldIdLst>{ids}</p:sldIdLst>'
        '<p:sldSz cx="9144000" cy="6858000"/></p:presentation>'
    )
    files["ppt/_rels/presentation.xml.rels"] = _relations(relations)
    data = _package(files, types, "ppt/presentation.xml")
    return Made("slides.pptx", data, tuple(known))


def make_epub(blocks: Sequence[Block]) -> Made:
    """Write blocks as a book: a chapter for each heading of the first level, and a cover."""
    blocks = [block for block in blocks if block.kind != "note"]
    chapters: list[list[Block]] = []
    for block in blocks:
        if not chapters or (block.kind == "heading" and block.level == 1):
            chapters.append([])
        chapters[-1].append(block)
    opening = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{}</title></head><body>'
    files = {
        "META-INF/container.xml": f'{_XML}<container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>",
        "OEBPS/aside.xhtml": f"{opening.format('Aside')}<p>{_RUNNING}</p></body></html>",
    }
    items = ['<item id="a" href="aside.xhtml" media-type="application/xhtml+xml"/>']
    spine = ['<itemref idref="a" linear="no"/>']
    names = []
    for number, chapter in enumerate(chapters, start=1):
        name = escape(chapter[0].text)
        files[f"OEBPS/chapter{number}.xhtml"] = (
            f"{_XML}{opening.format(name)}{article_html(chapter)}</body></html>"
        )
        items.append(
            f'<item id="c{number}" href="chapter{number}.xhtml" '
            'media-type="application/xhtml+xml"/>'
        )
        spine.append(f'<itemref idref="c{number}"/>')
        names.append(f'<li><a href="chapter{number}.xhtml">{name}</a></li>')
    files["OEBPS/nav.xhtml"] = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f'<head><title>Contents</title></head><body><nav epub:type="toc"><ol>{"".join(names)}</ol>'
        "</nav></body></html>"
    )
    items.append(
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    )
    files["OEBPS/book.opf"] = (
        f'{_XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:'
        f"identifier><dc:title>{escape(_title(blocks))}</dc:title></metadata>"
        f"<manifest>{''.join(items)}</manifest><spine>{''.join(spine)}</spine></package>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for path, text in files.items():
            _add(archive, path, text)
    return Made("book.epub", buffer.getvalue(), tuple(blocks), (_RUNNING,))


def _word(root: str, content: str) -> str:
    return f'{_XML}<w:{root} xmlns:w="{_W}" xmlns:r="{_OFFICE}">{content}</w:{root}>'


def _word_runs(text: str) -> str:
    """Write a text in two runs, as it is where a word in it was once corrected."""
    middle = len(text) // 2
    return "".join(
        f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
        for part in (text[:middle], text[middle:])
        if part
    )


def _word_table(rows: Sequence[Sequence[str]]) -> str:
    written = []
    for number, row in enumerate(rows):
        cells = "".join(f"<w:tc><w:p>{_word_runs(cell)}</w:p></w:tc>" for cell in row)
        header = "" if number else "<w:trPr><w:tblHeader/></w:trPr>"
        written.append(f"<w:tr>{header}{cells}</w:tr>")
    return f"<w:tbl>{''.join(written)}</w:tbl>"


def _word_style(level: int) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
    )


def _word_numbering() -> str:
    written = []
    for number, form, sign in ((_BULLETS, "bullet", "•"), (_NUMBERS, "decimal", "%{}.")):
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{sign.format(level + 1)}"/></w:lvl>'
            for level in range(3)
        )
        written.append(f'<w:abstractNum w:abstractNumId="{number}">{levels}</w:abstractNum>')
    written += [
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        for number in (_BULLETS, _NUMBERS)
    ]
    return "".join(written)


def _slide(root: str, shapes: str) -> str:
    return (
        f'{_XML}<p:{root} xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_OFFICE}"><p:cSld><p:spTree>'
        '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
        f"{shapes}</p:spTree></p:cSld></p:{root}>"
    )


def _shapes(blocks: Sequence[Block]) -> str:
    """Write the shapes of a slide from top to bottom: its title, and text and tables by turns."""
    written: list[str] = []
    text: list[Block] = []
    for block in [*blocks, None]:
        if block is not None and block.kind in ("paragraph", "item"):
            text.append(block)
            continue
        if text:
            written.append(_shape(len(written) + 2, "body", text))
            text = []
        if block is not None and block.kind == "heading":
            written.append(_shape(len(written) + 2, "title", [block]))
        elif block is not None:
            written.append(_slide_table(len(written) + 2, block.rows))
    return "".join(written)


def _shape(number: int, kind: str, blocks: Iterable[Block]) -> str:
    paragraphs = "".join(
        f'<a:p><a:pPr lvl="{block.level - 1 if block.kind == "item" else 0}">'
        f"{_bullet(block)}</a:pPr>{_slide_run(block.text)}</a:p>"
        for block in blocks
    )
    place = (
        f'<a:xfrm><a:off x="400000" y="{number * 500000}"/>'
        '<a:ext cx="8000000" cy="400000"/></a:xfrm>'
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{kind} {number}"/><p:cNvSpPr/><p:nvPr>'
        f'<p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr>'
        f"<p:txBody><a:bodyPr/>{paragraphs}</p:txBody></p:sp>"
    )


def _bullet(block: Block) -> str:
    if block.kind != "item":
        return "<a:buNone/>"
    return '<a:buAutoNum type="arabicPeriod"/>' if block.ordered else '<a:buChar char="•"/>'


def _slide_run(text: str) -> str:
    return f"<a:r><a:t>{escape(text)}</a:t></a:r>"


def _slide_table(number: int, rows: Sequence[Sequence[str]]) -> str:
    written = "".join(
        '<a:tr h="370840">'
        + "".join(
            f"<a:tc><a:txBody><a:bodyPr/><a:p>{_slide_run(cell)}</a:p></a:txBody><a:tcPr/></a:tc>"
            for cell in row
        )
        + "</a:tr>"
        for row in rows
    )
    grid = '<a:gridCol w="2000000"/>' * len(rows[0])
    return (
        f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{number}" name="Table {number}"/>'
        "<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="
        f'"400000" y="{number * 500000}"/><a:ext cx="8000000" cy="400000"/></p:xfrm><a:graphic>'
        f'<a:graphicData uri="{_A.replace("main", "table")}"><a:tbl><a:tblPr firstRow="1"/>'
        f"<a:tblGrid>{grid}</a:tblGrid>{written}</a:tbl></a:graphicData></a:graphic>"
        "</p:graphicFrame>"
    )


def _title(blocks: Sequence[Block]) -> str:
    return next((block.text for block in blocks if block.kind == "heading"), "")


def _core(title: str) -> str:
    return (
        f"{_XML}<cp:coreProperties "
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
        "</cp:coreProperties>"
    )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    written = "".join(
        f'<Relationship Id="rId{number}" Type={quoteattr(kind)} Target={quoteattr(target)}/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_RELATED}">{written}</Relationships>'


def _package(files: Mapping[str, str], types: Mapping[str, str], main: str) -> bytes:
    """Return an office file: what it is made of, of which types, and which is the main one."""
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    overrides = "".join(
        f'<Override PartName="{path}" ContentType="{kind}"/>'
        for path, kind in {**types, "/docProps/core.xml": core}.items()
    )
    about = _RELATED.replace("relationships", "relationships/metadata/core-properties")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(
            archive,
            "[Content_Types].xml",
            f'{_XML}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/>{overrides}</Types>',
        )
        _add(
            archive,
            "_rels/.rels",
            _relations([(f"{_OFFICE}/officeDocument", main), (about, "docProps/core.xml")]),
        )
        for path, text in files.items():
            _add(archive, path, text)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, path: str, text: str, how: int = zipfile.ZIP_DEFLATED) -> None:
    """Put a file into an archive, always of the same date, so that the same text is the same."""
    info = zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0))
    info.compress_type = how
    archive.writestr(info, text)
