"""Everything that the container is told, read once: settings from the environment, secrets from files."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .fault import Fault
from .regions import Keys, Region, region_of

SECRETS = Path("/run/secrets")
STATE = Path("/var/lib/platform-backup")
CLUSTER = Path("/var/lib/postgresql/17/main")
SOCKET = Path("/run/postgresql")
FILESTORE = Path("/filestore/filestore")
#: What the web shell recorded; mounted where there is one.
RECORDINGS = Path("/recordings")
#: Name by which snapshots of the filestore are known among those of a region.
FILES_HOST = "filestore"


@dataclass(frozen=True)
class Settings:
    stack: str
    stanza: str
    database: str
    regions: list[Region]
    #: Kind of backup → cron schedule of five fields, in UTC.
    schedule: Mapping[str, str]
    files_seconds: int
    heartbeat_seconds: int
    #: daily, weekly, monthly → how many.
    retention: Mapping[str, int]
    writer: Keys
    reader: Keys
    repository_passphrase: str
    files_passphrase: str
    signing_seed: bytes


def read_settings(environ: Mapping[str, str] | None = None, secrets: Path = SECRETS) -> Settings:
    environ = os.environ if environ is None else environ
    return Settings(
        stack=environ.get("BACKUP_STACK", "odoo-platform-dev"),
        stanza=environ.get("BACKUP_STANZA", "main"),
        database=environ.get("BACKUP_DATABASE", "odoo"),
        regions=[region_of(one) for one in _json(environ, "BACKUP_REGIONS", [])],
        schedule=_json(environ, "BACKUP_SCHEDULE", {"full": "0 1 * * 0", "diff": "0 1 * * 1-6", "incr": "0 * * * *"}),
        files_seconds=int(environ.get("BACKUP_FILES_SECONDS", "60")),
        heartbeat_seconds=int(environ.get("BACKUP_HEARTBEAT_SECONDS", "5")),
        retention=_json(environ, "BACKUP_RETENTION", {"daily": 7, "weekly": 4, "monthly": 3}),
        writer=_keys(secrets, "writer"),
        reader=_keys(secrets, "reader"),
        repository_passphrase=_secret(secrets, "backup-repository-passphrase"),
        files_passphrase=_secret(secrets, "backup-files-passphrase"),
        signing_seed=_seed(_secret(secrets, "backup-signing-seed")),
    )


def _json(environ: Mapping[str, str], name: str, default: object):  # noqa: ANN202
    try:
        return json.loads(environ[name]) if environ.get(name) else default
    except ValueError:
        raise Fault(f"{name} must be JSON; got {environ[name]!r}") from None


def _secret(folder: Path, name: str) -> str:
    try:
        value = (folder / name).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Fault(f"{folder / name} can't be read: {error.strerror}") from None
    if not value:
        raise Fault(f"{folder / name} is empty")
    return value


def _keys(folder: Path, role: str) -> Keys:
    return Keys(_secret(folder, f"vault-{role}-id"), _secret(folder, f"vault-{role}-secret"))


def _seed(text: str) -> bytes:
    seed = text.encode()
    if len(seed) != 32:
        raise Fault(f"backup-signing-seed must have 32 characters; it has {len(seed)}")
    return seed
