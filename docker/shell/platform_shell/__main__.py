"""platform-shell session [--as NAME]

Started by ttyd with TTYD_USER, the handle of a sign-on; or by hand, by who may enter this container, with --as.
"""

import os
import sys
import time
import uuid

from . import audit, menu, people, relay


def main(arguments: list[str]) -> int:
    stage = os.environ["STAGE"]
    by_hand = len(arguments) == 2 and arguments[0] == "--as"
    handle = "" if by_hand else os.environ.pop("TTYD_USER", "")
    person = people.operator(arguments[1]) if by_hand else people.ask(handle)
    if person is None:
        print("Nobody is signed in here. Reload the page.\r")
        return 1
    menu.show_banner(stage, person.name)
    kind = menu.choose(menu.offers(person.groups, stage))
    if kind is None:
        return 0
    session = uuid.uuid4().hex
    recording = f"/var/lib/recordings/{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{session}.cast"
    try:
        audit.begin(session, who=person.name, kind=kind.name, stage=stage, recording=recording)
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing opens that isn't written down
        audit.log("session refused", who=person.name, kind=kind.name, reason=type(error).__name__)
        print("The session can't be written down, so it is not opened. Tell the operators.\r")
        return 1
    reason = "failed"
    try:
        reason = relay.run(kind.command, recording=recording, title=f"{person.name} {kind.name} {stage}", still=people.watch(handle))
    finally:
        audit.end(session, who=person.name, kind=kind.name, reason=reason)
    print(f"\r\n[ended: {reason}]\r")
    return 0


sys.exit(main(sys.argv[1:]))
