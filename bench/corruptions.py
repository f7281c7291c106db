"""
Ten ways in which a backup is worth nothing, and who notices. Runs in the backup image, alone and without a network:

    docker run --rm -i --network none --user 999:999 --tmpfs /w:rw,size=2g,mode=1777 IMAGE exec python3 - < bench/corruptions.py

Makes a cluster, its archive, a full backup, a filestore and its snapshot; spoils a copy of all that in one way at a time;
and asks the stock checks (pgbackrest info, verify, restore and a server that starts; restic check and restore) and ours.
Prints one JSON line: for each corruption who accepted it, and what ours said.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, os.environ.get("PLATFORM_BACKUP", "/opt/odoo-platform"))

from platform_backup import verify_filestore, verify_restore  # noqa: E402
from platform_backup.verify_cluster import Repository  # noqa: E402
from platform_backup.verify_findings import Finding, Report, sentence  # noqa: E402
from platform_backup.verify_source import Source  # noqa: E402

WORK = Path("/w")
GOOD = WORK / "good"
CASE = WORK / "case"
REGION = "only"
STANZA = "main"


def sh(*command: str, **environment: str) -> str:
    ran = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:3])}: {ran.returncode}: {ran.stderr.strip() or ran.stdout.strip()}")
    return ran.stdout


def configure(root: Path, cluster: Path, passphrase: str = "right") -> Path:
    config = root / "pgbackrest.conf"
    config.write_text(
        f"[global]\nrepo1-path={root}/repo\nrepo1-bundle=y\nrepo1-block=y\nrepo1-cipher-type=aes-256-cbc\n"
        f"repo1-cipher-pass={passphrase}\nrepo1-retention-full=9\ncompress-type=zst\nstart-fast=y\n"
        f"log-level-file=off\nlock-path=/tmp/lock\nspool-path=/tmp/spool\n"
        f"[{STANZA}]\npg1-path={cluster}\npg1-socket-path={sockets(cluster)}\n"
    )
    return config


def sockets(cluster: Path) -> Path:
    """Beside the cluster: what lies in it is backed up."""
    folder = cluster.parent / "sockets"
    folder.mkdir(exist_ok=True)
    return folder


def sql(cluster: Path, text: str, database: str = "odoo") -> str:
    return sh("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(sockets(cluster)), "-U", "postgres", "-d", database, "-c", text)


def make(root: Path) -> dict:
    """A company's data, backed up and written on."""
    root.mkdir(parents=True)
    cluster = root / "cluster"
    sh("initdb", "-D", str(cluster), "-U", "postgres", "--data-checksums", "--auth", "trust")
    config = configure(root, cluster)
    with (cluster / "postgresql.conf").open("a") as settings:
        settings.write(
            f"unix_socket_directories='{sockets(cluster)}'\nlisten_addresses=''\narchive_mode=on\n"
            f"archive_command='pgbackrest --config={config} --stanza={STANZA} archive-push %p'\n"
        )
    sh("pg_ctl", "-D", str(cluster), "-l", str(root / "log"), "-w", "start")
    sh("pgbackrest", f"--config={config}", f"--stanza={STANZA}", "stanza-create")
    sql(cluster, "CREATE DATABASE odoo", "postgres")
    sql(
        cluster,
        "CREATE SCHEMA monitoring; CREATE TABLE monitoring.heartbeat (at timestamptz PRIMARY KEY);"
        "CREATE TABLE res_users AS SELECT generate_series(1, 5) AS id; CREATE TABLE res_partner AS SELECT generate_series(1, 9000) AS id;"
        "CREATE TABLE ir_attachment (id serial PRIMARY KEY, store_fname text, create_date timestamp, write_date timestamp)",
    )
    store = root / "filestore" / "odoo"
    for number in range(40):
        content = f"attachment {number}".encode() * 50
        sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        (store / sha1[:2]).mkdir(parents=True, exist_ok=True)
        (store / sha1[:2] / sha1).write_bytes(content)
        sql(cluster, f"INSERT INTO ir_attachment (store_fname, write_date) VALUES ('{sha1[:2]}/{sha1}', now() at time zone 'utc' - interval '1 hour')")
    sh("pgbackrest", f"--config={config}", f"--stanza={STANZA}", "--type=full", "backup")
    for minutes in (20, 18, 16, 14, 12, 0):
        beat(cluster, minutes)
    restic(root, "init")
    snapshot = snap(root)
    info = json.loads(sh("pgbackrest", f"--config={config}", f"--stanza={STANZA}", "--output=json", "info"))[0]
    return {
        "id": "backup-1",
        "ended_at": datetime.now(UTC).isoformat(),
        "database": "odoo",
        "system_identifier": str(info["db"][-1]["system-id"]),
        "pgbackrest": {REGION: {"label": info["backup"][-1]["label"]}},
        "restic": {REGION: snapshot},
        "counts": {"res_users": 5, "res_partner": 9000, "ir_attachment": 40},
        "files": {"count": 40},
    }


