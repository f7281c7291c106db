"""Is the archive of write-ahead log whole between a backup and the newest segment?

PostgreSQL takes a missing segment for the end of the log: it recovers up to it, promotes and reports success, and so do
`pgbackrest verify`, `check` and `restore`. Only the listing of the archive tells: segments are numbered, so each number
between the first that a backup needs and the newest one must be there, on the timeline that history says.
"""

import re
from dataclasses import dataclass

from .verify_findings import Finding, some

#: 16 MiB, which is what initdb makes unless told otherwise.
SEGMENT_BYTES = 16 * 1024 * 1024
_SEGMENT = re.compile(r"(?:^|/)([0-9A-F]{24})-[0-9a-f]{40}(?:\.[a-z0-9]+)?$")
_NAME = re.compile(r"[0-9A-F]{24}")
_HISTORY = re.compile(r"(?:^|/)([0-9A-F]{8})\.history(?:$|[-.])")
_HISTORY_LINE = re.compile(r"^\s*(\d+)\s+([0-9A-F]+/[0-9A-F]+)", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Segment:
    timeline: int
    #: Position in the log, in segments; equal numbers on two timelines hold the same place.
    number: int

    @property
    def name(self) -> str:
        per_file = 0x1_0000_0000 // SEGMENT_BYTES
        return f"{self.timeline:08X}{self.number // per_file:08X}{self.number % per_file:08X}"


def segment(name: str) -> Segment:
    """The segment of a file's name, such as 000000010000000000000008."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a WAL segment: 24 hexadecimal digits")
    per_file = 0x1_0000_0000 // SEGMENT_BYTES
    return Segment(int(name[:8], 16), int(name[8:16], 16) * per_file + int(name[16:], 16))


def segment_at(timeline: int, lsn: str) -> Segment:
    """The segment that holds a position."""
    return Segment(timeline, lsn_bytes(lsn) // SEGMENT_BYTES)


def lsn_bytes(lsn: str) -> int:
    """A position such as 0/3000028 as a number of bytes."""
    high, slash, low = lsn.partition("/")
    if slash == "":
        raise ValueError(f"{lsn!r} is no position in the log, such as 0/3000028")
    return (int(high, 16) << 32) + int(low, 16)


def lsn_text(position: int) -> str:
    return f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"


def segments_in(paths: list[str]) -> set[Segment]:
    """The segments among the paths of an archive's listing; partial ones, history and label files are none."""
    return {segment(found.group(1)) for path in paths if (found := _SEGMENT.search(path))}


def histories_in(paths: list[str]) -> list[str]:
    """Names of the history files among the paths, such as 00000002.history."""
    return sorted({f"{found.group(1)}.history" for path in paths if (found := _HISTORY.search(path))})


def parse_history(text: str) -> list[tuple[int, str]]:
    """The timelines that a history file names, each with the position where the next one begins."""
    return [(int(timeline), lsn) for timeline, lsn in _HISTORY_LINE.findall(text)]


@dataclass(frozen=True)
class Continuity:
    #: Segments that recovery needs and the archive lacks.
    missing: list[Segment]
    #: The last segment of the newest timeline that continues the backup's.
    newest: Segment
    #: Segments that recovery needs.
    needed: int


def find_gaps(
    present: set[Segment],
    start: Segment,
    histories: dict[int, list[tuple[int, str]]],
    until: Segment | None = None,
) -> Continuity:
    """
    Walks from the first segment that a backup needs to the newest one, changing timelines where history says.

    `histories`: of each timeline but the first, its ancestors as `parse_history` gives them. A timeline that is there
    without its history can't be walked to, and is no continuation.

    `until`: the last segment that is needed, on the timeline of the first; default: the newest there is.
    """
    if until is not None:
        wanted = [Segment(start.timeline, number) for number in range(start.number, until.number + 1)]
        return Continuity([one for one in wanted if one not in present], until, len(wanted))
    reachable = {start.timeline: []} | {
        timeline: ancestors
        for timeline, ancestors in histories.items()
        if _continues(ancestors, start)
    }
    newest_timeline = max(
        (one.timeline for one in present if one.timeline in reachable and one.timeline >= start.timeline),
        default=start.timeline,
    )
    # Each timeline ends in the segment in which its successor begins; the successor has that segment too.
    switches = [
        (timeline, lsn_bytes(lsn) // SEGMENT_BYTES)
        for timeline, lsn in reachable[newest_timeline]
        if timeline >= start.timeline
    ]
    last = max((one.number for one in present if one.timeline == newest_timeline), default=start.number)
    wanted: list[Segment] = []
    number = start.number
    for timeline, end in [*switches, (newest_timeline, last + 1)]:
        while number < end:
            wanted.append(Segment(timeline, number))
            number += 1
    return Continuity(
        missing=[one for one in wanted if one not in present],
        newest=Segment(newest_timeline, last),
        needed=len(wanted),
    )


def _continues(ancestors: list[tuple[int, str]], start: Segment) -> bool:
    return any(
        timeline == start.timeline and lsn_bytes(lsn) // SEGMENT_BYTES >= start.number for timeline, lsn in ancestors
    )


def judge_continuity(found: Continuity, start: Segment) -> Finding:
    missing = [one.name for one in found.missing]
    return Finding(
        "wal-continuity",
        not missing,
        {"from": start.name, "to": found.newest.name, "needed": found.needed, "missing": missing[:20]},
        {"missing": 0},
        f"all {found.needed} segments from {start.name} to {found.newest.name} are in the archive"
        if not missing
        else f"{len(missing)} of {found.needed} segments are missing from the archive: {some(missing)}",
    )
