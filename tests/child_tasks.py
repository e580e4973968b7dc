"""What the tests let child processes do: much that libraries do to bad files."""

from __future__ import annotations

import ctypes
import os
import sys
import time

from index.errors import ArticleError
from index.loaders.apart.frames import Message


def echo(data: bytes, *more: bytes, said: str = "") -> Message:
    return Message({"said": said, "child": os.getpid()}, [data[::-1], *more])


def sleep(data: bytes, seconds: float) -> Message:
    time.sleep(seconds)
    return Message({"child": os.getpid()})


def compute(data: bytes) -> Message:
    while True:
        pass


def hold(data: bytes, size: int) -> Message:
    held = bytearray(size)
    return Message({"held": len(held)})


def crash(data: bytes, signal: int) -> Message:
    os.kill(os.getpid(), signal)
    time.sleep(60)
    return Message({})


def abort(data: bytes) -> Message:
    os.abort()


def leave(data: bytes, code: int) -> Message:
    os._exit(code)


def babble(data: bytes) -> Message:
    sys.stdout.write("from Python")
    sys.stdout.flush()
    sys.stderr.write("to standard error")
    os.write(1, b"from a library")
    ctypes.CDLL(None).puts(b"from C")
    return Message({"read": sys.stdin.read()})


def refuse(data: bytes, says: str) -> Message:
    raise ArticleError(says)


def fail(data: bytes, error: str) -> Message:
    raise {"KeyError": KeyError, "SystemExit": SystemExit, "ImportError": ImportError}[error]("why")


def nest(data: bytes, depth: int) -> Message:
    return nest(data, depth + 1)


def loaded(data: bytes) -> Message:
    return Message({"modules": sorted(sys.modules), "environment": sorted(os.environ)})