def beat(cluster: Path, minutes: int) -> None:
    sql(cluster, f"INSERT INTO monitoring.heartbeat VALUES (now() - interval '{minutes} minutes')")
    switched = sql(cluster, "SELECT pg_walfile_name(pg_switch_wal())").strip()
    while sql(cluster, f"SELECT last_archived_wal >= '{switched}' FROM pg_stat_archiver").strip() != "t":
        time.sleep(0.05)


def restic(root: Path, *arguments: str) -> str:
    return sh("restic", "--repo", f"{root}/restic", "--no-cache", *arguments, RESTIC_PASSWORD="right", HOME="/tmp")


def snap(root: Path) -> str:
    restic(root, "backup", "--json", str(root / "filestore"))
    return json.loads(restic(root, "snapshots", "--json"))[-1]["id"]


def source_of(root: Path, manifest: dict | None) -> Source:
    def manifests() -> list[dict]:
        return [] if manifest is None else [manifest]

    environment = {"RESTIC_REPOSITORY": f"{root}/restic", "RESTIC_PASSWORD": (root / "restic-password").read_text(), "RESTIC_CACHE_DIR": "/tmp/restic"}
    return Source(Repository(root / "pgbackrest.conf", STANZA), environment, manifests, REGION, filestore=f"{GOOD}/filestore", restic_options=[])


def ours(root: Path, manifest: dict | None) -> Report:
    restored, exchange, store = root / "restored", root / "exchange", root / "restored-files"
    for folder in (restored, exchange, store):
        folder.mkdir(mode=0o700)
    options = argparse.Namespace(region=REGION, at=None, backup=None, as_of=None, lost_at=None, rpo=300, jobs=2, exchange=exchange, data=restored, store=store)
    report = Report()
    for step in (verify_restore.run, verify_filestore.run):
        # The snapshot is as old as this run; how old it may be is no corruption.
        options.rpo = 300 if step is verify_restore.run else 86_400
        verify_restore.WORK.mkdir(parents=True, exist_ok=True)
        try:
            step(options, report, source_of(root, manifest))
        except Exception as error:  # noqa: BLE001
            report.add(Finding(step.__module__.rpartition(".")[2], False, None, None, sentence(error)))
    shutil.rmtree(verify_restore.WORK, ignore_errors=True)
    return report


