"""Where backups lie, and what opens it: plain data, from the container's settings or from the escrow file."""

import os
from dataclasses import dataclass
from pathlib import Path

PGBACKREST_PATH = "/pgbackrest"
RESTIC_PATH = "restic"
MANIFESTS = "manifests"


@dataclass(frozen=True)
class Region:
    name: str
    #: Host, with a port where it isn't 443.
    endpoint: str
    bucket: str
    path_style: bool
    #: File of the authority to trust; public ones when None.
    ca_file: str | None
    lock_days: int

    @property
    def host(self) -> str:
        return self.endpoint.partition(":")[0]

    @property
    def port(self) -> int:
        return int(self.endpoint.partition(":")[2] or 443)


@dataclass(frozen=True)
class Keys:
    """An access key; never printed."""

    id: str
    secret: str

    def __repr__(self) -> str:
        return "Keys(…)"


def region_of(data: dict[str, object]) -> Region:
    return Region(
        name=str(data["region"]),
        endpoint=str(data["endpoint"]),
        bucket=str(data["bucket"]),
        path_style=bool(data.get("pathStyle", False)),
        ca_file=str(data["caFile"]) if data.get("caFile") else None,
        lock_days=int(str(data.get("lockDays", 0))),
    )


def pgbackrest_conf(
    regions: list[Region], keys: Keys, passphrase: str, stanza: str, cluster: Path, socket: Path, state: Path, folder: Path | None = None
) -> str:
    """
    pgBackRest's configuration: a repository in each region, in their order, every one encrypted before it leaves. With a
    folder, the only region's repository is read from there.
    """
    options = {
        "log-level-console": "warn",
        "log-level-file": "off",
        "lock-path": str(state / "lock"),
        "spool-path": str(state / "spool"),
        "compress-type": "zst",
        "process-max": str(max(2, os.cpu_count() or 2)),
        "start-fast": "y",
        # Recovery asks for one segment at a time; the next ones are fetched side by side meanwhile.
        "archive-async": "y",
        # While a region is away the log reaches the others later.
        "archive-timeout": "120",
        "protocol-timeout": "330",
        "db-timeout": "300",
        "io-timeout": "20",
    }
    for number, region in enumerate(regions, start=1):
        s3 = {
            "type": "s3",
            "path": PGBACKREST_PATH,
            "s3-bucket": region.bucket,
            "s3-endpoint": region.host,
            "storage-port": str(region.port),
            "s3-region": region.name,
            "s3-uri-style": "path" if region.path_style else "host",
            "s3-key": keys.id,
            "s3-key-secret": keys.secret,
            **({"storage-ca-file": region.ca_file} if region.ca_file is not None else {}),
        }
        repository = {
            **(s3 if folder is None else {"type": "posix", "path": str(folder)}),
            "cipher-type": "aes-256-cbc",
            "cipher-pass": passphrase,
            "bundle": "y",
            "block": "y",
            # Sets are chosen by retention of our own (expire.py); this keeps the log of the newest ones for every moment.
            "retention-full": "9999999",
            "retention-archive-type": "full",
            "retention-archive": "2",
        }
        options |= {f"repo{number}-{name}": value for name, value in repository.items()}
    lines = [f"{name}={value}" for name, value in options.items()]
    return "\n".join(["[global]", *lines, "", f"[{stanza}]", f"pg1-path={cluster}", f"pg1-socket-path={socket}", "pg1-user=postgres", ""])


def restic_environment(region: Region, keys: Keys, passphrase: str, cache: Path) -> dict[str, str]:
    return {
        "RESTIC_REPOSITORY": f"s3:https://{region.endpoint}/{region.bucket}/{RESTIC_PATH}",
        "RESTIC_PASSWORD": passphrase,
        "RESTIC_CACHE_DIR": str(cache / region.name),
        "AWS_ACCESS_KEY_ID": keys.id,
        "AWS_SECRET_ACCESS_KEY": keys.secret,
        "AWS_DEFAULT_REGION": region.name,
        **({"RESTIC_CACERT": region.ca_file} if region.ca_file else {}),
    }


def restic_options(region: Region) -> list[str]:
    return ["-o", f"s3.region={region.name}", "-o", f"s3.bucket-lookup={'path' if region.path_style else 'dns'}"]
