"""Everything that the container is told, read once: settings from the environment, secrets from files."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .fault import Fault

SECRETS = Path("/run/secrets")

#: Variables that become an option of the same meaning in Odoo's configuration, with their values when unset.
#: None leaves the option to Odoo.
OPTIONS = {
    "ODOO_DB_SSLMODE": ("db_sslmode", "verify-full"),
    "ODOO_DB_MAXCONN": ("db_maxconn", "16"),
    "ODOO_DB_MAXCONN_GEVENT": ("db_maxconn_gevent", None),
    "ODOO_WORKERS": ("workers", "2"),
    "ODOO_CRON_WORKERS": ("max_cron_threads", "1"),
    "ODOO_LIST_DB": ("list_db", "False"),
    "ODOO_PROXY_MODE": ("proxy_mode", "True"),
    "ODOO_LIMIT_MEMORY_SOFT": ("limit_memory_soft", None),
    "ODOO_LIMIT_MEMORY_HARD": ("limit_memory_hard", None),
    "ODOO_LIMIT_TIME_CPU": ("limit_time_cpu", None),
    "ODOO_LIMIT_TIME_REAL": ("limit_time_real", None),
    "ODOO_LOG_LEVEL": ("log_level", "info"),
    "ODOO_ADDONS_PATH": ("addons_path", None),
    "ODOO_SMTP_HOST": ("smtp_server", None),
    "ODOO_SMTP_PORT": ("smtp_port", None),
    "ODOO_SMTP_STARTTLS": ("smtp_ssl", None),
    "ODOO_SMTP_USER": ("smtp_user", None),
    "ODOO_EMAIL_FROM": ("email_from", None),
    "ODOO_FROM_FILTER": ("from_filter", None),
}


@dataclass(frozen=True)
class Settings:
    db_host: str
    db_port: int
    db_user: str
    db_name: str
    db_password: str
    ca_file: str
    master_password: str
    #: Only the init job is given it.
    admin_password: str | None
    admin_login: str
    modules: tuple[str, ...]
    demo: bool
    base_url: str | None
    #: Odoo's option → value.
    options: Mapping[str, str]


def read_settings(environ: Mapping[str, str]) -> Settings:
    name = environ.get("ODOO_DB_NAME", "odoo")
    options = {option: environ.get(variable, default) for variable, (option, default) in OPTIONS.items()}
    # Only where a relay asks for one.
    options["smtp_password"] = _secret("smtp-password")
    # No dbfilter: db_name alone keeps every other database out, and with a filter Odoo connects anew and lists all
    # databases for each request without a session, which trebles the time of a login page (sql_db.list_dbs).
    return Settings(
        db_host=environ.get("ODOO_DB_HOST", "postgres"),
        db_port=_number("ODOO_DB_PORT", environ.get("ODOO_DB_PORT", "5432")),
        db_user=environ.get("ODOO_DB_USER", "odoo_app"),
        db_name=name,
        db_password=_secret("odoo-db-password") or _missing("odoo-db-password"),
        ca_file=environ.get("PGSSLROOTCERT", "/run/postgres-ca/ca.crt"),
        # Odoo's own default is the word admin. One that nobody knows closes the database manager instead.
        master_password=_secret("odoo-master-password") or secrets.token_urlsafe(32),
        admin_password=_secret("odoo-admin-password"),
        admin_login=environ.get("ODOO_ADMIN_LOGIN", "admin"),
        modules=tuple(filter(None, (part.strip() for part in environ.get("ODOO_MODULES", "base,web").split(",")))),
        demo=_truth("ODOO_DEMO", environ.get("ODOO_DEMO", "False")),
        base_url=environ.get("ODOO_BASE_URL") or None,
        options={option: value for option, value in options.items() if value is not None},
    )


def _secret(name: str) -> str | None:
    path = SECRETS / name
    try:
        value = path.read_text(encoding="utf-8").rstrip("\r\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Fault(f"{path} can't be read: {error.strerror}; give it to uid 100 or mode 0444") from None
    if not value:
        raise Fault(f"{path} is empty")
    if "\n" in value or "\r" in value:
        # A second line would be read as another option of Odoo's configuration.
        raise Fault(f"{path} must hold one line")
    return value


def _missing(name: str) -> str:
    raise Fault(f"{SECRETS / name} is missing")


def _number(variable: str, value: str) -> int:
    if not value.isdecimal():
        raise Fault(f"{variable} must be a number; got {value!r}")
    return int(value)


def _truth(variable: str, value: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    if value.lower() not in known:
        raise Fault(f"{variable} must be True or False; got {value!r}")
    return known[value.lower()]
