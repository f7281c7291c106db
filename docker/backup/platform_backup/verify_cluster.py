"""Brings a cluster back from one region into an empty folder, as far as an explicit target, and proves that it got there."""

import json
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .verify_wal import Segment, histories_in, parse_history

_DAY = 86_400
_LSN = re.compile(r"lsn: ([0-9A-F]+/[0-9A-F]+),")
_RECOVERY_SETTING = re.compile(r"\s*(?:restore_command|recovery_\w+|archive_mode)\s*=")
#: What a restored cluster must not inherit or do: it archives nowhere, and nothing but this container's socket reaches it.
_ISOLATED = {
    "listen_addresses": "",
    "archive_mode": "on",
    # Fails on purpose: what is written from here on stays, marked for archiving, until the cluster serves for good.
    "archive_command": "false",
    # Sizes are those of the server that was backed up; a standby that lets nobody in before its end doesn't ask for them.
    "hot_standby": "off",
    "ssl": "off",
    "hba_file": "{sockets}/pg_hba.conf",
    "unix_socket_directories": "{sockets}",
    "autovacuum": "off",
    "max_wal_senders": "0",
    "log_destination": "stderr",
    "logging_collector": "off",
    "shared_preload_libraries": "",
}


class RestoreFault(Exception):
    """Ends a restore; its message says what is wrong."""


@dataclass(frozen=True)
class Target:
    """Where recovery has to get to. PostgreSQL fails where the log ends before."""

    #: `lsn`, `time`, or `immediate`: the end of the backup.
    kind: str
    value: str

    @property
    def settings(self) -> str:
        setting = "recovery_target" if self.kind == "immediate" else f"recovery_target_{self.kind}"
        # At its target a server promotes; pausing, which is the default, would wait for ever.
        return f"{setting} = '{self.value}'\nrecovery_target_action = 'promote'\n"


def environment() -> dict[str, str]:
    """Paths that can be written on a read-only root; not every command takes them as options."""
    return {**os.environ, "PGBACKREST_LOCK_PATH": "/tmp/pgbackrest-lock", "PGBACKREST_LOG_LEVEL_FILE": "off", "PGBACKREST_SPOOL_PATH": "/tmp/pgbackrest-spool"}


@dataclass
class Repository:
    """One region's repository, through a configuration that names no other."""

    config: Path
    stanza: str

    def command(self, verb: str, *arguments: str, options: tuple[str, ...] = ()) -> list[str]:
        return [
            "pgbackrest",
            f"--config={self.config}",
            *([] if verb == "repo-ls" else [f"--stanza={self.stanza}"]),
            "--log-level-console=warn",
            *options,
            verb,
            *arguments,
        ]

    def run(self, verb: str, *arguments: str, options: tuple[str, ...] = ()) -> str:
        command = self.command(verb, *arguments, options=options)
        ran = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=_DAY, check=False)
        if ran.returncode != 0:
            raise RestoreFault(f"pgbackrest {verb} ended with {ran.returncode}: {ran.stderr.strip() or ran.stdout.strip()}")
        return ran.stdout

    def archive_paths(self) -> list[str]:
        listed = json.loads(self.run("repo-ls", f"archive/{self.stanza}", options=("--recurse", "--output=json")))
        return [path for path, entry in listed.items() if entry["type"] == "file"]

    def info(self) -> dict[str, Any]:
        stanzas = json.loads(self.run("info", options=("--output=json",)))
        found = next((one for one in stanzas if one["name"] == self.stanza), None)
        if found is None or found["status"]["code"] != 0:
            raise RestoreFault(f"the repository holds no usable stanza {self.stanza}: {(found or {}).get('status', {}).get('message', 'missing')}")
        return found

    def fetch(self, name: str, folder: Path, data: Path) -> Path:
        """A segment or a history file, decrypted, its checksum verified. The cluster's files must be there already."""
        path = folder / name
        self.run("archive-get", name, str(path), options=(f"--pg1-path={data}", "--no-archive-async"))
        return path

    def histories(self, paths: list[str], folder: Path, data: Path) -> dict[int, list[tuple[int, str]]]:
        return {
            int(name[:8], 16): parse_history(self.fetch(name, folder, data).read_text()) for name in histories_in(paths)
        }


