"""What a file is: its content decides, and its name only where the content does not tell."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from index.errors import ArticleError
from index.loaders.formats import FORMAT_OF, FORMATS

_PDF_HEAD = 1024  # bytes in which a PDF's mark may stand: others' programs allow for as many
_HEAD = 1 << 16
_MEMBERS = 5000  # of an archive, whose names are looked at
_PDF = re.compile(rb"%PDF-\d")
_BEFORE_HTML = rb"(?:\s|<!--.*?-->|<\?.*?\?>)*"
_HTML = re.compile(_BEFORE_HTML + rb"(?:<!doctype\s+html\b|<html[\s>])", re.DOTALL | re.IGNORECASE)
_SVG = re.compile(_BEFORE_HTML + rb"(?:<!doctype\s+svg\b[^>]*>\s*)?<svg[\s>]", re.DOTALL)
_TAG = re.compile(rb"<[a-z!/][^<>]*>", re.IGNORECASE)
_FIELD = re.compile(rb"(?:>?From [^\r\n]*|([!-9;-~]+)[ \t]*:[^\r\n]*|[ \t]+[^\r\n]*)\r?\n")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 0.02  # of a text, whatever its encoding

_PICTURE = (
    "is a picture, in which no text can be read; run OCR first (ocrmypdf makes a PDF with text of "
    "it) and add what that gives."
)
_ARCHIVE = "is an archive; unpack it and add the files in it."
_RECORDING = "is a sound or a film, not a document; add a transcript of it."
_PROGRAM = "is a program, not a document; add a text, a PDF, a web page or an office document."
_WORKBOOK = "is a workbook; save the sheet that you need as CSV and add that."
_OTHER = "is a file of another program, not a document; export it as PDF or text and add that."
_SLIDES = "is a presentation of another format; save it as .pptx and try again."

# What files begin with that are no documents, and what to do with them. What letters alone tell is
# told by zeros, too: a text may begin with the same ones.
_MARKS = tuple(
    (re.compile(mark, re.DOTALL), says)
    for mark, says in (
        (
            rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|8BPS\0|\0\0\x01\0|BM.{4}\0\0\0\0"
            rb"|\0{3}\x0cjP  |RIFF.{4}WEBP|\0\0..ftyp(?:hei|hev|mif1|avif)",
            _PICTURE,
        ),
        (
            rb"RIFF.{4}(?:WAVE|AVI )|\0\0..ftyp|ID3[\x02-\x04]|\xff[\xfb\xf3]|OggS\0|fLaC\0"
            rb"|\x1aE\xdf\xa3|\0\0\x01\xba",
            _RECORDING,
        ),
        (
            rb"\x1f\x8b|BZh[1-9]1AY&SY|\xfd7zXZ\0|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x28\xb5\x2f\xfd"
            rb"|.{257}ustar[\0 ]",
            _ARCHIVE,
        ),
        (rb"\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe|\0asm|MZ.{0,62}\0", _PROGRAM),
        (rb"\{\\rtf", "is rich text (RTF); save it as .docx and try again."),
        (rb"%!PS", "is PostScript; make a PDF of it (ps2pdf does) and add that."),
        (rb"AT&TFORM", "is a DjVu document; make a PDF with text of it and add that."),
        (
            rb"SQLite format 3\0|PAR1",
            "is a database; export the table that you need as CSV and add that.",
        ),
        (rb".{60}(?:BOOKMOBI|TEXtREAd)", "is an e-book of another format; convert it to EPUB."),
    )
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What the folders of files of before 2007 hold, which tells their programs.
_STREAMS = (
    ("EncryptedPackage", "needs a password; save a copy without one and try again."),
    ("WordDocument", "is a Word document of before 2007; save it as .docx and try again."),
    ("PowerPoint Document", "is a presentation of before 2007; save it as .pptx and try again."),
    ("Workbook", _WORKBOOK),
    ("Book", _WORKBOOK),
    ("__substg1.0_", "is a message of Outlook; save it as .eml or .html and try again."),
)
_ZIPPED = (  # what the names of an archive's members begin with
    ("word/document", "docx"),
    ("ppt/presentation", "pptx"),
    ("META-INF/container.xml", "epub"),
)
_ZIPPED_OTHERS = (
    ("xl/workbook", _WORKBOOK),
    ("visio/document", _OTHER),
    ("Index/Document.iwa", "is a document of Pages or Numbers; export it as .docx or CSV."),
    ("Index/Presentation.iwa", "is a presentation of Keynote; export it as .pptx."),
    ("FixedDocSeq.fdseq", "is an XPS document; print it to a PDF and add that."),
)
_OPEN_DOCUMENTS = (
    (b"spreadsheet", _WORKBOOK),
    (b"presentation", _SLIDES),
    (b"", _OTHER),
)


def format_of(data: bytes, name: str) -> str:
    """Return the name of the format that a file is in, by what it holds.

    Raises:
        ArticleError: It is empty, or something that is not read; what to do with it is said.
    """
    if not data:
        raise ArticleError(f"{name}: the article is empty; there is nothing to quote.")
    named = FORMAT_OF.get(Path(name).suffix.lower(), "")
    said_text = bool(named) and FORMATS[named].text
    if _is_pdf(data, said_text):
        return "pdf"
    if data.startswith(b"PK\3\4") or data.startswith(b"PK\5\6"):
        return _zipped(data, name, named)
    if says := _other(data):
        raise ArticleError(f"{name}: {says}")
    head = _readable(data[:_HEAD])
    if _HTML.match(head):
        return "html"
    if _SVG.match(head):
        raise ArticleError(f"{name}: {_PICTURE}")
    fields = _fields(head)
    if named == "mail":
        return "mail" if fields else "text"
    if _is_mail(fields):
        return "mail"
    if named == "html":
        return "html" if _TAG.search(head) else "text"
    if said_text or not named:
        return named or "text"
    return "text" if _is_text(head) else named


def note_of(found: str, name: str) -> tuple[str, ...]:
    """Return what a person should know of a file that is in another format than its name says."""
    suffix = Path(name).suffix.lower()
    named = FORMAT_OF.get(suffix)
    if named is None or named == found or {named, found} <= {"text", "markdown"}:
        return ()
    return (f"{name}: is named {suffix}, but is {FORMATS[found].called}, and was read as that.",)


def _is_pdf(data: bytes, said_text: bool) -> bool:
    """Tell whether a file is a PDF; a text may speak of the mark of one."""
    mark = _PDF.search(data, 0, _PDF_HEAD)
    if mark is None:
        return False
    if said_text and data[: mark.start()].strip(b"\xef\xbb\xbf \t\r\n\0"):
        return False
    return not said_text or b" obj" in data


def _other(data: bytes) -> str | None:
    """Return what to do with something that is not read; None if it may be a document."""
    if data.startswith(_OLE):
        return next(
            (says for stream, says in _STREAMS if stream.encode("utf-16-le") in data), _OTHER
        )
    return next((says for mark, says in _MARKS if mark.match(data)), None)


def _zipped(data: bytes, name: str, named: str) -> str:
    """Return the format of a zip archive by what its members are called."""
    members = list(_members(data))
    if mimetype := re.match(rb"PK\x03\x04.{26}mimetypeapplication/([\w.+-]+)", data, re.DOTALL):
        said = mimetype[1]
        if said.startswith(b"epub+zip"):
            return "epub"
        if said.startswith(b"vnd.oasis.opendocument.text"):
            return "odt"
        if said.startswith(b"vnd.oasis.opendocument."):
            raise ArticleError(
                f"{name}: {next(says for part, says in _OPEN_DOCUMENTS if part in said)}"
            )
    for start, found in _ZIPPED:
        if any(member.startswith(start) for member in members):
            return found
    for start, says in _ZIPPED_OTHERS:
        if any(member.startswith(start) for member in members):
            raise ArticleError(f"{name}: {says}")
    if named and not FORMATS[named].text and named != "pdf":
        return named  # whose loader says what is wrong with it
    if not members:
        raise ArticleError(f"{name}: is a zip archive that is damaged; get it anew and try again.")
    raise ArticleError(f"{name}: {_ARCHIVE}")


def _members(data: bytes) -> Iterator[str]:
    """Return what the first members of a zip archive are called; none if it is cut short."""
    end = data.rfind(b"PK\5\6", max(0, len(data) - (1 << 16) - 22))
    if end < 0 or end + 22 > len(data):
        return
    size, at = struct.unpack_from("<II", data, end + 12)
    at = max(0, end - size) if data[at : at + 4] != b"PK\1\2" else at
    for _ in range(_MEMBERS):
        if data[at : at + 4] != b"PK\1\2" or at + 46 > len(data):
            return
        lengths = struct.unpack_from("<HHH", data, at + 28)
        yield data[at + 46 : at + 46 + lengths[0]].decode("utf-8", "replace").lstrip("/\\")
        at += 46 + sum(lengths)


def _readable(head: bytes) -> bytes:
    """Return the beginning of a text with one byte for each letter of ASCII."""
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(codec, "ignore").encode("utf-8", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf")


def _fields(head: bytes) -> set[bytes]:
    """Return the names of the fields, in lower case, that a file begins with as an e-mail does."""
    names: set[bytes] = set()
    at = 0
    while field := _FIELD.match(head, at):
        names.add((field[1] or b"").lower())
        at = field.end()
    blank = not head[at:] or head[at : at + 1] in b"\r\n"
    return names - {b""} if blank or at > _HEAD // 2 else set()


def _is_mail(fields: set[bytes]) -> bool:
    """Tell whether a program wrote these fields; people type "From:" and "To:" into texts, too."""
    return b"mime-version" in fields and bool(fields & {b"content-type", b"message-id", b"from"})


def _is_text(head: bytes) -> bool:
    return len(_CONTROL.findall(head)) <= _CONTROL_SHARE * len(head)
