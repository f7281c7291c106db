"""
Takes away what hides objects of a region: after an attack with the writer's key, which can hide and overwrite, and delete
nothing.

reveal REGION --since TIME    the administrator's key on standard input: its id and its secret, a line each
"""

import argparse
import sys
from datetime import datetime

from .fault import Fault
from .regions import Keys
from .s3 import Client, Version
from .settings import read_settings


def markers(versions: list[Version], since: datetime) -> list[Version]:
    """Delete markers of then or later: each hides what was there before it."""
    return [version for version in versions if version.deleted and version.modified >= since]


def reveal(client: Client, since: datetime) -> int:
    """Takes the markers away. Returns how many. What was written over stays under what was written: that is read with --as-of."""
    found = markers(client.versions(""), since)
    for marker in found:
        client.delete(marker.key, marker.id)
    return len(found)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="platform-backup reveal")
    parser.add_argument("region")
    parser.add_argument("--since", required=True, type=_moment)
    options = parser.parse_args(arguments)
    settings = read_settings()
    region = next((one for one in settings.regions if one.name == options.region), None)
    if region is None:
        raise Fault(f"there is no region {options.region}; there is {', '.join(one.name for one in settings.regions)}")
    lines = sys.stdin.read().split()
    if len(lines) != 2:
        raise Fault("the administrator's key is read from standard input: its id and its secret, a line each")
    count = reveal(Client(region, Keys(*lines)), options.since)
    print(f"{count} objects of {region.name} are there again")
    return 0


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the time needs its zone, as 2026-03-01T12:00:00Z")
    return moment
