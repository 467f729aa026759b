"""Starting children, a few at a time, and ending those that take too long."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

import msgspec
import structlog

from tertulia.core.errors import AppError, FieldError, Invalid, TooLarge
from tertulia.core.images.wanted import MAX_BYTES, Answer, Job, Picture, Wanted

SECONDS = 10.0  # for one picture, the child's start included
AT_ONCE = 2
WAITING = 16

# No secrets, no proxies, nothing to find. What vips thinks unsafe stays shut even if it is asked
# for, and one thread is enough for a small picture.
ENVIRONMENT = {"VIPS_BLOCK_UNTRUSTED": "1", "VIPS_CONCURRENCY": "1", "LC_ALL": "C.UTF-8"}

log = structlog.get_logger(__name__)


class ImageUnreadable(Invalid):
    title = "That is no PNG, GIF, WebP or JPEG image that can be read"


class ImageTooLarge(TooLarge):
    title = "The image has too many pixels or bytes"


class StudioBusy(AppError):
    code, status, title = "busy", 503, "Too many images at once"


class Studio:
    """Remakes pictures. Holds no process between them: `close` has nothing to do."""

    def __init__(self, *, program: tuple[str, ...] | None = None, seconds: float = SECONDS) -> None:
        """`program` is what runs as the child; tests give worse ones."""
        self._program = program or (sys.executable, "-I", "-m", "tertulia.core.images.child")
        self._seconds = seconds
        self._places = asyncio.Semaphore(AT_ONCE)
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
                answer = await self._ask(Job(data, wanted))
        finally:
            self._waiting -= 1
        if answer.picture is not None:
            return answer.picture
        raise _too_large(field) if answer.trouble == "too_large" else _unreadable(field)

    async def _ask(self, job: Job) -> Answer:
        child = await asyncio.create_subprocess_exec(
            *self._program, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=ENVIRONMENT, cwd="/"
        )
        try:
            async with asyncio.timeout(self._seconds):
                said, complaint = await child.communicate(msgspec.msgpack.encode(job))
        except TimeoutError:
            log.warning("image_took_too_long", bytes=len(job.data))
            return Answer(trouble="too_large")
        finally:
            await _end(child)
        try:
            return msgspec.msgpack.decode(said, type=Answer)
        except msgspec.DecodeError:  # it died of it: memory, time, or a decoder's bug
            log.warning("image_killed_its_decoder", code=child.returncode, stderr=complaint[-500:])
            return Answer(trouble="unreadable")


async def _end(child: Process) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def _unreadable(field: str) -> ImageUnreadable:
    return ImageUnreadable(errors=(FieldError(field, "unreadable", ImageUnreadable.title),))


def _too_large(field: str) -> ImageTooLarge:
    return ImageTooLarge(errors=(FieldError(field, "too_large", ImageTooLarge.title),))
