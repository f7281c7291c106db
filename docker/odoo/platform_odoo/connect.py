"""
A link by which somebody is a user of a development database without a password: good once, and for five minutes.

connect LOGIN    prints its path; the module ipai_platform serves it
"""

import hashlib
import json
import os
import secrets
import time

from . import database
from .fault import Fault
from .settings import Settings

#: What the module looks for (addons/ipai_platform/models/res_users.py).
PREFIX = "ipai_platform.connect."
SECONDS = 300


def connect(settings: Settings, arguments: list[str]) -> int:
    if len(arguments) != 1:
        raise Fault("connect needs a login")
    (login,) = arguments
    # The process's own stage, as Odoo's: a database says nothing about where it is.
    if os.environ.get("PLATFORM_STAGE") != "development":
        raise Fault("only in development somebody is let in without a password")
    with database.connect(settings) as connection:
        if "ipai_platform" not in database.installed(connection):
            raise Fault(f"{settings.db_name} lacks ipai_platform, which serves the link")
        logins = database.logins(connection)
        if login not in logins:
            raise Fault(f"nobody in {settings.db_name} is {login!r}; there are {', '.join(logins)}")
        token = secrets.token_urlsafe(32)
        value = json.dumps({"login": login, "until": int(time.time()) + SECONDS})
        database.put_ticket(connection, PREFIX, hashlib.sha256(token.encode()).hexdigest(), value)
    print(f"/platform/connect?token={token}")
    return 0
