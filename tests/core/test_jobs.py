"""Jobs: that they commit with their transaction, run in order, and end as they should."""

import asyncio
from datetime import timedelta

import pytest
from tests.support.jobs import Desk, Note, failing, put, row, states, worker
from tests.support.world import World

from tertulia.core import jobs
from tertulia.core.errors import Conflict
from tertulia.core.jobs import Dead, Job, Retries, Retry, Run
from tertulia.core.tx import Tx


async def test_a_job_exists_exactly_if_its_transaction_committed(world: World) -> None:
    desk = Desk()

    async def fails(tx: Tx) -> None:
        await jobs.enqueue(tx, "note", Note("never"))
        raise Conflict

    with pytest.raises(Conflict):
        await world.db.write(fails)
    await put(world, "once")
    await worker(world, desk.job()).run_due()
    assert desk.finished == ["once"]
    assert await states(world) == ["done"]


async def test_what_is_due_later_waits_for_its_time(world: World) -> None:
    desk = Desk()
    process = worker(world, desk.job())
    await put(world, "later", run_at=world.clock.now() + timedelta(hours=1))
    await process.run_due()
    assert desk.read == []
    await world.clock.advance(3600)
    await process.run_due()
    assert desk.read == ["later"]


async def test_the_most_urgent_goes_first_then_the_oldest(world: World) -> None:
    desk = Desk()
    for text, priority in (("a", 0), ("b", -2), ("c", 2), ("d", 0)):
        await put(world, text, priority=priority)
        await world.clock.advance(1)
    await worker(world, desk.job(concurrency=1)).run_due()
    assert desk.read == ["c", "a", "d", "b"]


async def test_the_same_key_again_moves_what_waits(world: World) -> None:
    desk = Desk()
    process = worker(world, desk.job())
    first = await put(world, "old", key="k", run_at=world.clock.now() + timedelta(hours=1))
    again = await put(world, "new", key="k", run_at=world.clock.now() + timedelta(hours=2))
    assert again == first
    await world.clock.advance(3601)
    await process.run_due()
    assert desk.read == []
    await world.clock.advance(3600)
    await process.run_due()
    assert desk.read == ["new"]


async def test_while_a_key_runs_the_next_one_waits_behind_it(world: World) -> None:
    desk = Desk()
    desk.held = True
    process = worker(world, desk.job(concurrency=8))
    await put(world, "one", key="k")
    working = asyncio.create_task(process.run_due())
    await desk.begun(1)
    await put(world, "two", key="k")
    await put(world, "beside", key="other")
    other = asyncio.create_task(worker(world, desk.job(concurrency=8), seed=8).run_due())
    await desk.begun(2)
    assert desk.read == ["one", "beside"]
    desk.release()
    await asyncio.gather(working, other)
    await process.run_due()
    assert desk.finished == ["one", "beside", "two"]


async def test_no_more_of_a_kind_run_at_once_than_it_allows(world: World) -> None:
    desk = Desk()
    desk.held = True
    for number in range(5):
        await put(world, str(number))
    working = asyncio.create_task(worker(world, desk.job(concurrency=2)).run_due())
    await desk.begun(2)
    desk.release()
    await working
    assert (desk.most, len(desk.finished)) == (2, 5)


async def test_two_processes_share_the_work_and_do_nothing_twice(world: World) -> None:
    desk = Desk()
    for number in range(40):
        await put(world, str(number))
    one, two = worker(world, desk.job()), worker(world, desk.job(), seed=8)
    await asyncio.gather(one.run_due(), two.run_due())
    assert sorted(map(int, desk.finished)) == list(range(40))


async def test_a_failure_is_tried_again_after_growing_pauses(world: World) -> None:
    attempts: list[int] = []
    error = ValueError("the kettle is cold")
    run = failing([error, error, None], attempts)
    retries = Retries(attempts=5, first=10, factor=3)
    process = worker(world, Job("note", Note, run, retries=retries))
    job_id = await put(world, "tea")
    await process.run_due()
    assert (await row(world, job_id))["error"] == "ValueError: the kettle is cold"
    for pause, tried in ((9.9, 1), (0.2, 2), (29.5, 2), (0.5, 3)):
        await world.clock.advance(pause)
        await process.run_due()
        assert len(attempts) == tried, pause
    assert attempts == [1, 2, 3]
    assert await states(world) == ["done"]


