"""The service goes on, whatever fails."""

import unittest
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from platform_backup import serve
from platform_backup.fault import Fault

SCHEDULE = {"full": "0 1 * * 0", "diff": "0 1 * * *", "incr": "0 * * * *"}
SETTINGS: Any = SimpleNamespace(schedule=SCHEDULE, regions=["one", "two"])


def refuse(*_: object, **__: object) -> None:
    raise Fault("one is down")


class Stop:
    """Lets a loop go round so many times."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds

    def wait(self, _: float) -> bool:
        self.rounds -= 1
        return self.rounds < 0


class Strangers(unittest.TestCase):
    def check(self, held: dict[str, Any]) -> None:
        """Of cluster 7; a region that is down is an exception."""

        def info(_: object, region: Any) -> Any:
            if isinstance(held[region.name], Fault):
                raise held[region.name]
            return held[region.name]

        settings: Any = SimpleNamespace(regions=[SimpleNamespace(name=name) for name in held])
        with patch.object(serve, "info", info), patch.object(serve, "sql", lambda *_: "7"), patch.object(serve, "say"):
            serve.refuse_strange(settings)

    def test_no_snapshot_goes_where_another_cluster_lies(self) -> None:
        other = {"db": [{"system-id": 7}, {"system-id": 8}]}
        with self.assertRaisesRegex(Fault, "b holds backups of another cluster"):
            self.check({"a": Fault("down"), "b": other})

    def test_a_region_that_is_ours_new_or_down_keeps_no_other_from_its_snapshots(self) -> None:
        self.check({"a": {"db": [{"system-id": 8}, {"system-id": 7}]}, "b": {"backup": []}, "c": Fault("down")})


class Schedule(unittest.TestCase):
    def test_of_kinds_due_at_once_the_most_thorough_is_taken_and_then_retention(self) -> None:
        sunday, monday = datetime(2026, 2, 1, 1, tzinfo=UTC), datetime(2026, 2, 2, 1, tzinfo=UTC)
        self.assertEqual(serve.due(SCHEDULE, sunday), ["full"])
        self.assertEqual(serve.due(SCHEDULE, monday), ["diff"])
        self.assertEqual(serve.due(SCHEDULE, monday.replace(hour=2)), ["incr"])
        self.assertEqual(serve.due({**SCHEDULE, "incr": "30 4 * * *"}, monday.replace(hour=4, minute=30)), ["incr", "expire"])
        self.assertEqual(serve.due(SCHEDULE, monday.replace(minute=1)), [])

    def test_a_backup_that_fails_does_not_end_the_schedule(self) -> None:
        asked: list[str] = []

        def run(verb: str) -> None:
            asked.append(verb)
            raise Fault(f"{verb} ended with 1")

        hours = iter(datetime(2026, 2, 2, hour, tzinfo=UTC) for hour in range(2, 5))
        with (
            patch.object(serve, "_stop", Stop(3)),
            patch.object(serve, "_run", run),
            patch.object(serve, "_take_first", lambda _: None, create=True),
            patch.object(serve, "datetime", SimpleNamespace(now=lambda _: next(hours))),
        ):
            serve._by_schedule(SETTINGS)
        self.assertEqual(asked, ["incr"] * 3)


class Stanza(unittest.TestCase):
    def test_a_region_that_is_down_keeps_no_other_from_its_backups(self) -> None:
        def info(_: object, region: str) -> dict[str, object]:
            if region == "one":
                raise Fault("one is down")
            return {"db": [{"id": 1}]}

        with patch.object(serve, "create_stanza", refuse), patch.object(serve, "info", info):
            serve.ready(SETTINGS)

    def test_where_no_region_has_one_there_is_nothing_to_begin_with(self) -> None:
        with patch.object(serve, "create_stanza", refuse), patch.object(serve, "info", lambda *_: {"db": []}), self.assertRaises(Fault):
            serve.ready(SETTINGS)


if __name__ == "__main__":
    unittest.main()
