import os
from unittest.mock import patch

from odoo.tests import new_test_user


def in_stage(stage):
    """Runs as a process that was told this stage; as one that was told none where it is empty."""
    environment = {name: value for name, value in os.environ.items() if name != "PLATFORM_STAGE"}
    if stage:
        environment["PLATFORM_STAGE"] = stage
    return patch.dict(os.environ, environment, clear=True)


def make_user(env, login, *groups):
    return new_test_user(env, login=login, groups=",".join(["base.group_user", *groups]))


TABLES = {
    "gates": "phase int, status text, passed int, total int, at timestamptz",
    "backups": """id text, kind text, started_at timestamptz, ended_at timestamptz, status text, regions jsonb,
                  size_bytes bigint, detail text""",
    "restore_tests": """id text, region text, backup_id text, started_at timestamptz, ended_at timestamptz,
                        holds boolean, rpo_seconds float8, rto_seconds float8, detail text""",
    "drills": """id text, region text, backup_id text, started_at timestamptz, ended_at timestamptz,
                 holds boolean, rpo_seconds float8, rto_seconds float8, detail text""",
    "builds": """id text, branch text, commit text, status text, started_at timestamptz, ended_at timestamptz,
                 coverage float8, url text, detail text""",
    "sessions": """id text, who text, kind text, stage text, started_at timestamptz, ended_at timestamptz,
                   recording text""",
    "updates": """id text, who text, commit text, from_image text, to_image text, modules jsonb, status text,
                  started_at timestamptz, ended_at timestamptz, closed_seconds float8, detail text""",
    "clones": """id text, from_stack text, backup_id text, region text, who text, anonymised bool,
                 started_at timestamptz, ended_at timestamptz, detail text""",
    "promotions": """id text, from_stage text, to_stage text, who text, commit text, status text,
                     started_at timestamptz, ended_at timestamptz, detail text""",
}


def make_schema(env):
    """An empty schema as the platform makes it, in the transaction of the test."""
    env.cr.execute("DROP SCHEMA IF EXISTS monitoring CASCADE")
    env.cr.execute("CREATE SCHEMA monitoring")
    for table, columns in TABLES.items():
        env.cr.execute(f"CREATE TABLE monitoring.{table} ({columns})")  # pylint: disable=sql-injection
