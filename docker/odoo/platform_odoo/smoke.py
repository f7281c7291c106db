"""Does this server serve what it should: asked from inside, so that nobody else has to be let in first."""

import http.client
import json
import re

from . import database
from .fault import Fault
from .settings import Settings

ADDRESS = ("127.0.0.1", 8069)
#: The first request after an update makes the bundles.
TIMEOUT_SECONDS = 120

#: What Odoo puts into a style sheet that it could not compile; it is served as if nothing were wrong (assetsbundle.py).
CSS_ERROR = "css error occured"


def run(settings: Settings) -> int:
    with database.connect(settings) as connection:
        faults = database.module_faults(connection, settings.modules)
    if faults:
        raise Fault("; ".join(faults))
    health = _get("/web/health?db_server_status=1")
    if json.loads(health).get("status") != "pass":
        raise Fault(f"/web/health says {health[:200]}")
    login = _get("/web/login")
    if 'name="password"' not in login:
        raise Fault("/web/login shows no login form")
    # Those of the web client are told by a route of their own: the login page has only those of a website.
    pages = [*assets_in(login), *(asset["src"] for asset in json.loads(_get("/web/bundle/web.assets_web")) if "src" in asset)]
    if not pages:
        raise Fault("/web/login names no style sheet and no script")
    for page in dict.fromkeys(pages):
        found = _get(page)
        if not found or CSS_ERROR in found:
            raise Fault(f"{page} is {'empty' if not found else 'not compiled: its style sheets have a fault'}")
    print(f"platform-odoo smoke: {settings.db_name} is served, with {len(pages)} bundles")
    return 0


def assets_in(page: str) -> list[str]:
    return re.findall(r'(?:href|src)="(/web/assets/[^"]+)"', page)


def _get(path: str) -> str:
    connection = http.client.HTTPConnection(*ADDRESS, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
    except OSError as error:
        raise Fault(f"{path}: {error}") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise Fault(f"{path} answers {answer.status}")
    return text
