"""A filestore against the rows that name its files."""

import hashlib
import tempfile
import unittest
from pathlib import Path

from platform_backup.verify_files import Attachment, judge_files, look_at_files

SNAPSHOT = 1_000_000.0


class Store(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.store = Path(folder.name)

    def keep(self, content: bytes) -> str:
        sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        path = self.store / sha1[:2] / sha1
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return f"{sha1[:2]}/{sha1}"

    def judge(self, *rows: Attachment):  # noqa: ANN201
        return judge_files(look_at_files(self.store, rows, SNAPSHOT))

    def test_a_whole_store_holds(self) -> None:
        rows = [Attachment(self.keep(b"one"), 1), Attachment(self.keep(b"two"), 2)]
        finding = self.judge(*rows)
        self.assertTrue(finding.holds)
        self.assertEqual(finding.measured["wanted"], 2)

    def test_a_missing_file_is_named(self) -> None:
        name = self.keep(b"one")
        (self.store / name).unlink()
        finding = self.judge(Attachment(name, 1))
        self.assertFalse(finding.holds)
        self.assertIn(name, finding.detail)

    def test_an_edited_file_is_named(self) -> None:
        name = self.keep(b"one")
        (self.store / name).write_bytes(b"ohe")
        finding = self.judge(Attachment(name, 1))
        self.assertFalse(finding.holds)
        self.assertIn(name, finding.detail)

    def test_a_file_that_no_row_names_must_be_what_it_says_too(self) -> None:
        name = self.keep(b"one")
        (self.store / name).write_bytes(b"")
        self.assertFalse(self.judge().holds)

    def test_a_file_of_another_name_is_none_of_odoos(self) -> None:
        (self.store / "notes.txt").write_text("x")
        self.assertFalse(self.judge().holds)

    def test_the_list_of_what_to_collect_is_no_attachment(self) -> None:
        (self.store / "checklist" / "ab").mkdir(parents=True)
        (self.store / "checklist" / "ab" / "abc").write_text("")
        self.assertTrue(self.judge().holds)

    def test_a_file_younger_than_the_snapshot_is_lost_and_said(self) -> None:
        name = self.keep(b"one")
        (self.store / name).unlink()
        finding = self.judge(Attachment(name, SNAPSHOT + 1))
        self.assertTrue(finding.holds)
        self.assertEqual(finding.measured["younger"], 1)
        self.assertIn(name, finding.detail)

    def test_a_file_that_an_older_row_names_too_must_be_there(self) -> None:
        name = self.keep(b"one")
        (self.store / name).unlink()
        self.assertFalse(self.judge(Attachment(name, SNAPSHOT + 1), Attachment(name, SNAPSHOT - 1)).holds)


if __name__ == "__main__":
    unittest.main()
