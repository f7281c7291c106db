"""The user that assistants read Odoo as, and the key that they do it with.

The user's only group is one of its own. Rights add up in Odoo, so any other group, the user type "internal" first of all,
would let it write; without a user type it reads what the group says and nothing else. Record rules of other groups don't
narrow it, so it has its own.
"""

import datetime
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from . import database
from .fault import Fault
from .settings import Settings

LOGIN = "svc-assistants"
GROUP = "Assistants (read only)"
KEY_NAME = "platform assistants"
KEY_FILE = Path("/run/mcp-key/key")

#: Days that a key lives, and days before its end when the next one is made.
LIFE_DAYS = 30
RENEW_DAYS = 10
LOOK_SECONDS = 600
RETRY_SECONDS = 15

#: What may be read, with the rows that are meant; None for all that the company's own rules leave.
MODELS: dict[str, list[Any] | None] = {
    "res.partner": [("active", "=", True)],
    "res.company": None,
    "res.currency": None,
    "res.country": None,
    "crm.lead": None,
    "crm.stage": None,
    "crm.team": None,
    "sale.order": None,
    "sale.order.line": None,
    "purchase.order": None,
    "purchase.order.line": None,
    "account.move": [("state", "=", "posted")],
    "account.move.line": [("parent_state", "=", "posted")],
    "account.account": None,
    "account.journal": None,
    "product.product": None,
    "product.template": None,
    "product.category": None,
    "uom.uom": None,
    "stock.quant": [("location_id.usage", "=", "internal")],
    "stock.location": None,
    "stock.picking": None,
    "stock.picking.type": None,
    "stock.warehouse": None,
    "project.project": [("privacy_visibility", "!=", "followers")],
    "project.task": [("project_id", "!=", False), ("project_id.privacy_visibility", "!=", "followers")],
    "project.task.type": None,
    "ir.model": None,
}


def keep_key(settings: Settings) -> int:
    """Runs for ever: makes the user and a key where they are missing, and a new key before the old one ends."""
    while True:
        try:
            with database.connect(settings) as connection:
                why = _why_mint(connection)
            if why is not None:
                print(f"platform-odoo keep-key: {why}", flush=True)
                # A process of its own: Odoo stays in memory only while it is needed.
                subprocess.run([sys.executable, "/usr/local/bin/platform-odoo", "mint-key"], check=True)
            wait = LOOK_SECONDS
        except (Fault, subprocess.CalledProcessError) as error:
            print(f"platform-odoo keep-key: {error}; again in {RETRY_SECONDS} s", file=sys.stderr, flush=True)
            wait = RETRY_SECONDS
        time.sleep(wait)


def healthy(settings: Settings) -> int:
    """0 where the key in the file is one that Odoo takes, and lasts."""
    with database.connect(settings) as connection:
        return 0 if _lasts(connection, datetime.timedelta(days=1)) else 1


def mint_key(settings: Settings) -> int:
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(
        ["--config", os.environ["ODOO_RC"], "--workers", "0", "--max-cron-threads", "0", "--no-http"],
        setup_logging=True,
    )
    registry = Registry(settings.db_name)
    with registry.cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})
        user = _ensure_user(env)
        keys = env["res.users.apikeys"].with_user(user)
        end = datetime.datetime.now() + datetime.timedelta(days=LIFE_DAYS)
        key = keys._generate("rpc", KEY_NAME, end)
        cursor.execute(
            "DELETE FROM res_users_apikeys WHERE user_id = %s AND index <> %s", [user.id, key[: database.KEY_INDEX]]
        )
        _write_key(key)
    registry.signal_changes()
    print(f"platform-odoo mint-key: a key of {LOGIN} that lasts until {end:%Y-%m-%d}")
    return 0


def _why_mint(connection: Any) -> str | None:
    if not database.initialised(connection):
        raise Fault("the database holds no Odoo yet")
    if not _lasts(connection, datetime.timedelta(days=RENEW_DAYS)):
        return "there is no key that lasts; making one"
    there, granted, companies = database.assistants(connection, LOGIN, GROUP, list(MODELS))
    if there != granted:
        return f"models came or went: {', '.join(sorted(there ^ granted))}"
    return None if companies else "there are new companies"


def _lasts(connection: Any, time_left: datetime.timedelta) -> bool:
    try:
        key = KEY_FILE.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return False
    return database.key_lasts(connection, LOGIN, key[: database.KEY_INDEX], time_left)


def _write_key(key: str) -> None:
    # Whole or not at all. The volume is mounted by the maker and by one reader of another user.
    unfinished = KEY_FILE.with_suffix(".new")
    unfinished.write_text(key, encoding="ascii")
    unfinished.chmod(0o444)
    unfinished.rename(KEY_FILE)


def _ensure_user(env: Any) -> Any:
    groups = env["res.groups"]
    # 90 days is what internal users get; a group without a limit of its own may have no key at all.
    group = groups.search([("name", "=", GROUP)]) or groups.create({"name": GROUP})
    group.api_key_duration = LIFE_DAYS + 1
    _ensure_rights(env, group)
    users = env["res.users"].with_context(no_reset_password=True, active_test=False)
    wanted = {
        "name": GROUP,
        "login": LOGIN,
        "active": True,
        "group_ids": [(6, 0, group.ids)],
        "company_ids": [(6, 0, env["res.company"].search([]).ids)],
        "notification_type": "email",
    }
    user = users.search([("login", "=", LOGIN)])
    if user:
        user.write(wanted)
    else:
        user = users.create({**wanted, "company_id": env["res.company"].search([], order="id", limit=1).id})
    if user._is_internal() or user.all_group_ids != group:
        raise Fault(f"{LOGIN} must be in group {GROUP} alone; it has {', '.join(user.all_group_ids.mapped('full_name'))}")
    return user


def _ensure_rights(env: Any, group: Any) -> None:
    access, rules = env["ir.model.access"], env["ir.rule"]
    for model in access.search([("group_id", "=", group.id)]):
        if model.model_id.model not in MODELS:
            model.unlink()
    for name, domain in MODELS.items():
        model = env["ir.model"]._get(name)
        if not model:
            continue
        rights = {"perm_read": True, "perm_write": False, "perm_create": False, "perm_unlink": False}
        found = access.search([("group_id", "=", group.id), ("model_id", "=", model.id)])
        if found:
            found.write(rights)
        else:
            access.create({"name": f"{GROUP}: {name}", "model_id": model.id, "group_id": group.id, **rights})
        if name == "ir.model":
            domain = [("model", "in", list(MODELS))]
        rule = rules.search([("groups", "in", group.ids), ("model_id", "=", model.id)])
        if domain is None:
            rule.unlink()
            continue
        wanted = {"name": f"{GROUP}: {name}", "model_id": model.id, "groups": [(6, 0, group.ids)], "domain_force": repr(domain)}
        if rule:
            rule.write(wanted)
        else:
            rules.create(wanted)
