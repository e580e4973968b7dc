"""Messages between this program and its child processes: a header, which is JSON, and bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from io import FileIO
from typing import Any, NamedTuple

_LENGTH = struct.Struct("<Q")
_LARGEST_HEADER = 1 << 27  # bytes
_BLOCK = 1 << 20
_LARGEST = 1 << 31  # bytes that come with a header: what is damaged may claim any number


class Message(NamedTuple):
    """What is sent, either way.

    Attributes:
        header: What JSON can hold.
        blobs: What it cannot.
    """

    header: Mapping[str, Any]
    blobs: Sequence[bytes] = ()


def send(file: FileIO, message: Message) -> None:
    """Write a message to a pipe.

    Raises:
        OSError: The other end is closed.
    """
    header = {"header": message.header, "sizes": [len(blob) for blob in message.blobs]}
    written = json.dumps(header).encode("ascii")
    for data in (_LENGTH.pack(len(written)) + written, *message.blobs):
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]


def receive(file: FileIO) -> Message | None:
    """Read a message from a pipe; None if the other end was closed before it was whole.

    Raises:
        ValueError: What is read is no message.
    """
    if (head := _read(file, _LENGTH.size)) is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _LARGEST_HEADER:
        raise ValueError(f"a header of {length:,} bytes")
    if (written := _read(file, length)) is None:
        return None
    read = json.loads(written)
    if sum(read["sizes"]) > _LARGEST:
        raise ValueError(f"blobs of {sum(read['sizes']):,} bytes")
    blobs: list[bytes] = []
    for size in read["sizes"]:
        if (blob := _read(file, size)) is None:
            return None
        blobs.append(blob)
    return Message(read["header"], blobs)


def _read(file: FileIO, size: int) -> bytes | None:
    """Read so many bytes; None if there are fewer. A size that is only claimed takes no memory."""
    read = bytearray()
    while len(read) < size:
        if not (block := file.read(min(size - len(read), _BLOCK))):
            return None
        read += block
    return bytes(read)
