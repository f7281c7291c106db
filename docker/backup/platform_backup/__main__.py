"""platform-backup VERB [argument …]; without one: what there is."""

import sys
from importlib import import_module

#: Verb → module with `main(arguments) -> exit code`, and what it does. Loaded when it is used.
VERBS = {
    "serve": ("serve", "the service: heartbeat, snapshots of files, backups by schedule"),
    "full": ("backup", "a full backup into every region, now"),
    "diff": ("backup", "what changed since the last full one"),
    "incr": ("backup", "what changed since the last backup"),
    "files": ("files", "a snapshot of the filestore into every region, now"),
    "recordings": ("files", "a snapshot of what the web shell recorded into every region, now"),
    "expire": ("expire", "remove what retention no longer keeps"),
    "status": ("status", "what each region holds, as JSON"),
    "export-escrow": ("escrow", "all that a restore from nothing needs; for the operator's safe"),
    "reveal": ("reveal", "take away what hides objects of a region, with the administrator's key"),
    "restore-database": ("verify_restore", "the database from one region, checked"),
    "restore-files": ("verify_filestore", "the filestore from one region, checked"),
    "verify-report": ("verify_report", "reports of a restore, put together"),
}


def main(arguments: list[str]) -> int:
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if verb not in VERBS:
        width = max(map(len, VERBS))
        print(f"platform-backup: no verb {verb!r}\n" + "\n".join(f"  {name:<{width}}  {what}" for name, (_, what) in VERBS.items()), file=sys.stderr)
        return 2
    module = import_module(f".{VERBS[verb][0]}", __package__)
    try:
        return module.main([verb, *rest] if VERBS[verb][0] in ("backup", "files") else rest)
    except Fault as fault:
        print(f"platform-backup {verb}: {fault}", file=sys.stderr)
        return 1


from .fault import Fault  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
