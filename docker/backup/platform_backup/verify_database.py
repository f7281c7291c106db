"""Does a restored database hold what it held? Everything that PostgreSQL itself can be asked."""

import json
import re
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from .verify_findings import Finding, some, sentence
from .verify_files import Attachment

#: Tables whose rows are counted where they are there.
KEY_TABLES = (
    "res_users",
    "res_partner",
    "res_company",
    "ir_attachment",
    "ir_module_module",
    "mail_message",
    "account_move",
    "account_move_line",
    "sale_order",
    "purchase_order",
    "stock_move",
)
#: pg_amcheck ends with 0 and this message where it looked at nothing, for instance without its extension.
_NOTHING_CHECKED = re.compile(r"no (?:relations|databases) to check|skipping database|no matching", re.IGNORECASE)
_HOUR = 3600


@dataclass(frozen=True)
class Server:
    """A server that only a socket reaches."""

    socket: Path
    database: str
    port: int = 5432
    user: str = "postgres"

    @property
    def options(self) -> list[str]:
        return ["--host", str(self.socket), "--port", str(self.port), "--username", self.user]

    def ask(self, sql: str, database: str | None = None) -> Any:
        """The JSON that a statement gives; None where it gives nothing."""
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *self.options, "--dbname", database or self.database]
        ran = subprocess.run(command, input=sql, capture_output=True, text=True, timeout=_HOUR, check=False)
        if ran.returncode != 0:
            raise RuntimeError(ran.stderr.strip() or f"psql ended with {ran.returncode}")
        return json.loads(ran.stdout) if ran.stdout.strip() else None


def count_tables(server: Server) -> dict[str, int]:
    """Rows of each key table that is there."""
    names = ", ".join(f"'{name}'" for name in KEY_TABLES)
    found: list[str] = server.ask(
        f"SELECT coalesce(json_agg(relname ORDER BY relname), '[]') FROM pg_class"
        f" WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname IN ({names})"
    )
    if not found:
        return {}
    return server.ask(
        "SELECT json_build_object(" + ", ".join(f"'{name}', (SELECT count(*) FROM {name})" for name in found) + ")"
    )


def attachments(server: Server) -> list[Attachment]:
    """Every row that has a file."""
    rows = server.ask(
        "SELECT coalesce(json_agg(json_build_array(store_fname, extract(epoch FROM coalesce(write_date, create_date)))), '[]')"
        " FROM ir_attachment WHERE store_fname IS NOT NULL"
    )
    return [Attachment(name, float(written or 0)) for name, written in rows]


def judge_counts(found: dict[str, int], wanted: dict[str, int], tolerance: float = 0.05) -> Finding:
    """
    wanted: counts that the manifest of the backup gives.
    tolerance: part of the rows by which a table may have shrunk since: users delete too, but not half of the books.
    """
    lower = {table: int(count * (1 - tolerance)) for table, count in wanted.items()}
    faults = [
        f"{table} has {found.get(table, 'no such table')} rows, and had {count}"
        for table, count in sorted(wanted.items())
        if found.get(table, -1) < lower[table] or (count > 0 and found.get(table, 0) == 0)
    ]
    if not wanted:
        faults.append("the manifest counts no table")
    return Finding(
        "counts",
        not faults,
        found,
        {"at least": lower},
        "; ".join(faults) if faults else f"all {len(wanted)} counted tables hold at least what they held",
    )


def judge_heartbeat(newest: datetime | None, reference: datetime, limit_seconds: float) -> Finding:
    """reference: the moment of the loss. What was written between the newest heartbeat and then is lost."""
    limit = {"seconds": limit_seconds}
    if newest is None:
        return Finding("heartbeat", False, None, limit, "there is no heartbeat in the restored database")
    lost = (reference - newest).total_seconds()
    # Clocks of two machines differ; more than that is a database of another time than was asked for.
    if lost < -limit_seconds:
        return Finding("heartbeat", False, {"seconds": round(lost, 1)}, limit, f"the newest heartbeat, {newest.isoformat()}, is after {reference.isoformat()}")
    return Finding(
        "heartbeat",
        lost <= limit_seconds,
        {"seconds": round(lost, 1), "newest": newest.isoformat(), "reference": reference.isoformat()},
        limit,
        f"the newest heartbeat is {lost:.1f} s older than {reference.isoformat()}, of {limit_seconds:g} s that are allowed",
    )


def newest_heartbeat(server: Server) -> datetime | None:
    found = server.ask("SELECT to_json(max(at)) FROM monitoring.heartbeat")
    return None if found is None else datetime.fromisoformat(found)


def check_indexes(server: Server, jobs: int = 2) -> Finding:
    """Every table and index of the database, and that every row is in its indexes."""
    limit = {"corruption": 0}
    # Without its extension pg_amcheck looks at nothing and ends with 0.
    server.ask("CREATE EXTENSION IF NOT EXISTS amcheck")
    command = ["pg_amcheck", *server.options, "--jobs", str(jobs), "--heapallindexed", "--parent-check", "--checkunique", "--database", server.database, "--progress"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=_HOUR, check=False)
    said = f"{ran.stdout}\n{ran.stderr}"
    checked = [int(number) for number in re.findall(r"(\d+)/\d+ relations", said)]
    relations = max(checked, default=0)
    lines = [line for line in ran.stdout.splitlines() if line.strip()]
    if _NOTHING_CHECKED.search(said) or relations == 0:
        return Finding("amcheck", False, {"relations": relations}, limit, f"pg_amcheck looked at nothing: {sentence(said)}")
    holds = ran.returncode == 0 and not lines
    return Finding(
        "amcheck",
        holds,
        {"relations": relations, "exit": ran.returncode},
        limit,
        f"{relations} tables and indexes are whole, and every row is in its indexes" if holds else f"pg_amcheck: {some(lines, 3) or sentence(ran.stderr)}",
    )


def check_pages(data: Path) -> Finding:
    """The checksum of every page of a cluster that was shut down."""
    ran = subprocess.run(["pg_checksums", "--check", "--pgdata", str(data)], capture_output=True, text=True, timeout=_HOUR, check=False)
    blocks = re.search(r"Blocks scanned:\s*(\d+)", ran.stdout)
    bad = re.search(r"Bad checksums:\s*(\d+)", ran.stdout)
    scanned, wrong = (int(found.group(1)) if found else 0 for found in (blocks, bad))
    holds = ran.returncode == 0 and scanned > 0 and wrong == 0
    return Finding(
        "page-checksums",
        holds,
        {"blocks": scanned, "bad": wrong},
        {"bad": 0},
        f"all {scanned} pages have the checksum that they say" if holds else f"pg_checksums: {sentence(ran.stderr or ran.stdout)}",
    )
