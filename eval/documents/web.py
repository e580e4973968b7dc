"""Web pages and e-mails with known text, and what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from eval.documents.blocks import Block, Made

_NAVIGATION = ("Home", "World news today", "Sport results", "Weather tomorrow", "Subscribe now")
_BANNER = "We and our 412 partners store cookies on your device. Accept all or manage settings."
_ASIDE = ("Most read this week", "Ten ways to peel an orange", "Quiz: which lighthouse are you?")
_COMMENTS = ("Great read, thanks for posting this one!", "First! Nobody ever asks the fishermen.")
_FOOTER = "© 2026 Known Text Media. Terms of use. Privacy. Imprint. All rights reserved."
_FIELDS = {
    "From": "Ada Known <ada@text.example>",
    "To": "readers@text.example",
    "Date": "Sat, 28 Nov 2026 12:00:00 +0000",
}
_STYLE = "nav a { color: red } .cookie { position: fixed }"
_SCRIPT = "document.title = 'changed'; track('page');"


def make_html(blocks: Sequence[Block]) -> Made:
    """Write blocks as a saved page of a newspaper, with all that is around an article there."""
    blocks = [block for block in blocks if block.kind != "note"]
    title = escape(next((block.text for block in blocks if block.kind == "heading"), ""))
    links = "".join(f'<li><a href="/{n}">{each}</a></li>' for n, each in enumerate(_NAVIGATION))
    asides = "".join(f'<li><a href="/a{n}">{each}</a></li>' for n, each in enumerate(_ASIDE[1:]))
    comments = "".join(
        f'<div class="comment"><span class="author">reader{n}</span><p>{each}</p></div>'
        for n, each in enumerate(_COMMENTS)
    )
    page = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | Known Text</title>
<style>{_STYLE}</style><script>{_SCRIPT}</script></head>
<body>
<div id="cookie-banner" class="cookie-consent" role="dialog"><p>{_BANNER}</p>
<button>Accept all</button></div>
<header><nav class="menu"><ul>{links}</ul></nav></header>
<main><article>
{article_html(blocks)}
</article></main>
<aside class="sidebar related"><h3>{_ASIDE[0]}</h3><ul>{asides}</ul></aside>
<section id="comments" class="comments"><h3>2 comments</h3>{comments}</section>
<footer><p>{_FOOTER}</p></footer>
</body></html>
"""
    around = (*_NAVIGATION, _BANNER, *_ASIDE, *_COMMENTS, _FOOTER, _STYLE, _SCRIPT)
    return Made("page.html", page.encode(), tuple(blocks), around)


def article_html(blocks: Sequence[Block]) -> str:
    """Write blocks as the elements of a page; lines are broken within paragraphs, as in files."""
    written: list[str] = []
    open_lists: list[str] = []

    def close(depth: int) -> None:
        while len(open_lists) > depth:
            written.append(f"</li></{open_lists.pop()}>")

    for block in blocks:
        if block.kind == "item":
            close(block.level)
            if len(open_lists) == block.level:
                written.append("</li><li>")
            while len(open_lists) < block.level:
                open_lists.append("ol" if block.ordered else "ul")
                written.append(f"<{open_lists[-1]}><li>")
            written.append(_broken(block.text))
            continue
        close(0)
        if block.kind == "table":
            written.append(_table(block.rows))
        elif block.kind == "heading":
            written.append(f"<h{block.level}>{escape(block.text)}</h{block.level}>")
        else:
            first, _, rest = _broken(block.text).partition(" ")
            written.append(f"<p><b>{first}</b> {rest}</p>")
    close(0)
    return "\n".join(written)


def make_mails(blocks: Sequence[Block]) -> list[Made]:
    """Write blocks as e-mails: one of plain text, one with an HTML part beside another text.

    In the text known of them, the subject is a heading, and the other fields follow.
    """
    blocks = [block for block in blocks if block.kind != "note"]
    title = next((block.text for block in blocks if block.kind == "heading"), "")
    plain = _message(title)
    typed = tuple(block for block in blocks if block.kind == "paragraph")
    plain.set_content("\n\n".join(block.text for block in typed), charset="utf-8", cte="base64")
    rich = _message(title)
    rich.set_content("This message is in HTML.\n")
    rich.add_alternative(
        f"<html><head><style>{_STYLE}</style></head><body>{article_html(blocks)}</body></html>",
        subtype="html",
        cte="quoted-printable",
    )
    fields = (Block("paragraph", f"{name}: {value}") for name, value in _FIELDS.items())
    head = (Block("heading", title), *fields)
    return [
        Made("plain.eml", plain.as_bytes(policy=SMTP), (*head, *typed)),
        Made("rich.eml", rich.as_bytes(policy=SMTP), (*head, *blocks), (_STYLE,)),
    ]


def _message(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    for name, value in _FIELDS.items():
        message[name] = value
    return message


def _broken(text: str) -> str:
    """Escape a text, with a line break in place of every twelfth blank."""
    words = escape(text, quote=False).split(" ")
    lines = [" ".join(words[place : place + 12]) for place in range(0, len(words), 12)]
    return "\n".join(lines)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head = "\n".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    body = "\n".join(
        "<tr>" + "\n".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:]
    )
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"
