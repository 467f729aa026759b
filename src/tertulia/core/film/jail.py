"""Children that look at strangers' films: each in a folder of its own, with one file, and bounds.

Nothing of a film is opened in a process that holds anything. The child sees the film under a name
that we chose, the programs it is made of, and an empty folder to write to; it has no network, no
environment, no descriptors but its own, and is killed with all it started when it takes too much
time, processor, memory or disk (docs/adr: films in a jail).
"""

import asyncio
import fcntl
import json
import os
import shutil
import signal
import sys
import sysconfig
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import structlog

from tertulia.core.film import launch

PREFIX = "film-"  # of a cell's folder
INPUT = "input"  # no extension: nothing may be guessed from it
OUT = "out"
WATCH_SECONDS = 0.5
READ_AHEAD = 1 << 20  # bytes of the child's output that may wait for us
MAX_WORDS = 8_192  # bytes of its complaints

log = structlog.get_logger(__name__)


class ChildFailed(Exception):
    """It ended badly, or was ended. `why` is one word: `refused` (it did so itself), `time`, `cpu`,
    `memory`, `output`, `killed`. `words` is what it said last, for the log only."""

    def __init__(self, why: str, words: str = "") -> None:
        super().__init__(f"{why}: {words[-300:]}" if words else why)
        self.why = why
        self.words = words


@dataclass(frozen=True)
class Bounds:
    """`seconds` by the wall clock, `cpu` in seconds, the rest in bytes. `output` bounds what it
    says, `file_size` each file it writes."""

    seconds: float = 60.0
    cpu: int = 60
    memory: int = 1 << 30
    output: int = 16 << 20
    file_size: int = 0
    nice: int = 10


class Walls(msgspec.Struct, frozen=True):
    """What this machine lets us build: a network of its own, a disk of which it sees little."""

    network: bool
    files: bool


class Cell:
    """A folder with one film. `folder / OUT` is for what a child writes."""

    def __init__(self, folder: Path, programs: Sequence[Path]) -> None:
        self.folder = folder
        self.input = folder / INPUT
        self.out = folder / OUT
        self._programs = programs

    async def take(self, source: Path) -> None:
        """The film from elsewhere on this machine: by a second name where that can be, so that
        nothing is copied."""
        await asyncio.to_thread(_link_or_copy, source, self.input)

    async def run(self, command: Sequence[str], bounds: Bounds) -> bytes:
        """All it said. Raises ChildFailed."""
        said = bytearray()
        async with self.running(command, bounds) as child:
            while block := await child.read():
                said += block
        return bytes(said)

    @asynccontextmanager
    async def running(self, command: Sequence[str], bounds: Bounds) -> AsyncGenerator["Child"]:
        """A child while it talks. Leaving waits for its end, which must be a good one; leaving by
        an error kills it. Raises ChildFailed."""
        process = await self._start(command, bounds)
        child = Child(process, bounds)
        watch = asyncio.create_task(child.watch())
        try:
            try:
                yield child
            except asyncio.IncompleteReadError:
                # It stopped in the middle of a word: why, its end says.
                await child.end()
                raise ChildFailed("refused", child.words) from None
            await child.end()
        finally:
            watch.cancel()
            child.kill()
            await process.wait()
            await asyncio.gather(watch, return_exceptions=True)
            await child.close()

    async def _start(self, command: Sequence[str], bounds: Bounds) -> Process:
        orders: launch.Orders = {
            "command": list(command),
            "folder": str(self.folder),
            "cpu": bounds.cpu,
            "file_size": bounds.file_size,
            "nice": bounds.nice,
            "readable": [str(path) for path in (*self._programs, self.folder)],
            "writable": [str(self.out)],
        }
        return await asyncio.create_subprocess_exec(
            *_LAUNCHER,
            json.dumps(orders),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            limit=READ_AHEAD,
            start_new_session=True,
            close_fds=True,
            cwd="/",
            env={},
        )


