"""
A backup of database and filestore into every region: the database first, the files second, so that every row finds its file.

full | diff | incr [--wait]    one now; ends with 0 when every region has it, 1 when one lacks it (DEGRADED) or all do.
                               Another one that is at work is waited for, or refuses it
"""

import hashlib
import json
import os
import subprocess
import time
from contextlib import contextmanager
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from . import files, manifest
from .fault import Fault
from .regions import Region
from .s3 import Client
from .settings import FILESTORE, SOCKET, STATE, Settings, read_settings
from .tools import alone, info, pgbackrest, say, sql, write_config
from .verify_database import KEY_TABLES


#: Longest that another backup is waited for, in seconds.
LONGEST_WAIT = 86_400


def main(given: list[str]) -> int:
    settings = read_settings()
    write_config(settings)
    with alone("backup", patience=LONGEST_WAIT if "--wait" in given[1:] else 0):
        made = take(settings, given[0])
    print(json.dumps(made))
    return 0 if made["status"] == "ok" else 1


def take(settings: Settings, kind: str) -> dict[str, Any]:
    """Takes one, and tells how it went; a region that is down degrades it, and never ends it."""
    began = datetime.now(UTC)
    backup = f"{began:%Y%m%dT%H%M%SZ}-{kind}"
    _record(settings, backup, kind, began)
    faults: dict[str, str] = {}
    database: dict[str, dict[str, Any]] = {}
    snapshots: dict[str, str] = {}
    document: dict[str, Any] = {}
    try:
        with no_collection(settings):
            with ThreadPoolExecutor(max_workers=len(settings.regions)) as pool:
                for region, made in zip(settings.regions, pool.map(lambda one: _try(settings, one, kind), settings.regions), strict=True):
                    if isinstance(made, Fault):
                        faults[region.name] = str(made)
                        say(f"{region.name}: no backup of the database: {made}")
                    else:
                        database[region.name] = made
            counts = _counts(settings)
            # A snapshot by schedule may be at work: it ends within seconds.
            with alone("files", patience=60):
                snapshots, missed = files.snapshot(settings, tag=f"backup:{backup}")
        for name, fault in missed.items():
            faults[name] = "; ".join(filter(None, [faults.get(name), fault]))
            say(f"{name}: no snapshot of the files: {fault}")
        whole = [region for region in settings.regions if region.name in database and region.name in snapshots]
        document = {
            "id": backup,
            "kind": kind,
            "at": began.isoformat(),
            "ended_at": datetime.now(UTC).isoformat(),
            "stack": settings.stack,
            "stanza": settings.stanza,
            "database": settings.database,
            "system_identifier": sql(settings, "SELECT system_identifier FROM pg_control_system()"),
            "pgbackrest": database,
            "restic": snapshots,
            "counts": counts,
            "files": _files(settings),
            "versions": _versions(settings),
            "regions": {region.name: ("ok" if region in whole else "missing") for region in settings.regions},
        }
        for region in whole:
            try:
                manifest.store(Client(region, settings.writer), document, settings.signing_seed)
            except Fault as fault:
                faults[region.name] = str(fault)
                say(f"{region.name}: no manifest: {fault}")
    except Exception as error:
        _ended(settings, backup, "failed", faults, 0, str(error))
        raise
    complete = [region.name for region in settings.regions if region.name not in faults]
    status = "ok" if not faults else "degraded" if complete else "failed"
    size = sum(one["bytes"] for one in database.values())
    _ended(settings, backup, status, faults, size, "; ".join(f"{name}: {fault}" for name, fault in faults.items()))
    return {"id": backup, "kind": kind, "status": status, "regions": complete, "faults": faults, "seconds": (datetime.now(UTC) - began).total_seconds()}


def _try(settings: Settings, region: Region, kind: str) -> dict[str, Any] | Fault:
    try:
        return _database(settings, region, kind)
    except Fault as fault:
        return fault


