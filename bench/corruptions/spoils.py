"""What is done to a good backup, and the check of ours that must notice it."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .company import GOOD, REGION, WORK, backup_files, configure

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
    backup_files(root)
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
