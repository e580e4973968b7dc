"""What e-mails are made of: heads, texts in their encodings, and what is attached.

The messages are read with the parser's old policy: that of today reads heads by a grammar, in time
that grows with the square of their length, and fails on some that are badly written.
"""

from __future__ import annotations

import codecs
import email
import re
from dataclasses import dataclass
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from index.errors import ArticleError
from index.loaders.hypertext.tree import hidden, html_root
from index.loaders.text_encodings import decode_bytes
from index.loaders.trees import Text, events

_REAL = 0.5  # of the words of the HTML; a plain text with fewer only stands in for it
DEEPEST = 20
"""Messages and multiparts in one another that are read."""
_LONGEST = 20_000  # characters of a field in the head
_LONGEST_KIND = 2000  # of one that says what a part is: their parser takes the square of it
_SILENT = re.compile(
    r"text/(?:calendar|rfc822-headers|x-amp-html)|message/(?!rfc822).*|application/(?:ics"
    r"|(?:x-)?pkcs7-signature|pgp-signature|ms-tnef)"
)
_ENCRYPTED = re.compile(r"multipart/encrypted|application/(?:x-)?pkcs7-mime")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_WORD = re.compile(r"\w+")
_WIDER = {"us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252",
          "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
          "shift_jis": "cp932", "iso-8859-8-i": "iso-8859-8"}  # fmt: skip


@dataclass(frozen=True)
class Body:
    """A text of an e-mail, or the head of a message in it.

    Attributes:
        media_type: What it is: "text/plain", "text/html", or "message/rfc822" for a head.
        text: What it says, with line ends as Unix has them.
        flowed: Whether a line that ends in a blank goes on in the next.
        joined: Whether that blank is no part of the text.
        message: The message whose head it is; None for a text.
    """

    media_type: str
    text: str = ""
    flowed: bool = False
    joined: bool = False
    message: Message | None = None


@dataclass(frozen=True)
class Mail:
    """What is read of an e-mail.

    Attributes:
        message: The e-mail.
        bodies: Its texts, and the heads and texts of the messages in it, in order.
        attachments: What its attachments are called.
        cut: Whether messages or parts are so deep in one another that some are not read.
    """

    message: Message
    bodies: tuple[Body, ...]
    attachments: tuple[str, ...]
    cut: bool = False


def message_of(data: bytes, name: str) -> Message:
    """Read an e-mail; broken parts are read as far as they go.

    Raises:
        ArticleError: It is none.
    """
    try:
        message = email.message_from_bytes(
            data.removeprefix(codecs.BOM_UTF8), policy=policy.compat32
        )
    except RecursionError:
        raise ArticleError(f"{name}: is damaged: its parts are nested too deep.") from None
    for part in message.walk():
        for key in ("Content-Type", "Content-Disposition"):
            said = next((str(own) for name, own in part.raw_items() if name.title() == key), "")
            if len(said) > _LONGEST_KIND:
                part.replace_header(key, said[:_LONGEST_KIND])
    if not len(message):
        raise ArticleError(f"{name}: is no e-mail; expected one with its head (From, Date, …).")
    return message