def stock(root: Path) -> list[str]:
    """What the tools' own checks complain of, by their exit codes, as scripts use them; nothing when they are content."""
    restored, socket = root / "stock", root / "stock-socket"
    for folder in (restored, socket):
        folder.mkdir(mode=0o700)
    pgbackrest = ["pgbackrest", f"--config={root}/pgbackrest.conf", f"--stanza={STANZA}"]
    password = (root / "restic-password").read_text()
    steps: list[tuple[str, list[str]]] = [
        ("pgbackrest info", [*pgbackrest, "info"]),
        ("pgbackrest verify", [*pgbackrest, "verify"]),
        ("pgbackrest restore", [*pgbackrest, f"--pg1-path={restored}", "--archive-mode=off", "restore"]),
        ("PostgreSQL starts", ["pg_ctl", "-D", str(restored), "-l", f"{root}/stock.log", "-w", "-t", "60", "-o", f"-c unix_socket_directories={socket}", "start"]),
        ("restic check", ["restic", "--repo", f"{root}/restic", "--no-cache", "check"]),
        ("restic restore", ["restic", "--repo", f"{root}/restic", "--no-cache", "restore", "latest", "--target", f"{root}/stock-files"]),
    ]
    complaints = [
        name
        for name, command in steps
        if subprocess.run(command, env={**os.environ, "RESTIC_PASSWORD": password, "HOME": "/tmp"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode != 0
    ]
    subprocess.run(["pg_ctl", "-D", str(restored), "-m", "immediate", "stop"], capture_output=True, check=False)
    return complaints


Spoil = Callable[[Path, dict], dict | None]


def one(root: Path, pattern: str, which: int = 0) -> Path:
    found = sorted(root.glob(pattern))
    if not found:
        raise RuntimeError(f"there is no {pattern} to spoil")
    return found[which]


def flip_in_bundle(root: Path, manifest: dict) -> dict:
    bundle = max(root.glob("repo/backup/main/*F/bundle/*"), key=lambda path: path.stat().st_size)
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 0xFF
    bundle.write_bytes(content)
    return manifest


def segments(root: Path) -> list[Path]:
    return sorted(root.glob("repo/archive/main/*/*/*-*.zst"))


def hole(root: Path, manifest: dict) -> dict:
    # Neither the backup's own nor the last one.
    segments(root)[-3].unlink()
    return manifest


def no_manifest(root: Path, manifest: dict) -> dict:
    for name in ("backup.manifest", "backup.manifest.copy"):
        one(root, f"repo/backup/main/*F/{name}").unlink()
    return manifest


def missing_file(root: Path, manifest: dict) -> dict:
    return _new_snapshot(root, manifest, lambda path: path.unlink())


def edited_file(root: Path, manifest: dict) -> dict:
    return _new_snapshot(root, manifest, lambda path: path.write_bytes(path.read_bytes()[:-1] + b"!"))


def _new_snapshot(root: Path, manifest: dict, change: Callable[[Path], object]) -> dict:
    """The file was spoiled before it was backed up: the repository is whole, and holds something else than the company had."""
    path = one(GOOD, "filestore/odoo/*/*", 3)
    kept = path.read_bytes()
    change(path)
    restic(root, "backup", str(GOOD / "filestore"))
    path.write_bytes(kept)
    return manifest


def stale_backup(root: Path, manifest: dict) -> dict:
    return {**manifest, "ended_at": (datetime.now(UTC) - timedelta(days=3)).isoformat()}


def wrong_key(root: Path, manifest: dict) -> dict:
    configure(root, root / "cluster", "wrong")
    return manifest


def truncated(root: Path, manifest: dict) -> dict:
    segment = segments(root)[-2]
    segment.write_bytes(segment.read_bytes()[: segment.stat().st_size // 2])
    return manifest


def other_stanza(root: Path, manifest: dict) -> dict:
    shutil.rmtree(root / "repo")
    shutil.copytree(WORK / "other" / "repo", root / "repo")
    label = one(root, "repo/backup/main/*F").name
    return {**manifest, "pgbackrest": {REGION: {"label": label}}}


def stale_heartbeat(root: Path, manifest: dict) -> dict:
    # The archive fell silent twelve minutes ago, and nothing is missing in what is there. The last segment is of the
    # cluster's shutdown, the one before holds the newest heartbeat.
    for segment in segments(root)[-2:]:
        segment.unlink()
    return manifest


CORRUPTIONS: dict[str, tuple[str, Spoil]] = {
    "byte flip in a bundle": ("restore", flip_in_bundle),
    "hole in the log": ("wal-continuity", hole),
    "missing manifest": ("restore", no_manifest),
    "missing file": ("attachments", missing_file),
    "edited file": ("attachments", edited_file),
    "stale backup": ("manifest", stale_backup),
    "wrong key": ("backup-set", wrong_key),
    "truncated object": ("", truncated),
    "other stanza": ("backup-set", other_stanza),
    "stale heartbeat": ("heartbeat", stale_heartbeat),
}


def case(spoil: Spoil | None, manifest: dict, judge: Callable[[Path, dict | None], object]) -> object:
    shutil.rmtree(CASE, ignore_errors=True)
    shutil.copytree(GOOD, CASE, symlinks=True, ignore=shutil.ignore_patterns("cluster", "filestore", "sockets"))
    configure(CASE, CASE / "cluster")
    (CASE / "restic-password").write_text("right")
    return judge(CASE, manifest if spoil is None else spoil(CASE, dict(manifest)))


def main() -> None:
    manifest = make(GOOD)
    make(WORK / "other")
    for cluster in (GOOD, WORK / "other"):
        sh("pg_ctl", "-D", str(cluster / "cluster"), "-m", "fast", "stop")
    results = []
    chosen = sys.argv[1:] or ["nothing", *CORRUPTIONS]
    for name, (check, spoil) in {"nothing": ("", None), **CORRUPTIONS}.items():
        if name not in chosen:
            continue
        complaints = case(spoil, manifest, lambda root, _: stock(root))
        report = case(spoil, manifest, ours)
        failed = [finding for finding in report.findings if not finding.holds]
        results.append(
            {
                "corruption": name,
                "stock": {"accepts": not complaints, "complaints": complaints},
                "ours": {"accepts": report.holds, "failed": [finding.check for finding in failed], "says": failed[0].detail if failed else ""},
                "expected": check,
            }
        )
        print(f"{name}: stock {'accepts' if not complaints else complaints}, ours {'accepts' if report.holds else [f.check for f in failed]}", file=sys.stderr, flush=True)
    print(json.dumps(results))


main()
