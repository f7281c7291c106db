"""The one-shot job that makes the database what the stack asks for. Quick when there is nothing to do."""

import os
from typing import Any

from . import contents, database
from .fault import Fault
from .settings import Settings

#: Written in the transaction that replaces the administrator's stock password, so that a job stopped half-way sets it
#: next time, and a password that a person chose later is left alone.
ADMIN_SET = "platform.admin_password_set"


def run(settings: Settings) -> int:
    with database.connect(settings) as connection:
        database.lock(connection)
        there = contents.of_image()
        fresh = not database.initialised(connection)
        faults = [] if fresh else database.module_faults(connection, settings.modules)
        parameters = {} if fresh else database.parameters(connection)
        changed = [] if fresh else contents.changed(parameters, there, database.installed(connection))
        if not (fresh or faults or changed or _differing(settings, parameters)):
            print(f"platform-odoo init: {settings.db_name} is as it should be")
            return 0
        if settings.admin_password is None and ADMIN_SET not in parameters:
            raise Fault("/run/secrets/odoo-admin-password is missing, and the administrator has no password yet")
        if changed:
            print(f"platform-odoo init: updating {', '.join(changed)}", flush=True)

        _apply(settings, install=fresh or bool(faults), update=changed, there=there)

        # Odoo reports modules that it could not install in its log only.
        faults = database.module_faults(connection, settings.modules)
        if faults:
            raise Fault("; ".join(faults))
        print(f"platform-odoo init: {settings.db_name} now holds {', '.join(settings.modules)}")
        return 0


def _wanted_parameters(settings: Settings) -> dict[str, str]:
    if settings.base_url is None:
        return {}
    # Frozen: otherwise the next login of an administrator through another name rewrites it.
    return {"web.base.url": settings.base_url, "web.base.url.freeze": "True"}


def _differing(settings: Settings, found: dict[str, str]) -> dict[str, str]:
    wanted = {key: value for key, value in _wanted_parameters(settings).items() if found.get(key) != value}
    if ADMIN_SET not in found:
        wanted[ADMIN_SET] = "True"
    # One that begins as a copy comes without an identity.
    return wanted | {key: value for key, value in database.new_identity().items() if key not in found}


def _apply(settings: Settings, *, install: bool, update: list[str], there: dict[str, str]) -> None:
    """Everything that needs Odoo itself, in one process that loads it once."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config

    # One thread, no ports; the limits are meant for requests and would end a long installation.
    config.parse_config(
        ["--config", os.environ["ODOO_RC"], "--workers", "0", "--max-cron-threads", "0", "--no-http"],
        setup_logging=True,
    )
    if install or update:
        registry = Registry.new(
            settings.db_name,
            update_module=True,
            install_modules=settings.modules if install else (),
            upgrade_modules=update,
            new_db_demo=settings.demo,
        )
    else:
        registry = Registry(settings.db_name)

    with registry.cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})
        parameters = env["ir.config_parameter"]
        # As they are: one that is there and empty, as in a neutralised copy, was set once.
        found = {parameter.key: parameter.value for parameter in parameters.search([])}
        for key, value in _differing(settings, found).items():
            if key == ADMIN_SET:
                _replace_stock_password(env, settings)
            parameters.set_param(key, value)
        # A module that waits is not up to date: its contents are remembered once it is.
        installed = set(env["ir.module.module"].search([("state", "=", "installed")]).mapped("name"))
        parameters.set_param(contents.PARAMETER, contents.to_remember(there, installed))
    # Running servers hold these values in their caches.
    registry.signal_changes()


def _replace_stock_password(env: Any, settings: Settings) -> None:
    """A database that came from elsewhere keeps the password that its administrator chose."""
    user = env.ref("base.user_admin")
    env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
    (stored,) = env.cr.fetchone()
    if stored and not user._crypt_context().verify("admin", stored):
        print("platform-odoo init: the administrator already has a password; it stays")
        return
    user.write({"login": settings.admin_login, "password": settings.admin_password})
    # Odoo mails a user about this at once, and the job reaches no mail server: Odoo's own queue sends it later.
    if "mail.mail" in env:
        env["mail.mail"].search([("state", "=", "exception")]).mark_outgoing()