async def test_what_never_works_is_dead_after_its_attempts(world: World) -> None:
    attempts: list[int] = []
    run = failing([ValueError("no")], attempts)
    process = worker(world, Job("note", Note, run, retries=Retries(attempts=3, first=1)))
    await put(world, "tea")
    for _ in range(6):
        await process.run_due()
        await world.clock.advance(3600)
    assert attempts == [1, 2, 3]
    assert await states(world) == ["dead"]


async def test_a_run_may_say_never_or_later(world: World) -> None:
    attempts: list[int] = []
    later = failing([Retry(60, "asleep"), Retry(60), Dead("gone for good")], attempts)
    process = worker(world, Job("note", Note, later, retries=Retries(attempts=1)))
    job_id = await put(world, "tea")
    for _ in range(3):
        await process.run_due()
        await world.clock.advance(60)
    assert attempts == [1, 2, 3]
    assert (await row(world, job_id))["error"] == "Dead: gone for good"
    assert await states(world) == ["dead"]


async def test_a_payload_of_another_age_is_dead_not_a_crash(world: World) -> None:
    desk = Desk()
    await put(world, "x")
    await world.pool.execute("UPDATE jobs SET payload = $1", b'{"text": 7}')
    await worker(world, desk.job()).run_due()
    assert (desk.read, await states(world)) == ([], ["dead"])


async def test_a_run_that_takes_too_long_is_a_failure(world: World) -> None:
    desk = Desk()
    desk.held = True
    job_id = await put(world, "slow")
    await worker(world, desk.job(timeout=0.05)).run_due()
    found = await row(world, job_id)
    assert (found["state"], found["error"], desk.finished) == ("waiting", "TimeoutError", [])


async def test_completing_in_the_runs_own_transaction_happens_once(world: World) -> None:
    async def run(run: Run, note: Note) -> None:
        async def write(tx: Tx) -> None:
            await tx.conn.execute("UPDATE server SET name = name || $1", note.text)
            await run.complete(tx)

        await run.db.write(write)
        if run.attempt == 1:
            raise ValueError("after the commit")

    await put(world, "!")
    process = worker(world, Job("note", Note, run))
    await process.run_due()
    await world.clock.advance(3600)
    await process.run_due()
    assert await world.pool.fetchval("SELECT name FROM server") == "Tertulia!"
    assert await states(world) == ["done"]


async def test_progress_is_there_for_those_who_look(world: World) -> None:
    seen: list[tuple[int, int, str]] = []

    async def run(run: Run, note: Note) -> None:
        del note
        for done in (1, 2, 3):
            await run.progress(done, 10, f"page {done}")
            found = await row(world, run.id)
            seen.append((found["done"], found["total"], found["note"]))

    await put(world, "x")
    await worker(world, Job("note", Note, run)).run_due()
    # Time stands still: within one second only the first counts.
    assert seen == [(1, 10, "page 1")] * 3


async def test_a_cancelled_job_does_not_run(world: World) -> None:
    desk = Desk()
    await put(world, "x", key="k")
    assert await world.db.write(lambda tx: jobs.cancel(tx, "note", "k"))
    assert not await world.db.write(lambda tx: jobs.cancel(tx, "note", "k"))
    await worker(world, desk.job()).run_due()
    assert (desk.read, await states(world)) == ([], ["cancelled"])


async def test_what_is_over_is_forgotten_after_a_day_and_the_dead_after_a_month(
    world: World,
) -> None:
    attempts: list[int] = []
    process = worker(world, Job("note", Note, failing([None, Dead("no")], attempts)))
    await put(world, "done")
    await process.run_due()
    await put(world, "dead")
    await process.run_due()

    async def sweep() -> list[str]:
        await put(world, "", kind="jobs.sweep")
        await process.run_due()
        return await states(world)

    await world.clock.advance(23 * 3600)
    assert await sweep() == ["dead", "done"]
    await world.clock.advance(2 * 3600)
    assert await sweep() == ["dead"]
    await world.clock.advance(30 * 86_400)
    assert await sweep() == []
