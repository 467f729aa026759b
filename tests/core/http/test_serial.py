"""Dependencies are resolved in a row, without a task each."""

import asyncio

from litestar import Litestar, get
from litestar.di import NamedDependency, Provide
from litestar.testing import AsyncTestClient

from tertulia.core.http.serial import resolve_in_a_row

tasks: list[asyncio.Task[None] | None] = []


def here() -> int:
    tasks.append(asyncio.current_task())
    return len(tasks)


def there() -> int:
    tasks.append(asyncio.current_task())
    return len(tasks)


async def below(first: NamedDependency[int]) -> int:
    tasks.append(asyncio.current_task())
    return first + 10


@get("/", sync_to_thread=False)
def ask(
    first: NamedDependency[int], second: NamedDependency[int], third: NamedDependency[int]
) -> list[int]:
    tasks.append(asyncio.current_task())
    return [first, second, third]


async def test_a_request_stays_in_its_own_task() -> None:
    tasks.clear()
    app = Litestar(
        [ask],
        dependencies={
            "first": Provide(here, sync_to_thread=False),
            "second": Provide(there, sync_to_thread=False),
            "third": Provide(below),
        },
    )
    resolve_in_a_row(app)
    async with AsyncTestClient(app) as client:
        answer = (await client.get("/")).json()
    assert answer[2] == answer[0] + 10  # what another needs came before it
    assert len(tasks) == 4
    assert len(set(tasks)) == 1
