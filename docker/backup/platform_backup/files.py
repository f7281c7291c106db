"""
Snapshots of folders, into every region: the filestore, and what the web shell recorded.

files         one of the filestore, now
recordings    one of the recordings, now
"""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .fault import Fault
from .regions import RESTIC_PATH, Region
from .s3 import Client
from .settings import FILES_HOST, FILESTORE, RECORDINGS, Settings, read_settings
from .tools import alone, restic, say


def snapshot(settings: Settings, tag: str = "files") -> tuple[dict[str, str], dict[str, str]]:
    """Of the filestore."""
    # Odoo's list of files to be collected changes all the time, and is worth nothing in a copy.
    return _everywhere(settings, FILESTORE / settings.database, FILES_HOST, tag, "--exclude", "checklist")


def _everywhere(settings: Settings, folder: Path, host: str, tag: str, *options: str) -> tuple[dict[str, str], dict[str, str]]:
    """Into all regions side by side: region → id of its snapshot, and region → why it has none."""
    with ThreadPoolExecutor(max_workers=len(settings.regions)) as pool:
        results = list(pool.map(lambda region: _try(settings, region, folder, host, tag, *options), settings.regions))
    made = {region.name: result for region, result in zip(settings.regions, results, strict=True) if isinstance(result, str)}
    faults = {region.name: str(result) for region, result in zip(settings.regions, results, strict=True) if not isinstance(result, str)}
    return made, faults


def _try(settings: Settings, region: Region, *what: object) -> str | Exception:
    try:
        Client(region, settings.writer).check()
        return _into(settings, region, *what)  # type: ignore[arg-type]
    except (Fault, OSError, ValueError) as fault:
        return fault


def _into(settings: Settings, region: Region, folder: Path, host: str, tag: str, *options: str) -> str:
    if not folder.is_dir():
        raise Fault(f"there is no folder {folder} yet")
    # Files that vanish meanwhile were collected by Odoo; in restic's eyes that is no failure of the snapshot.
    # `--host` fixed: containers change their names, and a snapshot finds its parent by it.
    arguments = ["backup", "--json", "--quiet", "--host", host, "--tag", tag, *options, str(folder)]
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
        raise Fault(f"restic told no snapshot of {folder}")
    return str(found["snapshot_id"])


def main(arguments: list[str]) -> int:
    settings = read_settings()
    verb = arguments[0]
    with alone("files"):
        made, faults = snapshot(settings) if verb == "files" else _everywhere(settings, RECORDINGS, "recordings", "recordings")
    for region, fault in faults.items():
        say(f"{region}: no snapshot of the {verb}: {fault}")
    print(json.dumps({"snapshots": made, "faults": faults}))
    return 0 if not faults else 1
