"""
Snapshots of folders, into every region: the filestore, and what the web shell recorded.

files         one of the filestore, now
recordings    one of the recordings, now
"""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .fault import Fault
from .regions import RESTIC_PATH, Region
from .s3 import Client
from .settings import FILES_HOST, FILESTORE, RECORDINGS, Settings, read_settings
from .tools import alone, restic, say


@dataclass(frozen=True)
class Source:
    """A folder, and the name by which its snapshots are known among those of a region."""

    folder: Path
    #: Fixed: containers change their names, and a snapshot finds its parent by it.
    host: str
    options: tuple[str, ...] = ()


def snapshot(settings: Settings, tag: str = "files") -> tuple[dict[str, str], dict[str, str]]:
    """Of the filestore."""
    # Odoo's list of files to be collected changes all the time, and is worth nothing in a copy.
    return _everywhere(settings, Source(FILESTORE / settings.database, FILES_HOST, ("--exclude", "checklist")), tag)


def _everywhere(settings: Settings, source: Source, tag: str) -> tuple[dict[str, str], dict[str, str]]:
    """Into all regions side by side: region → id of its snapshot, and region → why it has none."""
    with ThreadPoolExecutor(max_workers=len(settings.regions)) as pool:
        results = list(pool.map(lambda region: _try(settings, region, source, tag), settings.regions))
    made = {region.name: result for region, result in zip(settings.regions, results, strict=True) if isinstance(result, str)}
    faults = {region.name: str(result) for region, result in zip(settings.regions, results, strict=True) if not isinstance(result, str)}
    return made, faults


def _try(settings: Settings, region: Region, source: Source, tag: str) -> str | Exception:
    try:
        Client(region, settings.writer).check()
        return _into(settings, region, source, tag)
    except (Fault, OSError, ValueError) as fault:
        return fault


def _into(settings: Settings, region: Region, source: Source, tag: str) -> str:
    if not source.folder.is_dir():
        raise Fault(f"there is no folder {source.folder} yet")
    # Files that vanish meanwhile were collected by Odoo; in restic's eyes that is no failure of the snapshot.
    arguments = ["backup", "--json", "--quiet", "--host", source.host, "--tag", tag, *source.options, str(source.folder)]
    try:
        printed = restic(settings, region, *arguments)
    except Fault as fault:
        if "unable to open config file" not in str(fault) and "Is there a repository" not in str(fault):
            raise
        Client(region, settings.reader).refuse_hidden(f"{RESTIC_PATH}/config")
        restic(settings, region, "init")
        printed = restic(settings, region, *arguments)
    summary = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    found = next((one for one in summary if one.get("message_type") == "summary"), None)
    if found is None:
        raise Fault(f"restic told no snapshot of {source.folder}")
    return str(found["snapshot_id"])


def main(arguments: list[str]) -> int:
    settings = read_settings()
    verb = arguments[0]
    with alone("files"):
        made, faults = snapshot(settings) if verb == "files" else _everywhere(settings, Source(RECORDINGS, "recordings"), verb)
    for region, fault in faults.items():
        say(f"{region}: no snapshot of the {verb}: {fault}")
    print(json.dumps({"snapshots": made, "faults": faults}))
    return 0 if not faults else 1
