"""Ending in good order: a signal becomes SystemExit, so that every `finally` runs.

uvicorn raises the signal again after its own shutdown; without these handlers the process would
end there and leave its embedded servers behind.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def exit_on_signals() -> None:
    """Make TERM, INT and HUP raise SystemExit(0); the first line of a long-running command."""
    signal.signal(signal.SIGTERM, _exit)
    signal.signal(signal.SIGINT, _exit)
    # uvicorn listens to TERM and INT only.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignore the ending signals while something is put in order that must not stop half-way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.signal(each, signal.SIG_IGN) for each in ENDING}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _exit(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise SystemExit(0)
