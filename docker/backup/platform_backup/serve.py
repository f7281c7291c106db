"""
The service: a heartbeat row every few seconds, a snapshot of the files every minute, backups and retention by schedule. What
fails is said, and tried again; nothing that fails keeps the others from being done.

serve
"""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from .cron import is_due
from .fault import Fault
from .settings import STATE, Settings, read_settings
from .tools import pgbackrest, say, sql, write_config

#: Told by the health check: when the heartbeat last succeeded.
BEAT = Path("/tmp/heartbeat")
#: Hour and minute of retention, after the nightly backup.
EXPIRE = "30 4 * * *"
#: Heartbeats older than this are removed: the newest are what counts.
KEEP_HEARTBEATS = "7 days"

_stop = threading.Event()


def main(_: list[str]) -> int:
    settings = read_settings()
    write_config(settings)
    for folder in ("lock", "spool", "restic"):
        (STATE / folder).mkdir(parents=True, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _stop.set())
    _retried("stanza", lambda: create_stanza(settings), 5)
    loops = [
        threading.Thread(target=_every, args=(settings.heartbeat_seconds, "heartbeat", lambda: beat(settings)), daemon=True),
        threading.Thread(target=_every, args=(settings.files_seconds, "files", lambda: _run("files")), daemon=True),
        threading.Thread(target=_by_schedule, args=(settings,), daemon=True),
    ]
    for loop in loops:
        loop.start()
    say(f"at work: {len(settings.regions)} regions, files every {settings.files_seconds} s")
    _stop.wait()
    return 0


def create_stanza(settings: Settings) -> None:
    """In all regions; where it is there already this changes nothing."""
    pgbackrest(settings, "stanza-create")


def beat(settings: Settings) -> None:
    sql(settings, "INSERT INTO monitoring.heartbeat DEFAULT VALUES;")
    BEAT.touch()
    if datetime.now(UTC).minute == 0:
        sql(settings, f"DELETE FROM monitoring.heartbeat WHERE at < now() - interval '{KEEP_HEARTBEATS}';")


def _by_schedule(settings: Settings) -> None:
    done: datetime | None = None
    while not _stop.wait(1):
        minute = datetime.now(UTC).replace(second=0, microsecond=0)
        if minute == done:
            continue
        done = minute
        # Of several that are due the most thorough one; they come in this order.
        kind = next((kind for kind in ("full", "diff", "incr") if kind in settings.schedule and is_due(settings.schedule[kind], minute)), None)
        if kind is not None:
            _run(kind)
        if is_due(EXPIRE, minute):
            _run("expire")


def _run(verb: str) -> None:
    """In a process of its own: what it holds is gone with it."""
    command = [sys.executable, "-m", "platform_backup", verb]
    ran = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if ran.returncode != 0:
        raise Fault(f"{verb} ended with {ran.returncode}")


def _every(seconds: float, what: str, work: Callable[[], None]) -> None:
    while not _stop.is_set():
        started = time.monotonic()
        _try(what, work)
        _stop.wait(max(0.1, seconds - (time.monotonic() - started)))


def _retried(what: str, work: Callable[[], None], seconds: float) -> None:
    while not _stop.is_set() and not _try(what, work):
        _stop.wait(seconds)


def _try(what: str, work: Callable[[], None]) -> bool:
    try:
        work()
        return True
    except Exception as error:  # noqa: BLE001
        say(f"{what}: {error}")
        return False
