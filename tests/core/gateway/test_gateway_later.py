"""Answers that come later: the next event begins, and nothing of order or ending is lost."""

import asyncio

from tests.core.gateway.stage import Stage, until

from tertulia.core.gateway import Connection, Later


async def test_the_next_event_begins_while_an_answer_is_to_come(gate: Stage) -> None:
    """Without this, sixteen sends of one socket would pay for sixteen commits one by one."""
    answers: dict[int, asyncio.Future[None]] = {}

    @gate.on
    async def slow(conn: Connection, number: int) -> Later:
        answers[number] = asyncio.get_running_loop().create_future()
        return Later(answers[number], lambda: f"done {number}")

    async with gate.raw() as raw:
        await raw.say('421["slow",1]')
        await raw.say('422["slow",2]')
        await raw.say('42["slow",3]')
        await until(lambda: len(answers) == 3)
        for number in (3, 2, 1):
            answers[number].set_result(None)
        assert [await raw.text(), await raw.text()] == ['432["done 2"]', '431["done 1"]']


async def test_an_event_may_wait_for_what_is_under_way(gate: Stage) -> None:
    said: list[str] = []
    answers: list[asyncio.Future[None]] = []

    @gate.on
    async def slow(conn: Connection) -> Later:
        await conn.finished(below=2)
        answers.append(asyncio.get_running_loop().create_future())
        return Later(answers[-1], lambda: said.append("slow"))

    @gate.on
    async def careful(conn: Connection) -> str:
        await conn.finished()
        said.append("careful")
        return "careful"

    async with gate.raw() as raw:
        for _ in range(3):
            await raw.say('42["slow"]')
        await raw.say('421["careful"]')
        await until(lambda: len(answers) == 2)
        await until(lambda: len(gate.seen) == 3)
        assert len(answers) == 2, "two under way, the third waits for one of them"
        answers[0].set_result(None)
        await until(lambda: len(answers) == 3)
        assert said == ["slow"]
        for answer in answers[1:]:
            answer.set_result(None)
        assert await raw.text() == '431["careful"]'
    assert said == ["slow", "slow", "slow", "careful"]


async def test_an_answer_that_fails_is_counted_and_the_connection_goes_on(gate: Stage) -> None:
    @gate.on
    async def broken(conn: Connection) -> Later:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_exception(RuntimeError("no"))
        return Later(done, done.result)

    async with gate.raw() as raw:
        await raw.say('421["broken"]')
        await raw.say('422["echo"]')
        assert await raw.text() == "432[[]]"
        await until(lambda: gate.gateway.counters.handler_errors == 1)


async def test_who_goes_away_meanwhile_is_not_answered(gate: Stage) -> None:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asked = asyncio.Event()
    answered: list[bool] = []

    @gate.on
    async def slow(conn: Connection) -> Later:
        asked.set()
        return Later(done, lambda: answered.append(True))

    async with gate.raw() as raw:
        await raw.say('421["slow"]')
        await asked.wait()
    assert await gate.farewell() == "transport close"
    done.set_result(None)
    await until(lambda: answered)
