"""Jobs over time: wake-ups, signs of life, take-over, turns, goodbyes."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from tests.support.clock import HandClock, RunningClock
from tests.support.jobs import Desk, Note, looping, put, row, states, worker
from tests.support.world import World, open_world

from tertulia.core import jobs
from tertulia.core.jobs import TOPIC, Job, Jobs, Retries, Run


@pytest.fixture
async def real(dsn: str) -> AsyncIterator[World]:
    """A world whose time goes by: what waits here waits for hints, not for looks."""
    async with open_world(dsn, RunningClock()) as world:
        yield world


async def hearing(world: World, process: Jobs) -> Jobs:
    await world.bus.subscribe([TOPIC])
    world.bus.listen(process.hear)
    return process


async def test_a_hint_wakes_who_sleeps(world: World) -> None:
    desk = Desk()
    async with looping(await hearing(world, worker(world, desk.job()))):
        await put(world, "one")
        await desk.begun(1)
        await put(world, "two")
        await desk.begun(2)


async def test_without_hints_a_look_finds_it(world: World) -> None:
    desk = Desk()
    async with looping(worker(world, desk.job())) as process:
        await until_sleeping(world.clock)
        await put(world, "unheard of")
        await advance_until(world, desk, 1)
        await process.idle()
    assert desk.finished == ["unheard of"]


async def test_one_that_is_due_soon_is_not_late(real: World) -> None:
    desk = Desk()
    async with looping(await hearing(real, worker(real, desk.job()))):
        due = real.clock.now() + timedelta(seconds=0.3)
        await put(real, "soon", run_at=due)
        await desk.begun(1)
        assert timedelta() <= real.clock.now() - due < timedelta(seconds=2)


async def test_one_that_runs_is_stopped_when_asked(real: World) -> None:
    desk = Desk()
    desk.held = True
    async with looping(await hearing(real, worker(real, desk.job()))) as process:
        await put(real, "x", key="k")
        await desk.begun(1)
        assert await real.db.write(lambda tx: jobs.cancel(tx, "note", "k"))
        await asyncio.wait_for(process.idle(), 10)
    assert (desk.finished, await states(real)) == ([], ["cancelled"])


async def test_a_process_that_falls_silent_loses_its_job_and_cannot_finish_it(
    world: World,
) -> None:
    silent, lively = Desk(), Desk()
    silent.held = True
    lost = worker(world, silent.job())
    job_id = await put(world, "x")
    working = asyncio.create_task(lost.run_due())
    await silent.begun(1)

    other = worker(world, lively.job(), seed=8)
    async with looping(other):
        await advance_until(world, lively, 1, step=10)
        await other.idle()
    assert (await row(world, job_id))["attempt"] == 2
    assert await states(world) == ["done"]
    silent.release()
    await working
    found = await row(world, job_id)
    assert (found["state"], found["attempt"]) == ("done", 2)


async def test_a_killed_process_leaves_its_job_to_others(dsn: str, world: World) -> None:
    desk = Desk()
    job_id = await put(world, "x")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.core.job_process", dsn, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 30) == b"begun\n"
    process.kill()
    await process.wait()
    async with looping(worker(world, desk.job())) as other:
        await world.clock.advance(25)
        await settled(world)
        assert (desk.read, await states(world)) == ([], ["running"])
        await advance_until(world, desk, 1)
        await other.idle()
    assert (desk.finished, await states(world)) == (["x"], ["done"])
    assert (await row(world, job_id))["attempt"] == 2


async def test_signs_of_life_keep_a_long_job(world: World) -> None:
    desk, other = Desk(), Desk()
    desk.held = True
    await put(world, "long")
    async with looping(worker(world, desk.job())) as process:
        await desk.begun(1)
        async with looping(worker(world, other.job(), seed=8)):
            for _ in range(20):
                await world.clock.advance(5)
                await settled(world, 8)
        desk.release()
        await process.idle()
    assert (desk.finished, other.read) == (["long"], [])


async def test_what_kills_its_process_does_not_kill_for_ever(world: World) -> None:
    desk = Desk()
    await put(world, "poison")
    await world.pool.execute(
        "UPDATE jobs SET state = 'running', worker = gen_random_uuid(), attempt = 3, beat_at = $1",
        world.clock.now(),
    )
    async with looping(worker(world, desk.job(retries=Retries(attempts=3)))):
        for _ in range(6):
            await world.clock.advance(10)
            await settled(world)
    assert (desk.read, await states(world)) == ([], ["dead"])


async def test_goodbye_hands_back_and_counts_no_attempt(world: World) -> None:
    desk, other = Desk(), Desk()
    desk.held = True
    process = worker(world, desk.job())
    job_id = await put(world, "x")
    async with looping(process):
        await desk.begun(1)
    assert (await row(world, job_id))["state"] == "waiting"
    await worker(world, other.job(), seed=8).run_due()
    assert (other.finished, (await row(world, job_id))["attempt"]) == (["x"], 1)


async def test_goodbye_waits_for_who_is_nearly_done(world: World) -> None:
    desk = Desk()
    desk.held = True
    process = worker(world, desk.job())
    await put(world, "x")
    working = asyncio.create_task(process.run_due())
    await desk.begun(1)
    closing = asyncio.create_task(process.close(grace=10))
    desk.release()
    await asyncio.gather(closing, working)
    assert (desk.finished, await states(world)) == (["x"], ["done"])


async def test_a_turn_comes_once_over_two_processes(world: World) -> None:
    turns: list[int] = []

    async def turn(run: Run, note: Note) -> None:
        del run, note
        turns.append(world.clock.now().minute)

    job = Job("turn", Note, turn, every=timedelta(minutes=5))
    one, two = worker(world, job), worker(world, job, seed=8)
    async with looping(one), looping(two):
        for _ in range(19 * 6):
            await world.clock.advance(10)
            await settled(world, 8)
            await asyncio.gather(one.idle(), two.idle())
    assert turns == [5, 10, 15]


# How tests wait


async def until_sleeping(clock: HandClock, sleepers: int = 4) -> None:
    async with asyncio.timeout(10):
        while clock.sleepers < sleepers:
            await asyncio.sleep(0.005)


async def settled(world: World, sleepers: int = 4) -> None:
    """Loops that were woken are asleep again."""
    await until_sleeping(world.clock, sleepers)


async def advance_until(world: World, desk: Desk, count: int, *, step: float = 1.0) -> None:
    async with asyncio.timeout(20):
        while len(desk.read) < count:
            await world.clock.advance(step)
            await settled(world)
