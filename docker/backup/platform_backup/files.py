"""
Snapshots of the filestore, into every region.

files    one now
"""

import json
from concurrent.futures import ThreadPoolExecutor

from .fault import Fault
from .regions import RESTIC_PATH, Region
from .s3 import Client
from .settings import FILESTORE, Settings, read_settings
from .tools import alone, restic, say


def snapshot(settings: Settings, tag: str = "files") -> tuple[dict[str, str], dict[str, str]]:
    """Into all regions side by side: region → id of its snapshot, and region → why it has none."""
    with ThreadPoolExecutor(max_workers=len(settings.regions)) as pool:
        results = list(pool.map(lambda region: _try(settings, region, tag), settings.regions))
    made = {region.name: result for region, result in zip(settings.regions, results, strict=True) if isinstance(result, str)}
    faults = {region.name: str(result) for region, result in zip(settings.regions, results, strict=True) if not isinstance(result, str)}
    return made, faults


def _try(settings: Settings, region: Region, tag: str) -> str | Exception:
    try:
        Client(region, settings.writer).check()
        return snapshot_into(settings, region, tag)
    except (Fault, OSError, ValueError) as fault:
        return fault


def snapshot_into(settings: Settings, region: Region, tag: str) -> str:
    store = FILESTORE / settings.database
    if not store.is_dir():
        raise Fault(f"there is no filestore {store} yet")
    # Files that vanish meanwhile were collected by Odoo; in restic's eyes that is no failure of the snapshot.
    # `--host` fixed: containers change their names, and a snapshot finds its parent by it.
    arguments = ["backup", "--json", "--quiet", "--host", "filestore", "--tag", tag, "--exclude", "checklist", str(store)]
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
        raise Fault(f"restic told no snapshot of {store}")
    return str(found["snapshot_id"])


def main(_: list[str]) -> int:
    settings = read_settings()
    with alone("files"):
        made, faults = snapshot(settings)
    for region, fault in faults.items():
        say(f"{region}: no snapshot of the files: {fault}")
    print(json.dumps({"snapshots": made, "faults": faults}))
    return 0 if not faults else 1
