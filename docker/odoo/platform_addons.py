"""What addons are, told from their files: reads wheels and folders, unpacks what the lock names, checks what is there.

inspect PATH…                              a wheel or an addon's folder as JSON: manifest, requirements, digest
collect SUMS WHEELS FOLDER TO              puts the locked addons and our own ones side by side, each with its digest
check SUMS FOLDER                          the addons of a folder are the locked ones and can be installed: Odoo's
                                           modules that they need are here, and so are their Python requirements
digests FOLDER                             digest of each addon of a folder, by name
contents                                   of each module of Odoo, a digest of what an update of it reads
contents FOLDER CONTENTS                   the same of the folder's addons, after what is in the file CONTENTS
provided                                   what Odoo's image brings: its modules, and names of Python distributions

SUMS has a line for each locked addon: digest, name, and `wheel` or its folder below FOLDER. An addon's digest is the
SHA-256 of one line for each file, sorted by path: the file's own SHA-256, two spaces, its path.
"""

import ast
import email
import hashlib
import importlib.metadata
import importlib.util
import json
import re
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

#: Python writes it beside what it compiles; Git keeps it beside what it checks out.
LITTER = {"__pycache__", ".git"}

#: Files of a module that leave no trace in a database: what browsers load, tests, templates of translations.
UNREAD = re.compile(r"(tests|static/(src|lib|tests))/|.*\.pot$")


class Fault(Exception):
    """What is wrong, in one sentence."""


