"""Who judges a backup: the tools' own checks, and ours."""

import argparse
import os
import shutil
import subprocess
from pathlib import Path

from platform_backup import verify_filestore, verify_restore
from platform_backup.verify_cluster import Repository
from platform_backup.verify_findings import Finding, Report, sentence
from platform_backup.verify_source import Source

from .company import GOOD, REGION, STANZA


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
    for name, step in {"restore": verify_restore.run, "restore-files": verify_filestore.run}.items():
        # The snapshot is as old as this run; how old it may be is no corruption.
        options.rpo = 300 if name == "restore" else 86_400
        verify_restore.WORK.mkdir(parents=True, exist_ok=True)
        try:
            step(options, report, source_of(root, manifest))
        except Exception as error:  # noqa: BLE001
            report.add(Finding(name, False, None, None, sentence(error)))
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
