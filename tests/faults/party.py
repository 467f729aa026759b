"""Bots that talk in rooms while something happens to them."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from tests.faults.bot import Bot, bots
from tests.faults.checks import Report, check, make_rooms
from tests.faults.furniture import Person
from tests.faults.house import House
from tests.faults.ledger import Attempt, Ledger
from tests.faults.waiting import until

WARM = 40  # messages acknowledged before anything happens, and after it healed
PAUSE = 0.02


class Party:
    def __init__(
        self, houses: Sequence[House], ledger: Ledger, made: list[Bot], rooms: list[UUID]
    ) -> None:
        self.house = houses[0]
        self.others = houses[1:]
        self.ledger = ledger
        self.bots = made
        self.rooms = rooms
        self.words = ""  # that follow what everybody says
        self._done = asyncio.Event()
        self._talking: list[asyncio.Task[None]] = []
        self._began: float | None = None
        self._healed: float | None = None

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def begin(self) -> None:
        self._talking = [asyncio.create_task(self._talk(bot)) for bot in self.bots]

    async def _talk(self, bot: Bot) -> None:
        """One thing after the other, in all rooms, until it is enough."""
        number = 0
        while not self._done.is_set():
            number += 1
            room_id = self.rooms[number % len(self.rooms)]
            await bot.say(room_id, f"{bot.name} says {number} {self.words}")
            await asyncio.sleep(PAUSE)

    async def more(self, count: int = WARM) -> None:
        """Until so many more were acknowledged."""
        enough = len(self.ledger.acknowledged) + count
        await until(lambda: len(self.ledger.acknowledged) >= enough, self.bots)

    async def refusals(self, code: str, count: int, since: float) -> None:
        """Until so many attempts begun since then were answered with `code`."""
        await until(
            lambda: sum(a.code == code for a in self.attempts_since(since)) >= count, self.bots
        )

    def attempts_since(self, moment: float) -> list[Attempt]:
        return [a for a in self.ledger.attempts if a.began >= moment]

    def struck(self) -> float:
        """The fault begins: from here on counts how late things are shown. Now."""
        self._began = self.now
        return self._began

    def healed(self) -> None:
        """The fault is over: from here on counts how long it takes."""
        self._healed = self.now

    @property
    def healing_since(self) -> float:
        assert self._healed is not None
        return self._healed

    async def finish(self, *declared: str) -> Report:
        """Talk a little more, go quiet, and look. `declared` are the log lines at ERROR that this
        fault is worth."""
        await self.more()
        await self.quiet()
        return await check(
            self.house,
            self.ledger,
            self.bots,
            declared=declared,
            began=self._began,
            heal_from=self._healed,
            others=self.others,
        )

    async def abandon(self) -> None:
        """Where a test failed while everybody talked."""
        self._done.set()
        for task in self._talking:
            task.cancel()
        await asyncio.gather(*self._talking, return_exceptions=True)

    async def quiet(self) -> None:
        self._done.set()
        await asyncio.gather(*self._talking)


@asynccontextmanager
async def party(
    house: House,
    people: Sequence[Person],
    rooms: int = 2,
    *,
    others: Sequence[House] = (),
    homes: Sequence[Sequence[str]] | None = None,
) -> AsyncGenerator[Party]:
    """Everybody in all rooms and talking. The houses are started already; `others` are further
    nodes. `homes`: see `bots`; the default is one node each, in turns."""
    houses = (house, *others)
    made_rooms = await make_rooms(house, people, rooms)
    ledger = Ledger()
    async with bots(people, homes or [[one.url] for one in houses], ledger) as made:
        party = Party(houses, ledger, made, made_rooms)
        party.begin()
        await party.more()
        try:
            yield party
        finally:
            await party.abandon()


def slowest(attempts: Collection[Attempt]) -> float:
    return max((attempt.ended - attempt.began for attempt in attempts), default=0.0)


def by_home(guests: Party, since: float, home: int) -> list[Attempt]:
    """What those tried since then who are at that node."""
    mine = [bot.person.id for bot in guests.bots[home::2]]
    return [
        attempt
        for send in guests.ledger.sends.values()
        for attempt in send.attempts
        if send.author_id in mine and attempt.began >= since
    ]


def homes(houses: Sequence[House]) -> list[list[str]]:
    """Everybody knows all, and each begins with another one."""
    urls = [house.url for house in houses]
    return [urls[at:] + urls[:at] for at in range(len(urls))]