class Child:
    """A running one. `read` and `exactly` raise ChildFailed when it says more than it may."""

    def __init__(self, process: Process, bounds: Bounds) -> None:
        if process.stdout is None or process.stderr is None:
            raise ValueError("a child without a voice")
        self._process = process
        self._out, self._err = process.stdout, process.stderr
        self._bounds = bounds
        self._said = 0
        self._why = ""
        self.words = ""
        self._listening = asyncio.create_task(self._listen())

    async def read(self) -> bytes:
        """Some; nothing at its end."""
        return self._count(await self._out.read(1 << 18))

    async def exactly(self, size: int) -> bytes:
        """Raises IncompleteReadError at its end, which `running` turns into ChildFailed."""
        return self._count(await self._out.readexactly(size))

    async def upto(self, size: int) -> bytes:
        """So many, or nothing at its end. Raises IncompleteReadError in between."""
        try:
            return await self.exactly(size)
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            return b""

    async def end(self) -> None:
        """Wait for it. What it said last counts only if this returns. Raises ChildFailed."""
        await self._process.wait()
        await self._listening
        self._judge()

    async def close(self) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        while block := await self._err.read(4_096):
            self.words = (self.words + block.decode(errors="replace"))[-MAX_WORDS:]

    async def watch(self) -> None:
        """Look at its memory now and then, and end it in time."""
        now = asyncio.get_running_loop().time
        deadline = now() + self._bounds.seconds
        over = asyncio.ensure_future(self._process.wait())
        try:
            while not over.done() and now() < deadline:
                await asyncio.wait([over], timeout=min(WATCH_SECONDS, deadline - now()))
                if await asyncio.to_thread(_resident, self._process.pid) > self._bounds.memory:
                    return self._end("memory")
            if not over.done():
                self._end("time")
        finally:
            over.cancel()

    def _judge(self) -> None:
        code = self._process.returncode
        if code == 0 and not self._why:
            return
        why = self._why or _WHY.get(code or 0, "refused" if (code or 0) > 0 else "killed")
        log.info("film_child_failed", why=why, code=code, words=self.words[-500:])
        raise ChildFailed(why, self.words)

    def kill(self) -> None:
        """It and whatever it started."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _end(self, why: str) -> None:
        self._why = why
        self.kill()

    def _count(self, block: bytes) -> bytes:
        self._said += len(block)
        if self._said > self._bounds.output:
            self._end("output")
            raise ChildFailed("output")
        return block


class Jail:
    """`folder` is where cells are made; best on the disk where films lie, so that none is copied.
    `ffmpeg` is the program that encodes."""

    def __init__(self, folder: Path, ffmpeg: Path) -> None:
        self._folder = folder
        self.ffmpeg = ffmpeg

    @asynccontextmanager
    async def cell(self) -> AsyncGenerator[Cell]:
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=PREFIX, dir=self._folder) as made:
            folder = Path(made)
            (folder / OUT).mkdir()
            # Held by this process as long as it lives: see `sweep`.
            held = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX)
                yield Cell(folder, _programs(self.ffmpeg))
            finally:
                os.close(held)

    async def sweep(self, before: datetime) -> None:
        """Remove the cells of processes that were killed: what lies in them is a second name of a
        film, and would keep its bytes on the disk. Those changed since are left."""
        await asyncio.to_thread(_sweep, self._folder, before.timestamp())


async def walls() -> Walls:
    """Which walls stand on this machine; for whoever operates it."""
    process = await asyncio.create_subprocess_exec(
        *_LAUNCHER, "walls", stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env={}
    )
    said, _ = await process.communicate()
    try:
        return msgspec.json.decode(said, type=Walls)
    except msgspec.DecodeError:
        return Walls(network=False, files=False)


# XCPU comes when its time is used up, XFSZ when a file grows too large; a KILL that is not ours is
# the kernel's, for want of memory.
_WHY = {-signal.SIGXCPU: "cpu", -signal.SIGXFSZ: "output"}
_LAUNCHER = (sys.executable, "-I", "-S", launch.__file__)


def _programs(ffmpeg: Path) -> list[Path]:
    """What a child is made of, and must be able to read."""
    here = Path(launch.__file__).parents[3]  # where the package lies
    python = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
    system = ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/dev/null", "/dev/urandom"]
    interpreters = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve()]
    return [ffmpeg.resolve(), here, *python, *interpreters, *map(Path, system)]


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one without second names
        shutil.copyfile(source, target)


def _sweep(folder: Path, before: float) -> None:
    for cell in folder.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if cell.stat().st_mtime < before and _is_nobodys(cell):
                shutil.rmtree(cell)


def _is_nobodys(cell: Path) -> bool:
    held = os.open(cell, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(held)
    return True


def _resident(leader: int) -> int:
    """Bytes in memory of a whole session, by its leader."""
    total = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError, ValueError):
                total += _resident_of(int(entry.name), leader)
    return total


def _resident_of(pid: int, leader: int) -> int:
    # The name in the middle may hold anything, also spaces and brackets.
    fields: Any = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") if int(fields[3]) == leader else 0
