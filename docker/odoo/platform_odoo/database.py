"""The database as seen before Odoo is loaded: is it there, may we in, and what does it hold."""

import secrets
import time
import uuid
from contextlib import closing
from typing import Any

import psycopg2
import psycopg2.errors

from .fault import Fault
from .settings import Settings

WAIT_SECONDS = 60

#: Parts of libpq's and the server's messages that no waiting will change. They carry no SQL state, because the
#: connection failed before there was one.
FINAL = (
    "password authentication failed",
    "no password supplied",
    "pg_hba.conf",
    "does not exist",
    "permission denied for database",
    "is not permitted to log in",
    "certificate verify failed",
    "server certificate for",
    "does not support SSL",
    "invalid sslmode",
)

IN_BETWEEN = ("to install", "to upgrade", "to remove")


def connect(settings: Settings) -> "closing[Any]":
    """Connects as Odoo does, waiting for a server that isn't up yet, but not for one that refuses."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection = psycopg2.connect(
                host=settings.db_host,
                port=settings.db_port,
                user=settings.db_user,
                password=settings.db_password,
                dbname=settings.db_name,
                sslmode=settings.options["db_sslmode"],
                sslrootcert=settings.ca_file,
                connect_timeout=5,
                application_name="platform-odoo",
            )
            connection.autocommit = True
            return closing(connection)
        except psycopg2.OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            if any(part in str(error) for part in FINAL):
                raise Fault(reason) from None
            if time.monotonic() > deadline:
                raise Fault(f"no database after {WAIT_SECONDS} s: {reason}") from None
            time.sleep(0.5)


def initialised(connection: Any) -> bool:
    """Whether Odoo's base module is in place, and not merely begun."""
    try:
        return bool(_rows(connection, "SELECT 1 FROM ir_module_module WHERE name = 'base' AND state = 'installed'"))
    except psycopg2.errors.UndefinedTable:
        return False


def module_faults(connection: Any, modules: tuple[str, ...]) -> list[str]:
    """What is wrong with the modules, a sentence each. Odoo itself ends with 0 where some could not be installed."""
    states = dict(
        _rows(
            connection,
            "SELECT name, state FROM ir_module_module WHERE name = ANY(%s) OR state = ANY(%s)",
            list(modules),
            list(IN_BETWEEN),
        )
    )
    wanted = [
        f"{name} is {states.get(name, 'unknown: no such folder on the addons path')}"
        for name in modules
        if states.get(name) != "installed"
    ]
    stuck = [f"{name} is stuck in '{state}'" for name, state in states.items() if state in IN_BETWEEN and name not in modules]
    return wanted + sorted(stuck)


def installed(connection: Any) -> set[str]:
    return {name for (name,) in _rows(connection, "SELECT name FROM ir_module_module WHERE state = 'installed'")}


def logins(connection: Any) -> list[str]:
    """Of active users who can log in."""
    return [login for (login,) in _rows(connection, "SELECT login FROM res_users WHERE active AND id > 1 ORDER BY id")]


def put_ticket(connection: Any, prefix: str, name: str, value: str) -> None:
    """A parameter that is good until the time in it; those that no longer are go."""
    _execute(
        connection,
        "DELETE FROM ir_config_parameter WHERE starts_with(key, %s) AND (value::json->>'until')::bigint < extract(epoch FROM now())",
        prefix,
    )
    _execute(connection, "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)", prefix + name, value)


def new_identity() -> dict[str, str]:
    """What a database signs with, and is known by: of its own, so that nothing that another one signed is believed."""
    return {"database.secret": secrets.token_urlsafe(32), "database.uuid": str(uuid.uuid1())}


def parameters(connection: Any) -> dict[str, str]:
    return dict(_rows(connection, "SELECT key, value FROM ir_config_parameter"))


def lock(connection: Any) -> None:
    """Held until the connection ends, so that two init jobs never install at the same time."""
    _rows(connection, "SELECT pg_advisory_lock(hashtext('platform-odoo init'))")


def _execute(connection: Any, statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _rows(connection: Any, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall()


#: Letters of a key that Odoo finds it by (INDEX_SIZE in base's res_users.py).
KEY_INDEX = 8


def key_lasts(connection: Any, login: str, index: str, time_left: Any) -> bool:
    """Whether a user's key is there and does not end within a time."""
    return bool(
        _rows(
            connection,
            "SELECT 1 FROM res_users_apikeys k JOIN res_users u ON u.id = k.user_id"
            " WHERE u.login = %s AND u.active AND k.index = %s AND k.expiration_date > now() AT TIME ZONE 'UTC' + %s",
            login,
            index,
            time_left,
        )
    )


def assistants(connection: Any, login: str, group: str, models: list[str]) -> tuple[set[str], set[str], bool]:
    """Models that are there, models that a group has rights on, and whether a user is in every company."""
    there = {name for (name,) in _rows(connection, "SELECT model FROM ir_model WHERE model = ANY(%s)", models)}
    granted = {
        name
        for (name,) in _rows(
            connection,
            "SELECT m.model FROM ir_model_access a JOIN ir_model m ON m.id = a.model_id"
            " JOIN res_groups g ON g.id = a.group_id WHERE g.name->>'en_US' = %s AND a.active",
            group,
        )
    }
    ((missing,),) = _rows(
        connection,
        "SELECT count(*) FROM res_company c WHERE active AND NOT EXISTS (SELECT FROM res_company_users_rel r"
        " JOIN res_users u ON u.id = r.user_id WHERE u.login = %s AND r.cid = c.id)",
        login,
    )
    return there, granted, missing == 0
