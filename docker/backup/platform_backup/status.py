"""
What each region holds: its backups, its newest segment, its newest snapshot of the files.

status    as JSON
"""

import json
from typing import Any

from . import manifest
from .fault import Fault
from .s3 import Client
from .settings import FILES_HOST, Settings, read_settings
from .tools import info, restic, write_config


def status(settings: Settings) -> dict[str, Any]:
    return {region.name: _region(settings, region) for region in settings.regions}


def _region(settings: Settings, region: Any) -> dict[str, Any]:
    client = Client(region, settings.reader)
    try:
        client.check()
        held = info(settings, region)
        snapshots = json.loads(restic(settings, region, "snapshots", "--json", "--no-lock", "--latest", "1", "--host", FILES_HOST) or "[]") or []
        manifests = manifest.ids(client)
        mode, days = client.default_lock()
        locked = client.retention(f"manifests/{manifests[-1]}.json") if manifests else None
        return {
            "backups": [
                {"label": one["label"], "type": one["type"], "stopped": one["timestamp"]["stop"], "error": one.get("error", False)}
                for one in held["backup"]
            ],
            "newest_segment": held["archive"][-1]["max"] if held.get("archive") else None,
            "newest_snapshot": max((one["time"] for one in snapshots), default=None),
            "manifests": manifests,
            "bucket": {"versioning": client.versioning(), "mode": mode, "days": days, "planned_days": region.lock_days},
            "lock": None if locked is None else {"mode": locked[0], "until": locked[1].isoformat()},
        }
    except Fault as fault:
        return {"fault": str(fault)}


def main(_: list[str]) -> int:
    settings = read_settings()
    write_config(settings)
    found = status(settings)
    print(json.dumps(found))
    return 0 if all("fault" not in one for one in found.values()) else 1
