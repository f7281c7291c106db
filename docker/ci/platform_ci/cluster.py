"""
A PostgreSQL of the tests' own, reached over a socket. It writes nothing durably: what a crash leaves is thrown away. Databases
that hold modules of Odoo CE alone are templates, kept from one run to the next.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

from .modules import ADDONS

SOCKET = "/tmp"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": "''", "unix_socket_directories": SOCKET, "max_connections": "200"}


class Cluster:
    def __init__(self, work: Path) -> None:
        self.data = work / "cluster"
        #: Odoo's files, a folder a database.
        self.files = work / "data"
        self.closed = work / "closed"
        self._bin = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self._mark = f"{os.environ['ODOO_BASE']} {self._bin}"
        self._making: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> "Cluster":
        # Of any number of containers on this volume, one is at work.
        self._held = (self.data.parent / "lock").open("w")
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("platform-ci: another run of module tests is at work on this machine; wait for it") from None
        # Marked when it was stopped in order, by the very Odoo that made it; anything else may be half written, or of another.
        if not (self.closed.is_file() and self.closed.read_text() == self._mark):
            shutil.rmtree(self.data, ignore_errors=True)
            shutil.rmtree(self.files, ignore_errors=True)
            self._run("initdb", "--auth=trust", "--username=odoo", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D", str(self.data))
        self.closed.unlink(missing_ok=True)
        self.files.mkdir(exist_ok=True)
        options = " ".join(f"-c {name}={value}" for name, value in FAST.items())
        self._run("pg_ctl", "-D", str(self.data), "-o", options, "-l", "/tmp/postgresql.log", "-w", "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")
        self.closed.write_text(self._mark)

    def clone(self, database: str, core: list[str]) -> None:
        """A new database with modules of CE installed, as they are in a template."""
        template = self._template(core)
        self.drop(database)
        # PostgreSQL copies a template that nobody is connected to.
        with self._making[template]:
            self._run("createdb", "-h", SOCKET, "-U", "odoo", "-T", template, database)
        source = self._filestore(template)
        if source.is_dir():
            # Odoo never changes a file in place: one copy serves all.
            shutil.copytree(source, self._filestore(database), copy_function=os.link)

    def drop(self, database: str) -> None:
        self._run("dropdb", "-h", SOCKET, "-U", "odoo", "--if-exists", "--force", database)
        shutil.rmtree(self._filestore(database), ignore_errors=True)

    def query(self, database: str, sql: str) -> list[str]:
        text = self._run("psql", "-h", SOCKET, "-U", "odoo", "-d", database, "-XAtc", sql)
        return text.splitlines()

    def odoo(self, database: str, *, init: list[str], port: int | None, test: str | None = None) -> list[str]:
        """The command that installs modules in a database, and with `test` runs the tests of that one."""
        return [
            *["odoo", "--config=/dev/null", f"--addons-path={ADDONS}", f"--data-dir={self.files}"],
            *[f"--db_host={SOCKET}", "--db_user=odoo", f"--database={database}"],
            *["--workers=0", "--max-cron-threads=0", "--stop-after-init", f"--init={','.join(init)}"],
            *(["--no-http"] if port is None else ["--http-interface=127.0.0.1", f"--http-port={port}", f"--gevent-port={port + 1}"]),
            *([] if test is None else [f"--test-tags=/{test}"]),
        ]

    def _template(self, core: list[str]) -> str:
        name = "template_" + hashlib.sha256(",".join(core).encode()).hexdigest()[:12]
        with self._lock:
            lock = self._making.setdefault(name, threading.Lock())
        with lock:
            if self.query("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate") == []:
                self.drop(name)
                self._run("createdb", "-h", SOCKET, "-U", "odoo", "-T", "template0", name)
                made = subprocess.run(self.odoo(name, init=core, port=None), capture_output=True, text=True, check=False)
                if made.returncode != 0:
                    raise RuntimeError(f"Odoo can't install {', '.join(core)}: {made.stderr[-2000:]}")
                self._wait_alone(name)
                self.query("postgres", f"ALTER DATABASE {name} IS_TEMPLATE true")
        return name

    def _wait_alone(self, name: str) -> None:
        for _ in range(50):
            if self.query("postgres", f"SELECT 1 FROM pg_stat_activity WHERE datname = '{name}'") == []:
                return
            time.sleep(0.1)

    def _filestore(self, database: str) -> Path:
        return self.files / "filestore" / database

    def _run(self, program: str, *arguments: str) -> str:
        # The server that pg_ctl starts would keep a pipe open for ever.
        output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
        ran = subprocess.run([str(self._bin / program), *arguments], stdout=output, stderr=output, text=True, check=False)
        if ran.returncode != 0:
            raise RuntimeError(f"{program} {' '.join(arguments)} ended with {ran.returncode}: {ran.stderr or ''}")
        return ran.stdout or ""
