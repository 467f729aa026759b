"""Asking children, a few at a time, and ending those that take too long."""

import asyncio
import sys
from pathlib import Path

import msgspec
import structlog

from tertulia.core.errors import AppError, FieldError, Invalid, TooLarge
from tertulia.core.images.press import Asleep, Press
from tertulia.core.images.wanted import (
    MAX_BYTES,
    MAX_FILE,
    Answer,
    Job,
    Picture,
    Remake,
    See,
    Sight,
    Wanted,
)

SECONDS = 10.0  # for one small picture, a child's start included
SEEING_SECONDS = 45.0
AT_ONCE = 2
WAITING = 16

log = structlog.get_logger(__name__)


class ImageUnreadable(Invalid):
    title = "That is no PNG, GIF, WebP or JPEG image that can be read"


class ImageTooLarge(TooLarge):
    title = "The image has too many pixels or bytes"


class StudioBusy(AppError):
    code, status, title = "busy", 503, "Too many images at once"


class Studio:
    """Children wait here between pictures; after a minute without one they end by themselves."""

    def __init__(self, *, program: tuple[str, ...] | None = None, seconds: float = SECONDS) -> None:
        """`program` is what runs as the child; tests give worse ones."""
        self._program = program or (sys.executable, "-I", "-m", "tertulia.core.images.child")
        self._seconds = seconds
        self._places = asyncio.Semaphore(AT_ONCE)
        self._idle: list[Press] = []
        self._waiting = 0

    async def remake(self, data: bytes, wanted: Wanted, *, field: str = "image") -> Picture:
        """The picture as a WebP of the wanted size. `field` names it in the error.

        Raises ImageUnreadable (also for what a decoder dies of), ImageTooLarge, StudioBusy.
        """
        if len(data) > MAX_BYTES:
            raise _too_large(field)
        if self._waiting >= WAITING:
            raise StudioBusy(retry_after=2.0)
        self._waiting += 1
        try:
            async with self._places:
                answer = await self._ask(Remake(data, wanted), self._seconds)
        finally:
            self._waiting -= 1
        if answer.picture is not None:
            return answer.picture
        raise _too_large(field) if answer.trouble == "too_large" else _unreadable(field)

    async def see(self, path: Path, format_: str, size: int) -> Sight:
        """What is shown of a picture that lies in a file of `size` bytes; `format_` is one of
        `LOOKED_AT`. Waits for its turn as long as it takes. Raises ImageUnreadable,
        ImageTooLarge."""
        if size > MAX_FILE:
            raise _too_large("file")
        async with self._places:
            answer = await self._ask(See(str(path), format_), SEEING_SECONDS)
        if answer.sight is not None:
            return answer.sight
        raise _too_large("file") if answer.trouble == "too_large" else _unreadable("file")

    async def close(self) -> None:
        """End those that wait."""
        while self._idle:
            await self._idle.pop().end()

    async def _ask(self, job: Job, seconds: float) -> Answer:
        try:
            async with asyncio.timeout(seconds):
                said = await self._said(msgspec.msgpack.encode(job))
        except TimeoutError:
            log.warning("image_took_too_long", job=type(job).__name__)
            return Answer(trouble="too_large")
        try:
            return msgspec.msgpack.decode(said, type=Answer)
        except msgspec.MsgspecError:  # it died of it: memory, time, or a decoder's bug
            log.warning("image_killed_its_decoder", job=type(job).__name__)
            return Answer(trouble="unreadable")

    async def _said(self, question: bytes) -> bytes:
        while True:
            press = await self._awake() or await Press.start(self._program)
            try:
                said = await press.ask(question)
            except Asleep:
                await press.end()
                continue
            except BaseException:
                # Out of time, or nobody waits any more: it must not answer the next one.
                await press.end()
                raise
            if press.alive:
                self._idle.append(press)
            else:
                await press.end()
            return said

    async def _awake(self) -> Press | None:
        """One that waits, if there is one: some have ended themselves, or were ended, meanwhile."""
        while self._idle:
            press = self._idle.pop()
            if press.alive:
                return press
            await press.end()
        return None

    @property
    def idle(self) -> tuple[Press, ...]:
        """The children that wait."""
        return tuple(self._idle)


def _unreadable(field: str) -> ImageUnreadable:
    return ImageUnreadable(errors=(FieldError(field, "unreadable", ImageUnreadable.title),))


def _too_large(field: str) -> ImageTooLarge:
    return ImageTooLarge(errors=(FieldError(field, "too_large", ImageTooLarge.title),))
