"""What comes from another Odoo: a dump and its files, unpacked, and compared with what a server made of it.

python3 -m platform_odoo.incoming unpack FOLDER   finds dump and files in what FOLDER/given holds
python3 -m platform_odoo.incoming compare FOLDER  holds FOLDER/given.sql against FOLDER/loaded.sql and the files

Prints one line of JSON, or what is wrong. FOLDER/given is the dump; FOLDER/files, a folder or an archive, its files where the
dump has none. What is unpacked lies in FOLDER/dump and FOLDER/filestore.
"""

import gzip
import hashlib
import json
import re
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from .fault import Fault

#: The only one whose tables this platform's Odoo reads.
VERSION = "19.0"
#: Of the platform itself: they are made by its own jobs.
OWN_SCHEMAS = (b"monitoring.", b"bi.", b"platform.")
COPY = re.compile(rb"COPY (\S+) \((.*)\) FROM stdin;\n")
SEQUENCE = re.compile(rb"SELECT pg_catalog\.setval\('([^']+)', .*\);\n")
#: Near the end of each plain dump.
COMPLETE = b"-- PostgreSQL database dump complete\n"
#: Digests of rows are added up, so that their order says nothing.
MASK = (1 << 128) - 1
STORED = re.compile(r"[0-9a-f]{2}/([0-9a-f]{40})")
#: Named in a message; the rest is counted.
MOST_NAMED = 10


@dataclass
class Table:
    columns: list[str]
    rows: int = 0
    digest: int = 0


@dataclass
class Contents:
    """What a dump holds, as far as it is data."""

    tables: dict[str, Table] = field(default_factory=dict)
    sequences: set[bytes] = field(default_factory=set)
    #: Of installed modules: name → version.
    modules: dict[str, str] = field(default_factory=dict)
    #: Files of attachments, as they are stored.
    stored: set[str] = field(default_factory=set)


def unpack(folder: Path) -> dict[str, str]:
    given, files = folder / "given", folder / "files"
    dump, filestore = folder / "dump", folder / "filestore"
    unpacked = folder / "unpacked"
    kind = _kind(given)
    if kind == "zip":
        _extract_zip(given, unpacked)
        found = [path for path in (unpacked / "dump.sql", unpacked / "dump.dump") if path.exists()]
        if not found:
            raise Fault("the archive has no dump.sql; Odoo's own backups have one, next to a folder filestore")
        found[0].rename(dump)
        files = unpacked / "filestore" if (unpacked / "filestore").is_dir() else files
    elif kind == "gzip":
        with gzip.open(given) as source, dump.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        given.unlink()
    else:
        given.rename(dump)
    inner = _kind(dump)
    if inner not in {"sql", "custom"}:
        raise Fault("this is no dump of PostgreSQL: plain SQL, pg_dump's custom format, either of them gzipped, or Odoo's own zip")
    if files.is_file():
        _extract(files, unpacked / "files")
        files = unpacked / "files"
    if not files.is_dir():
        raise Fault("there are no files: give --filestore, a folder or an archive of it, where the dump isn't Odoo's own zip")
    _filestore(files).rename(filestore)
    # PostgreSQL's user reads the dump, and writes beside it.
    dump.chmod(0o644)
    folder.chmod(0o777)
    return {"format": kind if kind == "zip" else inner}


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
            tar.extractall(into, filter="data")
    except tarfile.TarError as error:
        raise Fault(f"the files are no folder, zip or tar: {error}") from None


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
    given, loaded = read(folder / "given.sql"), read(folder / "loaded.sql")
    missing, spoiled = check_files(folder / "filestore", given.stored)
    version = given.modules.get("base", "")
    faults = [
        *([] if version.startswith(f"{VERSION}.") else [f"its Odoo is {version or 'unknown'}, not {VERSION}: upgrade it first"]),
        *_naming("the image lacks modules", sorted(given.modules.keys() - available())),
        *_naming("tables differ from the dump", differing(given.tables, loaded.tables)),
        *([] if given.sequences == loaded.sequences else ["sequences differ from the dump"]),
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


def read(path: Path) -> Contents:
    contents, complete = Contents(), False
    with path.open("rb") as file:
        for line in file:
            complete = complete or line == COMPLETE
            if header := COPY.fullmatch(line):
                name, columns = header.groups()
                rows = _rows(file)
                if name.startswith(OWN_SCHEMAS):
                    for _row in rows:
                        pass
                else:
                    _read_table(contents, name.decode(), columns.decode().split(", "), rows)
            elif (sequence := SEQUENCE.fullmatch(line)) and not sequence[1].startswith(OWN_SCHEMAS):
                contents.sequences.add(line)
    if not complete:
        raise Fault("the dump breaks off before its end")
    return contents


def _rows(file: BinaryIO) -> Iterator[bytes]:
    for row in file:
        if row == b"\\.\n":
            return
        yield row
    raise Fault("the dump breaks off in the middle of a table")


def _read_table(contents: Contents, name: str, columns: list[str], rows: Iterator[bytes]) -> None:
    table = contents.tables[name] = Table(columns)
    keep = {"public.ir_module_module": _keep_module, "public.ir_attachment": _keep_attachment}.get(name)
    for row in rows:
        table.rows += 1
        table.digest = (table.digest + int.from_bytes(hashlib.md5(row, usedforsecurity=False).digest(), "big")) & MASK
        if keep is not None:
            keep(contents, dict(zip(columns, row.rstrip(b"\n").decode().split("\t"), strict=True)))


def _keep_module(contents: Contents, row: dict[str, str]) -> None:
    if row["state"] in {"installed", "to upgrade", "to remove"}:
        contents.modules[row["name"]] = row["latest_version"]


def _keep_attachment(contents: Contents, row: dict[str, str]) -> None:
    if row["store_fname"] != "\\N":
        contents.stored.add(row["store_fname"])


def differing(given: dict[str, Table], loaded: dict[str, Table]) -> list[str]:
    """Tables that are not whole; those that the platform adds are none of the dump's."""
    return sorted(name for name, table in given.items() if loaded.get(name) != table)


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
