"""Search through the edges of a whole node: what is said is found without anybody's help."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.world import Person

WAIT = 10  # seconds a test waits for what must come


@pytest.fixture
async def running(dsn: str, clock: HandClock) -> AsyncIterator[Running]:
    async with running_node(dsn, clock) as running:
        yield running


async def test_what_is_said_is_found_a_moment_later(running: Running) -> None:
    alice = await running.world.person("alice")
    room = await running.world.channel(alice)
    body = {"client_id": "00000000-0000-0000-0000-000000000001", "text": "The olive harvest"}
    said = await running.request(alice, "POST", f"/api/v1/rooms/{room}/messages", body)
    found = await answered(running, alice, "oliv")
    [hit] = found["hits"]
    assert hit["message"]["id"] == said.json()["id"]
    assert hit["excerpt"][1] == {"text": "olive", "found": True}
    assert [person["username"] for person in found["people"]] == ["alice"]


async def answered(running: Running, who: Person, query: str) -> Any:
    """The first answer that found something."""
    async with asyncio.timeout(WAIT):
        while True:
            answer = await running.request(who, "GET", f"/api/v1/search?query={query}")
            assert answer.status_code == 200
            if answer.json()["hits"]:
                return answer.json()


@pytest.mark.parametrize(
    "query",
    ["", f"?query={'x' * 501}", "?query=a&sort=best", "?query=a&cursor=nonsense",
     "?query=a&time_zone=Nowhere/Else", "?query=a&time_zone=../../etc/passwd",
     "?query=a&room_id=kitchen"],
)  # fmt: skip
async def test_a_malformed_question_is_refused(running: Running, query: str) -> None:
    alice = await running.world.person("alice")
    answer = await running.request(alice, "GET", f"/api/v1/search{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


async def test_nobody_searches_without_end(running: Running) -> None:
    alice = await running.world.person("alice")
    codes = [
        (await running.request(alice, "GET", "/api/v1/search?query=")).status_code
        for _ in range(241)
    ]
    assert codes == [200] * 240 + [429]
