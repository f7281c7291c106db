"""
Restores the filestore from one region with nothing but the escrow file, and reads every file of it.

restore-files --region R [--at TIME | --backup ID] [--as-of TIME] [--lost-at TIME] [--rpo SECONDS]

The escrow file comes on standard input, the report goes to standard output as JSON, progress to standard error. What the
restored database names is read from the exchange folder, where `restore-database` left it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .settings import FILES_HOST
from .verify_files import Attachment, judge_files, look_at_files
from .verify_findings import Finding, Report, sentence
from .verify_restore import WORK, arguments
from .verify_source import Source, open_source

_DAY = 86_400
#: A row is dated with the begin of its transaction, and its file is written in it: rows up to this much older than a
#: snapshot may have come to be while it was taken.
TRANSACTION_SECONDS = 60


@dataclass(frozen=True)
class Snapshot:
    id: str
    #: When it began.
    time: datetime
    tags: tuple[str, ...]


def main(given: list[str]) -> int:
    parser = arguments(argparse.ArgumentParser(prog="restore-files", description=__doc__))
    parser.add_argument("--store", type=Path, default=Path("/var/lib/odoo/filestore"))
    options = parser.parse_args(given)
    report = Report()
    try:
        WORK.mkdir(parents=True, exist_ok=True)
        run(options, report, open_source(sys.stdin.read(), options.region, WORK, as_of=options.as_of))
    except Exception as error:  # noqa: BLE001
        report.add(Finding("restore-files", False, None, "the filestore comes back", sentence(error)))
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    print(json.dumps(report.as_data()))
    return 0 if report.holds else 1


def run(options: argparse.Namespace, report: Report, source: Source) -> None:
    reference: datetime = options.at or options.lost_at or options.as_of or datetime.now(UTC)
    manifest = source.manifest(backup=options.backup, not_after=options.at)
    past = options.store.parent / ".past"
    if source.past is not None:
        source.past.restic(past)
    restic = Restic(source.restic | ({"RESTIC_REPOSITORY": str(past)} if source.past else {}), source.restic_options)
    chosen = choose(restic.snapshots(), manifest, source, options)
    database = manifest["database"]
    store = options.store / database
    store.mkdir(parents=True, exist_ok=True)

    started = time.monotonic()
    for snapshot in chosen:
        restic.restore(snapshot, f"{source.filestore}/{database}", store)
    shutil.rmtree(past, ignore_errors=True)
    report.seconds["restore-files"] = time.monotonic() - started
    newest = max(chosen, key=lambda one: one.time)
    report.facts |= {"snapshots": [one.id[:8] for one in chosen], "snapshot_time": newest.time.isoformat()}
    report.add(judge_snapshot(newest, reference, options))

    rows = [Attachment(name, written) for name, written in json.loads((options.exchange / "attachments.json").read_text())]
    started = time.monotonic()
    found = look_at_files(store, rows, newest.time.timestamp() - TRANSACTION_SECONDS)
    report.seconds["attachments"] = time.monotonic() - started
    report.add(judge_files(found))
    report.add(judge_store(found.stored, manifest))


def judge_snapshot(newest: Snapshot, reference: datetime, options: argparse.Namespace) -> Finding:
    """Files that came after the newest snapshot are lost, as rows after the newest log are."""
    lost = max(0.0, (reference - newest.time).total_seconds())
    holds = options.backup is not None or lost <= options.rpo
    return Finding(
        "snapshot-age",
        holds,
        {"seconds": round(lost, 1)},
        {"seconds": options.rpo},
        f"the newest snapshot of the files began {lost:.1f} s before {reference.isoformat()}, of {options.rpo:g} s that are allowed",
    )


def judge_store(stored: int, manifest: dict[str, Any], tolerance: float = 0.05) -> Finding:
    """A store that shrank since its backup, beyond what Odoo collects, is not the one that was saved."""
    wanted = int(manifest["files"]["count"])
    least = int(wanted * (1 - tolerance))
    return Finding(
        "files",
        stored >= least,
        {"files": stored},
        {"at least": least},
        f"the store holds {stored} files, and held {wanted} when it was backed up",
    )


def choose(snapshots: list[Snapshot], manifest: dict[str, Any], source: Source, options: argparse.Namespace) -> list[Snapshot]:
    """
    The snapshots whose files, united, hold all that the database names at the wanted moment: the last one before it, for
    what was collected since, and the first one after it, for what came since. Raises where there is none.
    """
    ordered = sorted(snapshots, key=lambda one: one.time)
    if options.backup is not None:
        wanted = source.snapshot(manifest)
        named = [one for one in ordered if one.id.startswith(wanted)]
        if not named:
            raise RuntimeError(f"the region holds no snapshot {wanted}, which the manifest names")
        return named
    if options.at is None:
        chosen = ordered[-1:]
    else:
        chosen = [one for one in ordered if one.time <= options.at][-1:] + [one for one in ordered if one.time > options.at][:1]
    if not chosen:
        raise RuntimeError("the region holds no snapshot of the filestore")
    return chosen


@dataclass(frozen=True)
class Restic:
    environment: dict[str, str]
    options: list[str]

    def snapshots(self) -> list[Snapshot]:
        found = json.loads(self._run("snapshots", "--json", "--no-lock", "--host", FILES_HOST))
        return [
            # Nanoseconds are more than Python reads.
            Snapshot(one["id"], datetime.fromisoformat(_microseconds(one["time"])), tuple(one.get("tags") or ()))
            for one in found or []
        ]

    def restore(self, snapshot: Snapshot, path: str, target: Path) -> None:
        self._run("restore", f"{snapshot.id}:{path}", "--target", str(target), "--no-lock", "--verify", "--json")

    def _run(self, *arguments: str) -> str:
        environment = {**os.environ, "HOME": "/tmp", **self.environment}
        ran = subprocess.run(["restic", *self.options, *arguments], env=environment, capture_output=True, text=True, timeout=_DAY, check=False)
        if ran.returncode != 0:
            raise RuntimeError(f"restic {arguments[0]} ended with {ran.returncode}: {ran.stderr.strip() or ran.stdout.strip()[-400:]}")
        return ran.stdout


def _microseconds(text: str) -> str:
    whole, dot, rest = text.partition(".")
    digits = "".join(character for character in rest if character.isdigit() or character in "+-:Z")
    zone = next((index for index, character in enumerate(digits) if character in "+-Z"), len(digits))
    return whole + (f".{digits[:zone][:6]}" if dot else "") + digits[zone:]
