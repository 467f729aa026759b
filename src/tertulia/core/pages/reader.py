"""Starting children, a few at a time, and ending those that take too long."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress

import msgspec

from tertulia.core.pages.head import Head

SECONDS = 5.0  # for one page, the child's start included
AT_ONCE = 2
ENVIRONMENT = {"LC_ALL": "C.UTF-8"}  # no secrets, no proxies, nothing to find


class PageUnreadable(Exception):
    """The child died of it, or took too long."""


class Reader:
    """Holds no process between pages."""

    def __init__(self, *, program: tuple[str, ...] | None = None, seconds: float = SECONDS) -> None:
        """`program` is what runs as the child; tests give worse ones."""
        self._program = program or (sys.executable, "-I", "-m", "tertulia.core.pages.child")
        self._seconds = seconds
        self._places = asyncio.Semaphore(AT_ONCE)

    async def head(self, page: bytes, charset: str | None) -> Head:
        """Raises PageUnreadable."""
        async with self._places:
            child = await asyncio.create_subprocess_exec(
                *self._program, charset or "", stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
                env=ENVIRONMENT, cwd="/",
            )  # fmt: skip
            try:
                async with asyncio.timeout(self._seconds):
                    said, _ = await child.communicate(page)
                return msgspec.json.decode(said, type=Head)
            except (TimeoutError, msgspec.MsgspecError):
                raise PageUnreadable from None
            finally:
                if child.returncode is None:
                    with suppress(ProcessLookupError):
                        child.kill()
                    await child.wait()