def digest(folder: Path, unread: re.Pattern[str] | None = None) -> str:
    files = [(path, path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {inside.as_posix()}\n"
        for path, inside in files
        if not LITTER.intersection(inside.parts) and not (unread and unread.match(inside.as_posix()))
    ]
    return hashlib.sha256("".join(sorted(lines, key=lambda line: line[66:])).encode()).hexdigest()


def manifest(folder: Path) -> dict[str, Any]:
    path = folder / "__manifest__.py"
    try:
        read = ast.literal_eval(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Fault(f"{folder.name} has no __manifest__.py") from None
    except (SyntaxError, ValueError) as error:
        raise Fault(f"{folder.name}/__manifest__.py is no dictionary of literals: {error}") from None
    if not isinstance(read, dict):
        raise Fault(f"{folder.name}/__manifest__.py is no dictionary")
    return read


def inspect(path: Path) -> dict[str, Any]:
    if path.is_dir():
        return _described(path)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        unpack(path, folder)
        (metadata,) = folder.glob("*.dist-info/METADATA")
        told = email.message_from_string(metadata.read_text(encoding="utf-8"))
        common = {
            "dist": told["Name"],
            "version": told["Version"],
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "requires": _requirements(told.get_all("Requires-Dist") or []),
        }
        addons = [found.parent for found in folder.glob("odoo/addons/*/__manifest__.py")]
        if not addons:
            return common
        (addon,) = addons
        return {**common, **_described(addon), "page": told["Home-page"] or _link(told)}


def _described(folder: Path) -> dict[str, Any]:
    found = manifest(folder)
    return {
        "module": folder.name,
        "manifest": {
            "version": str(found.get("version", "")),
            "license": str(found.get("license", "")),
            "depends": sorted(set(found.get("depends") or [])),
            "python": sorted((found.get("external_dependencies") or {}).get("python") or []),
            "website": str(found.get("website", "")),
            "status": str(found.get("development_status", "")),
            "installable": found.get("installable", True) is True,
        },
        "digest": digest(folder),
    }


def _link(told: Any) -> str:
    links = [entry.partition(",")[2].strip() for entry in told.get_all("Project-URL") or []]
    return links[0] if links else ""


def _requirements(lines: list[str]) -> list[str]:
    """Requirements that hold here: without extras, and without those of older Pythons."""
    return sorted(line.partition(";")[0].strip() for line in lines if not re.search(r";.*(extra|python_version\s*<)", line))


def unpack(wheel: Path, to: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith("/") or ".." in Path(name).parts:
                raise Fault(f"{wheel.name} holds {name}, which would land outside of its folder")
        archive.extractall(to)


def read_sums(path: Path) -> list[tuple[str, str, str]]:
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(row[0], row[1], row[2]) for row in rows]


def own_addons(folder: Path) -> list[Path]:
    return sorted(found.parent for found in folder.glob("*/__manifest__.py"))


def collect(sums: Path, wheels: Path, folder: Path, to: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        unpacked = Path(scratch)
        for wheel in sorted(wheels.glob("odoo_addon_*.whl")):
            unpack(wheel, unpacked)
        for expected, name, where in read_sums(sums):
            source = unpacked / "odoo" / "addons" / name if where == "wheel" else folder / where
            if not source.is_dir():
                raise Fault(f"{name} is locked, and not in {where}; run `git submodule update --init` for addons from Git")
            _expect(name, expected, digest(source))
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns(*LITTER))
    for addon in own_addons(folder):
        if (to / addon.name).exists():
            raise Fault(f"{addon.name} is one of our own addons, and is locked too")
        shutil.copytree(addon, to / addon.name, ignore=shutil.ignore_patterns(*LITTER))


def _expect(name: str, expected: str, found: str) -> None:
    if expected != found:
        raise Fault(f"{name} has digest {found}; the lock says {expected}")


def check(sums: Path, folder: Path) -> list[str]:
    locked = {name: expected for expected, name, _ in read_sums(sums)}
    there = {addon.name: addon for addon in own_addons(folder)}
    core = odoo_modules()
    faults = [f"{name} is locked, and not here" for name in sorted(locked.keys() - there.keys())]
    for name, addon in there.items():
        if name in core:
            faults.append(f"{name} hides a module of Odoo")
        if name in locked and (found := digest(addon)) != locked[name]:
            faults.append(f"{name} has digest {found}; the lock says {locked[name]}")
        told = manifest(addon)
        faults += [
            f"{name} needs {needed}, which is neither here nor a module of Odoo"
            for needed in told.get("depends") or []
            if needed not in there and needed not in core
        ]
        faults += [
            f"{name} needs the Python distribution {requirement}, which is not installed"
            for requirement in (told.get("external_dependencies") or {}).get("python") or []
            if not _installed(requirement)
        ]
    return faults


def odoo_modules() -> dict[str, Path]:
    """Folder of each, by name."""
    import odoo.addons
    import odoo.release

    roots = {Path(root) for root in odoo.addons.__path__} | {Path(odoo.release.__file__).parent / "addons"}
    return {path.parent.name: path.parent for root in roots for path in root.glob("*/__manifest__.py")}


def contents(folder: Path | None = None, before: Path | None = None) -> dict[str, str]:
    modules = odoo_modules() if folder is None else {addon.name: addon for addon in own_addons(folder)}
    known = {} if before is None else json.loads(before.read_text(encoding="utf-8"))
    return {**known, **{name: digest(modules[name], UNREAD) for name in sorted(modules)}}


def _installed(requirement: str) -> bool:
    name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        # Manifests of older habit name what is imported, not what is installed.
        return importlib.util.find_spec(name) is not None
    return True


def provided() -> dict[str, list[str]]:
    """Of Python, only what Odoo itself requires: that is there in every image of it."""
    names = {_normal(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]) for line in importlib.metadata.requires("odoo") or []}
    return {
        # Modules of tests are not in every package of Odoo.
        "modules": sorted(name for name in odoo_modules() if not name.startswith("test_")),
        "python": sorted(name for name in names if _installed(name)),
    }


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: list[str]) -> int:
    verb, *rest = arguments or [""]
    paths = [Path(argument) for argument in rest]
    try:
        if verb == "inspect":
            print(json.dumps([inspect(path) for path in paths]))
        elif verb == "collect" and len(paths) == 4:
            collect(*paths)
        elif verb == "check" and len(paths) == 2:
            faults = check(*paths)
            if faults:
                raise Fault("; ".join(faults))
            print(f"platform-addons: {len(read_sums(paths[0]))} locked addons are as locked")
        elif verb == "digests" and len(paths) == 1:
            print(json.dumps({addon.name: digest(addon) for addon in own_addons(paths[0])}))
        elif verb == "contents" and len(paths) in {0, 2}:
            print(json.dumps(contents(*paths)))
        elif verb == "provided":
            print(json.dumps(provided()))
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except Fault as fault:
        print(f"platform-addons {verb}: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
