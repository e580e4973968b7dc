"""What a PDF says of itself: title, author, date; and what it holds besides its pages."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_LONGEST = 300  # characters of a title or an author
_FIRST = 6000  # characters of a text: its first pages
_CONFIRMED = 0.6  # the share of a title's words that stand there
_WORD = re.compile(r"\w+")
_TELLING = re.compile(r"[^\W\d_]{4,}|[^\x00-\u02ff]+")  # words that two titles share by no accident
_PROGRAM = re.compile(r"^(microsoft )?(word|powerpoint|excel|publisher)\s*[-–:]\s*", re.IGNORECASE)
_FILE = re.compile(
    r"\.(docx?|docm|rtf|odt|pages|pptx?|xlsx?|indd|qxd|qxp|p65|pmd|fm|tex|dvi|e?ps|ai|pdf|pub|wpd"
    r"|wps|lwp|html?|txt|md|tmp|jpe?g|tiff?|png|cdr)\b",
    re.IGNORECASE,
)
_ONE_NAME = re.compile(
    r"(?=\S*[\d_])[\w.()+-]+\.[a-z]\w{1,3}|\S+\.(exe|dll|bat|bin|dat|out|log|bak|prn)|\w+_\S+",
    re.IGNORECASE,
)  # one word, as files of any program are called
_NO_TITLE = re.compile(
    r"[\W\d_]*(untitled|unnamed|no title|title|document|dokument|doc|slide|layout|print|scan"
    r"|page|folie|(powerpoint[ -])?pr[eäé]sentation|book|sheet|blank|new|template|unbenannt"
    r"|sans titre|(sin|sem) t[ií]tulo|senza titolo|none|null|anonymous|test)?[\W\d_]*",
    re.IGNORECASE,
)
_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?")
_XFA = (2,)  # FORMTYPE_XFA_FULL: its pages are made by a program when it is opened


class Properties(NamedTuple):
    """What a PDF says of itself; None for what it does not, or not to the point.

    Attributes:
        title: What it is called, unless that is only the name of a file or a program.
        author: Who wrote it.
        created: When, as "2023-05-17", or less of that.
        attached: How many files are attached.
        is_program: Whether its pages are made by a program that is not run.
    """

    title: str | None = None
    author: str | None = None
    created: str | None = None
    attached: int = 0
    is_program: bool = False

    def title_in(self, text: str, heading: str | None = None) -> str | None:
        """Return the title if the first pages of the text have most of its words.

        Args:
            text: The text.
            heading: The largest on the first page. A title with no word of it has to stand on the
                first pages as it is: else it is that of what the document was made from.
        """
        if self.title is None:
            return None
        words = _WORD.findall(self.title.casefold())
        first = _WORD.findall(text[:_FIRST].casefold())
        if heading is not None and _have_none_in_common(self.title, heading):
            whole = f" {' '.join(words)} " in f" {' '.join(first)} "
            return self.title if words and whole else None
        there = set(first)
        found = sum(word in there for word in words)
        return self.title if found >= _CONFIRMED * len(words) else None

    def notes(self) -> list[str]:
        """Return what a person should know of it, in sentences."""
        notes = []
        if self.is_program:
            notes.append(
                "Its form is of a kind (XFA) of which not everything is read; to have it read, "
                "open it in Adobe Reader and print it to a new PDF."
            )
        if self.attached:
            one = self.attached == 1
            notes.append(
                f"{'A file is' if one else f'{self.attached:,} files are'} attached to it and not "
                f"read; to have {'it' if one else 'them'} read, save {'it' if one else 'them'} "
                "from a PDF reader."
            )
        return notes


def properties_of(pdf: PdfDocument, name: str) -> Properties:
    """Return what a PDF says of itself; the name of its file is no title."""
    from pypdfium2 import raw

    title = _PROGRAM.sub("", _value(pdf, "Title"))
    is_name = title.casefold() in (name.casefold(), Path(name).stem.casefold())
    named = _FILE.search(title) or _ONE_NAME.fullmatch(title)
    if is_name or named or _NO_TITLE.fullmatch(title):
        title = ""
    author = _value(pdf, "Author")
    return Properties(
        title or None,
        author if any(map(str.isalpha, author)) else None,
        _day(_value(pdf, "CreationDate")),
        max(0, raw.FPDFDoc_GetAttachmentCount(pdf)),
        raw.FPDF_GetFormType(pdf) in _XFA,
    )


def _have_none_in_common(one: str, two: str) -> bool:
    """Tell whether two titles, which have words, share none of them."""
    words = [set(_TELLING.findall(title.casefold())) for title in (one, two)]
    return all(words) and words[0].isdisjoint(words[1])


def _value(pdf: PdfDocument, key: str) -> str:
    """Return one of a PDF's properties in one line; empty where it is missing or far too long."""
    from pypdfium2 import raw

    size = raw.FPDF_GetMetaText(pdf, key.encode(), None, 0)
    if not 2 < size <= 8 * _LONGEST:
        return ""
    held = ctypes.create_string_buffer(size)
    raw.FPDF_GetMetaText(pdf, key.encode(), held, size)
    said = held.raw[: size - 2].decode("utf-16-le", errors="ignore")
    said = " ".join("".join(each if each.isprintable() else " " for each in said).split())
    return said if len(said) <= _LONGEST else ""


def _day(date: str) -> str | None:
    """Return the day of a date as PDF writes it (7.9.4): "D:20230517…"."""
    found = _DATE.match(date)
    if found is None:
        return None
    year, month, day = found.groups()
    if not (month and 1 <= int(month) <= 12):
        return year
    if not (day and 1 <= int(day) <= 31):
        return f"{year}-{month}"
    return f"{year}-{month}-{day}"
