"""What the listing of an archive tells about the log: cases that PostgreSQL and pgBackRest take for whole."""

import unittest

from platform_backup.verify_wal import (
    Segment,
    find_gaps,
    histories_in,
    judge_continuity,
    lsn_bytes,
    lsn_text,
    parse_history,
    segment,
    segment_at,
    segments_in,
)

SHA = "6f672cd7c4c32362f514516ba91e5a3154c44f59"


def archive(*names: str) -> list[str]:
    return [f"17-1/{name[:16]}/{name}-{SHA}.zst" for name in names]


def run(timeline: int, first: int, last: int) -> set[Segment]:
    return {Segment(timeline, number) for number in range(first, last + 1)}


class Names(unittest.TestCase):
    def test_a_name_says_timeline_and_place(self) -> None:
        self.assertEqual(segment("000000020000000100000005"), Segment(2, 256 + 5))
        self.assertEqual(Segment(2, 256 + 5).name, "000000020000000100000005")

    def test_a_position_lies_in_a_segment(self) -> None:
        self.assertEqual(segment_at(1, "1/5000028").name, "000000010000000100000005")
        self.assertEqual(lsn_text(lsn_bytes("1/5000028")), "1/5000028")

    def test_what_is_no_name_is_refused(self) -> None:
        for name in ("00000001", "00000001000000000000000G", "000000010000000000000001.partial"):
            with self.assertRaises(ValueError):
                segment(name)
        with self.assertRaises(ValueError):
            lsn_bytes("5000028")

    def test_a_listing_holds_segments_histories_and_more(self) -> None:
        paths = [
            *archive("000000010000000000000001"),
            f"17-1/0000000100000000/000000010000000000000002.partial-{SHA}.zst",
            "17-1/0000000100000000/000000010000000000000002.00000028.backup",
            "17-1/00000002.history",
            "archive.info",
        ]
        self.assertEqual(segments_in(paths), {Segment(1, 1)})
        self.assertEqual(histories_in(paths), ["00000002.history"])


class Gaps(unittest.TestCase):
    def test_a_whole_archive_has_none(self) -> None:
        found = find_gaps(run(1, 1, 9), Segment(1, 2), {})
        self.assertEqual((found.missing, found.newest, found.needed), ([], Segment(1, 9), 8))
        self.assertTrue(judge_continuity(found, Segment(1, 2)).holds)

    def test_a_hole_is_named(self) -> None:
        found = find_gaps(run(1, 1, 9) - {Segment(1, 5)}, Segment(1, 2), {})
        finding = judge_continuity(found, Segment(1, 2))
        self.assertFalse(finding.holds)
        self.assertIn("000000010000000000000005", finding.detail)

    def test_a_hole_at_the_very_start_is_one(self) -> None:
        self.assertEqual(find_gaps(run(1, 3, 9), Segment(1, 2), {}).missing, [Segment(1, 2)])

    def test_an_empty_archive_lacks_what_the_backup_needs(self) -> None:
        self.assertEqual(find_gaps(set(), Segment(1, 2), {}).missing, [Segment(1, 2)])

    def test_what_was_before_the_backup_is_not_needed(self) -> None:
        self.assertEqual(find_gaps(run(1, 1, 1) | run(1, 4, 9), Segment(1, 4), {}).missing, [])

    def test_a_new_timeline_goes_on_where_history_says(self) -> None:
        history = parse_history("1\t0/5000148\tno recovery target specified\n")
        present = run(1, 2, 4) | run(2, 5, 8)
        found = find_gaps(present, Segment(1, 2), {2: history})
        self.assertEqual((found.missing, found.newest), ([], Segment(2, 8)))

    def test_the_old_timeline_must_reach_the_new_one(self) -> None:
        history = parse_history("1\t0/5000148\tno recovery target specified\n")
        present = (run(1, 2, 4) - {Segment(1, 4)}) | run(2, 5, 8)
        self.assertEqual(find_gaps(present, Segment(1, 2), {2: history}).missing, [Segment(1, 4)])

    def test_a_timeline_that_left_before_the_backup_is_no_continuation(self) -> None:
        history = parse_history("1\t0/3000148\tbefore the restore\n")
        found = find_gaps(run(1, 2, 9) | run(2, 3, 20), Segment(1, 6), {2: history})
        self.assertEqual((found.missing, found.newest), ([], Segment(1, 9)))

    def test_a_timeline_without_its_history_is_no_continuation(self) -> None:
        found = find_gaps(run(1, 2, 4) | run(2, 5, 8), Segment(1, 2), {})
        self.assertEqual(found.newest, Segment(1, 4))

    def test_a_backup_on_a_later_timeline_starts_there(self) -> None:
        history = parse_history("1\t0/5000148\tno recovery target specified\n")
        found = find_gaps(run(1, 2, 4) | run(2, 5, 8) - {Segment(2, 7)}, Segment(2, 6), {2: history})
        self.assertEqual((found.missing, found.newest), ([Segment(2, 7)], Segment(2, 8)))

    def test_two_switches_are_followed(self) -> None:
        third = parse_history("1\t0/5000148\tx\n2\t0/8000148\ty\n")
        second = parse_history("1\t0/5000148\tx\n")
        present = run(1, 2, 4) | run(2, 5, 7) | run(3, 8, 9)
        found = find_gaps(present, Segment(1, 2), {2: second, 3: third})
        self.assertEqual((found.missing, found.newest), ([], Segment(3, 9)))


if __name__ == "__main__":
    unittest.main()
