"""One worker's place: the process that fills it now, started again when it dies."""

import asyncio
import socket
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog

from tertulia.core.clock import Clock
from tertulia.core.config import Settings
from tertulia.core.serving import bind_beside
from tertulia.main.control import Begin, Family, Line, Ready, Stop, open_line
from tertulia.main.premises import Premises

READY_SECONDS = 60.0
# Beyond `drain_seconds`, within which a worker leaves by itself.
KILL_AFTER = 2.0
# A worker that served so long is healthy: the count of failures begins anew.
HEALTHY_SECONDS = 60.0
# After so many failures in a row its socket is closed until the next try: who waits there waits in
# vain, and the kernel sends newcomers to the others.
HOPELESS = 4
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0

log = structlog.get_logger(__name__)


class WorkerFailed(Exception):
    """A worker did not begin to serve. `code`: its exit code, of `core.exits`."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"worker {name} did not start (exit code {code})")
        self.code = code


class _Worker:
    """A process and our line to it."""

    def __init__(self, process: asyncio.subprocess.Process, line: Line) -> None:
        self.process = process
        self.line = line
        self.ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self._hearing = asyncio.create_task(self._hear())

    async def end(self) -> int:
        """The exit code, once it has ended."""
        code = await self.process.wait()
        # Not awaited itself: who waits here may be cancelled, and must not take it along.
        await asyncio.wait([self._hearing])
        await self.line.close()
        return code

    async def stop(self, notice: float, seconds: float) -> int:
        """Ask it to leave; kill it when it has not after `seconds`."""
        self.line.say(Stop(notice))
        ending = asyncio.create_task(self.end())
        await asyncio.wait([ending], timeout=seconds)
        if not ending.done():
            log.error("worker_killed", pid=self.process.pid, seconds=seconds)
            with suppress(ProcessLookupError):
                self.process.kill()
        return await ending

    async def _hear(self) -> None:
        while (message := await self.line.hear()) is not None:
            if isinstance(message, Ready) and not self.ready.done():
                self.ready.set_result(message)
        if not self.ready.done():
            self.ready.cancel()


class Place:
    """`command` starts a worker; `gather` collects everybody's metrics for the one who asks."""

    def __init__(
        self,
        name: str,
        sock: socket.socket,
        settings: Settings,
        premises: Premises,
        command: Sequence[str],
        *,
        clock: Clock,
        gather: Callable[[], Awaitable[list[Family]]],
        pool: int,
    ) -> None:
        self.name = name
        self._sock = sock
        self._address: tuple[str, int] = sock.getsockname()[:2]
        self._settings = settings
        self._premises = premises
        self._command = command
        self._clock = clock
        self._gather = gather
        self._pool = pool
        self._worker: _Worker | None = None
        self._leaving: _Worker | None = None  # replaced, and not gone yet
        self._changing = asyncio.Lock()

    async def start(self) -> Ready:
        """Fill the place. Raises WorkerFailed."""
        worker, ready = await self._start()
        self._worker = worker
        return ready

    async def keep(self) -> None:
        """Fill it again whenever it becomes empty, for ever."""
        failures = 0
        while True:
            worker, since = self._worker, self._clock.monotonic()
            code = await worker.end() if worker else 0
            async with self._changing:
                if self._worker is not worker:
                    continue  # replaced: it went because it was told to
                failures = 1 if self._clock.monotonic() - since > HEALTHY_SECONDS else failures + 1
                log.error("worker_ended", of=self.name, exit_code=code, failures=failures)
                if failures >= HOPELESS:
                    self.shut()
                await self._clock.sleep(_pause_before(failures))
                try:
                    self._worker, _ = await self._start()
                except (WorkerFailed, OSError) as error:
                    log.warning("worker_not_started", of=self.name, exc_info=error)

    async def replace(self) -> bool:
        """Put a new process in the old one's place, which leaves when the new one serves. False
        where the new one does not start: the old one stays."""
        async with self._changing:
            old = self._worker
            try:
                self._worker, _ = await self._start()
            except WorkerFailed as error:
                log.error("worker_not_replaced", of=self.name, exit_code=error.code)
                return False
        if old is not None:
            self._leaving = old
            # No notice: the port is served all the while, and a balancer that saw this one
            # unready would take the whole machine for lost.
            await old.stop(0.0, self._patience)
            self._leaving = None
        return True

    async def stop(self, notice: float) -> None:
        workers = filter(None, (self._leaving, self._worker))
        await asyncio.gather(*(worker.stop(notice, self._patience) for worker in workers))

    def shut(self) -> None:
        """Let go of its socket. A worker that serves it still has its own hand on it."""
        self._sock.close()

    @property
    def _patience(self) -> float:
        return self._settings.drain_seconds + KILL_AFTER

    async def metrics(self) -> list[Family]:
        """None of a worker that is starting, leaving or stuck."""
        worker = self._worker
        if worker is None or not worker.ready.done():
            return []
        try:
            return await worker.line.ask()
        except TimeoutError:
            return []

    async def _start(self) -> tuple[_Worker, Ready]:
        if self._sock.fileno() < 0:
            self._sock = bind_beside(*self._address)
        worker = await self._launch()
        try:
            return worker, await self._begin(worker)
        except asyncio.CancelledError:
            worker.process.kill()
            raise

    async def _begin(self, worker: _Worker) -> Ready:
        worker.line.say(
            Begin(
                name=self.name,
                listener=self._sock.fileno(),
                dsn=self._premises.dsn,
                setup_token=self._premises.setup_token,
                public_url=self._settings.public_url,
                pool=self._pool,
            )
        )
        await asyncio.wait([worker.ready], timeout=READY_SECONDS)
        if worker.ready.done() and not worker.ready.cancelled():
            log.info("worker_ready", of=self.name, pid=worker.process.pid)
            return worker.ready.result()
        raise WorkerFailed(self.name, await worker.stop(0.0, self._patience))

    async def _launch(self) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                "--worker-line",
                str(theirs.fileno()),
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), self._sock.fileno()),
            )
        return _Worker(process, await open_line(ours, self._gather))


def _pause_before(failures: int) -> float:
    """Seconds: none at first, then longer and longer."""
    return 0.0 if failures < 2 else min(FIRST_PAUSE * 2 ** min(failures - 2, 10), LONGEST_PAUSE)
