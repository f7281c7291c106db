"""Steps of a restore, put together: a check that was not made is not one that holds."""

import argparse
import unittest

from platform_backup.verify_findings import Finding, Report
from platform_backup.verify_report import EXPECTED, merge, table

OPTIONS = argparse.Namespace(stack="dev", kind="drill", region="eu", began="2026-01-31T12:00:00Z", scratch="s")


def report(*checks: str, holds: bool = True, **facts: object) -> dict:
    made = Report(facts=dict(facts))
    for check in checks:
        made.add(Finding(check, holds, {"seconds": 3}, None, f"{check} was looked at"))
    return made.as_data()


class Merge(unittest.TestCase):
    def test_all_checks_hold(self) -> None:
        merged = merge([report(*EXPECTED[:8], backup="b1"), report(*EXPECTED[8:], rto_seconds=40.5)], OPTIONS)
        self.assertTrue(merged["holds"])
        self.assertEqual((merged["backup_id"], merged["rto_seconds"], merged["rpo_seconds"]), ("b1", 40.5, 3))
        self.assertIn("GO  RPO 3 s, RTO 40.5 s", table(merged))

    def test_each_check_that_was_not_made_is_named(self) -> None:
        for check in EXPECTED:
            merged = merge([report(*(one for one in EXPECTED if one != check))], OPTIONS)
            self.assertFalse(merged["holds"])
            self.assertIn(f"not reached: {check}", merged["detail"])

    def test_a_check_that_fails_is_what_the_report_says(self) -> None:
        merged = merge([report(*EXPECTED), report("attachments", holds=False)], OPTIONS)
        self.assertFalse(merged["holds"])
        self.assertIn("attachments: attachments was looked at", merged["detail"])

    def test_nothing_at_all_does_not_hold(self) -> None:
        self.assertFalse(merge([], OPTIONS)["holds"])


class Checks(unittest.TestCase):
    def test_a_check_that_throws_does_not_hold(self) -> None:
        made = Report()

        def work() -> Finding:
            raise RuntimeError("no such file")

        made.run("x", None, work)
        self.assertFalse(made.holds)
        self.assertIn("no such file", made.findings[0].detail)

    def test_an_empty_report_does_not_hold(self) -> None:
        self.assertFalse(Report().holds)


if __name__ == "__main__":
    unittest.main()
