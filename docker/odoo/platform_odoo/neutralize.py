"""Makes a copy of production harmless, or sees that it is: nothing in it reaches anybody, and nobody takes it for the original.

neutralize [--anonymise]   in one transaction: Odoo's own neutralisation, the rules, an identity of its own; all or nothing
neutral [--anonymised]     ends with 0 where every rule holds; says which don't
"""

import os
from contextlib import closing
from typing import Any

from . import database
from .fault import Fault
from .neutral_rules import PERSONAL, RULES, Rule
from .settings import Settings


def neutralize(settings: Settings, arguments: list[str]) -> int:
    if settings.base_url is None:
        raise Fault("ODOO_BASE_URL must say where the copy is served: it would go on pointing at the original")
    rules = RULES + (PERSONAL if "--anonymise" in arguments else ())
    with _cursor(settings) as cursor:
        from odoo.modules.neutralize import neutralize_database

        neutralize_database(cursor)
        changed = {rule.what: rows for rule in rules if (rows := _take_away(cursor, rule))}
        _own_identity(cursor, settings.base_url)
        _prove(cursor, rules, settings.base_url)
        cursor.commit()
    for what, rows in changed.items():
        print(f"platform-odoo neutralize: {what}: {rows}")
    print(f"platform-odoo neutralize: {settings.db_name} is harmless, by {len(rules) + 3} rules")
    return 0


def neutral(settings: Settings, arguments: list[str]) -> int:
    rules = RULES + (PERSONAL if "--anonymised" in arguments else ())
    with _cursor(settings) as cursor:
        _prove(cursor, rules, settings.base_url)
    print(f"platform-odoo neutral: {len(rules) + 3} rules hold in {settings.db_name}")
    return 0


def _cursor(settings: Settings) -> "closing[Any]":
    import odoo.sql_db
    from odoo.tools import config

    config.parse_config(["--config", os.environ["ODOO_RC"], "--no-http"], setup_logging=True)
    return closing(odoo.sql_db.db_connect(settings.db_name).cursor())


def _there(cursor: Any, rule: Rule) -> bool:
    cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND NOT attisdropped", [f"public.{rule.table}"])
    found = {name for (name,) in cursor.fetchall()}
    return bool(found) and found.issuperset(rule.columns)


def _take_away(cursor: Any, rule: Rule) -> int:
    if not _there(cursor, rule):
        return 0
    verb = f"DELETE FROM {rule.table}" if rule.change is None else f"UPDATE {rule.table} SET {rule.change}"
    cursor.execute(f"{verb} WHERE {rule.bad}")
    return int(cursor.rowcount)


def _own_identity(cursor: Any, url: str) -> None:
    """Its own address, and a secret by which nothing that the original signed is believed."""
    for key, value in {
        "web.base.url": url,
        "web.base.url.freeze": "True",
        **database.new_identity(),
    }.items():
        cursor.execute("DELETE FROM ir_config_parameter WHERE key = %s", [key])
        cursor.execute("INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)", [key, value])


def _prove(cursor: Any, rules: tuple[Rule, ...], url: str | None) -> None:
    faults = [f"{rule.what}: {left}" for rule in rules if (left := _left(cursor, rule))]
    parameters = _parameters(cursor)
    if parameters.get("database.is_neutralized", "").lower() not in {"true", "1"}:
        faults.append("Odoo does not call it neutralised")
    if parameters.get("web.base.url") != url:
        faults.append(f"it takes itself for {parameters.get('web.base.url')}")
    if len(parameters.get("database.secret", "")) < 32:
        faults.append("it has no secret of its own")
    if faults:
        raise Fault(f"the copy is not harmless: {'; '.join(faults)}")


def _left(cursor: Any, rule: Rule) -> int:
    if not _there(cursor, rule):
        return 0
    cursor.execute(f"SELECT count(*) FROM {rule.table} WHERE {rule.bad}")
    return int(cursor.fetchone()[0])


def _parameters(cursor: Any) -> dict[str, str]:
    cursor.execute("SELECT key, value FROM ir_config_parameter")
    return dict(cursor.fetchall())
