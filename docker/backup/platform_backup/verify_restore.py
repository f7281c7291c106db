"""
Restores a cluster from one region with nothing but the escrow file, and checks all that can be checked without Odoo.

restore-database --region R [--at TIME | --backup ID] [--as-of TIME] [--lost-at TIME] [--rpo SECONDS]

The escrow file comes on standard input, the report goes to standard output as JSON, progress to standard error.
"""

import argparse
import json
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import verify_cluster as cluster
from . import verify_database as database
from .verify_findings import Finding, Report, sentence
from .verify_source import Source, open_source
from .verify_wal import Segment, find_gaps, judge_continuity, lsn_bytes, segment, segments_in

#: Longest age of the newest backup, in hours: a day, and time to take it.
MAX_BACKUP_AGE_HOURS = 26
WORK = Path("/tmp/restore")


class Stop(Exception):
    """A finding after which nothing else can be looked at."""


def arguments(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--region", required=True)
    moment = parser.add_mutually_exclusive_group()
    moment.add_argument("--at", type=time_of, help="bring back this moment; default: the newest that the region holds")
    moment.add_argument("--backup", help="bring back the end of this backup")
    parser.add_argument("--as-of", type=time_of, help="read the region as it was then, whatever was deleted or overwritten since")
    parser.add_argument("--lost-at", type=time_of, help="the moment of the loss, from which what is lost is measured; default: now")
    parser.add_argument("--rpo", type=float, default=300, help="most seconds that may be lost")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--exchange", type=Path, default=Path("/exchange"))
    return parser


def time_of(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} names no time zone; write it as 2026-01-31T13:00:00Z")
    return found.astimezone(UTC)


def main(given: list[str]) -> int:
    parser = arguments(argparse.ArgumentParser(prog="restore-database", description=__doc__))
    parser.add_argument("--data", type=Path, default=Path("/restore/17/main"))
    options = parser.parse_args(given)
    report = Report()
    try:
        WORK.mkdir(parents=True, exist_ok=True)
        past = options.data.parent / ".past"
        source = open_source(sys.stdin.read(), options.region, WORK, options.as_of, past)
        try:
            if source.past is not None:
                source.past.pgbackrest(past)
            run(options, report, source)
        finally:
            shutil.rmtree(past, ignore_errors=True)
    except Exception as error:  # noqa: BLE001
        report.add(Finding("restore", False, None, "the cluster comes back", sentence(error)))
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    print(json.dumps(report.as_data()))
    return 0 if report.holds else 1


def run(options: argparse.Namespace, report: Report, source: Source) -> None:
    started = datetime.now(UTC)
    # What a region held at a moment is all that it can give: what came later is lost by choice.
    reference: datetime = options.at or options.lost_at or options.as_of or started
    report.facts |= {"region": options.region, "started": started.isoformat(), "reference": reference.isoformat()}
    if options.as_of is not None:
        report.facts["as_of"] = options.as_of.isoformat()

    try:
        _restore(options, report, source, reference)
    except Stop:
        # What was found says why.
        return


def _restore(options: argparse.Namespace, report: Report, source: Source, reference: datetime) -> None:
    manifest = _need(report, "manifest", lambda: _manifest(source, options, report, reference))
    if source.lock is not None:
        report.run("locked", {"mode": "COMPLIANCE"}, lambda: _lock(source, manifest))
    repository = source.repository
    backup = _need(report, "backup-set", lambda: _backup_set(repository, manifest, source, report))
    _say(f"restoring {backup['label']} from {options.region}")
    _timed(report, "restore", lambda: cluster.restore_files(repository, options.data, backup["label"], options.jobs))

    paths = repository.archive_paths()
    start = segment(backup["archive"]["start"])
    # The end of a backup needs no later segment.
    until = segment(backup["archive"]["stop"]) if options.backup is not None else None
    gaps = find_gaps(segments_in(paths), start, repository.histories(paths, WORK, options.data), until)
    # A later hole doesn't touch an earlier moment; but it means that the archive can't be relied on, so it is said.
    report.add(judge_continuity(gaps, start))
    target = _target(options, repository, gaps.newest)
    if target.kind == "lsn" and options.lost_at is None and options.as_of is None:
        # The stack goes on while it is restored from: what it loses is measured from when this newest record was found.
        reference = datetime.now(UTC)
        report.facts["reference"] = reference.isoformat()
    report.facts |= {"label": backup["label"], "target": f"{target.kind} {target.value}"}
    cluster.aim(options.data, target, gaps.newest.timeline)
    _say(f"replaying the log up to {report.facts['target']}")
    log = WORK / "postgres.log"
    server = _need(report, "target-reached", lambda: _recover(options.data, log, report, target, backup, manifest))
    try:
        _look(report, manifest, options, reference)
    finally:
        cluster.shut_down(server)
    _timed(report, "page-checksums", lambda: report.run("page-checksums", {"bad": 0}, lambda: database.check_pages(options.data)))
    cluster.forget_recovery(options.data)


def _manifest(source: Source, options: argparse.Namespace, report: Report, reference: datetime) -> tuple[Finding, dict[str, Any]]:
    manifest = source.manifest(backup=options.backup, not_after=options.at)
    taken = datetime.fromisoformat(manifest["ended_at"])
    hours = (reference - taken).total_seconds() / 3600
    report.facts |= {"backup": manifest["id"], "taken": taken.isoformat()}
    # A backup that was asked for by name may be as old as it is.
    fresh = options.backup is not None or hours <= MAX_BACKUP_AGE_HOURS
    return Finding(
        "manifest",
        fresh,
        {"backup": manifest["id"], "hours": round(hours, 2)},
        {"hours": MAX_BACKUP_AGE_HOURS},
        f"the manifest of {manifest['id']} is signed, and {hours:.1f} h old"
        + ("" if fresh else f": more than the {MAX_BACKUP_AGE_HOURS} h that are allowed"),
    ), manifest


def _lock(source: Source, manifest: dict[str, Any]) -> Finding:
    assert source.lock is not None
    mode, until = source.lock(manifest["id"])
    holds = mode == "COMPLIANCE" and until > datetime.now(UTC)
    return Finding(
        "locked",
        holds,
        {"mode": mode, "until": until.isoformat()},
        {"mode": "COMPLIANCE"},
        f"nobody can remove this backup before {until.isoformat()}" if holds else f"this backup is not locked: {mode or 'no mode'} until {until.isoformat()}",
    )


def _backup_set(repository: cluster.Repository, manifest: dict[str, Any], source: Source, report: Report) -> tuple[Finding, dict[str, Any]]:
    info = repository.info()
    label = source.label(manifest)
    system = str(info["db"][-1]["system-id"])
    found = next((one for one in info["backup"] if one["label"] == label), None)
    faults = [
        *([] if found else [f"the region holds no backup {label}, which the manifest names"]),
        *([] if system == str(manifest["system_identifier"]) else [f"the repository is of cluster {system}, the manifest of {manifest['system_identifier']}"]),
        *(["pgBackRest marked this backup as faulty"] if found and found.get("error") else []),
    ]
    report.facts["database"] = manifest["database"]
    return Finding(
        "backup-set",
        not faults,
        {"label": label, "system": system},
        {"system": str(manifest["system_identifier"])},
        "; ".join(faults) or f"{label} is there, of the cluster that the manifest was signed for",
    ), found or {}


def _target(options: argparse.Namespace, repository: cluster.Repository, newest: Segment) -> cluster.Target:
    if options.at is not None:
        return cluster.Target("time", options.at.strftime("%Y-%m-%d %H:%M:%S.%f+00"))
    if options.backup is not None:
        return cluster.Target("immediate", "immediate")
    return cluster.newest_target(repository, newest, WORK, options.data)


def _recover(data: Path, log: Path, report: Report, target: cluster.Target, backup: dict[str, Any], manifest: dict[str, Any]) -> tuple[Finding, Any]:
    started = time.monotonic()
    server = cluster.recover(data, WORK / "sockets", log=log)
    report.seconds["recover"] = time.monotonic() - started
    reached: str = _server("postgres").ask("SELECT to_json(pg_last_wal_replay_lsn())")
    wanted = target.value if target.kind == "lsn" else backup["lsn"]["stop"]
    # The position after the last record that was replayed; with `immediate` recovery may stop at the very end of the backup.
    holds = lsn_bytes(reached) >= lsn_bytes(wanted)
    report.facts["reached"] = reached
    return Finding(
        "target-reached",
        holds,
        {"reached": reached, "target": report.facts["target"]},
        {"at least": wanted},
        f"the log was replayed up to {reached}" + ("" if holds else f", short of {wanted}"),
    ), server


def _look(report: Report, manifest: dict[str, Any], options: argparse.Namespace, reference: datetime) -> None:
    server = _server(manifest["database"])
    limit = {"seconds": options.rpo}

    def heartbeat() -> Finding:
        newest = database.newest_heartbeat(server)
        against = datetime.fromisoformat(manifest["ended_at"]) if options.backup is not None else reference
        finding = database.judge_heartbeat(newest, against, options.rpo)
        report.facts["rpo_seconds"] = finding.measured["seconds"] if finding.measured else None
        return finding

    report.run("heartbeat", limit, heartbeat)
    report.run("counts", {}, lambda: database.judge_counts(database.count_tables(server), manifest["counts"]))
    rows = database.attachments(server)
    exchange = options.exchange / "attachments.json"
    exchange.write_text(json.dumps([[row.store_fname, row.written] for row in rows]))
    report.facts["attachment_rows"] = len(rows)
    _timed(report, "amcheck", lambda: report.run("amcheck", {"corruption": 0}, lambda: database.check_indexes(server, options.jobs)))


def _server(name: str) -> database.Server:
    return database.Server(WORK / "sockets", name)


def _need(report: Report, check: str, work: Any) -> Any:
    """A check that what follows builds on: its finding, and what it found."""
    found: list[Any] = []

    def look() -> Finding:
        finding, value = work()
        found.append(value)
        return finding

    finding = report.run(check, None, look)
    if not found or (not finding.holds and check == "backup-set"):
        raise Stop
    return found[0]


def _timed(report: Report, step: str, work: Any) -> Any:
    started = time.monotonic()
    try:
        return work()
    finally:
        report.seconds[step] = time.monotonic() - started


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
