"""One child process and the pipe to it: one picture at a time."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress

from tertulia.core.images.frames import IDLE, MAX_FRAME

# No secrets, no proxies, nothing to find. What vips thinks unsafe stays shut even if it is asked
# for, and one thread is enough: there are as many pictures at once as there are children.
ENVIRONMENT = {"VIPS_BLOCK_UNTRUSTED": "1", "VIPS_CONCURRENCY": "1", "LC_ALL": "C.UTF-8"}


class Asleep(Exception):
    """It had ended itself before the question came: ask another one."""


class Press:
    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, program: tuple[str, ...]) -> "Press":
        # A group of its own, so that its forks can be ended with it.
        return cls(
            await asyncio.create_subprocess_exec(
                *program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=ENVIRONMENT, cwd="/",
                start_new_session=True,
            )
        )  # fmt: skip

    async def ask(self, question: bytes) -> bytes:
        """b"": it died of it. Raises Asleep."""
        reader, writer = self._process.stdout, self._process.stdin
        assert reader is not None
        assert writer is not None
        try:
            writer.write(len(question).to_bytes(4, "big") + question)
            await writer.drain()
            size = int.from_bytes(await reader.readexactly(4), "big")
            return await reader.readexactly(size) if size <= MAX_FRAME else b""
        except (asyncio.IncompleteReadError, ConnectionError, RuntimeError):
            # RuntimeError: how uvloop says that the pipe is closed.
            if await self._process.wait() == IDLE:
                raise Asleep from None
            return b""

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ended(self) -> None:
        """Returns once it is gone."""
        await self._process.wait()

    async def end(self) -> None:
        """With whatever it started. May be repeated."""
        with suppress(ProcessLookupError):
            if self.alive:
                os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
