"""Runs odoo-mcp so that a refusal is never an empty answer, and nothing but reading reaches Odoo.

Its client turns any fault of a search or a read into "no records". Here faults stay faults. The key is read from its file
at each call, so that a new one is used at once; no environment and no process list ever shows it.
"""

import os
import re
import sys
from pathlib import Path

KEY = Path("/run/mcp-key/key")

#: What reading needs. The user may not write either; this holds should somebody give it more rights.
METHODS = frozenset(
    {
        "search_read", "read", "search", "search_count", "read_group", "formatted_read_group", "fields_get", "name_search",
        "context_get", "check_access_rights", "has_access", "web_read_group", "web_search_read", "search_fetch",
    }
)

#: Fields that open something to whoever knows their value. Odoo shows some of them to everybody who may read the record
#: (portal links carry access_token); here they are neither shown nor asked about, since a filter tells them too.
SECRET = re.compile(r"(^|[._])(password|passwd|token|secret|api_key|apikey|totp|otp|private_key|credential|signup)s?($|[._:])|access_url")

# The package wants all four before it starts; the key that is used is the one in the file.
os.environ.update(ODOO_PASSWORD="unused", ODOO_API_KEY="read-from-the-file")

from odoo_mcp import odoo_client  # noqa: E402

Client = odoo_client.OdooClient
_call = Client._json2_call


def json2_call(self, model, method, payload):
    # Both become parts of a path: a model named "res.partner/create?" would be another call.
    if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", model):
        raise PermissionError(f"403: {model!r} is no name of a model")
    if method not in METHODS:
        raise PermissionError(f"403: {model}.{method} is not allowed here: only reading is")
    for text in _names(payload):
        if SECRET.search(text):
            raise PermissionError(f"403: {text} of {model} is not to be read")
    return _without_secrets(_call(self, model, method, payload))


def _names(value):
    """Every text of a request that could name a field; a text with anything else in it is a value to look for."""
    if isinstance(value, str):
        if re.fullmatch(r"[A-Za-z0-9_.:]+(\s+(asc|desc))?", value, re.IGNORECASE):
            yield value
        elif "," in value:
            for part in value.split(","):
                yield from _names(part.strip())
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _names(key)
            yield from _names(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _names(item)


def _without_secrets(value):
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_secrets(item) for key, item in value.items() if not SECRET.search(key)}
    return value


def search_read(self, model_name, domain, fields=None, offset=None, limit=None, order=None):
    options = {"offset": offset or None, "fields": fields, "limit": limit, "order": order}
    given = {name: value for name, value in options.items() if value is not None}
    return self._execute(model_name, "search_read", domain, **given)


def read_records(self, model_name, ids, fields=None):
    return self._execute(model_name, "read", ids, **({} if fields is None else {"fields": fields}))


Client._json2_call = json2_call
Client.search_read = search_read
Client.read_records = read_records
Client.api_key = property(lambda self: KEY.read_text(encoding="ascii").strip(), lambda self, value: None)

if __name__ == "__main__":
    from odoo_mcp.__main__ import main

    sys.exit(main())
