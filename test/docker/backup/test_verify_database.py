"""Judgements on what a restored database was asked."""

import unittest
from datetime import UTC, datetime, timedelta

from platform_backup.verify_database import judge_counts, judge_heartbeat

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Heartbeat(unittest.TestCase):
    def test_the_time_since_the_newest_beat_is_what_is_lost(self) -> None:
        finding = judge_heartbeat(NOW - timedelta(seconds=20), NOW, 300)
        self.assertTrue(finding.holds)
        self.assertEqual(finding.measured["seconds"], 20)

    def test_more_than_allowed_does_not_hold(self) -> None:
        self.assertFalse(judge_heartbeat(NOW - timedelta(seconds=301), NOW, 300).holds)

    def test_no_beat_does_not_hold(self) -> None:
        self.assertFalse(judge_heartbeat(None, NOW, 300).holds)

    def test_a_beat_after_the_moment_is_of_another_moment(self) -> None:
        self.assertFalse(judge_heartbeat(NOW + timedelta(hours=1), NOW, 300).holds)


class Counts(unittest.TestCase):
    def test_as_many_or_more_hold(self) -> None:
        self.assertTrue(judge_counts({"res_users": 6, "res_partner": 100}, {"res_users": 6, "res_partner": 90}).holds)

    def test_a_table_that_shrank_is_named(self) -> None:
        finding = judge_counts({"res_partner": 50}, {"res_partner": 100})
        self.assertFalse(finding.holds)
        self.assertIn("res_partner has 50 rows, and had 100", finding.detail)

    def test_a_table_that_is_gone_or_empty_is_named(self) -> None:
        self.assertFalse(judge_counts({}, {"res_partner": 1}).holds)
        self.assertFalse(judge_counts({"res_partner": 0}, {"res_partner": 1}).holds)

    def test_a_manifest_that_counts_nothing_proves_nothing(self) -> None:
        self.assertFalse(judge_counts({"res_partner": 1}, {}).holds)


if __name__ == "__main__":
    unittest.main()
