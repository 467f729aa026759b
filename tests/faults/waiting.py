"""Waiting for what a test can only look at."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

LOOK_SECONDS = 0.02


class Mortal(Protocol):
    def check_alive(self) -> None: ...


async def until(
    is_true: Callable[[], object], made: Sequence[Mortal] = (), *, seconds: float = 60.0
) -> None:
    """Wait for a condition; a bot that broke ends the wait with what it broke of."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not is_true():
                for bot in made:
                    bot.check_alive()
                await asyncio.sleep(LOOK_SECONDS)
            return
    raise AssertionError(f"not so after {seconds} s")
