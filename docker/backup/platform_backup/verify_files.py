"""Is every attached file there, and is it what it was?

Odoo names a file by the SHA-1 of its content, so that each name is a checksum of its own, end to end: from the moment a
user uploaded it to the restored copy.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .verify_findings import Finding, some

_NAME = re.compile(r"(?:^|/)(?P<folder>[0-9a-f]{2})/(?P<sha1>[0-9a-f]{40})$")
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Attachment:
    """A row that has a file."""

    store_fname: str
    #: When the row was last written, in seconds since 1970.
    written: float


@dataclass(frozen=True)
class FilesFound:
    #: Distinct files that rows name.
    wanted: int
    missing: list[str]
    #: Those of the missing that are younger than the newest snapshot: lost, as what was written last may be.
    younger: list[str]
    #: Content that isn't what the name says.
    altered: list[str]
    #: Files in the store, named by rows or not.
    stored: int
    bytes: int


def sha1_of(path: Path) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def stored_files(store: Path) -> list[Path]:
    """Every file in a database's filestore, except Odoo's list of what to collect."""
    return sorted(
        Path(folder) / name
        for folder, _, names in os.walk(store)
        if Path(folder).relative_to(store).parts[:1] != ("checklist",)
        for name in names
    )


def look_at_files(store: Path, attachments: Iterable[Attachment], snapshot_began: float) -> FilesFound:
    """
    Reads every file of the store.

    snapshot_began: when the newest snapshot of the files began, in seconds since 1970. A file is written before its row
    is committed, so whatever was committed by then is in it.
    """
    files = stored_files(store)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        digests = dict(zip(files, pool.map(sha1_of, files), strict=True))
    altered = [
        str(path.relative_to(store)) for path, digest in digests.items() if _NAME.search(str(path)) is None or path.name != digest
    ]
    present = {str(path.relative_to(store)) for path in files}
    newest: dict[str, float] = {}
    for attachment in attachments:
        # A file that an older row names too must be there, however young the other row is.
        known = newest.get(attachment.store_fname)
        newest[attachment.store_fname] = attachment.written if known is None else min(known, attachment.written)
    missing = sorted(name for name in newest if name not in present)
    return FilesFound(
        wanted=len(newest),
        missing=[name for name in missing if newest[name] < snapshot_began],
        younger=[name for name in missing if newest[name] >= snapshot_began],
        altered=altered,
        stored=len(files),
        bytes=sum(path.stat().st_size for path in files),
    )


def judge_files(found: FilesFound) -> Finding:
    faults = [
        *([f"{len(found.missing)} missing: {some(found.missing)}"] if found.missing else []),
        *([f"{len(found.altered)} with other content than their name says: {some(found.altered)}"] if found.altered else []),
    ]
    younger = f"; {len(found.younger)} younger than the newest snapshot are lost: {some(found.younger)}" if found.younger else ""
    return Finding(
        "attachments",
        not faults,
        {
            "wanted": found.wanted,
            "missing": len(found.missing),
            "altered": len(found.altered),
            "younger": len(found.younger),
            "stored": found.stored,
            "bytes": found.bytes,
        },
        {"missing": 0, "altered": 0},
        ("; ".join(faults) if faults else f"all {found.wanted - len(found.younger)} attached files are there, each with the SHA-1 that its name says")
        + younger,
    )
