"""One region, as a restore sees it: what it may read, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from . import manifest
from .escrow import load
from .regions import MANIFESTS, pgbackrest_conf, restic_environment, restic_options
from .past import Past
from .s3 import Client
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
    filestore: str = "/filestore/filestore"
    restic_options: list[str] = field(default_factory=list)
    #: Mode and end of the lock on a backup's manifest; None where nothing locks.
    lock: Callable[[str], tuple[str, datetime]] | None = None
    #: Set where the region is read as it was.
    past: Past | None = None

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


def open_source(escrow: str, region: str, folder: Path, as_of: datetime | None = None, past: Path | None = None) -> Source:
    """
    The region as the escrow file tells it: its address, the reader's key, the passphrases. Secrets go to `folder` alone; where
    the region is read as it was, pgBackRest's repository is to be written to `past`.
    """
    known = load(escrow, folder)
    own = known.region(region)
    config = folder / "pgbackrest.conf"
    config.touch(mode=0o600)
    config.write_text(
        pgbackrest_conf([own], known.reader, known.repository_passphrase, known.stanza, Path("/nowhere"), folder, folder, past if as_of else None)
    )
    client = Client(own, known.reader) if as_of is None else Past(own, known.reader, as_of)

    def manifests() -> list[dict[str, Any]]:
        return [manifest.fetch(client, backup, known.manifest_public_key) for backup in manifest.ids(client)]

    return Source(
        repository=Repository(config, known.stanza),
        restic=restic_environment(own, known.reader, known.files_passphrase, folder / "restic"),
        restic_options=restic_options(own),
        manifests=manifests,
        region=region,
        # Of what is hidden by now, only its own version can be asked; that it is there at all is what its lock was for.
        lock=None if as_of is not None else lambda backup: client.retention(f"{MANIFESTS}/{backup}.json"),
        past=client if isinstance(client, Past) else None,
    )
