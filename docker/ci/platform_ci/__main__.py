"""platform-ci [--jobs N] [--timeout SECONDS] [--dependants] MODULE …

Installs each module on a clean database, runs its tests, and prints one JSON document on standard output. Progress is on
standard error. Ends with 0 when it has a verdict on each, whatever it is.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .cluster import Cluster
from .modules import Modules
from .run import Result, test_module

WORK = Path("/var/lib/platform-ci")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="platform-ci")
    parser.add_argument("modules", nargs="+")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=int, default=900)
    parser.add_argument("--dependants", action="store_true", help="those that depend on them too")
    options = parser.parse_args(arguments)

    known = Modules.read()
    strange = [name for name in options.modules if name not in known.ours]
    if strange:
        print(f"platform-ci: no such module in the image: {', '.join(strange)}", file=sys.stderr)
        return 2
    wanted = known.with_dependants(options.modules) if options.dependants else sorted(set(options.modules))

    with Cluster(WORK) as cluster, ThreadPoolExecutor(options.jobs) as pool:

        def test(indexed: tuple[int, str]) -> Result:
            index, module = indexed
            result = test_module(module, known=known, cluster=cluster, slot=index, timeout=options.timeout)
            print(f"{result['status']:<6} {module}: {result['detail']}", file=sys.stderr, flush=True)
            return result

        results = list(pool.map(test, enumerate(wanted)))
    json.dump({"format": 1, "results": results}, sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
