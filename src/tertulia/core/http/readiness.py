"""May traffic come here? Only what this node cannot serve without makes it unready."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tertulia.core.clock import Clock
from tertulia.core.telemetry import Telemetry

Status = Literal["ok", "degraded", "unready"]

# Seconds.
FRESH = 2.0
PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class Check:
    """`probe` raises when the thing is away. `vital`: without it this node serves nobody.

    A dependency that all nodes share is not vital unless it is the database: otherwise its
    absence takes every node out at once.
    """

    name: str
    probe: Callable[[], Awaitable[None]]
    vital: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    status: Status
    checks: dict[str, str]
    """Name → "ok", or what is wrong in one word: an error's type, never its text."""


class Readiness:
    """Asks all checks at once, at most every 2 s however many ask us."""

    def __init__(self, checks: Sequence[Check], telemetry: Telemetry, clock: Clock) -> None:
        self._checks = checks
        self._telemetry = telemetry
        self._clock = clock
        self._lock = asyncio.Lock()
        self._results: dict[str, str] = {}
        self._asked_at: float | None = None
        self.draining = False
        """Set by whoever shuts down: the load balancer must look elsewhere first."""

    async def find(self, exclude: frozenset[str] = frozenset()) -> Finding:
        async with self._lock:
            now = self._clock.monotonic()
            if self._asked_at is None or now - self._asked_at >= FRESH:
                self._results = await self._ask()
                self._asked_at = now
        return self._judge(exclude)

    async def _ask(self) -> dict[str, str]:
        results = await asyncio.gather(*(_ask_one(check) for check in self._checks))
        named = {check.name: result for check, result in zip(self._checks, results, strict=True)}
        for name, result in named.items():
            self._telemetry.dependency_up.labels(name).set(result == "ok")
        return named

    def _judge(self, exclude: frozenset[str]) -> Finding:
        checks = {name: result for name, result in self._results.items() if name not in exclude}
        if self.draining:
            checks["draining"] = "draining"
        away = {name for name, result in checks.items() if result != "ok"}
        vital = {check.name for check in self._checks if check.vital} | {"draining"}
        status: Status = "unready" if away & vital else "degraded" if away else "ok"
        self._telemetry.ready.set(status != "unready")
        self._telemetry.draining.set(self.draining)
        return Finding(status, checks)


async def _ask_one(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await check.probe()
    except Exception as error:
        return type(error).__name__
    return "ok"
