"""Makes the archives that tests read, and reads them again at mapped places."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping

from index.loaders.content import Content
from index.loaders.markup import Markup
from index.places import Place

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": W,
        "r": _OFFICE,
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "v": "urn:schemas-microsoft-com:vml",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    }.items()
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in members.items():
            archive.writestr(path, content)
    return file.getvalue()


def replaced(data: bytes, members: Mapping[str, str | bytes]) -> bytes:
    """An archive in which some members are others, or new."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        kept = {each: archive.read(each) for each in archive.namelist()}
    return zipped({**kept, **members})


def xml(tag: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><{tag} {_SPACES}>{content}</{tag}>'


def relations(**targets: str) -> str:
    """XML that relates "rId1" and so on, each of the kind that its name says, to targets."""
    said = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind.rstrip("0123456789")}"'
        f' Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{said}</Relationships>'


def docx(body: str, **parts: str) -> bytes:
    """A Word document; parts are its styles, numbering, footnotes, endnotes and core."""
    members = {
        "_rels/.rels": relations(officeDocument="word/document.xml"),
        "word/document.xml": xml("w:document", f"<w:body>{body}</w:body>"),
    }
    said = {kind: f"{kind}.xml" for kind in parts if kind != "core"}
    members["word/_rels/document.xml.rels"] = relations(**said)
    for kind in said:
        members[f"word/{kind}.xml"] = xml(f"w:{kind}", parts[kind])
    if "core" in parts:
        members["_rels/.rels"] = relations(officeDocument="word/document.xml").replace(
            "</Rel",
            f'<Relationship Id="c" Type="{_RELATIONS}/metadata/core-properties" '
            'Target="docProps/core.xml"/></Rel',
            1,
        )
        members["docProps/core.xml"] = xml("cp:coreProperties", parts["core"])
    return zipped(members)


def p(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def pptx(*slides: str, **parts: str) -> bytes:
    """A presentation of slides; parts, such as "notesSlide1", belong to the first."""
    members = {
        "_rels/.rels": relations(officeDocument="ppt/presentation.xml"),
        "ppt/_rels/presentation.xml.rels": relations(
            **{f"slide{each}": f"slides/slide{each}.xml" for each in range(1, len(slides) + 1)}
        ),
        "ppt/presentation.xml": xml(
            "p:presentation",
            "<p:sldIdLst>"
            + "".join(f'<p:sldId r:id="rId{each}"/>' for each in range(1, len(slides) + 1))
            + "</p:sldIdLst>",
        ),
        "ppt/slides/_rels/slide1.xml.rels": relations(
            **{kind: f"../parts/{kind}.xml" for kind in parts}
        ),
        **{f"ppt/parts/{kind}.xml": content for kind, content in parts.items()},
    }
    for number, slide in enumerate(slides, start=1):
        shapes = f"<p:cSld><p:spTree>{slide}</p:spTree></p:cSld>"
        members[f"ppt/slides/slide{number}.xml"] = xml("p:sld", shapes)
    return zipped(members)


def read_again(content: Content, data: bytes, markup: Markup, spans: int = 300) -> None:
    """Assert that random spans of a text stand in its document where its places say."""
    roots = dict(markup.trees(data))
    prefixes = {prefix: uri for uri, prefix in (markup.prefixes or {}).items()}
    nodes: dict[tuple[object, str | None], str] = {}

    def at(place: Place) -> str:
        key = (place.part, place.path)
        if key not in nodes:
            found = roots[place.part].xpath(place.path, namespaces=prefixes)
            assert len(found) == 1, place
            nodes[key] = str(found[0])
        return nodes[key][place.start : place.end]

    text, known = content.text, [False] * len(content.text)
    for run in content.places.runs():
        known[run.start : run.start + run.length] = [True] * run.length
    chosen = random.Random(len(text))
    for _ in range(spans):
        start, end = sorted(chosen.choices(range(len(text) + 1), k=2))
        expected = "".join(text[each] for each in range(start, end) if known[each])
        assert "".join(map(at, content.places.of(start, end))) == expected
    ours = {each for each, is_known in zip(text, known, strict=True) if not is_known}
    assert not {each for each in ours if each.isalpha()}, "letters that stand nowhere"
