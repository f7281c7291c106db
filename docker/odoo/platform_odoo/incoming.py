"""What comes from another Odoo: a dump and its files, unpacked, and compared with what a server made of it.

python3 -m platform_odoo.incoming unpack FOLDER   finds dump and files in what FOLDER/given holds
python3 -m platform_odoo.incoming compare FOLDER  holds FOLDER/given.sql against FOLDER/loaded.sql and the files

Prints one line of JSON, or what is wrong. FOLDER/given is the dump; FOLDER/files, a folder or an archive, its files where the
dump has none. What is unpacked lies in FOLDER/dump and FOLDER/filestore.
"""

import contextlib
import gzip
import hashlib
import json
import re
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

from . import dump
from .fault import Fault

#: The only one whose tables this platform's Odoo reads.
VERSION = "19.0"
STORED = re.compile(r"[0-9a-f]{2}/([0-9a-f]{40})")
#: How many times its size a compressed dump may take, once it is unpacked, loaded and dumped again.
COMPRESSED = 16
SPARE = 256 << 20
#: Named in a message; the rest is counted.
MOST_NAMED = 10


def unpack(folder: Path) -> dict[str, str]:
    given, files, unpacked = folder / "given", folder / "files", folder / "unpacked"
    target = folder / "dump"
    kind = _kind(given)
    _see_room(folder, _needed(given, kind))
    if kind == "zip":
        _extract_zip(given, unpacked)
        found = [path for path in (unpacked / "dump.sql", unpacked / "dump.dump") if path.exists()]
        if not found:
            raise Fault("the archive has no dump.sql; Odoo's own backups have one, next to a folder filestore")
        found[0].rename(target)
        files = unpacked / "filestore" if (unpacked / "filestore").is_dir() else files
    elif kind == "gzip":
        with gzip.open(given) as source, target.open("wb") as plain:
            shutil.copyfileobj(source, plain, 1 << 20)
        given.unlink()
    else:
        given.rename(target)
    inner = _kind(target)
    if inner not in {"sql", "custom"}:
        raise Fault("this is no dump of PostgreSQL: plain SQL, pg_dump's custom format, either of them gzipped, or Odoo's own zip")
    if files.is_file():
        _extract(files, unpacked / "files")
        files = unpacked / "files"
    if not files.is_dir():
        raise Fault("there are no files: give --filestore, a folder or an archive of it, where the dump isn't Odoo's own zip")
    filestore = folder / "filestore"
    _filestore(files).rename(filestore)
    # PostgreSQL's user reads the dump, and writes beside it.
    target.chmod(0o644)
    for path in filestore.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o777)
    return {"format": kind if kind == "zip" else inner}


def _needed(given: Path, kind: str) -> int:
    """Bytes that it takes besides what is there: itself unpacked, the database, and a dump of that to compare with."""
    size = given.stat().st_size
    if kind == "zip":
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(given) as file:
            return sum(info.file_size * (4 if info.filename.startswith("dump.") else 2) for info in file.infolist())
    return size * (3 if kind == "sql" else COMPRESSED)


def _see_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise Fault(f"to import it takes {(needed + SPARE) >> 20} MiB, and the disk has {free >> 20} MiB free: make room")


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"PGDMP"):
        return "custom"
    return "sql" if b"\x00" not in head and head.strip() else "unknown"


def _extract(archive: Path, into: Path) -> None:
    if _kind(archive) == "zip":
        _extract_zip(archive, into)
        return
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                _extract_member(tar, member, into)
    except tarfile.TarError as error:
        raise Fault(f"the files are no folder, zip or tar: {error}") from None


def _extract_member(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    """A file is extracted; a filestore has folders besides, and nothing else."""
    path = into / member.name
    if not path.resolve().is_relative_to(into.resolve()):
        raise Fault(f"the files lead out of their archive: {member.name}")
    source = tar.extractfile(member) if member.isfile() else None
    if source is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with source, path.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)


def _extract_zip(archive: Path, into: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as file:
            file.extractall(into)
    except zipfile.BadZipFile as error:
        raise Fault(f"the archive is damaged: {error}") from None


def _filestore(folder: Path) -> Path:
    """The folder whose folders are named by two digits: this one, or one on the way down where there is a single way."""
    while True:
        inside = [path for path in folder.iterdir() if path.is_dir()]
        if not inside or any(re.fullmatch("[0-9a-f]{2}", path.name) for path in inside):
            return folder
        if len(inside) > 1:
            raise Fault(f"no filestore: {', '.join(sorted(path.name for path in inside)[:MOST_NAMED])}")
        [folder] = inside


def compare(folder: Path) -> dict[str, object]:
    """Faults of what came, each a sentence, and how much came."""
    given, loaded = dump.read(folder / "given.sql"), dump.read(folder / "loaded.sql")
    missing, spoiled = check_files(folder / "filestore", given.stored)
    version = given.modules.get("base", "")
    faults = [
        *([] if version.startswith(f"{VERSION}.") else [f"its Odoo is {version or 'unknown'}, not {VERSION}: upgrade it first"]),
        *_naming("the image lacks modules", sorted(given.modules.keys() - available())),
        *_naming("tables differ from the dump", dump.differing(given.tables, loaded.tables)),
        *([] if given.sequences == loaded.sequences else ["sequences differ from the dump"]),
        *_naming("sequences are behind their tables", dump.behind(given)),
        *_naming("files differ from their checksum", spoiled),
    ]
    return {
        "version": version,
        "faults": faults,
        "tables": len(given.tables),
        "rows": sum(table.rows for table in given.tables.values()),
        "attachments": len(given.stored),
        "missing": missing,
    }


def check_files(filestore: Path, stored: set[str]) -> tuple[list[str], list[str]]:
    """Files that attachments have and that are missing, and those whose contents are not what their name says."""
    missing, spoiled = [], []
    for name in sorted(stored):
        path = filestore / name
        match = STORED.fullmatch(name)
        if not path.is_file():
            missing.append(name)
        elif match is None or hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest() != match[1]:
            spoiled.append(name)
    return missing, spoiled


def available() -> set[str]:
    """Modules that this image can load."""
    import odoo

    from .conf import ADDONS

    folders = [Path(ADDONS), *(Path(path) / "addons" for path in odoo.__path__)]
    return {manifest.parent.name for folder in folders for manifest in folder.glob("*/__manifest__.py")}


def _naming(what: str, names: list[str]) -> list[str]:
    if not names:
        return []
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return [f"{what}: {', '.join(names[:MOST_NAMED])}{rest}"]


def main(arguments: list[str]) -> int:
    verb, folder = arguments
    try:
        print(json.dumps({"unpack": unpack, "compare": compare}[verb](Path(folder))))
        return 0
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
