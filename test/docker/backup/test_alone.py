"""One at a time, and who waits is let in."""

import tempfile
import threading
import unittest
from pathlib import Path
from unittest.mock import patch

from platform_backup import tools
from platform_backup.fault import Fault


class Alone(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        patched = patch.object(tools, "STATE", Path(folder.name))
        patched.start()
        self.addCleanup(patched.stop)

    def test_refuses_a_second_one_and_names_the_first(self) -> None:
        with tools.alone("backup"), self.assertRaisesRegex(tools.Busy, "another backup is at work, begun by process"):
            with tools.alone("backup"):
                self.fail("let in")

    def test_gives_up_after_its_patience(self) -> None:
        with tools.alone("backup"), self.assertRaises(tools.Busy):
            with tools.alone("backup", patience=0.3):
                self.fail("let in")

    def test_lets_in_who_waited(self) -> None:
        done = threading.Event()
        with tools.alone("backup"):
            waiting = threading.Thread(target=lambda: self._work(done))
            waiting.start()
            self.assertFalse(done.wait(0.3))
        waiting.join(5)
        self.assertTrue(done.is_set())

    def test_passes_on_what_goes_wrong_inside_once(self) -> None:
        tries = 0
        with self.assertRaisesRegex(Fault, "a region is down"), tools.alone("backup", patience=5):
            tries += 1
            raise Fault("a region is down")
        self.assertEqual(tries, 1)

    def _work(self, done: threading.Event) -> None:
        with tools.alone("backup", patience=5):
            done.set()


if __name__ == "__main__":
    unittest.main()