def last_position(file: Path) -> str | None:
    """Position of the last record that lies wholly in a segment; None where it holds none."""
    # It ends with an error where the segment isn't filled to its end, which is as usual as not.
    ran = subprocess.run(["pg_waldump", str(file)], capture_output=True, text=True, timeout=600, check=False)
    found = _LSN.findall(ran.stdout)
    return found[-1] if found else None


def newest_target(repository: Repository, newest: Segment, folder: Path, data: Path) -> Target:
    """The last record of the newest segment: recovery that stops anywhere before it has lost something, and fails."""
    file = repository.fetch(newest.name, folder, data)
    position = last_position(file)
    file.unlink()
    if position is None:
        raise RestoreFault(f"the newest segment, {newest.name}, holds no record that can be read")
    return Target("lsn", position)


def restore_files(repository: Repository, data: Path, label: str, processes: int) -> None:
    """Writes the cluster's files into the folder; what an interrupted restore left there goes."""
    for entry in data.iterdir():
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    # The timeline is told by `aim`: the latest one, which is the default, may be that of a restore that was undone.
    options = (f"--pg1-path={data}", f"--set={label}", f"--process-max={processes}", "--target-timeline=current")
    repository.run("restore", options=options)


def aim(data: Path, target: Target, timeline: int) -> None:
    """Tells the restored cluster how far to replay the log, and which of its lines."""
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"recovery_target_timeline = '{timeline}'\n{target.settings}")


def isolation(sockets: Path) -> list[str]:
    return [part for name, value in _ISOLATED.items() for part in ("-c", f"{name}={value.format(sockets=sockets)}")]


def recover(data: Path, sockets: Path, *, log: Path, wait_seconds: float = _DAY) -> subprocess.Popen[bytes]:
    """
    Starts a server on the folder and waits until it has replayed the log up to its target and is promoted.

    Raises RestoreFault with the server's own words where it ends before.
    """
    sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    (sockets / "pg_hba.conf").write_text("local all all trust\n")
    config = data / "postgresql.conf"
    if not config.exists():
        config.write_text("")
    with log.open("wb") as out:
        server = subprocess.Popen(["postgres", "-D", str(data), "-c", f"config_file={config}", *isolation(sockets)], env=environment(), stdout=out, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + wait_seconds
    asking = ["psql", "-XAtq", "--host", str(sockets), "--username", "postgres", "--dbname", "postgres", "-c", "SELECT pg_is_in_recovery()"]
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RestoreFault(f"PostgreSQL ended while it recovered: {_why(log)}")
        ran = subprocess.run(asking, capture_output=True, text=True, timeout=60, check=False)
        if ran.returncode == 0 and ran.stdout.strip() == "f":
            return server
        time.sleep(0.1)
    server.terminate()
    raise RestoreFault(f"PostgreSQL did not finish its recovery in {wait_seconds:g} s: {_why(log)}")


def shut_down(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: sessions end and everything is written, so that pages can be looked at."""
    server.send_signal(2)
    if server.wait(timeout=600) != 0:
        raise RestoreFault(f"PostgreSQL ended with {server.returncode} when it was shut down")


def _why(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "ERROR" in line]
    return " ".join((telling or lines)[-3:]).strip() or "it said nothing"


def forget_recovery(data: Path) -> None:
    """Takes out what pgBackRest wrote for this recovery alone, so that no later one inherits its target."""
    settings = data / "postgresql.auto.conf"
    kept = [line for line in settings.read_text().splitlines() if not _RECOVERY_SETTING.match(line)]
    settings.write_text("\n".join(kept) + "\n")
