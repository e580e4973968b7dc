"""The child process: reads documents with limits of memory and time, one after another.

What it is asked for comes as messages on its standard input, what it found goes back on its
standard output. It ends when its input does.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import time
import traceback
from io import FileIO

from index.errors import ArticleError
from index.loaders.apart.frames import Message, receive, send

_LOOK = 1.0  # seconds from one look at whether the parent is there to the next


def main() -> None:
    """Do what is asked for until the program that started this closes the pipe.

    A request names a function, ``module:name``, and what it takes besides bytes; the function
    returns a message. What goes wrong is told by its kind.
    """
    requests, replies = _pipes()
    _limit(int(sys.argv[1]))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    while (request := receive(requests)) is not None:
        _limit_time(float(request.header["seconds"]))
        reply = _done(request)
        send(replies, reply)
        if reply.header.get("ends"):
            break


def _done(request: Message) -> Message:
    """Return what came of a request, and whether this process is unfit for another and ends."""
    try:
        module, _, name = str(request.header["task"]).partition(":")
        function = getattr(importlib.import_module(module), name)
        found = function(*request.blobs, **request.header["arguments"])
        return Message({"done": found.header}, found.blobs)
    except ArticleError as error:
        return Message({"refused": str(error)})
    except MemoryError:
        return Message({"memory": True, "ends": True})
    except ImportError as error:
        traceback.print_exc()
        return Message({"missing": str(error)})
    except BaseException as error:  # whatever a library raises, one document is all that it costs
        traceback.print_exc()
        return Message({"broke": type(error).__name__, "ends": not isinstance(error, Exception)})


def _end_with(parent: int) -> None:
    """End this process, whatever it is doing, once its parent is gone: nobody waits for it."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os._exit(1)


def _pipes() -> tuple[FileIO, FileIO]:
    """Take the pipes for messages alone: what a library prints goes nowhere."""
    requests, replies = FileIO(os.dup(0), "rb"), FileIO(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return requests, replies


def _limit(memory: int) -> None:
    """Limit the memory, in bytes, where the system can; leave the end of all to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _lower(resource.RLIMIT_AS, memory)


def _limit_time(seconds: float) -> None:
    """Let the system end this process if it computes longer than that from now on.

    The parent watches the clock; this is for a parent that is stopped.
    """
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 2)


def _lower(limit: int, value: int) -> None:
    """Set a soft limit; one that the system does not know, or has set lower, is left."""
    import resource

    _, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(limit, (value, hard))
    except (OSError, ValueError):
        return


if __name__ == "__main__":
    main()
