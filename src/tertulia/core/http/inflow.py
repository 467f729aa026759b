"""A request's body as it comes in, a bounded piece ahead of who writes it down.

    async with Inflow(receive, idle=60) as inflow:
        async for block in inflow.blocks(): ...

While one block goes to the disk the next ones gather, up to AHEAD bytes; then the client waits
(TCP). Whatever ends it early, what had come by then is handed out first.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from litestar.types import Receive

AHEAD = 1 << 20  # bytes
LARGEST_BLOCK = 1 << 20


class CutOff(Exception):
    """The client went away, or fell silent, in the middle."""


class Inflow:
    def __init__(self, receive: Receive, *, idle: float) -> None:
        """`idle`: seconds without a byte after which the client counts as gone."""
        self._receive = receive
        self._idle = idle
        self._parts: list[bytes] = []
        self._held = 0
        self._ended = False
        self._error: Exception | None = None
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._pumping: asyncio.Task[None] | None = None
        self.taken = 0  # bytes that came, handed out or not

    async def __aenter__(self) -> Self:
        self._pumping = asyncio.create_task(self._pump(), name="inflow")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._pumping is not None:
            self._pumping.cancel()
            with suppress(asyncio.CancelledError):
                await self._pumping

    @property
    def is_read(self) -> bool:
        """All of the body came."""
        return self._ended and self._error is None

    def stop(self, error: Exception) -> None:
        """Take no more: `blocks` hands out what came, and raises `error`."""
        if not self._ended:
            self._end(error)
            if self._pumping is not None:
                self._pumping.cancel()

    async def blocks(self) -> AsyncIterator[bytes]:
        """Raises CutOff, or what `stop` was told."""
        while True:
            if not self._parts:
                if self._ended:
                    break
                self._news.clear()
                await self._news.wait()
                continue
            yield self._take()
        if self._error is not None:
            raise self._error

    def _take(self) -> bytes:
        block = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts = [] if len(block) <= LARGEST_BLOCK else [block[LARGEST_BLOCK:]]
        block = block[:LARGEST_BLOCK]
        self._held -= len(block)
        if self._held < AHEAD:
            self._room.set()
        return block

    async def _pump(self) -> None:
        while not self._ended:
            try:
                async with asyncio.timeout(self._idle):
                    message = await self._receive()
            except TimeoutError:
                self._end(CutOff("silent"))
                return
            if message["type"] == "http.disconnect":
                self._end(CutOff("gone"))
                return
            if body := message.get("body", b""):
                self._parts.append(body)
                self._held += len(body)
                self.taken += len(body)
                self._news.set()
            if not message.get("more_body", False):
                self._end(None)
                return
            if self._held >= AHEAD:
                self._room.clear()
                await self._room.wait()

    def _end(self, error: Exception | None) -> None:
        self._ended = True
        self._error = error
        self._news.set()
