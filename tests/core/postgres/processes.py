"""Starting and killing processes that own a server, and watching processes end."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

OWNER = Path(__file__).with_name("owner.py")
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Owner:
    process: asyncio.subprocess.Process
    server_pid: int
    dsn: str
    user: str
    owner: int

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def owning(folder: Path, *arguments: str) -> AsyncGenerator[Owner]:
    """Another process with a server in `folder`; killed at the end if it still lives."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(OWNER), str(folder), *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            told = json.loads(await process.stdout.readline())
        yield Owner(process, told["pid"], told["dsn"], told["user"], told["owner"])
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def wait_gone(pid: int) -> None:
    """Until no such process is left. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while alive(pid):
            await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
