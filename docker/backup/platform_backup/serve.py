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
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from .cron import is_due
from .fault import Fault
from .regions import PGBACKREST_PATH, Region
from .s3 import Client, Hidden
from .settings import RECORDINGS, STATE, Settings, read_settings
from .tools import info, pgbackrest, say, sql, write_config

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
    _retried("stanza", lambda: ready(settings), 5)
    loops = [
        threading.Thread(target=_retried, args=("stanza", lambda: create_stanza(settings), 60), daemon=True),
        threading.Thread(target=_every, args=(settings.heartbeat_seconds, "heartbeat", lambda: beat(settings)), daemon=True),
        threading.Thread(target=_snapshots, args=(settings,), daemon=True),
        threading.Thread(target=_by_schedule, args=(settings,), daemon=True),
    ]
    for loop in loops:
        loop.start()
    say(f"at work: {len(settings.regions)} regions, files every {settings.files_seconds} s")
    _stop.wait()
    return 0


def create_stanza(settings: Settings) -> None:
    """In all regions; where it is there already this changes nothing."""
    for region in settings.regions:
        try:
            Client(region, settings.reader).refuse_hidden(f"{PGBACKREST_PATH}/backup/{settings.stanza}/backup.info".lstrip("/"))
        except Hidden:
            raise
        except Fault as fault:
            say(f"stanza: {fault}")
    pgbackrest(settings, "stanza-create")


def ready(settings: Settings) -> None:
    """A region that is down must not keep the others from their backups: one that has the stanza is enough to begin."""
    try:
        create_stanza(settings)
    except Fault as fault:
        if not any(_has_stanza(settings, region) for region in settings.regions):
            raise
        say(f"stanza: not in every region yet, tried again: {fault}")


def _has_stanza(settings: Settings, region: Region) -> bool:
    try:
        return bool(info(settings, region).get("db"))
    except Fault:
        return False


def refuse_strange(settings: Settings) -> None:
    """
    A new host begins with an empty system, which is no successor of what lies in the regions until that is restored: snapshots
    of its files would pass for the newest ones. PostgreSQL's log and pgBackRest's sets refuse another cluster by themselves.
    """
    own = sql(settings, "SELECT system_identifier FROM pg_control_system();")
    for region in settings.regions:
        try:
            clusters = info(settings, region).get("db") or []
        except Fault as fault:
            say(f"cluster: {fault}")
            continue
        if clusters and str(clusters[-1]["system-id"]) != own:
            raise Fault(f"{region.name} holds backups of another cluster, and none of this one is added; restore from there first")


def _snapshots(settings: Settings) -> None:
    _retried("cluster", lambda: refuse_strange(settings), 5)
    shipped: dict[str, int] = {}

    def ship() -> None:
        """What was recorded since, if anything: an open terminal's record grows, and its user must not outrun the copy."""
        nonlocal shipped
        found = {path.name: path.stat().st_size for path in RECORDINGS.glob("*.cast")}
        if found != shipped:
            _run("recordings")
            shipped = found

    def snapshots() -> None:
        _try("recordings", ship)
        _run("files")

    _every(settings.files_seconds, "files", snapshots)


def beat(settings: Settings) -> None:
    sql(settings, "INSERT INTO monitoring.heartbeat DEFAULT VALUES;")
    BEAT.touch()
    if datetime.now(UTC).minute == 0:
        sql(settings, f"DELETE FROM monitoring.heartbeat WHERE at < now() - interval '{KEEP_HEARTBEATS}';")


def _take_first(settings: Settings) -> None:
    """Until the night of the first scheduled one, a new system would have none."""
    if not any(info(settings, region)["backup"] for region in settings.regions):
        _run("full")


def _by_schedule(settings: Settings) -> None:
    _try("first backup", lambda: _take_first(settings))
    done: datetime | None = None
    while not _stop.wait(1):
        minute = datetime.now(UTC).replace(second=0, microsecond=0)
        if minute == done:
            continue
        done = minute
        for verb in due(settings.schedule, minute):
            # A degraded backup fails too: the next one is taken all the same.
            _try(verb, partial(_run, verb))


def due(schedule: Mapping[str, str], minute: datetime) -> list[str]:
    """Of several kinds of backup that are due the most thorough one; then retention."""
    kinds = [kind for kind in ("full", "diff", "incr") if kind in schedule and is_due(schedule[kind], minute)]
    return [*kinds[:1], *(["expire"] if is_due(EXPIRE, minute) else [])]


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
