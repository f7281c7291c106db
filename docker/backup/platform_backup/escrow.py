"""
The escrow file: all that a restore from nothing needs, and what a new host needs to go on. Kept by the operator, outside of
every region; a drill uses nothing else.

export-escrow    writes it to standard output, as JSON
"""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import manifest
from .fault import Fault
from .regions import Keys, Region, region_of
from .settings import SECRETS, Settings, read_settings

FORMAT = 1
#: Secrets that a new host takes over: with others it could neither read nor continue what lies in the regions.
CONTINUED = ("backup-repository-passphrase", "backup-files-passphrase", "backup-signing-seed")


@dataclass(frozen=True)
class Escrow:
    stack: str
    stanza: str
    database: str
    regions: list[Region]
    reader: Keys
    repository_passphrase: str
    files_passphrase: str
    manifest_public_key: str

    def region(self, name: str) -> Region:
        found = next((one for one in self.regions if one.name == name), None)
        if found is None:
            raise Fault(f"the escrow file knows no region {name}; it knows {', '.join(one.name for one in self.regions)}")
        return found


def export(settings: Settings, secrets: Path = SECRETS, now: datetime | None = None) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "exported_at": (now or datetime.now(UTC)).isoformat(),
        "stack": settings.stack,
        "stanza": settings.stanza,
        "database": settings.database,
        "regions": [
            {
                "region": one.name,
                "endpoint": one.endpoint,
                "bucket": one.bucket,
                "pathStyle": one.path_style,
                "ca": Path(one.ca_file).read_text() if one.ca_file else None,
                "lockDays": one.lock_days,
            }
            for one in settings.regions
        ],
        "reader": {"id": settings.reader.id, "secret": settings.reader.secret},
        "manifest_public_key": manifest.public_key(settings.signing_seed),
        "secrets": {name: (secrets / name).read_text().strip() for name in CONTINUED},
    }


def load(text: str, folder: Path) -> Escrow:
    """Reads the file's text; certificates of authorities are written to `folder`."""
    try:
        data = json.loads(text)
    except ValueError:
        raise Fault("the escrow file is no JSON; is it the one that `export-escrow` wrote?") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Fault(f"the escrow file must be of format {FORMAT}; export it anew")
    regions = []
    for one in data["regions"]:
        ca = folder / f"{one['region']}.crt"
        if one.get("ca"):
            ca.write_text(one["ca"])
        regions.append(region_of({**one, "caFile": str(ca) if one.get("ca") else None}))
    return Escrow(
        stack=data["stack"],
        stanza=data["stanza"],
        database=data["database"],
        regions=regions,
        reader=Keys(data["reader"]["id"], data["reader"]["secret"]),
        repository_passphrase=data["secrets"]["backup-repository-passphrase"],
        files_passphrase=data["secrets"]["backup-files-passphrase"],
        manifest_public_key=data["manifest_public_key"],
    )


def main(_: list[str]) -> int:
    json.dump(export(read_settings()), sys.stdout, indent=2)
    print()
    return 0
