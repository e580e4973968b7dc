"""Plain text, Markdown and tables of values with known text."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from eval.documents.blocks import Block, Made

_ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16", "windows-1252": "cp1252"}


def make_texts(blocks: Sequence[Block]) -> list[Made]:
    """Write the paragraphs of blocks as plain text, in several encodings."""
    typed = tuple(block for block in blocks if block.kind == "paragraph")
    text = "\r\n\r\n".join(block.text for block in typed)
    made = []
    for name, encoding in _ENCODINGS.items():
        written = text.encode(encoding, "replace").decode(encoding)
        known = tuple(Block("paragraph", line) for line in written.split("\r\n\r\n"))
        made.append(Made(f"{name}.txt", text.encode(encoding, "replace"), known))
    return made


def make_markdown(blocks: Sequence[Block]) -> Made:
    """Write blocks as Markdown; notes are left out."""
    blocks = [block for block in blocks if block.kind != "note"]
    written: list[str] = []
    items = 0
    for block in blocks:
        items = items + 1 if block.kind == "item" and block.ordered else 0
        if block.kind == "heading":
            written.append(f"{'#' * block.level} {block.text}")
        elif block.kind == "item":
            marker = f"{items}." if block.ordered else "-"
            written.append(f"{'    ' * (block.level - 1)}{marker} {block.text}")
        elif block.kind == "table":
            head, *rows = (f"| {' | '.join(row)} |" for row in block.rows)
            rule = "|" + "---|" * len(block.rows[0])
            written.append("\n".join([head, rule, *rows]))
        else:
            written.append(block.text)
    return Made("notes.md", "\n\n".join(written).encode(), tuple(blocks))


def make_csv(blocks: Sequence[Block]) -> Made:
    """Write the tables of blocks as one table of values."""
    tables = [block.rows for block in blocks if block.kind == "table"]
    rows = (*tables[0][:1], *(row for table in tables for row in table[1:]))
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return Made("values.csv", file.getvalue().encode(), (Block("table", rows=rows),))
