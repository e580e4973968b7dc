"""Which encoding the bytes of a text are in: the one door to charset-normalizer."""

from __future__ import annotations

import codecs
import contextlib
import re
from typing import NamedTuple

from index.errors import ArticleError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Those that files are in; more would only be more ways to guess wrong. Where bytes say the same in
# several, charset-normalizer names one of them.
_GUESSED = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874",
    "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_8", "iso8859_15", "koi8_r", "koi8_u", "cp850",
    "cp866", "mac_roman", "mac_cyrillic", "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
_COMMONEST = "cp1252"
_ESCAPED = (  # what only those encodings begin their letters with, in bytes that are all ASCII
    (re.compile(rb"\x1b\$[@B]"), "iso2022_jp"),
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
)
_BEYOND_ASCII = bytes(range(0x80, 0x100))
_FEW = 0.01  # of all bytes
_ENGLISH = frozenset(map(chr, range(128))) | frozenset(
    "‘’“”„–—…•·«»£€¥¢§©®™°±×÷½¼¾²\xa0\xadàáâäåæçèéêëíîïñóôöøüÉÖÜÅ"
)
_NO_TEXT = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BINARY_SHARE = 0.1  # a larger share of control characters is not something a person wrote
_SAMPLE = 1 << 17  # bytes that a guess is made from
_CERTAIN = 4  # so many characters that are UTF-8, for each byte that is not, make a text UTF-8


class Decoded(NamedTuple):
    """What bytes say.

    Attributes:
        text: The text, without a byte-order mark.
        encoding: What it was read as, such as "utf-8" or "windows-1252".
        guessed: Whether nothing but what it looks like told which encoding it is in.
        damaged: In how many places it does not fit; U+FFFD stands there.
    """

    text: str
    encoding: str
    guessed: bool = False
    damaged: int = 0

    def notes(self, name: str) -> tuple[str, ...]:
        """Return what a person should know of how a file was read."""
        notes = []
        if self.guessed:
            notes.append(
                f"{name}: read as {self.encoding}, which was guessed; name another encoding "
                "(--encoding) if letters look wrong."
            )
        if self.damaged:
            notes.append(
                f"{name}: is damaged {self.encoding} text: what cannot be read "
                f"({self.damaged} in all) is shown as \ufffd."
            )
        return tuple(notes)


