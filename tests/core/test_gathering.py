"""Many ask at once, few statements run."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import cast

from tertulia.core.db import Database
from tertulia.core.errors import Unavailable
from tertulia.core.gathering import GROUP_SIZE, LANES, WAITING, Gathering
from tertulia.core.tx import Tx


class Library:
    """Answers a key with its double and the number of the statement; `open` lets it go on."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.open = asyncio.Event()
        self.broken = False
        self.gathering = Gathering(cast("Database", self), self.look)

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Tx]:
        yield cast("Tx", None)

    async def look(self, tx: Tx, keys: Sequence[int]) -> Mapping[int, tuple[int, int]]:
        del tx
        self.groups.append(list(keys))
        number = len(self.groups)
        await self.open.wait()
        if self.broken:
            raise Unavailable
        return {key: (2 * key, number) for key in keys}


async def test_a_lone_question_waits_for_nobody() -> None:
    library = Library()
    library.open.set()
    assert await library.gathering.ask(7) == (14, 1)


async def test_what_comes_meanwhile_goes_together() -> None:
    library = Library()
    asked = [asyncio.create_task(library.gathering.ask(n)) for n in range(1_000)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(library.groups) == LANES
    library.open.set()
    answers = await asyncio.gather(*asked)
    assert [double for double, _ in answers] == [2 * n for n in range(1_000)]
    assert len(library.groups) <= LANES + 1_000 // GROUP_SIZE + 1


async def test_an_answer_is_never_older_than_its_question() -> None:
    """Race: the statement in flight must not answer who asks the same thing only now."""
    library = Library()
    first = asyncio.create_task(library.gathering.ask(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    again = asyncio.create_task(library.gathering.ask(1))
    await asyncio.sleep(0)
    library.open.set()
    assert (await first, await again) == ((2, 1), (2, 2))


async def test_two_devices_of_one_account_ask_one_question() -> None:
    library = Library()
    asked = [asyncio.create_task(library.gathering.ask(1)) for _ in range(2)]
    await asyncio.sleep(0)
    asked[0].cancel()  # one of them goes away
    library.open.set()
    assert await asked[1] == (2, 1)


async def test_all_hear_of_a_failure_and_the_next_are_served() -> None:
    library = Library()
    library.open.set()
    library.broken = True
    asked = await asyncio.gather(*map(library.gathering.ask, range(3)), return_exceptions=True)
    assert [type(one) for one in asked] == [Unavailable] * 3
    library.broken = False
    assert (await library.gathering.ask(4))[0] == 8


async def test_too_many_are_told_so() -> None:
    library = Library()
    # As many as wait, and those that a statement has taken already.
    asked = [
        asyncio.create_task(library.gathering.ask(n)) for n in range(WAITING + LANES * GROUP_SIZE)
    ]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    refused = [task for task in asked if task.done()]
    assert all(isinstance(task.exception(), Unavailable) for task in refused)
    assert len(asked) - len(refused) == WAITING
    library.open.set()
    await asyncio.gather(*asked, return_exceptions=True)
    await library.gathering.close()
