"""
Puts the reports of a restore's steps together, one JSON line each on standard input.

verify-report --region R --stack S --kind restore_test|drill --began TIME --scratch NAME    one report, as JSON
verify-report --show                                                                        a report as a table
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import Any

#: What a whole restore looks at. A report that lacks one of them doesn't hold: a check that was not made found nothing.
EXPECTED = (
    "manifest",
    "locked",
    "backup-set",
    "wal-continuity",
    "target-reached",
    "heartbeat",
    "counts",
    "amcheck",
    "page-checksums",
    "snapshot-age",
    "attachments",
    "files",
    "neutralised",
    "modules",
    "report",
    "business-query",
    "login-over-tls",
)


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="verify-report", description=__doc__)
    parser.add_argument("--show", action="store_true")
    for name in ("region", "stack", "kind", "began", "scratch"):
        parser.add_argument(f"--{name}", default="")
    options = parser.parse_args(given)
    lines = [line for line in sys.stdin.read().splitlines() if line.strip()]
    if options.show:
        print(table(json.loads(lines[0])))
        return 0
    report = merge([json.loads(line) for line in lines], options)
    print(json.dumps(report))
    return 0 if report["holds"] else 1


def merge(reports: list[dict[str, Any]], options: argparse.Namespace) -> dict[str, Any]:
    ended = datetime.now(UTC)
    findings = [finding for report in reports for finding in report["findings"]]
    made = {finding["check"] for finding in findings}
    failed = [finding for finding in findings if not finding["holds"]]
    facts: dict[str, Any] = {}
    seconds: dict[str, float] = {}
    for report in reports:
        facts |= report["facts"]
        seconds |= report["seconds"]
    # A region that is read as it was is restored from because its newest state is worth nothing: no lock is asked for.
    not_made = [check for check in EXPECTED if check not in made and not (check == "locked" and facts.get("as_of"))]
    holds = not failed and not not_made
    lost = [finding["measured"]["seconds"] for finding in findings if finding["check"] in {"heartbeat", "snapshot-age"} and finding["measured"]]
    detail = "; ".join(
        [f"{finding['check']}: {finding['detail']}" for finding in failed]
        + ([f"not reached: {', '.join(not_made)}"] if not_made else [])
    )
    return {
        "id": f"{options.stack}-{options.kind}-{ended:%Y%m%dT%H%M%SZ}",
        "stack": options.stack,
        "kind": options.kind,
        "region": options.region,
        "backup_id": facts.get("backup", ""),
        "started_at": options.began,
        "ended_at": ended.isoformat(),
        "holds": holds,
        # What is lost is the worse of the two: rows since the last heartbeat, files since the last snapshot.
        "rpo_seconds": max(lost) if lost else None,
        "rto_seconds": facts.get("rto_seconds"),
        "detail": detail or f"all {len(findings)} checks hold",
        "scratch": options.scratch,
        "facts": facts,
        "seconds": seconds,
        "findings": findings,
    }


def table(report: dict[str, Any]) -> str:
    width = max((len(finding["check"]) for finding in report["findings"]), default=0)
    rows = [f"  {'ok  ' if finding['holds'] else 'FAIL'}  {finding['check']:<{width}}  {finding['detail']}" for finding in report["findings"]]
    numbers = ", ".join(f"{name} {value:g} s" for name, value in (("RPO", report["rpo_seconds"]), ("RTO", report["rto_seconds"])) if value is not None)
    verdict = "GO" if report["holds"] else "NO-GO"
    return "\n".join([f"{report['kind']} of {report['stack']} from {report['region']}", *rows, f"{verdict}  {numbers or 'no times'}  {report['detail']}"])