def _database(settings: Settings, region: Region, kind: str) -> dict[str, Any]:
    started = time.monotonic()
    Client(region, settings.writer).check()
    # pgBackRest takes one backup of a cluster at a time, for the sake of one repository. Each region is one of its own, and
    # whatever works on them is kept apart by our own lock.
    pgbackrest(settings, "backup", f"--type={kind}", "--no-expire-auto", f"--lock-path={STATE}/lock-{region.name}", region=region)
    made = info(settings, region)["backup"][-1]
    return {
        "label": made["label"],
        "type": made["type"],
        "start_wal": made["archive"]["start"],
        "stop_wal": made["archive"]["stop"],
        "start_lsn": made["lsn"]["start"],
        "stop_lsn": made["lsn"]["stop"],
        "bytes": made["info"]["repository"]["delta"],
        "seconds": round(time.monotonic() - started, 2),
    }


@contextmanager
def no_collection(settings: Settings) -> Iterator[None]:
    """
    Holds off Odoo's collection of files that no row names (`ir.attachment._gc_file_store`), which takes a SHARE lock and gives
    up after ten seconds. This lock is the one that every writer of the table takes: it conflicts with that one, and neither with
    what users do nor with VACUUM.
    """
    holder = subprocess.Popen(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(SOCKET), "-U", "postgres", "-d", settings.database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None and holder.stdout is not None
    holder.stdin.write("BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '10min'; LOCK TABLE ir_attachment IN ROW EXCLUSIVE MODE; SELECT 'held';\n")
    holder.stdin.flush()
    try:
        if holder.stdout.readline().strip() != "held":
            raise Fault("Odoo's collection of files could not be held off; is Odoo's schema there?")
        yield
    finally:
        holder.stdin.close()
        holder.wait(timeout=30)


def _counts(settings: Settings) -> dict[str, int]:
    names = ", ".join(f"'{name}'" for name in KEY_TABLES)
    found = json.loads(
        sql(
            settings,
            "SELECT coalesce(json_agg(relname ORDER BY relname), '[]') FROM pg_class WHERE relkind = 'r'"
            f" AND relnamespace = 'public'::regnamespace AND relname IN ({names})",
        )
    )
    if not found:
        raise Fault(f"database {settings.database} holds none of Odoo's tables")
    counted: dict[str, int] = json.loads(
        sql(settings, "SELECT json_build_object(" + ", ".join(f"'{name}', (SELECT count(*) FROM {name})" for name in found) + ")")
    )
    return counted


def _files(settings: Settings) -> dict[str, Any]:
    """Names, not contents: each name is the SHA-1 of its content."""
    store = FILESTORE / settings.database
    count, size, digest = 0, 0, hashlib.sha256()
    for folder, folders, names in os.walk(store):
        folders[:] = sorted(name for name in folders if name != "checklist")
        for name in sorted(names):
            try:
                size += os.stat(os.path.join(folder, name)).st_size
            except FileNotFoundError:
                continue
            count += 1
            digest.update(f"{name}\n".encode())
    return {"count": count, "bytes": size, "list_sha256": digest.hexdigest()}


def _versions(settings: Settings) -> dict[str, str]:
    def first(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\n")[0].strip()

    return {
        "postgresql": sql(settings, "SHOW server_version"),
        "pgbackrest": first("pgbackrest", "version"),
        "restic": first("restic", "version"),
        "odoo": sql(settings, "SELECT coalesce(max(latest_version), '') FROM ir_module_module WHERE name = 'base'"),
    }


def _record(settings: Settings, backup: str, kind: str, began: datetime) -> None:
    statement = "INSERT INTO monitoring.backups (id, kind, started_at) VALUES (:'id', :'kind', :'began');"
    sql(settings, statement, {"id": backup, "kind": kind, "began": began.isoformat()})


def _ended(settings: Settings, backup: str, status: str, faults: dict[str, str], size: int, detail: str) -> None:
    regions = {region.name: faults.get(region.name, "ok") for region in settings.regions}
    statement = (
        "UPDATE monitoring.backups SET ended_at = clock_timestamp(), status = :'status', regions = :'regions'::jsonb,"
        " size_bytes = :'size', detail = :'detail' WHERE id = :'id';"
    )
    sql(settings, statement, {"id": backup, "status": status, "regions": json.dumps(regions), "size": str(size), "detail": detail[:1000]})
