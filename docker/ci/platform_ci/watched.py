"""
Runs Odoo in this process and writes down how each test ended, what warned, and what of the module's code ran.

python3 -m platform_ci.watched REPORT MODULE [odoo option …]
"""

import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

import coverage

from .modules import ADDONS

#: Warnings that are of the image or of how it is run here, and say nothing of the module.
NOISE = (
    # Debian has no wkhtmltopdf, and the official image a patched one.
    "wkhtmltopdf",
    "Wkhtmltopdf",
    # Debian leaves out what has no source: the blurred background of video calls.
    "mail/static/lib/selfie_segmentation/",
    # Odoo's own tests may be none of the tags that were asked for.
    "0 failed, 0 error(s) of 0 tests",
)


class Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []
        #: Failed tests are logged as errors, and counted as tests.
        self.paused = False

    def emit(self, record: logging.LogRecord) -> None:
        if self.paused:
            return
        text = f"{record.name}: {record.getMessage()}"
        if not any(part in text for part in NOISE):
            self.seen.append(text[:500])


class Tests:
    """What Odoo's own result of tests counts, test by test."""

    def __init__(self, warnings: Warnings) -> None:
        self.cases: dict[str, dict[str, Any]] = {}
        self._warnings = warnings
        self._started = 0.0

    def watch(self) -> None:
        from odoo.tests.result import OdooTestResult as Result

        start, stop, skip = Result.startTest, Result.stopTest, Result.addSkip
        outcomes = {"addError": "error", "addFailure": "failed"}

        def start_test(result: Any, test: Any) -> None:
            self._started = time.monotonic()
            self._case(test)["outcome"] = "passed"
            start(result, test)

        def stop_test(result: Any, test: Any) -> None:
            self._case(test)["seconds"] = round(time.monotonic() - self._started, 3)
            stop(result, test)

        def add_skip(result: Any, test: Any, reason: str) -> None:
            self._case(test).update(outcome="skipped", text=reason)
            skip(result, test, reason)

        Result.startTest, Result.stopTest, Result.addSkip = start_test, stop_test, add_skip
        for name, outcome in outcomes.items():
            setattr(Result, name, self._failing(getattr(Result, name), outcome))

    def _failing(self, original: Any, outcome: str) -> Any:
        def add(result: Any, test: Any, err: Any) -> None:
            # Of a sub-test, or of a class that could not be set up, the case is that of its name.
            self._case(test).update(outcome=outcome, text=result._exc_info_to_string(err, test)[-4000:])
            self._warnings.paused = True
            try:
                original(result, test, err)
            finally:
                self._warnings.paused = False

        return add

    def _case(self, test: Any) -> dict[str, Any]:
        name = getattr(test, "test_case", test).id()
        return self.cases.setdefault(name, {"name": name, "outcome": "passed", "seconds": 0.0, "text": ""})


def main(report: str, module: str, options: list[str]) -> int:
    source = ADDONS / module
    measured = coverage.Coverage(data_file=None, branch=True, source=[str(source)], omit=["*/tests/*", "*/__manifest__.py"])
    measured.start()
    warnings = Warnings()
    logging.getLogger().addHandler(warnings)
    tests = Tests(warnings)
    tests.watch()
    sys.argv = ["odoo", *options]
    from odoo.cli.command import main as odoo_main

    try:
        odoo_main()
        return 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    finally:
        measured.stop()
        cases = list(tests.cases.values())
        facts = {"tests": cases, "warnings": warnings.seen, "coverage": _share(measured) if cases else None}
        Path(report).write_text(json.dumps(facts), "utf-8")


def _share(measured: coverage.Coverage) -> float | None:
    with open("/dev/null", "w", encoding="utf-8") as nowhere:
        try:
            return round(measured.report(file=nowhere), 1)
        except coverage.exceptions.CoverageException:
            return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
