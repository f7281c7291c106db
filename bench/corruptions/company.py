"""A company's data, with its archive, a full backup, a filestore and its snapshot; on one machine, without a server."""

import hashlib
import json
import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from platform_backup.settings import FILES_HOST

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
    backup_files(root)
    return json.loads(restic(root, "snapshots", "--json"))[-1]["id"]


def backup_files(root: Path) -> None:
    restic(root, "backup", "--host", FILES_HOST, str(GOOD / "filestore" if root == CASE else root / "filestore"))
