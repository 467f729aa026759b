"""`tertulia serve` with several workers, watched from outside: its log, its processes, its port."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

SECONDS = 150.0
LOOK = 0.02


class Crew:
    """A supervisor and its workers. `folder` holds their data and what they say."""

    def __init__(self, folder: Path, redis: str, dsn: str) -> None:
        self.folder = folder
        self.out = folder / "out"
        self._environment = {
            **{name: value for name, value in os.environ.items() if "TERTULIA" not in name},
            "TERTULIA_DATA_DIR": str(folder / "data"),
            "TERTULIA_DATABASE_URL": dsn,
            "TERTULIA_REDIS_URL": redis,
            "TERTULIA_LOG_FORMAT": "json",
            "TERTULIA_PORT": "0",
        }
        self.process: subprocess.Popen[bytes]

    def launch(self, *, workers: int = 2, **settings: str) -> None:
        given = {f"TERTULIA_{name.upper()}": value for name, value in settings.items()}
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tertulia", "serve", "--workers", str(workers)],
                env=self._environment | given,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    # What it says

    @property
    def said(self) -> str:
        return self.out.read_text()

    def logged(self, event: str) -> list[dict[str, Any]]:
        lines = [line for line in self.said.splitlines() if line.startswith("{")]
        entries: list[dict[str, Any]] = [msgspec.json.decode(line) for line in lines]
        return [entry for entry in entries if entry["event"] == event]

    @property
    def url(self) -> str:
        """The address it printed, with the port that 0 became."""
        found = re.search(r"Tertulia is at (\S+)", self.said)
        assert found is not None, self.said
        return found[1]

    @property
    def workers(self) -> list[int]:
        """Process ids of those that serve, by what it says."""
        newest = {entry["of"]: entry["pid"] for entry in self.logged("worker_ready")}
        return [newest[of] for of in sorted(newest)]

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(SECONDS):
            while not true():
                await asyncio.sleep(LOOK)

    async def until_logged(self, event: str, count: int = 1) -> None:
        await self.until(lambda: len(self.logged(event)) >= count)

    async def until_serving(self) -> None:
        await self.until(lambda: "Ctrl-C stops it." in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said

    async def ended(self) -> int:
        await self.until(lambda: self.process.poll() is not None)
        code = self.process.returncode
        assert isinstance(code, int)
        return code

    async def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        await self.ended()

    # What it does

    async def ask(self, path: str, http: aiohttp.ClientSession | None = None) -> str:
        """By a connection of its own: the kernel chooses the worker."""
        if http is not None:
            async with http.get(f"{self.url}{path}") as answer:
                return await answer.text()
        connector = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(connector=connector) as own:
            return await self.ask(path, own)


def is_alive(pid: int) -> bool:
    """A zombie is dead: where nobody reaps (a container without init) it stays for ever."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@asynccontextmanager
async def crew(folder: Path, redis: str, dsn: str, **settings: Any) -> AsyncGenerator[Crew]:
    """Serving; stopped at the end."""
    made = Crew(folder, redis, dsn)
    made.launch(**settings)
    try:
        await made.until_serving()
        yield made
    finally:
        await made.close()
