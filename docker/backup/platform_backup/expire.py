"""
Retention: the newest backup of each of the last days, weeks and months that have one, and what those build on. The newest
good one always stays. Locks keep what is removed here for as long as they last: a removal only hides it.

expire    removes, in every region, what is no longer kept
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from .fault import Fault
from .regions import Region
from .settings import Settings, read_settings
from .tools import alone, info, pgbackrest, restic, say, write_config


@dataclass(frozen=True)
class Kept:
    label: str
    #: When it ended.
    at: datetime
    #: The backup that it builds on; None of a full one.
    prior: str | None


def labels_to_keep(backups: list[Kept], retention: Mapping[str, int]) -> set[str]:
    """Of backups that are good. At least the newest, whatever retention says."""
    ordered = sorted(backups, key=lambda one: one.at, reverse=True)
    periods = {
        "daily": lambda at: (at.year, at.month, at.day),
        "weekly": lambda at: at.isocalendar()[:2],
        "monthly": lambda at: (at.year, at.month),
    }
    keep = {one.label for one in ordered[:1]}
    for name, period in periods.items():
        newest: dict[object, str] = {}
        for one in ordered:
            newest.setdefault(period(one.at), one.label)
        keep |= set(list(newest.values())[: retention.get(name, 0)])
    by_label = {one.label: one for one in backups}
    for label in list(keep):
        prior = by_label[label].prior
        while prior is not None and prior in by_label:
            keep.add(prior)
            prior = by_label[prior].prior
    return keep


def labels_to_expire(backups: list[Kept], retention: Mapping[str, int]) -> list[str]:
    """Those that nothing kept builds on, newest first: what builds on others goes before them."""
    keep = labels_to_keep(backups, retention)
    return [one.label for one in sorted(backups, key=lambda one: one.at, reverse=True) if one.label not in keep]


def expire(settings: Settings, region: Region) -> list[str]:
    found = [
        Kept(one["label"], datetime.fromtimestamp(one["timestamp"]["stop"], UTC), one["prior"])
        for one in info(settings, region)["backup"]
        if not one.get("error")
    ]
    gone = labels_to_expire(found, settings.retention)
    for label in gone:
        pgbackrest(settings, "expire", f"--set={label}", region=region)
    keep = [f"--keep-{name}={count}" for name, count in settings.retention.items()]
    restic(settings, region, "forget", "--quiet", "--group-by", "paths", "--keep-within", "2d", *keep, "--prune")
    return gone


def main(_: list[str]) -> int:
    settings = read_settings()
    write_config(settings)
    gone: dict[str, list[str]] = {}
    faults: dict[str, str] = {}
    with alone("backup"), alone("files"):
        for region in settings.regions:
            try:
                gone[region.name] = expire(settings, region)
            except Fault as fault:
                faults[region.name] = str(fault)
                say(f"{region.name}: retention: {fault}")
    print(json.dumps({"expired": gone, "faults": faults}))
    return 0 if not faults else 1
