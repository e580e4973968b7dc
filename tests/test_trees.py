"""Walks of trees of elements: each text node with the XPath that finds it again."""

from __future__ import annotations

import pytest
from lxml import etree, html

from index.loaders.trees import End, Start, Text, events

PAGE = """<body><p>a<!-- x -->b<b>c</b>d<br>e</p><p>z &amp; y</p><o:p>q</o:p><a-b>v</a-b>
<odd:name>w</odd:name>tail</body>"""
XML = """<w:p xmlns:w="urn:w" xmlns:v="urn:v">
<w:r><w:t>one</w:t></w:r><v:x>two</v:x><w:r><w:t>three</w:t>four</w:r></w:p>"""


def test_every_text_node_is_found_again_by_its_path() -> None:
    root = html.document_fromstring(PAGE)
    texts = [event for event in events(root) if isinstance(event, Text)]
    assert [each.text for each in texts if each.text.strip()] == [
        "a", "b", "c", "d", "e", "z & y", "q", "v", "w", "tail"
    ]  # fmt: skip
    for each in texts:
        assert root.getroottree().xpath(each.path) == [each.text]


@pytest.mark.parametrize("prefixes", [None, {"urn:w": "w"}, {"urn:w": "w", "urn:v": "v"}])
def test_names_of_namespaces_are_said_by_their_prefixes(prefixes: dict[str, str] | None) -> None:
    root = etree.fromstring(XML)
    uris = {prefix: uri for uri, prefix in (prefixes or {}).items()}
    for each in events(root, prefixes=prefixes):
        if isinstance(each, Text):
            assert root.getroottree().xpath(each.path, namespaces=uris or None) == [each.text]


def test_what_is_skipped_counts_but_is_not_met() -> None:
    root = html.document_fromstring("<div><i>no</i>yes<i>no</i>too</div>")
    met = list(events(root, skip=lambda element: element.tag == "i"))
    assert [each.text for each in met if isinstance(each, Text)] == ["yes", "too"]
    assert [each.path for each in met if isinstance(each, Text)] == [
        "/html/body[1]/div[1]/text()[1]",
        "/html/body[1]/div[1]/text()[2]",
    ]
    assert not [each for each in met if not isinstance(each, Text) and each.element.tag == "i"]


def test_elements_begin_and_end_in_order_however_deep() -> None:
    root = etree.fromstring("<a>" * 3 + "x" + "</a>" * 3)
    kinds = [type(each) for each in events(root)]
    assert kinds == [Start, Start, Start, Text, End, End, End]
    deep = html.Element("div")
    inner = deep
    for _ in range(20_000):
        inner = etree.SubElement(inner, "div")
    assert sum(isinstance(each, End) for each in events(deep)) == 20_001
