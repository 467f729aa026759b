"""Time as an argument: nobody else may ask the machine what time it is."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Wall time, aware, UTC: for people and for expiry dates."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards: for measuring and for waiting."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def breathe() -> None:
    """Let the others of this node go on, in the middle of much to reckon. Not a wait."""
    await asyncio.sleep(0)