def header_of(message: Message, name: str) -> str:
    """Return what a field of a head says, on one line; nothing if it is not there."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return _decoded(str(value)[:_LONGEST])
    return ""


def date_of(message: Message) -> str:
    """Return when a message was sent, as ISO 8601 has it or else as it says."""
    said = header_of(message, "Date")
    try:
        return parsedate_to_datetime(said).isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return said


def page_of(message: Message) -> bytes | None:
    """Return the web page that a message is the archive of, in UTF-8; None if it is none."""
    if message.get_content_type() != "multipart/related" or header_of(message, "To"):
        return None
    for part in message.walk():
        if part.get_content_type() == "text/html":
            return codecs.BOM_UTF8 + _text(part).encode()
    return None


def bodies_of(message: Message, name: str) -> Mail:
    """Return what is to be read of an e-mail.

    Raises:
        ArticleError: It is encrypted.
    """
    reading = _Reading()
    reading.part(message, 0)
    bodies = tuple(body for body in reading.bodies if body.message is not None or body.text.strip())
    if reading.encrypted and not bodies:
        raise ArticleError(
            f"{name}: is encrypted; open it in your mail program, save its text and add that."
        )
    return Mail(message, bodies, tuple(reading.attachments), reading.cut)


class _Reading:
    def __init__(self) -> None:
        self.bodies: list[Body] = []
        self.attachments: list[str] = []
        self.encrypted = False
        self.cut = False

    def part(self, part: Message, depth: int) -> None:
        """Read a part and those in it."""
        media_type = part.get_content_type()
        if media_type.startswith("multipart/") and not part.is_multipart():
            media_type = "text/plain"  # as its parts were not found
        if depth > DEEPEST:
            self.cut = True
            return
        if _ENCRYPTED.fullmatch(part.get_content_type()):
            self.encrypted = True
        elif media_type == "message/rfc822" and part.is_multipart():
            for message in _parts_of(part):
                self.bodies.append(Body(media_type, message=message))
                self.part(message, depth + 1)
        elif part.is_multipart() and not media_type.startswith("message/"):
            self._parts(part, media_type, depth + 1)
        elif _SILENT.fullmatch(media_type):
            return
        elif self._is_text(part, media_type):
            self.bodies.append(_body(part, media_type))
        elif media_type.startswith("image/") and part.get("Content-ID"):
            return  # a picture in the text
        else:
            self.attachments.append(_called(part, media_type))

    def _parts(self, part: Message, media_type: str, depth: int) -> None:
        own = _parts_of(part)
        if media_type != "multipart/alternative":
            for each in own:
                self.part(each, depth)
            return
        choices: list[_Reading] = []
        for each in own:
            choices.append(_Reading())
            choices[-1].part(each, depth)
        plain = next((each for each in choices if each.has("text/plain")), None)
        html = next((each for each in choices if each.has("text/html")), None)
        chosen = plain or html or next((each for each in choices if each.bodies), None)
        if plain is not None and html is not None and plain.words() < _REAL * html.words():
            chosen = html
        if chosen is not None:
            self.bodies += chosen.bodies
        self.encrypted = self.encrypted or any(each.encrypted for each in choices)
        self.cut = self.cut or any(each.cut for each in choices)
        self.attachments += [name for each in choices for name in each.attachments]

    def has(self, media_type: str) -> bool:
        """Tell whether there is a text of a type."""
        return any(body.media_type == media_type and body.text.strip() for body in self.bodies)

    def words(self) -> int:
        """Return about how many words there are."""
        return sum(len(_WORD.findall(_read(body))) for body in self.bodies)

    def _is_text(self, part: Message, media_type: str) -> bool:
        if part.get_content_disposition() == "attachment" or not media_type.startswith("text/"):
            return False
        return media_type in ("text/plain", "text/html") or part.get_filename() is None


def _read(body: Body) -> str:
    """Return a text as it is read, without the tags of HTML."""
    if body.media_type != "text/html" or (root := html_root(body.text)) is None:
        return body.text
    walk = events(root, skip=hidden)
    return " ".join(event.text for event in walk if isinstance(event, Text))


def _parts_of(part: Message) -> list[Message]:
    return [each for each in part.get_payload() if isinstance(each, Message)]


def _body(part: Message, media_type: str) -> Body:
    flowed = str(part.get_param("format", "")).lower() == "flowed"
    joined = str(part.get_param("delsp", "")).lower() == "yes"
    is_html = media_type == "text/html"
    return Body("text/html" if is_html else "text/plain", _text(part), flowed, joined)


def _text(part: Message) -> str:
    """Return the text of a part, in the encoding that it says or else is found to be in."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    text = _said(data, part.get_content_charset())
    return _UNWRITABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _said(data: bytes, charset: str | None) -> str:
    """Decode bytes of which it is said, rightly or not, what they are in."""
    charset = (charset or "").lower()
    for encoding in (_WIDER.get(charset, charset), None):
        if encoding == "":
            continue
        try:
            return decode_bytes(data, "", encoding).text
        except ArticleError:
            continue
    return data.decode("utf-8", "replace")


def _decoded(value: str) -> str:
    """Return what a field says whose words may be encoded, or are in some encoding as they are."""
    plain = _said(value.encode("utf-8", "surrogateescape"), None)
    try:
        chunks = decode_header(plain)
    except HeaderParseError:
        chunks = [(plain, None)]
    said = ""
    for chunk, charset in chunks:
        if isinstance(chunk, str):
            said += chunk
        elif charset is None:  # as the standard library hands on what was not encoded
            said += chunk.decode("raw-unicode-escape", "replace")
        else:
            said += _said(chunk, charset)
    return re.sub(r"\s+", " ", _UNWRITABLE.sub(" ", said)).strip()


def _called(part: Message, media_type: str) -> str:
    name = _decoded(part.get_filename() or "")[:100]
    return name or f"a file of type {media_type[:80]}"
