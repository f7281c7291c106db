"""
Retention: the newest backup of each of the last days, weeks and months that have one, and what those build on. The newest
good one always stays. Locks keep what is removed here for as long as they last: a removal only hides it.

expire    removes, in every region, what is no longer kept
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from . import manifest
from .fault import Fault
from .regions import MANIFESTS, Region
from .s3 import Client
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
    held = info(settings, region)["backup"]
    found = [
        Kept(one["label"], datetime.fromtimestamp(one["timestamp"]["stop"], UTC), one["prior"]) for one in held if not one.get("error")
    ]
    gone = labels_to_expire(found, settings.retention)
    for label in gone:
        pgbackrest(settings, "expire", f"--set={label}", region=region)
    named = forget_manifests(settings, region, {one["label"] for one in held} - set(gone))
    keep = [f"--keep-{name}={count}" for name, count in settings.retention.items()]
    tags = [f"--keep-tag=backup:{backup}" for backup in named]
    restic(settings, region, "forget", "--quiet", "--group-by", "paths", "--keep-within", "2d", *keep, *tags, "--prune")
    return gone


def forget_manifests(settings: Settings, region: Region, kept: set[str]) -> list[str]:
    """Removes the manifests whose backup of the database is gone, and gives the ids of the others: their files stay."""
    reader, writer = Client(region, settings.reader), Client(region, settings.writer)
    public = manifest.public_key(settings.signing_seed)
    named = []
    for backup in manifest.ids(reader):
        try:
            label = manifest.fetch(reader, backup, public)["pgbackrest"][region.name]["label"]
        except (Fault, KeyError, ValueError) as fault:
            # Not ours to judge here: it stays, to be seen, and so do its files.
            say(f"{region.name}: manifest {backup}: {fault}")
            named.append(backup)
            continue
        if label in kept:
            named.append(backup)
        else:
            for ending in ("json", "sig"):
                writer.delete(f"{MANIFESTS}/{backup}.{ending}")
    return named


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
