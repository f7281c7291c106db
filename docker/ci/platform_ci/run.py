"""One module: installed on a clean database, tested, and judged."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, TypedDict

from .cluster import Cluster
from .modules import Modules

#: Lines of the log that a verdict other than green comes with.
TAIL = 60


class Result(TypedDict):
    module: str
    #: green; yellow: something warned; red: not installed, a test failed, or it took too long.
    status: str
    detail: str
    seconds: float
    tests: list[dict[str, Any]]
    warnings: list[str]
    #: Share of lines and branches that ran, in percent; null where there is no test.
    coverage: float | None
    log: str


def test_module(module: str, *, known: Modules, cluster: Cluster, slot: int, timeout: int) -> Result:
    started = time.monotonic()
    database = f"ci_{module}"
    core, ours = known.closure(module)
    seen: dict[str, Any] = {"tests": [], "warnings": [], "coverage": None}
    log = ""
    try:
        cluster.clone(database, core)
        if ours:
            exit_code, log = _limited(cluster.odoo(database, init=ours, port=None), timeout)
            if exit_code != 0 or _missing(cluster, database, ours):
                return _result(module, started, seen, log, [f"what it needs was not installed: {', '.join(_missing(cluster, database, ours)) or exit_code}"])
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            command = cluster.odoo(database, init=[module], port=18_000 + slot * 2, test=module)
            exit_code, log = _limited([sys.executable, "-m", "platform_ci.watched", str(report), module, *command[1:]], timeout)
            if report.is_file():
                seen = json.loads(report.read_text("utf-8"))
        faults = [] if exit_code is not None else [f"it took longer than {timeout} s"]
        if not _missing(cluster, database, [module]):
            bad = [test["name"] for test in seen["tests"] if test["outcome"] in ("failed", "error")]
            faults += [f"{len(bad)} of {len(seen['tests'])} tests failed: {', '.join(bad[:5])}"] if bad else []
            faults += [f"Odoo ended with {exit_code}"] if exit_code and not bad else []
        elif exit_code is not None:
            faults.append("it was not installed")
        return _result(module, started, seen, log, faults)
    except RuntimeError as error:
        return _result(module, started, seen, log, [str(error)])
    finally:
        cluster.drop(database)


def _missing(cluster: Cluster, database: str, modules: list[str]) -> list[str]:
    """Modules that are not installed. Odoo ends with 0 where it could not install one."""
    names = ", ".join(f"'{name}'" for name in modules)
    there = cluster.query(database, f"SELECT name FROM ir_module_module WHERE state = 'installed' AND name IN ({names})")
    return sorted(set(modules) - set(there))


def _result(module: str, started: float, seen: dict[str, Any], log: str, faults: list[str]) -> Result:
    warnings = seen["warnings"]
    status = "red" if faults else "yellow" if warnings else "green"
    passed = sum(test["outcome"] == "passed" for test in seen["tests"])
    skipped = sum(test["outcome"] == "skipped" for test in seen["tests"])
    counted = f"{passed} passed, {skipped} skipped" if seen["tests"] else "no tests"
    detail = "; ".join(faults) or (f"{counted}, {len(warnings)} warnings: {warnings[0]}" if warnings else counted)
    return {
        "module": module,
        "status": status,
        "detail": detail,
        "seconds": round(time.monotonic() - started, 1),
        "tests": seen["tests"],
        "warnings": warnings,
        "coverage": seen["coverage"],
        "log": "" if status == "green" else "\n".join(log.splitlines()[-TAIL:]),
    }


def _limited(command: list[str], timeout: int) -> tuple[int | None, str]:
    """Exit code, none where it took too long, and what it said."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            exit_code: int | None = process.wait(timeout)
        except subprocess.TimeoutExpired:
            exit_code = None
        # A browser, or what a test started, must not outlive it.
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        output.seek(0)
        return exit_code, output.read()
