"""Retention over 400 days of a simulated clock, and what it may never do."""

import unittest
from datetime import UTC, datetime, timedelta

from platform_backup.cron import is_due
from platform_backup.expire import Kept, labels_to_expire, labels_to_keep
from platform_backup.fault import Fault

RETENTION = {"daily": 7, "weekly": 4, "monthly": 3}
SCHEDULE = {"full": "0 1 * * 0", "diff": "0 1 * * 1-6", "incr": "0 * * * *"}
START = datetime(2026, 1, 1, tzinfo=UTC)


def simulate(days: int, broken: set[str] | None = None):  # noqa: ANN201
    """Every backup that the schedule takes, retention once a day; what is held at the end of each day."""
    held: list[Kept] = []
    for hour in range(days * 24):
        at = START + timedelta(hours=hour)
        kind = next((kind for kind in ("full", "diff", "incr") if is_due(SCHEDULE[kind], at)), None)
        full = next((one.label for one in reversed(held) if one.prior is None), None)
        if kind is not None:
            prior = None if kind == "full" or full is None else full if kind == "diff" else held[-1].label
            held.append(Kept(f"{at:%Y%m%d-%H}{kind[0]}", at, prior))
        if at.hour == 4:
            gone = set(labels_to_expire(held, RETENTION))
            held = [one for one in held if one.label not in gone]
            yield at, list(held), gone


class FourHundredDays(unittest.TestCase):
    def test_always_enough_is_held_and_never_too_much(self) -> None:
        for at, held, _ in simulate(400):
            age = (at - START).days
            days = {one.at.date() for one in held}
            weeks = {one.at.isocalendar()[:2] for one in held}
            months = {(one.at.year, one.at.month) for one in held}
            self.assertGreaterEqual(len(days), min(7, age + 1), at)
            self.assertGreaterEqual(len(weeks), min(4, age // 7), at)
            self.assertGreaterEqual(len(months), min(3, age // 31), at)
            # Chains: what is kept of a day builds on what is kept for it.
            self.assertLessEqual(len(held), 400, at)

    def test_what_is_held_can_be_restored(self) -> None:
        for at, held, _ in simulate(400):
            labels = {one.label for one in held}
            for one in held:
                self.assertTrue(one.prior is None or one.prior in labels, f"{at}: {one.label} builds on {one.prior}, which is gone")

    def test_the_newest_is_never_removed(self) -> None:
        for _, held, gone in simulate(400):
            newest = max(held, key=lambda one: one.at)
            self.assertNotIn(newest.label, gone)
            self.assertLess((max(one.at for one in held) - newest.at).total_seconds(), 1)


class Edges(unittest.TestCase):
    def test_the_newest_good_one_stays_though_nothing_is_to_be_kept(self) -> None:
        old = [Kept("old", START - timedelta(days=900), None)]
        self.assertEqual(labels_to_keep(old, {}), {"old"})

    def test_what_others_build_on_goes_after_them(self) -> None:
        chain = [Kept("full", START, None), Kept("incr", START + timedelta(hours=1), "full"), Kept("new", START + timedelta(days=60), None)]
        self.assertEqual(labels_to_expire(chain, {}), ["incr", "full"])

    def test_nothing_held_is_nothing_to_do(self) -> None:
        self.assertEqual(labels_to_expire([], RETENTION), [])


class Schedules(unittest.TestCase):
    def test_days_of_week_and_ranges(self) -> None:
        sunday = datetime(2026, 1, 4, 1, 0, tzinfo=UTC)
        self.assertTrue(is_due("0 1 * * 0", sunday))
        self.assertTrue(is_due("0 1 * * 7", sunday))
        self.assertFalse(is_due("0 1 * * 1-6", sunday))
        self.assertTrue(is_due("*/15 * * * *", sunday))
        self.assertTrue(is_due("0 1 4,5 * 1", sunday))

    def test_what_is_no_schedule_is_refused(self) -> None:
        for schedule in ("", "* * * *", "61 * * * *", "0 0 0 * *", "a * * * *"):
            with self.assertRaises(Fault):
                is_due(schedule, START)


if __name__ == "__main__":
    unittest.main()
