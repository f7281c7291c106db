"""Who opened what, when, and when it ended: a row in the database, and a line in the container's log."""

import json
import os
import time
from pathlib import Path

import psycopg2


def _execute(statement: str, *values: str) -> None:
    """Over a connection of its own: a terminal may last an hour, and the database may be started anew meanwhile."""
    connection = psycopg2.connect(
        host="postgres",
        dbname=os.environ["ODOO_DB_NAME"],
        user="shell",
        password=Path("/run/secrets/shell-db-password").read_text(encoding="utf-8").strip(),
        sslmode="verify-full",
        sslrootcert="/run/postgres-ca/ca.crt",
        connect_timeout=5,
        application_name="platform-shell",
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values or None)
    finally:
        connection.close()


def begin(session: str, *, who: str, kind: str, stage: str, recording: str) -> None:
    _execute(
        "INSERT INTO monitoring.sessions (id, who, kind, stage, started_at, recording) VALUES (%s, %s, %s, %s, now(), %s)",
        *(session, who, kind, stage, recording),
    )
    # In production somebody looks at every one of these; elsewhere they are there to be found.
    log("session begun", session=session, who=who, kind=kind, stage=stage, alarm=stage == "production")


def end(session: str, *, who: str, kind: str, reason: str) -> None:
    log("session ended", session=session, who=who, kind=kind, reason=reason)
    for attempt in range(5):
        try:
            return _execute("UPDATE monitoring.sessions SET ended_at = now() WHERE id = %s", session)
        except psycopg2.Error:
            time.sleep(attempt)


def close_all() -> None:
    """What an earlier run of this container left open ended with it, at the latest now."""
    _execute("UPDATE monitoring.sessions SET ended_at = now() WHERE ended_at IS NULL")


def log(event: str, **facts: object) -> None:
    line = json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "event": event, **facts})
    try:
        # Standard output is the terminal; the container's own is its first process's.
        with open("/proc/1/fd/1", "a", encoding="utf-8") as output:
            output.write(line + "\n")
    except OSError:
        pass
