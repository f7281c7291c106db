"""A region as it was: of every object the version that was the newest then, whatever was overwritten or deleted since."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from .fault import Fault
from .regions import PGBACKREST_PATH, RESTIC_PATH, Keys, Region
from .s3 import Client, Version


class Past(Client):
    """Reads only. Objects that came later, or were deleted by then, are not there."""

    def __init__(self, region: Region, keys: Keys, moment: datetime) -> None:
        super().__init__(region, keys)
        self._moment = moment

    def keys(self, prefix: str) -> list[str]:
        return sorted(self.then(prefix))

    def get(self, key: str, version: str | None = None) -> bytes:
        if version is None:
            found = self.then(key).get(key)
            if found is None:
                raise Fault(f"region {self.region.name} held no {key} at {self._moment.isoformat()}")
            version = found.id
        return super().get(key, version)

    def then(self, prefix: str) -> dict[str, Version]:
        return newest_then(self.versions(prefix), self._moment)

    def restic(self, folder: Path) -> None:
        """Writes restic's repository, which can't read versions itself, as a folder that it can read."""
        self._copy(RESTIC_PATH, folder)
        for name in ("data", "index", "keys", "locks", "snapshots"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def pgbackrest(self, folder: Path) -> None:
        """
        Writes pgBackRest's repository as a folder. It can read versions itself, by LastModified, which versitygw does not tell
        rightly (see `written_at`).
        """
        self._copy(PGBACKREST_PATH.lstrip("/"), folder)

    def _copy(self, prefix: str, folder: Path) -> None:
        found = self.then(f"{prefix}/")
        if not found:
            raise Fault(f"region {self.region.name} held no {prefix} at {self._moment.isoformat()}")

        def fetch(version: Version) -> None:
            path = folder / Path(version.key).relative_to(prefix)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(super(Past, self).get(version.key, version.id))

        with ThreadPoolExecutor(max_workers=8) as pool:
            list(pool.map(fetch, found.values()))


def newest_then(versions: list[Version], moment: datetime) -> dict[str, Version]:
    newest: dict[str, Version] = {}
    for version in versions:
        known = newest.get(version.key)
        if version.modified <= moment and (known is None or version.modified >= known.modified):
            newest[version.key] = version
    return {key: version for key, version in newest.items() if not version.deleted}
