"""Carries a terminal to its container and back, records what is shown, and ends it when its time is over."""

import codecs
import fcntl
import json
import os
import pty
import select
import signal
import termios
import threading
import time
import tty
from collections.abc import Callable
from typing import TextIO

#: How often the sign-on is asked for.
ASK_SECONDS = 5
CHUNK = 65_536
#: Largest record: what is shown faster than anybody reads it must not fill the disk.
MOST_BYTES = 64 * 1024 * 1024


class _Over(Exception):
    """Why a terminal ends. Raised by signals, since a browser that reads no more can hold up everything else."""


REASONS = {signal.SIGHUP: "hung up", signal.SIGTERM: "hung up", signal.SIGALRM: "time is up", signal.SIGUSR1: "signed out"}


def run(command: list[str], *, recording: str, title: str, still: Callable[[], bool]) -> str:
    """Returns why it ended: closed, hung up, idle, time is up, signed out, or the record is full."""
    # Readable for who ships it; in this container there is nobody else. Before anything runs that it is a record of.
    descriptor = os.open(recording, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    child, master = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    before = termios.tcgetattr(0) if os.isatty(0) else None
    try:
        signal.signal(signal.SIGWINCH, lambda *_: _copy_size(master))
        for number in REASONS:
            signal.signal(number, _end_by)
        signal.setitimer(signal.ITIMER_REAL, float(os.environ["SESSION_MINUTES"]) * 60)
        threading.Thread(target=_ask, args=(still,), daemon=True).start()
        _copy_size(master)
        with os.fdopen(descriptor, "w", encoding="utf-8") as cast:
            # asciicast v2: what was shown, and never what was typed, which may be a password.
            header = {"version": 2, "width": 80, "height": 24, "timestamp": int(time.time()), "title": title}
            cast.write(json.dumps(header) + "\n")
            if before is not None:
                # What was typed ahead is kept.
                tty.setraw(0, termios.TCSADRAIN)
            return _carry(master, cast)
    except _Over as over:
        return str(over)
    except BrokenPipeError:
        return "hung up"
    finally:
        for number in REASONS:
            signal.signal(number, signal.SIG_IGN)
        if before is not None:
            try:
                termios.tcsetattr(0, termios.TCSADRAIN, before)
            except termios.error:
                pass
        os.close(master)
        _end(child)


def _carry(master: int, cast: TextIO) -> str:
    idle_seconds = float(os.environ["IDLE_MINUTES"]) * 60
    started = last_input = time.monotonic()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while True:
        if time.monotonic() - last_input > idle_seconds:
            return "idle"
        ready, _, _ = select.select([master, 0], [], [], 1)
        if master in ready:
            try:
                shown = os.read(master, CHUNK)
            except OSError:
                shown = b""
            if not shown:
                return "closed"
            cast.write(json.dumps([round(time.monotonic() - started, 3), "o", decoder.decode(shown)]) + "\n")
            # Written down before it is seen.
            cast.flush()
            if cast.tell() > MOST_BYTES:
                return "the record is full"
            _write(1, shown)
        if 0 in ready:
            typed = os.read(0, CHUNK)
            if not typed:
                return "hung up"
            last_input = time.monotonic()
            _write(master, typed)


def _ask(still: Callable[[], bool]) -> None:
    while still():
        time.sleep(ASK_SECONDS)
    os.kill(os.getpid(), signal.SIGUSR1)


def _end_by(number: int, _: object) -> None:
    raise _Over(REASONS[signal.Signals(number)])


def _copy_size(master: int) -> None:
    try:
        fcntl.ioctl(master, termios.TIOCSWINSZ, fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))
    except OSError:
        pass


def _write(target: int, data: bytes) -> None:
    while data:
        data = data[os.write(target, data) :]


def _end(child: int) -> None:
    for name in (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(child, name)
        except ProcessLookupError:
            pass
        for _ in range(10):
            if os.waitpid(child, os.WNOHANG)[0] != 0:
                return
            time.sleep(0.1)
