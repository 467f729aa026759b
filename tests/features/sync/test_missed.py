"""After a cut a whole room lacks the same events: they are read once, and each is judged (S5)."""

import asyncio
from typing import Any

import asyncpg
import pytest
from tests.support.clock import HandClock
from tests.support.node import running_node

CROWD = 30


async def test_what_a_crowd_missed_is_read_a_few_times_and_strangers_get_nothing(
    dsn: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_node(dsn, clock) as running:
        world = running.world
        alice = await world.person("alice")
        crowd = [await world.person(f"member{n}") for n in range(CROWD)]
        stranger = await world.person("stranger")
        room = await world.channel(alice, *crowd)
        before = (await world.room_snapshot(alice, room)).head
        await world.say(alice, room, "while you were away")
        reads = 0
        connection: Any = asyncpg.connection.Connection
        run: Any = connection._do_execute

        async def counted(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
            nonlocal reads
            reads += "FROM events" in query
            return await run(self, query, *args, **kwargs)

        monkeypatch.setattr(connection, "_do_execute", counted)
        path = f"/api/v1/rooms/{room}/events?after={before}"
        answers = await asyncio.gather(
            *(running.request(who, "GET", path) for who in (*crowd, stranger))
        )
        *known, refused = answers
        texts = [
            [event["data"]["message"]["body"]["text"] for event in answer.json()["events"]]
            for answer in known
        ]
        assert texts == [["while you were away"]] * CROWD
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
        assert reads < CROWD / 2
