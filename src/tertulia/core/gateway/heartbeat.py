"""One timer for all connections: a wheel of slots, each a set of those to look at."""

import asyncio
from collections.abc import Callable
from typing import Protocol

MOST = 5
"""Ticks that one turn may take. A busy process is late by some; a stopped one by thousands."""


class Timed(Protocol):
    """Something the wheel looks at from time to time."""

    slot: int
    """Kept by the wheel: where it hangs, 0 for nowhere."""

    def due(self, now: float) -> float | None:
        """Its time has come. When to look again (wheel time), or None to be left alone."""
        ...


class Wheel:
    """Calls `due` at (a little after) the wanted time; setting a time is one dict operation.

    `now` is the wheel's own time: it follows `clock`, but by at most MOST ticks a turn. After
    the process was stopped for a minute, a minute of missing pongs is our fault and not the
    clients': their answers still wait in the sockets, and nobody is declared dead for it.
    """

    __slots__ = ("_clock", "_seen", "_slots", "_timer", "now", "tick")

    def __init__(self, tick: float, clock: Callable[[], float]) -> None:
        self.tick = tick
        self.now = 0.0
        self._clock = clock
        self._seen = 0.0
        self._slots: dict[int, set[Timed]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def put(self, item: Timed, at: float) -> None:
        """Look at `item` when the wheel's time reaches `at`, and no more at an earlier wish."""
        slot = max(int(at / self.tick), int(self.now / self.tick)) + 1
        if item.slot == slot:
            return
        self.drop(item)
        item.slot = slot
        self._slots.setdefault(slot, set()).add(item)
        if self._timer is None:
            self._seen = self._clock()
            self._arm()

    def drop(self, item: Timed) -> None:
        if not item.slot:
            return
        items = self._slots[item.slot]
        items.discard(item)
        if not items:
            del self._slots[item.slot]
        item.slot = 0

    def turn(self) -> None:
        """One tick: let time pass and look at everything whose time has come."""
        seen = self._clock()
        self.now += min(max(seen - self._seen, 0.0), MOST * self.tick)
        self._seen = seen
        current = int(self.now / self.tick)
        for slot in sorted(slot for slot in self._slots if slot <= current):
            for item in tuple(self._slots.get(slot, ())):
                self.drop(item)
                again = item.due(self.now)
                if again is not None:
                    self.put(item, again)

    def time(self) -> float:
        """`now` as it will be at the next turn: between two it stands still."""
        if self._timer is None:
            return self.now
        return self.now + min(max(self._clock() - self._seen, 0.0), MOST * self.tick)

    @property
    def waiting(self) -> int:
        return sum(map(len, self._slots.values()))

    @property
    def ticking(self) -> bool:
        return self._timer is not None

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self.tick, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self.turn()
        if self._slots and self._timer is None:
            self._arm()
