"""Schedules of five fields (minute, hour, day of month, month, day of week), in UTC: numbers, `*`, lists, ranges, steps."""

import re
from datetime import datetime

from .fault import Fault

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_PART = re.compile(r"(\*|\d+)(?:-(\d+))?(?:/(\d+))?")


def is_due(schedule: str, at: datetime) -> bool:
    """Does it run in this minute?"""
    fields = schedule.split()
    if len(fields) != len(_RANGES):
        raise Fault(f"{schedule!r} is no schedule of five fields")
    minute, hour, day, month, weekday = (_values(field, *limits) for field, limits in zip(fields, _RANGES, strict=True))
    if at.minute not in minute or at.hour not in hour or at.month not in month:
        return False
    on_day, on_weekday = at.day in day, (at.isoweekday() % 7) in {one % 7 for one in weekday}
    # Cron's own rule: of two restricted days either will do.
    return on_day or on_weekday if fields[2] != "*" and fields[4] != "*" else on_day and on_weekday


def _values(field: str, least: int, most: int) -> set[int]:
    values: set[int] = set()
    for part in field.split(","):
        found = _PART.fullmatch(part)
        if found is None:
            raise Fault(f"{field!r} is no field of a schedule")
        first = least if found[1] == "*" else int(found[1])
        last = int(found[2]) if found[2] else first if found[1] != "*" and not found[3] else most
        step = int(found[3] or 1)
        if not least <= first <= last <= most or step < 1:
            raise Fault(f"{field!r} must lie between {least} and {most}")
        values |= set(range(first, last + 1, step))
    return values
