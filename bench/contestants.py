"""Who takes part: for each, how it is started and what its clients say.

All are bound to the same core and speak to the same load. A message is as many bytes on the wire
for everybody: as many as ours has.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench import cores
from bench.server import free_port

SOCKET_IO = "/socket.io/?EIO=4&transport=websocket"
PEERS = Path(__file__).parent / "peers"


@dataclass(frozen=True)
class Contestant:
    """`greeting` is a client's first packet, `until` what tells it that it is in; `around` what
    stands around the text in what it says."""

    name: str
    pid: int
    port: int
    path: str = SOCKET_IO
    greeting: str = "40"
    until: str = '40{"sid"'
    around: tuple[str, str] = ('42["say","', '"]')
    overhead: int = len('42["msg",""]')

    def say(self, size: int) -> str:
        """What a client says so that each member gets a frame of `size` bytes. ^ is counted."""
        head = 2 if size < 128 else 4
        text = "^".ljust(size - head - self.overhead, "m")
        return text.join(self.around)


@asynccontextmanager
async def peer(
    name: str, *command: str, env: dict[str, str] | None = None
) -> AsyncGenerator[Contestant]:
    """A server that prints its port."""
    process = await asyncio.create_subprocess_exec(
        *cores.on(cores.SERVER, *command), stdout=subprocess.PIPE, env={**os.environ, **(env or {})}
    )
    assert process.stdout
    try:
        port = await asyncio.wait_for(process.stdout.readline(), 30)
        if not port:
            raise SystemExit(f"{name} did not start")
        yield Contestant(name, process.pid, int(port))
    finally:
        await _end(process)


def prepare() -> None:
    """Install what `package-lock.json` names, unless it is there."""
    lock, installed = PEERS / "package-lock.json", PEERS / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(("npm", "ci", "--silent"), cwd=PEERS, check=True)


def node(*flags: str, transports: str = '["websocket"]') -> AbstractAsyncContextManager[Contestant]:
    program = str(PEERS / "node.mjs")
    return peer("Node socket.io", "node", *flags, program, env={"TRANSPORTS": transports})


@asynccontextmanager
async def gateway() -> AsyncGenerator[Contestant]:
    """Without a product: the reference server, which everybody can start."""
    port = free_port()
    command = (sys.executable, "-m", "tertulia.core.gateway", "--broadcast", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*cores.on(cores.SERVER, *command))
    try:
        await _listening(port)
        yield Contestant("our bare gateway", process.pid, port)
    finally:
        await _end(process)


async def _listening(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()


def python_socketio() -> AbstractAsyncContextManager[Contestant]:
    return peer("python-socketio", sys.executable, "-m", "bench.peers.python_socketio")


@asynccontextmanager
async def picows() -> AsyncGenerator[Contestant]:
    """It says what it hears to everybody, and speaks no protocol."""
    async with peer("bare picows loop", sys.executable, "-m", "bench.peers.picows_loop") as one:
        yield replace(one, path="/", greeting="", until="\r\n\r\n", around=("", ""), overhead=0)
