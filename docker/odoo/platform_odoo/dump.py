"""The data of a dump as PostgreSQL writes it: tables with digests of their rows, sequences, and what Odoo needs to know."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from .fault import Fault

#: Of the platform itself: they are made by its own jobs.
OWN_SCHEMAS = (b"monitoring.", b"bi.", b"platform.")
COPY = re.compile(rb"COPY (\S+) \((.*)\) FROM stdin;\n")
SEQUENCE = re.compile(rb"SELECT pg_catalog\.setval\('([^']+)', (\d+), (true|false)\);\n")
#: Near the end of each plain dump.
COMPLETE = b"-- PostgreSQL database dump complete\n"
#: Digests of rows are added up, so that their order says nothing.
MASK = (1 << 128) - 1


@dataclass
class Table:
    columns: list[str]
    rows: int = 0
    digest: int = 0
    #: The greatest id.
    last: int = 0


@dataclass
class Contents:
    """What a dump holds, as far as it is data."""

    tables: dict[str, Table] = field(default_factory=dict)
    #: Name → the number that was given last.
    sequences: dict[str, int] = field(default_factory=dict)
    #: Of installed modules: name → version.
    modules: dict[str, str] = field(default_factory=dict)
    #: Files of attachments, as they are stored.
    stored: set[str] = field(default_factory=set)


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
                name, number, given = sequence.groups()
                contents.sequences[name.decode()] = int(number) if given == b"true" else int(number) - 1
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
        if columns[0] == "id" and (number := row.split(b"\t", 1)[0].rstrip(b"\n")).isdigit():
            table.last = max(table.last, int(number))
        table.digest = (table.digest + int.from_bytes(hashlib.md5(row, usedforsecurity=False).digest(), "big")) & MASK
        if keep is not None:
            keep(contents, dict(zip(columns, row.rstrip(b"\n").decode().split("\t"), strict=True)))


def _keep_module(contents: Contents, row: dict[str, str]) -> None:
    if row["state"] in {"installed", "to upgrade", "to remove"}:
        contents.modules[row["name"]] = row["latest_version"]


def _keep_attachment(contents: Contents, row: dict[str, str]) -> None:
    if row["store_fname"] != "\\N":
        contents.stored.add(row["store_fname"])


def behind(contents: Contents) -> list[str]:
    """Tables that have more than their sequence gave: the next record that is made in one is refused by the server."""
    return sorted(
        name
        for name, table in contents.tables.items()
        if table.last > contents.sequences.get(f"{name}_id_seq", table.last)
    )


def differing(given: dict[str, Table], loaded: dict[str, Table]) -> list[str]:
    """Tables that are not whole; those that the platform adds are none of the dump's."""
    return sorted(name for name, table in given.items() if loaded.get(name) != table)
