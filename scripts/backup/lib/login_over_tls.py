"""Logs in to the restored Odoo through the edge, as a browser does: prints one report as JSON. The edge's CA comes on stdin."""

import json
import os
import re
import ssl
import sys
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path


def run():
    url = os.environ["URL"]
    context = ssl.create_default_context(cadata=sys.stdin.read())
    browser = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor(CookieJar())
    )
    with browser.open(f"{url}/web/login", timeout=60) as answer:
        form = answer.read().decode()
    token = re.search(r'name="csrf_token"\s+value="([^"]+)"', form)
    if token is None or 'name="password"' not in form:
        return False, {"status": answer.status}, "the login page shows no form"
    fields = {
        "csrf_token": token.group(1),
        "login": "restore-check",
        "password": Path("/run/secrets/odoo-admin-password").read_text().strip(),
    }
    with browser.open(f"{url}/web/login", urllib.parse.urlencode(fields).encode(), timeout=60) as answer:
        landed = answer.url
    question = urllib.request.Request(
        f"{url}/web/session/get_session_info",
        json.dumps({"jsonrpc": "2.0", "method": "call", "params": {}}).encode(),
        {"content-type": "application/json"},
    )
    with browser.open(question, timeout=60) as answer:
        uid = (json.load(answer).get("result") or {}).get("uid")
    return bool(uid), {"uid": uid, "landed": urllib.parse.urlsplit(landed).path}, (
        f"the login form renders over TLS, and the administrator logs in (uid {uid})" if uid else "the login was refused"
    )


try:
    holds, measured, detail = run()
except Exception as error:  # noqa: BLE001
    holds, measured, detail = False, None, f"no login over TLS: {' '.join(str(error).split())[:400]}"
facts = {"rto_seconds": round(time.time() - float(os.environ["BEGAN"]), 1)} if holds else {}
finding = {"check": "login-over-tls", "holds": holds, "measured": measured, "limit": "a session", "detail": detail}
print(json.dumps({"holds": holds, "findings": [finding], "seconds": {}, "facts": facts}))
