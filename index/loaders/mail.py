"""E-mails, and web pages that browsers saved like one."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from email.message import Message
from pathlib import Path
from typing import NamedTuple

from index.errors import ArticleError
from index.loaders.content import Content
from index.loaders.hypertext.blocks import write_html
from index.loaders.hypertext.page import load_html
from index.loaders.hypertext.tree import hidden, html_root, tag_of
from index.loaders.mail_parts import (
    DEEPEST,
    Body,
    Mail,
    bodies_of,
    date_of,
    header_of,
    message_of,
    page_of,
)
from index.loaders.markup import Markup
from index.loaders.trees import Element
from index.loaders.writing import Piece, Writer
from index.places import Part

_TYPED = "/html/body[1]/pre[1]/text()[1]"
_SHOWN = ("From", "To", "Cc", "Date")
_NAMED = 10  # attachments that a note names
_QUOTED = re.compile(r"(?:> ?)*")


def load_mail(data: bytes, name: str) -> Content:
    """Read an e-mail: who wrote what to whom, and its text; messages in it likewise.

    Of a text that is there as HTML, too, the plain one is read unless it only stands in for the
    other. Replies and signatures are read as they stand. Attachments are never opened; a note names
    them. A page that was saved as "web archive" (.mht, .mhtml) is read as the page.

    Raises:
        ArticleError: It is no e-mail, holds no text, or is encrypted.
    """
    message = message_of(data, name)
    if (page := page_of(message)) is not None:
        return load_html(page, name)._replace(media_type="message/rfc822")
    mail = bodies_of(message, name)
    writer = Writer()
    for tree in _trees(mail):
        writer.begin(tree.part)
        if tree.typed is None:
            write_html(writer, tree.root)
        else:
            writer.lines(list(_typed(tree.typed)))
    subject = header_of(message, "Subject")
    if not subject and not mail.bodies:
        raise ArticleError(f"{name}: holds no text{_attached(mail.attachments)}.")
    meta = {"from": header_of(message, "From"), "to": header_of(message, "To")}
    meta["date"] = date_of(message)
    notes = [f"{name}: {_attached(mail.attachments)[2:]}."] if mail.attachments else []
    if mail.cut:
        notes.append(
            f"{name}: what stands in more than {DEEPEST} others, as in forwarded messages "
            "of forwarded messages, is not read: save those messages and add them."
        )
    return Content(
        subject or Path(name).stem,
        writer.text,
        {key: value for key, value in meta.items() if value},
        writer.places,
        "message/rfc822",
        tuple(notes),
    )


class _Tree(NamedTuple):
    part: Part
    root: Element
    typed: Body | None = None  # where it is plain text


def _trees(mail: Mail) -> Iterator[_Tree]:
    """Return the parts of an e-mail: its head and its texts, each as a tree that can be shown."""
    several = len(mail.bodies) > 1
    for number, body in enumerate([None, *mail.bodies]):
        if body is None:
            yield _Tree(Part(), _head(mail.message, "h1"))
            continue
        part = Part("body", number if several else None, file=body.media_type)
        if body.message is not None:
            yield _Tree(part, _head(body.message, "h2"))
        elif body.media_type == "text/html":
            root = html_root(codecs.BOM_UTF8 + body.text.encode())
            if root is not None:
                yield _Tree(part, root)
        else:
            root, page = _page()
            _add(page, "pre").text = body.text
            yield _Tree(part, root, body)


def _head(message: Message, heading: str) -> Element:
    root, page = _page()
    if subject := header_of(message, "Subject"):
        _add(page, heading).text = subject
    shown = [(name, header_of(message, name)) for name in _SHOWN]
    lines = [f"{name}: {said}" for name, said in shown if said]
    if lines:
        paragraph = _add(page, "p")
        paragraph.text = lines[0]
        for line in lines[1:]:
            _add(paragraph, "br").tail = line
    return root


def _page() -> tuple[Element, Element]:
    from lxml import etree

    root = etree.Element("html")
    return root, etree.SubElement(root, "body")


def _add(parent: Element, tag: str) -> Element:
    from lxml import etree

    return etree.SubElement(parent, tag)


def _typed(body: Body) -> Iterator[Piece]:
    """Return what was typed; lines that a program broke ("format=flowed") are one again."""
    text = body.text.rstrip()
    place = len(text) - len(text.lstrip("\n"))
    if not body.flowed:
        yield Piece(text[place:], _TYPED, place)
        return
    before: int | None = None  # how deep the line before is quoted, if it goes on
    first = place
    while first <= len(text):
        end = text.find("\n", first)
        end = len(text) if end < 0 else end
        quoted = _QUOTED.match(text, first, end)
        start = quoted.end() if quoted else first
        depth = text.count(">", first, start)
        if not depth and text.startswith(" ", start, end):
            start += 1  # a blank that was put there to begin the line
        soft = text.endswith(" ", start, end) and text[start:end] != "-- "
        if before != depth and first > place:
            yield Piece("\n")
        copied = start if before == depth or not depth else first
        last = end - 1 if soft and body.joined else end
        yield Piece(text[copied:last], _TYPED, copied)
        before = depth if soft else None
        first = end + 1


def _attached(names: Sequence[str]) -> str:
    """Return what is said of attachments, behind a sentence about the e-mail."""
    if not names:
        return ""
    if len(names) == 1:
        return f"; its attachment {names[0]} is not read: save it and add it"
    named = [*names[:_NAMED], *(["others"] if len(names) > _NAMED else [])]
    listed = f"{', '.join(named[:-1])} and {named[-1]}"
    return f"; its {len(names)} attachments are not read: save {listed} and add them"


def _shown(data: bytes) -> Iterator[tuple[Part, Element]]:
    message = message_of(data, "e-mail")
    if (page := page_of(message)) is not None:
        root = html_root(page)
        if root is not None:
            yield Part(), root
        return
    for tree in _trees(bodies_of(message, "e-mail")):
        yield tree.part, tree.root


MAIL = Markup(trees=_shown, tag_of=tag_of, hidden=hidden)
"""How an e-mail is shown: its head, and its texts as they look; without pictures."""
