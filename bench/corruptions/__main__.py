"""
Runs in the backup image, alone and without a network; bench/corruptions.ts starts it:

    python3 -m corruptions [corruption …]

Spoils a copy of a good backup in one way at a time, and asks the stock checks (pgbackrest info, verify, restore and a
server that starts; restic check and restore) and ours. Prints one JSON line: for each corruption who accepted it, and what
ours said.
"""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from .company import CASE, GOOD, WORK, configure, make, sh
from .judges import ours, stock
from .spoils import CORRUPTIONS, Spoil


def case(spoil: Spoil | None, manifest: dict, judge: Callable[[Path, dict | None], object]) -> object:
    shutil.rmtree(CASE, ignore_errors=True)
    shutil.copytree(GOOD, CASE, symlinks=True, ignore=shutil.ignore_patterns("cluster", "filestore", "sockets"))
    configure(CASE, CASE / "cluster")
    (CASE / "restic-password").write_text("right")
    return judge(CASE, manifest if spoil is None else spoil(CASE, dict(manifest)))


def main() -> None:
    manifest = make(GOOD)
    make(WORK / "other")
    for cluster in (GOOD, WORK / "other"):
        sh("pg_ctl", "-D", str(cluster / "cluster"), "-m", "fast", "stop")
    results = []
    chosen = sys.argv[1:] or ["nothing", *CORRUPTIONS]
    for name, (check, spoil) in {"nothing": ("", None), **CORRUPTIONS}.items():
        if name not in chosen:
            continue
        complaints = case(spoil, manifest, lambda root, _: stock(root))
        report = case(spoil, manifest, ours)
        failed = [finding for finding in report.findings if not finding.holds]
        results.append(
            {
                "corruption": name,
                "stock": {"accepts": not complaints, "complaints": complaints},
                "ours": {"accepts": report.holds, "failed": [finding.check for finding in failed], "says": failed[0].detail if failed else ""},
                "expected": check,
            }
        )
        print(f"{name}: stock {'accepts' if not complaints else complaints}, ours {'accepts' if report.holds else [f.check for f in failed]}", file=sys.stderr, flush=True)
    print(json.dumps(results))


main()
