"""A region as it was, out of its versions."""

import unittest
from datetime import UTC, datetime, timedelta

from platform_backup.past import newest_then
from platform_backup.s3 import Version, written_at

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def version(key: str, name: str, minutes: int, *, deleted: bool = False) -> Version:
    return Version(key, name, NOON + timedelta(minutes=minutes), 1, deleted, False)


class Then(unittest.TestCase):
    def test_what_was_overwritten_or_deleted_since_is_there(self) -> None:
        found = newest_then(
            [version("a", "a1", -20), version("a", "a2", 5), version("b", "b1", -30), version("b", "b2", 1, deleted=True)], NOON
        )
        self.assertEqual({key: one.id for key, one in found.items()}, {"a": "a1", "b": "b1"})

    def test_what_was_deleted_by_then_or_came_later_is_not(self) -> None:
        found = newest_then([version("a", "a1", -20), version("a", "a2", -10, deleted=True), version("b", "b1", 1)], NOON)
        self.assertEqual(found, {})

    def test_what_was_written_again_is(self) -> None:
        found = newest_then([version("a", "a1", -20), version("a", "a2", -10, deleted=True), version("a", "a3", -5)], NOON)
        self.assertEqual(found["a"].id, "a3")

    def test_a_version_is_as_old_as_its_ulid_says(self) -> None:
        # As versitygw 1.8.0 wrote at 13:08:11 and replaced at 13:17:43.
        said = "2026-11-25T13:17:43+00:00"
        written = written_at("01M89D49CBSDNB90S6SNGGGVS5", said)
        self.assertEqual(written.isoformat(timespec="seconds"), "2026-11-25T13:08:11+00:00")
        for opaque in ("3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY", "null", "01M89D49CBSDNB90S6SNGGGVSU"):
            self.assertEqual(written_at(opaque, said).isoformat(), said)


if __name__ == "__main__":
    unittest.main()
