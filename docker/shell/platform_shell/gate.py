"""The gate's server: the terminal's page and, for each socket, a ttyd of its own.

ttyd 1.7.7 serves many terminals from one process, in which one of them can end all: a few compressed messages of 8 MiB
bring it down in its library's decompression, and it counts terminals but not whose. Here messages are bounded and not
compressed, who opens how many is counted, and what a ttyd does hurts its own terminal alone.

SHELL_MOST       most terminals at a time
SHELL_MOST_EACH  most of them for one person
"""

import asyncio
import os
import signal
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import Request, Response, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from . import audit

PORT = 7681
#: Largest message of a browser, in bytes: what is pasted comes as one.
MOST_BYTES = 256 * 1024
#: How long a socket may stay open before it asks for its terminal.
PATIENCE_SECONDS = 10
PAGE = Path("/opt/platform-shell/page.html")


class Gate:
    def __init__(self, most: int, most_each: int) -> None:
        self.most = most
        self.most_each = most_each
        self.open: Counter[str] = Counter()
        self.page = PAGE.read_text(encoding="utf-8")

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """What is asked for but is no terminal. None lets a socket in."""
        if request.headers.get("Remote-Session", "") == "":
            return connection.respond(HTTPStatus.UNAUTHORIZED, "Nobody is signed in here.\n")
        if request.path == "/ws":
            return None
        # What ttyd's own page asks for first; it says whether ttyd has a password, which the relying party stands for.
        known = {"/": ("text/html; charset=utf-8", self.page), "/token": ("application/json", '{"token": ""}')}
        if request.path not in known:
            return connection.respond(HTTPStatus.NOT_FOUND, "There is no such page.\n")
        kind, body = known[request.path]
        response = connection.respond(HTTPStatus.OK, body)
        del response.headers["Content-Type"]
        response.headers["Content-Type"] = kind
        return response

    async def carry(self, browser: ServerConnection) -> None:
        assert browser.request is not None
        who = browser.request.headers.get("Remote-User", "")
        if self.open.total() >= self.most or self.open[who] >= self.most_each:
            audit.log("terminal refused", who=who, open=self.open.total(), own=self.open[who])
            return await browser.close(CloseCode.TRY_AGAIN_LATER, "too many terminals are open")
        self.open[who] += 1
        try:
            async with _terminal(browser.request) as (ttyd, ended):
                await _first(_copy(browser, ttyd, patience=PATIENCE_SECONDS), _copy(ttyd, browser), ended)
            await browser.close(CloseCode.NORMAL_CLOSURE if ttyd.close_code == CloseCode.NORMAL_CLOSURE else CloseCode.INTERNAL_ERROR)
        except TimeoutError:
            await browser.close(CloseCode.POLICY_VIOLATION, "no terminal was asked for")
        finally:
            self.open[who] -= 1


@asynccontextmanager
async def _terminal(request: Request) -> AsyncIterator[tuple[ClientConnection, Awaitable[object]]]:
    """A ttyd for one socket, and what waits for its end. It ends with the socket."""
    path = f"/run/gate/{uuid.uuid4().hex}.sock"
    ttyd = await asyncio.create_subprocess_exec(
        *("ttyd", "--interface", path, "--once", "--writable", "--check-origin", "--auth-header", "Remote-Session"),
        *("--terminal-type", "xterm-256color", "--client-option", "disableReconnect=true"),
        *("--client-option", "disableLeaveAlert=true", "--client-option", f"titleFixed=Shell ({os.environ['STAGE']})"),
        *("--debug", "3", "platform-shell", "session"),
    )
    try:
        async with asyncio.timeout(10):
            while not os.path.exists(path):
                await asyncio.sleep(0.02)
        socket = await unix_connect(
            path,
            f"ws://{request.headers['Host']}/ws",
            origin=request.headers["Origin"],
            subprotocols=["tty"],
            additional_headers={"Remote-Session": request.headers["Remote-Session"]},
            compression=None,
            max_size=None,
            ping_interval=None,
        )
        try:
            yield socket, ttyd.wait()
        finally:
            await socket.close()
    finally:
        try:
            async with asyncio.timeout(5):
                await ttyd.wait()
        except TimeoutError:
            ttyd.kill()
            await ttyd.wait()
        Path(path).unlink(missing_ok=True)


async def _copy(source: Connection, target: Connection, patience: float | None = None) -> None:
    try:
        async with asyncio.timeout(patience):
            await target.send(await source.recv())
        async for message in source:
            await target.send(message)
    except ConnectionClosed:
        pass


async def _first(*ways: Awaitable[object]) -> None:
    """Returns, or raises, what the first of them does; the others are ended."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()


async def main() -> None:
    gate = Gate(int(os.environ["SHELL_MOST"]), int(os.environ["SHELL_MOST_EACH"]))
    async with serve(
        gate.carry,
        "0.0.0.0",
        PORT,
        process_request=gate.answer,
        subprotocols=["tty"],
        max_size=MOST_BYTES,
        compression=None,
        server_header=None,
    ) as server:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.close)
        await server.wait_closed()


if __name__ == "__main__":
    asyncio.run(main())
