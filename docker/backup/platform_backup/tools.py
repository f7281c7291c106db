"""The programs that do the work, told where everything lies: psql, pgBackRest, restic."""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .fault import Fault
from .regions import Region, pgbackrest_conf, restic_environment, restic_options
from .settings import CLUSTER, SOCKET, STATE, Settings

_DAY = 86_400
CONFIG = Path("/tmp/pgbackrest.conf")


class Busy(Fault):
    """Another one is at work."""


def say(line: str) -> None:
    print(f"platform-backup: {line}", flush=True, file=sys.stderr)


@contextmanager
def alone(what: str, patience: float = 0) -> Iterator[None]:
    """
    One at a time, whoever started it; a lock whose holder was killed is free at once.

    Raises Busy where another one is at work after `patience` seconds.
    """
    path = STATE / f"{what}.lock"
    until = time.monotonic() + patience
    with path.open("a+") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() < until:
                    time.sleep(0.2)
                    continue
                file.seek(0)
                raise Busy(f"another {what} is at work, begun by {file.read().strip() or 'somebody'}; wait for it") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield


def sql(settings: Settings, statement: str, variables: dict[str, str] | None = None) -> str:
    """Runs SQL through the socket; what it prints, a line per row. Values go as variables, quoted by psql."""
    given = [part for name, value in (variables or {}).items() for part in ("-v", f"{name}={value}")]
    command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *given, "-h", str(SOCKET), "-U", "postgres", "-d", settings.database]
    ran = subprocess.run(command, input=statement, capture_output=True, text=True, timeout=_DAY, check=False)
    if ran.returncode != 0:
        raise Fault(f"PostgreSQL: {ran.stderr.strip() or ran.returncode}")
    return ran.stdout.strip()


def write_config(settings: Settings) -> None:
    text = pgbackrest_conf(
        settings.regions, settings.writer, settings.repository_passphrase, settings.stanza, CLUSTER, SOCKET, STATE
    )
    unfinished = CONFIG.with_suffix(f".{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    unfinished.rename(CONFIG)


def pgbackrest(settings: Settings, verb: str, *options: str, region: Region | None = None) -> str:
    repository = [f"--repo={settings.regions.index(region) + 1}"] if region is not None else []
    command = ["pgbackrest", f"--config={CONFIG}", f"--stanza={settings.stanza}", *repository, *options, verb]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=_DAY, check=False)
    if ran.returncode != 0:
        raise Fault(f"pgbackrest {verb} ended with {ran.returncode}: {last_lines(ran.stderr or ran.stdout)}")
    return ran.stdout


def info(settings: Settings, region: Region) -> dict[str, Any]:
    """What a region's repository holds of our stanza."""
    found = json.loads(pgbackrest(settings, "info", "--output=json", region=region))
    own: dict[str, Any] = next((one for one in found if one["name"] == settings.stanza), {"backup": [], "db": []})
    return own


def restic(settings: Settings, region: Region, *arguments: str) -> str:
    environment = restic_environment(region, settings.writer, settings.files_passphrase, STATE / "restic")
    ran = subprocess.run(
        ["restic", *restic_options(region), *arguments],
        env={**os.environ, "HOME": "/tmp", **environment},
        capture_output=True,
        text=True,
        timeout=_DAY,
        check=False,
    )
    # 3: some files could not be read.
    if ran.returncode != 0:
        raise Fault(f"restic {arguments[0]} ended with {ran.returncode}: {last_lines(ran.stderr or ran.stdout)}")
    return ran.stdout


def last_lines(text: str, most: int = 3) -> str:
    return " ".join(" ".join(text.strip().splitlines()[-most:]).split())[:500]
