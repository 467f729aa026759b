"""A plain balancer: each connection to the next node that says it is ready. No sticky sessions."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from tests.core.gateway.crossroads import Splitter
from tests.faults.house import House, status_of

LOOK_SECONDS = 0.05


class Balancer(Splitter):
    """Asks `/readyz` again and again, as balancers do."""

    def __init__(self, houses: Sequence[House]) -> None:
        super().__init__([("127.0.0.1", house.port) for house in houses])
        self.ready = [True] * len(houses)
        self.choose = self._next_ready
        self._houses = houses

    def _next_ready(self, number: int) -> int:
        turns = (at % len(self.ready) for at in range(number, number + len(self.ready)))
        return next((at for at in turns if self.ready[at]), 0)

    async def look(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                for at, house in enumerate(self._houses):
                    self.ready[at] = await status_of(http, f"{house.url}/readyz", seconds=1) == 200
                await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def balancer(*houses: House) -> AsyncGenerator[Balancer]:
    made = Balancer(houses)
    server = await asyncio.start_server(made.accept, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    looking = asyncio.create_task(made.look())
    try:
        yield made
    finally:
        server.close()
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await made.close()
