"""Terminals are carried, recorded and ended."""

import json
import os
import pty
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest.mock import patch

from platform_shell import menu, relay

LIMITS = {"IDLE_MINUTES": "1", "SESSION_MINUTES": "1"}


class Terminal(unittest.TestCase):
    """A relay with a person's end of its terminal, whose command is a shell."""

    def run_relay(self, command: str, *, typed: bytes = b"", reads: bool = True, still: object = None, **limits: str) -> tuple[str, list[str], bytes]:
        """Why it ended, what was recorded, and what the person saw."""
        person, own = pty.openpty()
        seen = bytearray()

        def read() -> None:
            while True:
                try:
                    seen.extend(os.read(person, 65_536))
                except OSError:
                    return

        if reads:
            threading.Thread(target=read, daemon=True).start()
        threading.Timer(0.5, lambda: os.write(person, typed)).start()
        recording = Path(self.folder) / f"{time.monotonic_ns()}.cast"
        kept = [os.dup(0), os.dup(1)]
        try:
            os.dup2(own, 0)
            os.dup2(own, 1)
            with patch.dict(os.environ, {**LIMITS, **limits}):
                reason = relay.run(["sh", "-c", command], recording=str(recording), title="t", still=still or (lambda: True))
        finally:
            for number, old in enumerate(kept):
                os.dup2(old, number)
                os.close(old)
        lines = [json.loads(line) for line in recording.read_text("utf-8").splitlines()]
        time.sleep(0.2)
        os.close(own)
        os.close(person)
        return reason, [line[2] for line in lines[1:]], bytes(seen)

    def setUp(self) -> None:
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = self.scratch.name
        self.addCleanup(self.scratch.cleanup)

    def test_what_is_shown_is_recorded_and_what_is_typed_is_not(self) -> None:
        reason, record, seen = self.run_relay("stty -echo; read -r word; echo got ${#word}", typed=b"hunter2\n")
        self.assertEqual(reason, "closed")
        self.assertIn("got 7", "".join(record))
        self.assertIn(b"got 7", seen)
        self.assertNotIn("hunter2", "".join(record))

    def test_letters_are_not_torn(self) -> None:
        _, record, _ = self.run_relay(r"printf '\303'; sleep 0.3; printf '\244'; sleep 0.3")
        self.assertEqual("".join(record), "ä")

    def test_nobody_types(self) -> None:
        reason, _, _ = self.run_relay("sleep 60", IDLE_MINUTES="0.02")
        self.assertEqual(reason, "idle")

    def test_time_is_up_even_where_nobody_reads(self) -> None:
        reason, _, _ = self.run_relay("yes", reads=False, SESSION_MINUTES="0.02")
        self.assertEqual(reason, "time is up")

    def test_the_sign_on_is_over(self) -> None:
        answers = iter([True, False])
        with patch.object(relay, "ASK_SECONDS", 0.5):
            reason, _, _ = self.run_relay("sleep 60", still=lambda: next(answers))
        self.assertEqual(reason, "signed out")

    def test_the_record_is_full(self) -> None:
        with patch.object(relay, "MOST_BYTES", 1000):
            reason, record, _ = self.run_relay("yes")
        self.assertEqual(reason, "the record is full")
        self.assertLess(len("".join(record)), 200_000)

    def test_a_record_is_never_written_over(self) -> None:
        taken = Path(self.folder) / "taken.cast"
        taken.write_text("what was shown")
        with patch.dict(os.environ, LIMITS), self.assertRaises(FileExistsError):
            relay.run(["true"], recording=str(taken), title="t", still=lambda: True)
        self.assertEqual(taken.read_text(), "what was shown")


class Offers(unittest.TestCase):
    def names(self, groups: tuple[str, ...], stage: str) -> list[str]:
        return [kind.name for kind in menu.offers(groups, stage)]

    def test_groups_and_stages(self) -> None:
        everything = ["odoo-shell", "psql", "bash", "report"]
        for groups, stage, names in [
            (("admin",), "production", everything),
            (("developer",), "production", ["report"]),
            (("developer",), "staging", everything),
            (("tester",), "development", ["report"]),
            (("tester", "admin"), "production", everything),
            (("analyst",), "development", []),
            ((), "development", []),
        ]:
            self.assertEqual(self.names(groups, stage), names, (groups, stage))

    def test_a_choice_leaves_what_was_typed_after_it(self) -> None:
        reading, writing = os.pipe()
        os.write(writing, b"nothing\nreport\nSELECT 1;\n")
        kept = os.dup(0)
        try:
            os.dup2(reading, 0)
            with patch("builtins.print"), patch("sys.stdout"):
                kind = menu.choose(menu.READ)
            self.assertEqual((kind and kind.name, os.read(0, 100)), ("report", b"SELECT 1;\n"))
        finally:
            os.dup2(kept, 0)
            os.close(kept)


if __name__ == "__main__":
    unittest.main()
