"""Zip archives, opened safely, and the XML in them. The door to lxml's parser of XML."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib

from index.errors import ArticleError
from index.loaders.trees import Element

_MEGABYTE = 1 << 20
MOST_MEMBERS = 20_000
LARGEST_MEMBER = 128 * _MEGABYTE  # unpacked
LARGEST_SUM = 512 * _MEGABYTE  # of all that is read of an archive
_LARGEST_RATIO = 250  # of unpacked to packed: XML that people make has up to 100
_SMALL = 8 * _MEGABYTE  # below it, no ratio is a danger
_ENCRYPTED = 0x1
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BAD = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError,
    ValueError, OverflowError, IndexError, KeyError,
)  # fmt: skip


class Archive:
    """The members of a zip archive, in memory: nothing is written anywhere, whatever their names.

    Archives in it are never opened. Not to be shared by threads.

    Args:
        data: The bytes of the archive.
        name: What error messages begin with.

    Raises:
        ArticleError: The data are no zip archive, are cut short, or hold too many members.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        if data.startswith(_OLE):
            raise ArticleError(
                f"{name}: is encrypted with a password, or of an Office before 2007; save a copy "
                "without a password in today's format and try again."
            )
        if not data.startswith(b"PK"):
            raise ArticleError(f"{name}: is no zip archive, which its format needs.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (*_BAD, NotImplementedError) as error:
            raise self._damaged(str(error)) from error
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise ArticleError(
                f"{name}: holds {len(members)} files; expected at most {MOST_MEMBERS}."
            )
        self._members = {_plain(each.filename): each for each in members}
        self._lower = {path.lower(): path for path in self._members}
        self._read = 0

    def find(self, path: str) -> str | None:
        """Return the path that a member really has: case and leading slashes do not count."""
        path = _plain(path)
        return path if path in self._members else self._lower.get(path.lower())

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all members."""
        return tuple(self._members)

    def __contains__(self, path: str) -> bool:
        """Tell whether there is such a member."""
        return self.find(path) is not None

    def read(self, path: str) -> bytes:
        """Return what a member holds.

        Raises:
            ArticleError: There is no such member, or it is damaged, encrypted, or too large when
                unpacked.
        """
        found = self.find(path)
        if found is None:
            raise ArticleError(f"{self.name}: holds no {path}, which its format needs.")
        member = self._members[found]
        if member.flag_bits & _ENCRYPTED:
            raise ArticleError(
                f"{self.name}: needs a password; save a copy without one and try again."
            )
        chunks, size = [], 0
        try:
            with self._zip.open(member) as file:
                while chunk := file.read(_MEGABYTE):
                    size += len(chunk)
                    self._read += len(chunk)
                    self._check(found, size, member.compress_size)
                    chunks.append(chunk)
        except NotImplementedError as error:
            raise ArticleError(
                f"{self.name}: {found} is packed in a way that is not known ({error}); save it "
                "again and try again."
            ) from error
        except _BAD as error:
            raise self._damaged(f"{found}: {error}") from error
        return b"".join(chunks)

    def root(self, path: str) -> Element:
        """Return the root element of a member that is XML.

        Raises:
            ArticleError: It cannot be read, or is no XML; see :func:`xml_root`.
        """
        return xml_root(self.read(path), f"{self.name}: {path}")

    def _check(self, path: str, size: int, packed: int) -> None:
        if size > _SMALL and size > _LARGEST_RATIO * max(packed, 1):
            raise ArticleError(
                f"{self.name}: {path} unpacks to more than {_LARGEST_RATIO} times its size, as "
                "only archives do that are made to do harm."
            )
        if size > LARGEST_MEMBER or self._read > LARGEST_SUM:
            most = LARGEST_MEMBER if size > LARGEST_MEMBER else LARGEST_SUM
            raise ArticleError(
                f"{self.name}: is too large: {path} unpacks to more than {most // _MEGABYTE} MB "
                "with what was read before; split it and try again."
            )

    def _damaged(self, why: str) -> ArticleError:
        return ArticleError(
            f"{self.name}: is damaged or cut short ({why.rstrip('.')}); get it anew and try again."
        )


def xml_root(data: bytes, what: str) -> Element:
    """Return the root element of XML; no entity is expanded, no DTD and no address is opened.

    Args:
        data: The XML, in an encoding that it says.
        what: What error messages begin with.

    Raises:
        ArticleError: It is not well-formed, nested deeper than 256 elements, or has a text of more
            than 10 million bytes.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        attribute_defaults=False, huge_tree=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        why = " ".join(re.sub(r" \(<string>, line \d+\)\Z", "", str(error)).split())
        raise ArticleError(
            f"{what} is no XML that can be read ({why[:200]}); get it or save it anew and try "
            "again."
        ) from error
    if root is None:
        raise ArticleError(f"{what} is empty.")
    return root


def _plain(path: str) -> str:
    return path.replace("\\", "/").lstrip("/")
