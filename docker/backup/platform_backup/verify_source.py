"""One region, as a restore sees it: what it may read, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from .verify_cluster import Repository


@dataclass
class Source:
    repository: Repository
    #: What restic needs to read the filestore's repository.
    restic: dict[str, str]
    #: Every manifest whose signature holds, in the order of its backups. Raises for one that doesn't.
    manifests: Callable[[], list[dict[str, Any]]]
    region: str
    #: Folder of all filestores in the snapshots.
    filestore: str = "/filestore"

    def manifest(self, backup: str | None, not_after: datetime | None) -> dict[str, Any]:
        """The manifest of a backup by its id, or of the newest one, that ended before a moment where one is given."""
        found = self.manifests()
        if backup is not None:
            found = [one for one in found if one["id"] == backup]
        elif not_after is not None:
            found = [one for one in found if datetime.fromisoformat(one["ended_at"]) <= not_after]
        if not found:
            wanted = backup or (f"before {not_after.isoformat()}" if not_after else "at all")
            raise RuntimeError(f"region {self.region} holds no manifest of a backup {wanted}")
        return found[-1]

    def label(self, manifest: dict[str, Any]) -> str:
        return str(manifest["pgbackrest"][self.region]["label"])

    def snapshot(self, manifest: dict[str, Any]) -> str:
        return str(manifest["restic"][self.region])


def open_source(escrow: str, region: str, folder: Path, as_of: datetime | None = None) -> Source:
    """The region as the escrow file tells it: its address, the reader's key, the passphrases. Secrets go to `folder` alone."""
    raise NotImplementedError
