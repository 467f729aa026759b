"""A locked key waits apart; nobody else stands behind it, and its own order holds."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import pytest
from tests.support.clock import turns

from tertulia.core.db import Database, Locked
from tertulia.core.errors import AppError, Unavailable
from tertulia.core.grouping import Grouping
from tertulia.core.tx import Tx


class Locks:
    """A database in which keys are locked: who wants one waits, and is refused when told so."""

    def __init__(self) -> None:
        self.locked: set[str] = set()
        self.done: list[str] = []
        self.given_up = asyncio.Event()

    async def write(self, verb: Callable[[Tx], Awaitable[Any]]) -> Any:
        return await verb(cast("Tx", self))

    async def say(self, items: Sequence[str]) -> list[str | AppError]:
        if any(item[0] in self.locked for item in items):
            await self.given_up.wait()
            raise Locked
        self.done += items
        await asyncio.sleep(0)
        return list(items)


async def say(tx: Tx, items: Sequence[str]) -> list[str | AppError]:
    return await cast("Locks", tx).say(items)


@pytest.fixture
def locks() -> Locks:
    return Locks()


@pytest.fixture
def group(locks: Locks) -> Grouping[str, str]:
    return Grouping(cast("Database", locks), say, lanes=1)


def ask(group: Grouping[str, str], *items: str) -> list[asyncio.Task[str]]:
    return [asyncio.create_task(group.submit(item[0], item)) for item in items]


async def test_neighbours_of_a_locked_key_get_through(
    locks: Locks, group: Grouping[str, str]
) -> None:
    locks.locked = {"x"}
    x1, y1 = ask(group, "x1", "y1")
    await turns()
    locks.given_up.set()
    assert await y1 == "y1"
    with pytest.raises(Unavailable):
        await x1


async def test_once_known_it_keeps_nobody_waiting(locks: Locks, group: Grouping[str, str]) -> None:
    locks.locked = {"x"}
    ask(group, "x1")
    await turns()
    locks.given_up.set()
    await turns()
    locks.given_up.clear()
    x2, y1 = ask(group, "x2", "y1")
    assert await y1 == "y1"
    assert not x2.done()
    locks.given_up.set()
    with pytest.raises(Unavailable):
        await x2


async def test_what_follows_a_locked_key_keeps_its_order(
    locks: Locks, group: Grouping[str, str]
) -> None:
    locks.locked = {"x"}
    first = ask(group, "x1", "y1")
    await turns()
    behind = ask(group, "x2", "x3")
    await turns()
    locks.locked.clear()
    locks.given_up.set()
    await asyncio.gather(*first, *behind)
    assert [item for item in locks.done if item[0] == "x"] == ["x1", "x2", "x3"]
    assert await ask(group, "x4")[0] == "x4"
    await group.close()
