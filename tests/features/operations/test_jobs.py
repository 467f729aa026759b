"""What who runs the server sees of jobs, and does about them: with a worker that runs them."""

import asyncio
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from tests.support.jobs import Desk, Note, failing, looping, put, worker
from tests.support.world import Person, World

from tertulia.core.errors import Forbidden, Invalid, NotFound
from tertulia.core.grants import Grant
from tertulia.core.jobs import TOPIC, Job, Jobs, Retries, ledger
from tertulia.features.operations import service as operations
from tertulia.features.operations.schemas import JobList, JobRecord, JobState
from tertulia.features.operations.service import JobNotDead, JobOver, JobWaits


@pytest.fixture
async def admin(alice: Person) -> Person:
    return Person(msgspec.structs.replace(alice.actor, is_admin=True), alice.username)


async def look(
    world: World,
    admin: Person,
    kind: str | None = None,
    state: JobState | None = None,
    cursor: str | None = None,
) -> JobList:
    return await world.read(operations.jobs, admin, kind=kind, state=state, cursor=cursor)


async def hearing(world: World, process: Jobs) -> Jobs:
    await world.bus.subscribe([TOPIC])
    world.bus.listen(process.hear)
    return process


async def one(world: World, admin: Person, job_id: UUID) -> JobRecord:
    return await world.read(operations.job, admin, job_id)


async def kill(world: World, text: str = "x", key: str | None = None) -> UUID:
    """A job that was given up on."""
    job_id = await put(world, text, key=key)
    run = failing([ValueError("the kettle is cold")], [])
    await worker(world, Job("note", Note, run, retries=Retries(attempts=1))).run_due()
    return job_id


async def test_jobs_are_listed_newest_first_with_their_counts(world: World, admin: Person) -> None:
    dead = await kill(world)
    await world.clock.advance(1)
    later = world.clock.now() + timedelta(hours=1)
    waits = await put(world, "waits", run_at=later)
    await world.clock.advance(1)
    other = await put(world, "other", kind="letter", run_at=later)
    everything = await look(world, admin)
    assert [job.id for job in everything.jobs] == [other, waits, dead]
    assert (everything.counts.waiting, everything.counts.dead) == (2, 1)
    assert everything.kinds == ["letter", "note"]
    notes = await look(world, admin, kind="note")
    assert [job.id for job in notes.jobs] == [waits, dead]
    assert (notes.counts.waiting, notes.counts.dead) == (1, 1)
    assert [job.id for job in (await look(world, admin, state="dead")).jobs] == [dead]
    none = await look(world, admin, kind="letter", state="dead")
    assert (none.jobs, none.counts.waiting) == ([], 1)


async def test_pages_hold_each_job_once_whatever_its_state(
    world: World, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "PAGE", 3)
    for number in range(4):
        await kill(world, str(number))
        await put(world, str(number), run_at=world.clock.now() + timedelta(hours=1))
        await world.clock.advance(1)
    found: list[UUID] = []
    cursor: str | None = None
    while True:
        page = await look(world, admin, cursor=cursor)
        found += [job.id for job in page.jobs]
        cursor = page.next
        if cursor is None:
            break
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found) == 8
    with pytest.raises(Invalid):
        await look(world, admin, cursor="guessed")


async def test_counting_stops_where_nobody_counts_on(
    world: World, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "COUNTED", 2)
    for number in range(3):
        await put(world, str(number), run_at=world.clock.now() + timedelta(hours=1))
    assert (await look(world, admin)).counts.waiting == 2


async def test_a_job_tells_its_error_and_times_and_never_what_it_works_on(
    world: World, admin: Person
) -> None:
    job_id = await kill(world, "the secret of the house")
    told = await one(world, admin, job_id)
    assert (told.state, told.attempt, told.error) == ("dead", 1, "ValueError: the kettle is cold")
    assert told.started_at == told.finished_at == world.clock.now()
    whole = msgspec.json.encode([told, await look(world, admin)])
    assert b"secret" not in whole
    assert b"payload" not in whole


async def test_a_dead_job_is_tried_again_and_done(world: World, admin: Person) -> None:
    job_id = await kill(world, "tea")
    desk = Desk()
    async with looping(await hearing(world, worker(world, desk.job()))) as process:
        again = await world.write(operations.retry, admin, job_id)
        assert (again.state, again.attempt, again.finished_at) == ("waiting", 0, None)
        assert again.error == "ValueError: the kettle is cold"
        await desk.begun(1)
        await process.idle()
    told = await one(world, admin, job_id)
    assert (told.state, told.attempt, told.error, desk.finished) == ("done", 1, "", ["tea"])


async def test_only_what_is_dead_is_tried_again(world: World, admin: Person) -> None:
    later = world.clock.now() + timedelta(hours=1)
    waits = await put(world, "waits", run_at=later)
    with pytest.raises(JobNotDead):
        await world.write(operations.retry, admin, waits)
    assert (await one(world, admin, waits)).run_at == later
    with pytest.raises(NotFound):
        await world.write(operations.retry, admin, UUID(int=7))


async def test_what_was_asked_for_anew_is_not_tried_beside_it(world: World, admin: Person) -> None:
    dead = await kill(world, "old", key="k")
    await put(world, "new", key="k", run_at=world.clock.now() + timedelta(hours=1))
    with pytest.raises(JobWaits):
        await world.write(operations.retry, admin, dead)
    assert (await one(world, admin, dead)).state == "dead"


async def test_two_of_one_key_tried_again_at_once_make_one_that_waits(
    world: World, admin: Person
) -> None:
    dead = [await kill(world, str(number), key="k") for number in range(2)]
    ends = await asyncio.gather(
        *(world.write(operations.retry, admin, one_) for one_ in dead), return_exceptions=True
    )
    assert [type(end) for end in ends if isinstance(end, Exception)] == [JobWaits]
    assert (await look(world, admin)).counts.waiting == 1


async def test_a_running_job_stops_when_it_is_cancelled(world: World, admin: Person) -> None:
    desk = Desk()
    desk.held = True
    job_id = await put(world, "long")
    async with looping(await hearing(world, worker(world, desk.job()))) as process:
        await desk.begun(1)
        asked = await world.write(operations.cancel, admin, job_id)
        assert (asked.state, asked.cancel_asked) == ("running", True)
        await asyncio.wait_for(process.idle(), 10)
    assert desk.finished == []
    told = await one(world, admin, job_id)
    assert (told.state, told.finished_at) == ("cancelled", world.clock.now())
    with pytest.raises(JobOver):
        await world.write(operations.cancel, admin, job_id)


async def test_a_waiting_job_that_is_cancelled_never_runs(world: World, admin: Person) -> None:
    desk = Desk()
    job_id = await put(world, "never")
    assert (await world.write(operations.cancel, admin, job_id)).state == "cancelled"
    await worker(world, desk.job()).run_due()
    assert desk.read == []


async def test_nobody_else_sees_or_does_anything(world: World, admin: Person, bob: Person) -> None:
    dead = await kill(world)
    bot = Person(msgspec.structs.replace(admin.actor, grant=Grant(frozenset({"read"}))), "bot")
    for who in (bob, bot):
        with pytest.raises(Forbidden):
            await look(world, who)
        for verb in (operations.job, operations.retry, operations.cancel):
            for job_id in (dead, UUID(int=7)):  # the same, whatever there is
                with pytest.raises(Forbidden):
                    await world.write(verb, who, job_id)
    assert (await one(world, admin, dead)).state == "dead"