def decode_bytes(data: bytes, name: str, encoding: str | None = None) -> Decoded:
    """Return the text that bytes hold.

    A byte-order mark tells the encoding; then the one that is named does, if any. Else it is UTF-8
    where that fits, but for a few damaged places; UTF-16 where every other byte is zero; or it is
    guessed. Takes time linear in the bytes.

    Args:
        data: The bytes.
        name: What the file is called in errors.
        encoding: Which encoding they are in; None if that is not known.

    Raises:
        ArticleError: The data are binary, or not in the encoding that is named or marked; or there
            is no such encoding.
    """
    if encoding is not None:
        encoding = _known(encoding, name)
    for mark, marked in _BOMS:
        if data.startswith(mark):
            if marked == "utf-8" and encoding is None:
                break
            return _strict(data[len(mark) :], name, marked)
    if encoding is not None:
        return _strict(data, name, encoding)
    if wide := _wide(data):
        return Decoded(wide[0], wide[1])
    if (escaped := _escaped(data)) is not None:
        return escaped
    own = data.removeprefix(codecs.BOM_UTF8)
    try:
        decoded = Decoded(own.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        if b"\0" in data:
            raise ArticleError(_binary(name)) from None
        decoded = _damaged(own) or _guess(own, name)
    if _is_binary(decoded.text):
        raise ArticleError(_binary(name))
    return decoded


def as_utf8(data: bytes, name: str, encoding: str) -> bytes:
    """Return bytes that hold a text in UTF-8 with a byte-order mark, for a loader of texts.

    Loaders of plain text, Markdown, separated values and HTML believe the mark whatever else they
    find. Not for archives, PDF or e-mail, which say themselves what their parts are in.

    Args:
        data: The bytes of the text.
        name: What the file is called in errors.
        encoding: Which encoding they are in.

    Raises:
        ArticleError: They are not in that encoding; or there is no such encoding.
    """
    return codecs.BOM_UTF8 + decode_bytes(data, name, encoding).text.encode()


def _known(encoding: str, name: str) -> str:
    """Return what an encoding is called; raise an error if it is none of text."""
    found = ""
    with contextlib.suppress(LookupError, ValueError):
        with contextlib.suppress(UnicodeError):
            b"a".decode(encoding)  # refuses "hex", which is a codec, but none of text
        found = codecs.lookup(encoding).name.replace("_", "-")
    if not found or found in _NO_TEXT:
        raise ArticleError(
            f"{name}: there is no encoding {encoding[:80]!r}; name one such as utf-8, "
            "windows-1252, iso-8859-2, utf-16 or shift_jis."
        )
    return _called(found)


def _called(codec: str) -> str:
    """Return what people call a codec: "windows-1252" for "cp1252"."""
    codec = codec.replace("_", "-")
    codec = re.sub(r"\Acp(125\d|874)\Z", r"windows-\1", codec)
    return re.sub(r"\Aiso8859-", "iso-8859-", codec)


def _strict(data: bytes, name: str, encoding: str) -> Decoded:
    codec = {"windows-874": "cp874"}.get(encoding, encoding)
    try:
        text = data.decode(codec)
        text.encode()  # some let halves of surrogate pairs through
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{name}: is not {encoding} text (byte 0x{data[error.start]:02x} at position "
            f"{error.start}); name the encoding that it is in, or save it as UTF-8 and try again."
        ) from None
    except UnicodeEncodeError as error:
        raise ArticleError(
            f"{name}: is not {encoding} text (character {error.start} is none); name the encoding "
            "that it is in, or save it as UTF-8 and try again."
        ) from None
    text = text.removeprefix("\ufeff")
    if _is_binary(text):
        raise ArticleError(_binary(name))
    return Decoded(text, encoding)


def _wide(data: bytes) -> tuple[str, str] | None:
    """Return a text in UTF-16 without a mark, and its encoding; None if it is not plainly that.

    The letters of Latin scripts have a byte of zero each, all on the same side.
    """
    if len(data) % 2 or b"\0" not in data:
        return None
    half = len(data) // 2
    for encoding, zeros, other in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if data[zeros::2].count(0) > half // 2 and data[other::2].count(0) <= half // 100:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if not _is_binary(text):
                return text, encoding
    return None


def _escaped(data: bytes) -> Decoded | None:
    """Return a text in an encoding that says by escape sequences which letters follow, if it is."""
    for mark, codec in _ESCAPED if data.isascii() else ():
        if mark.search(data):
            with contextlib.suppress(UnicodeDecodeError):
                return Decoded(data.decode(codec), _called(codec), guessed=True)
    return None


def _damaged(data: bytes) -> Decoded | None:
    """Return what is UTF-8 but for a few places, such as a text cut off amid a letter."""
    text = data.decode("utf-8", "replace")
    real = data.count("\ufffd".encode())
    damaged = text.count("\ufffd") - real
    fit = len(text) - damaged - real - sum(map(len, re.findall(r"[\x00-\x7f]+", text)))
    return Decoded(text, "utf-8", damaged=damaged) if fit >= _CERTAIN * damaged else None


def _guess(data: bytes, name: str) -> Decoded:
    from charset_normalizer import from_bytes

    if _is_almost_ascii(data):
        return Decoded(data.decode(_COMMONEST), _called(_COMMONEST), guessed=True)
    matches = from_bytes(_sample(data), cp_isolation=list(_GUESSED))
    tried = [match.encoding for match in matches]
    if (best := matches.best()) is None or _COMMONEST in best.could_be_from_charset:
        tried.insert(0, _COMMONEST)  # what says the same in others, too, is called by this one
    for codec in tried:
        try:
            return Decoded(data.decode(codec), _called(codec), guessed=True)
        except UnicodeDecodeError:
            continue
    if _is_binary(data.decode("latin-1")):
        raise ArticleError(_binary(name))
    raise ArticleError(
        f"{name}: is in no encoding that could be guessed; name the one that it is in with "
        "--encoding, or save it as UTF-8 and try again."
    )


def _is_almost_ascii(data: bytes) -> bool:
    """Tell whether a text has few signs beyond ASCII, all such as English texts have.

    A few signs are too little to tell encodings apart by what letters stand beside one another.
    """
    beyond = len(data) - len(data.translate(None, _BEYOND_ASCII))
    if beyond > _FEW * len(data):
        return False
    try:
        text = data.decode(_COMMONEST)
    except UnicodeDecodeError:
        return False
    return set(text).issubset(_ENGLISH)


def _sample(data: bytes) -> bytes:
    """Return lines of a text that hold more than ASCII, which alone tell encodings apart."""
    lines: list[bytes] = []
    size = 0
    for line in re.finditer(rb"[^\r\n]+", data):
        if not (own := line[0]).isascii() and size + len(own) <= _SAMPLE:
            lines.append(own)
            size += len(own)
    return b"\n".join(lines) if lines else data


def _is_binary(text: str) -> bool:
    return len(_CONTROL.findall(text)) > _BINARY_SHARE * len(text)


def _binary(name: str) -> str:
    return (
        f"{name}: is a binary file; expected a text or Markdown file. If it is one, name the "
        "encoding that it is in with --encoding."
    )
