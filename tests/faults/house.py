"""A real server: `tertulia serve` in a process of its own, fsync on, to be killed and started."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import msgspec
from tests.faults.furniture import SECRET
from tests.faults.places import Place

from tertulia.core import postgres

ROOT = Path(__file__).parents[2]  # armed.py needs our own modules
ARMED = Path(__file__).with_name("armed.py")
READY_SECONDS = 90.0  # a busy machine that recovers from a crash
LOOK_SECONDS = 0.02
MUTANT = "TERTULIA_FAULTS_MUTANT"  # a planted bug, to see a fault go red (mutants.py)
KILLED = 137


class _Entry(msgspec.Struct):
    """As much of a logged line as is looked at."""

    level: str
    event: str
    trace: str = msgspec.field(name="exception.stacktrace", default="")

    def __str__(self) -> str:
        last = self.trace.rstrip().rpartition("\n")[2]
        return f"{self.event}: {last}" if last else self.event


class House:
    """`folder` is its data folder. `database` is the DSN of a PostgreSQL that the test owns; None
    for the embedded one. The port stays the same over restarts, as it does in life.

    `place`: the machine it stands in, ours if None. `redis`: its TERTULIA_REDIS_URL."""

    def __init__(
        self,
        folder: Path,
        *,
        database: str | None = None,
        place: Place | None = None,
        redis: str | None = None,
    ) -> None:
        self.folder = folder
        self.database = database
        self.place = place
        self.redis = redis
        self.port = _free_port()
        self.out = folder / "server.out"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{self.place.address if self.place else '127.0.0.1'}:{self.port}"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the server was never started"
        return self._process

    @property
    def trap(self) -> Path:
        """While this file is there, the armed failpoint bites (armed.py)."""
        return self.folder / "trap"

    # Its life

    async def start(self, *armed: str, settings: Mapping[str, str] | None = None) -> None:
        """`armed` are arguments of armed.py. None: the program as it is shipped."""
        if (mutant := os.environ.get(MUTANT)) is not None:
            armed = (*armed, f"mutant={mutant}")
        program = [str(ARMED), *armed, "--"] if armed else ["-m", "tertulia"]
        environment = {name: value for name, value in os.environ.items() if "TERTULIA" not in name}
        environment |= {
            "PYTHONPATH": os.pathsep.join([os.environ.get("PYTHONPATH", ""), str(ROOT)]),
            "TERTULIA_DATA_DIR": str(self.folder),
            "TERTULIA_PORT": str(self.port),
            "TERTULIA_SECRET_KEY": SECRET,
            "TERTULIA_LOG_LEVEL": "info",
            "TERTULIA_LOG_FORMAT": "json",
            **({"TERTULIA_DATABASE_URL": self.database} if self.database else {}),
            **({"TERTULIA_REDIS_URL": self.redis} if self.redis else {}),
            **({"TERTULIA_HOST": self.place.address} if self.place else {}),
            **(settings or {}),
        }
        with self.out.open("ab") as out:
            self._process = subprocess.Popen(
                [*(self.place.inside if self.place else ()), sys.executable, *program, "serve"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        await self.wait_ready()

    async def wait_ready(self) -> None:
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as http:
            while await status_of(http, f"{self.url}/readyz") != 200:
                assert self.process.poll() is None, self.out.read_text()[-4000:]
                await asyncio.sleep(LOOK_SECONDS)

    async def kill(self) -> None:
        self.process.kill()
        await self.wait_end()

    async def wait_end(self) -> int:
        """The exit code, once it has ended by itself or by a signal."""
        async with asyncio.timeout(READY_SECONDS):
            while (code := self.process.poll()) is None:
                await asyncio.sleep(LOOK_SECONDS)
        return code

    async def stop(self) -> None:
        """End it, kindly where it still runs, so that nothing stays behind."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.send_signal(signal.SIGTERM)
        try:
            await self.wait_end()
        except TimeoutError:
            await self.kill()
            raise

    @contextmanager
    def paused(self) -> Generator[None]:
        """As a machine that is moved, or a laptop that sleeps."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    # Looking inside

    @asynccontextmanager
    async def open_dsn(self) -> AsyncGenerator[str]:
        if self.database is not None:
            yield self.database
            return
        async with postgres.visiting(self.folder / "postgres") as dsn:
            yield dsn

    @asynccontextmanager
    async def superuser(self) -> AsyncGenerator[Any]:
        """A connection past the server, as the owner of the cluster."""
        async with self.open_dsn() as dsn:
            connection: Any = await asyncpg.connect(
                dsn.replace("postgresql://tertulia@", "postgresql://postgres@")
            )
            try:
                yield connection
            finally:
                await connection.close()

    def errors(self) -> list[str]:
        """What was logged at ERROR or above, event first; tracebacks that are no log count too."""
        found: list[str] = []
        for line in self.out.read_text().splitlines():
            if line.startswith("{"):
                entry = msgspec.json.decode(line, type=_Entry)
                found += [str(entry)] if entry.level in {"error", "critical"} else []
            elif line.startswith(("Traceback", "Exception")):
                found.append(line)
        return found

    @property
    def proc(self) -> Path:
        """What the kernel tells of its process."""
        return Path(f"/proc/{self.process.pid}")

    def cpu_seconds(self) -> float:
        """What it has used in its life, by proc(5)."""
        fields = (self.proc / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def private_kib(self) -> int:
        """Memory that is its alone."""
        rollup = (self.proc / "smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in rollup if line.startswith("Private"))

    def open_files(self) -> int:
        return len(list((self.proc / "fd").iterdir()))


async def status_of(http: aiohttp.ClientSession, url: str, *, seconds: float = 10.0) -> int | None:
    """The status of a GET; None where nobody answers in time."""
    try:
        async with http.get(url, timeout=aiohttp.ClientTimeout(seconds)) as answer:
            return answer.status
    except (aiohttp.ClientError, OSError, TimeoutError):
        return None


def undeclared(errors: Iterable[str], declared: Iterable[str]) -> list[str]:
    allowed = tuple(declared)
    return [error for error in errors if not error.startswith(allowed)]


def _free_port() -> int:
    """Below the range that outgoing connections take theirs from: it must be free again later."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
