"""Odoo's configuration file: on tmpfs, readable by this user alone, because it holds passwords."""

import os
from pathlib import Path

from .fault import Fault
from .settings import Settings

FOLDER = Path("/run/odoo")

#: Locked and first-party addons, side by side; see Dockerfile.ce19.
ADDONS = "/opt/odoo-addons"


def render(settings: Settings) -> str:
    options = {
        # Before Odoo's own, which it adds by itself.
        "addons_path": ADDONS,
        "admin_passwd": settings.master_password,
        "data_dir": "/var/lib/odoo",
        "db_host": settings.db_host,
        "db_name": settings.db_name,
        "db_password": settings.db_password,
        "db_port": str(settings.db_port),
        "db_user": settings.db_user,
        "gevent_port": "8072",
        "http_interface": "0.0.0.0",
        "http_port": "8069",
        "with_demo": str(settings.demo),
        **settings.options,
    }
    for option, value in options.items():
        if "\n" in value or "\r" in value:
            raise Fault(f"the value of {option} must be one line")
    return "[options]\n" + "".join(f"{option} = {value}\n" for option, value in sorted(options.items()))


def write(settings: Settings) -> str:
    path = FOLDER / "odoo.conf"
    unfinished = FOLDER / f".odoo.conf.{os.getpid()}"
    try:
        # A running server may be reading the old one: replaced whole, never rewritten in place.
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(render(settings))
        unfinished.rename(path)
    except OSError as error:
        raise Fault(f"{FOLDER} must be a tmpfs owned by uid 100: {error.strerror}") from None
    return str(path)
