"""What each group may open, in each stage."""

import os
import signal
import sys
from dataclasses import dataclass

#: How long the list of terminals waits for a choice.
PATIENCE_SECONDS = 60

RED, YELLOW, GREEN, PLAIN = "\x1b[1;97;41m", "\x1b[30;43m", "\x1b[30;42m", "\x1b[0m"
COLOURS = {"production": RED, "staging": YELLOW, "development": GREEN}


@dataclass(frozen=True)
class Kind:
    name: str
    text: str
    #: The container that it runs in.
    target: str

    @property
    def command(self) -> list[str]:
        known = f"/run/terminals/{self.target}/known_hosts"
        options = {
            "BatchMode": "yes",
            "ConnectTimeout": "10",
            "GlobalKnownHostsFile": "/dev/null",
            "LogLevel": "ERROR",
            "ServerAliveInterval": "15",
            "StrictHostKeyChecking": "yes",
            "UserKnownHostsFile": known,
        }
        flat = [part for key, value in options.items() for part in ("-o", f"{key}={value}")]
        return ["ssh", "-tt", "-F", "/dev/null", "-i", "/run/gate/key", *flat, "-p", "2222", f"odoo@{self.target}", self.name]


FULL = (
    Kind("odoo-shell", "Python inside Odoo", "shell"),
    Kind("psql", "SQL as Odoo's own role", "shell"),
    Kind("bash", "a command line beside Odoo", "shell"),
)
READ = (Kind("report", "SQL on the documented views, read only", "shell-reader"),)


def offers(groups: tuple[str, ...], stage: str) -> tuple[Kind, ...]:
    """Administrators everything; developers too, but for production; testers read."""
    if "admin" in groups or ("developer" in groups and stage != "production"):
        return FULL + READ
    if "developer" in groups or "tester" in groups:
        return READ
    return ()


def show_banner(stage: str, name: str) -> None:
    colour = COLOURS.get(stage, RED)
    warning = " Every key you press may change the company's books." if stage == "production" else ""
    print(f"{colour} {stage.upper()} {PLAIN} {name}. What is shown here is recorded.{warning}\r\n\r")


def choose(kinds: tuple[Kind, ...]) -> Kind | None:
    if not kinds:
        print("Your groups may open nothing here.\r")
        return None
    for number, kind in enumerate(kinds, 1):
        print(f"  {number}  {kind.name:<11} {kind.text}\r")
    # A list that nobody answers takes a terminal from others.
    signal.alarm(PATIENCE_SECONDS)
    for _ in range(5):
        sys.stdout.write("\r\nWhich? ")
        sys.stdout.flush()
        line = _line()
        if line is None:
            return None
        for number, kind in enumerate(kinds, 1):
            if line.strip() in (str(number), kind.name):
                signal.alarm(0)
                return kind
    return None


def _line() -> str | None:
    """What is typed up to the end of the line and no more: what follows is for the terminal. None when nobody is there."""
    typed = b""
    while len(typed) < 100:
        key = os.read(0, 1)
        if key == b"":
            return None
        if key == b"\n":
            break
        typed += key
    return typed.decode("utf-8", "replace")
