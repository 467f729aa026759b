"""What is said later."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.features.sync.conftest import House
from tests.support.jobs import worker
from tests.support.verify import verify
from tests.support.world import Person

from tertulia.core.errors import AppError, Invalid, NotFound
from tertulia.features.members import service as members
from tertulia.features.messages.schemas import Message, TextBody
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.scheduled import jobs
from tertulia.features.scheduled import service as later
from tertulia.features.scheduled.schemas import (
    SCHEDULED_LIMIT,
    ChangeScheduled,
    Scheduled,
    ScheduleMessage,
)
from tertulia.features.timeline import service as timeline

HOUR = timedelta(hours=1)


async def schedule(
    house: House, text: str, *, who: Person | None = None, client_id: UUID | None = None,
    after: timedelta = HOUR, room: UUID | None = None, **more: object,
) -> Scheduled:  # fmt: skip
    wanted = ScheduleMessage(
        client_id=client_id or house.world.ids.uuid7(),
        text=text,
        send_at=house.world.clock.now() + after,
        zone="Europe/Madrid",
        **more,  # pyright: ignore[reportArgumentType]
    )
    return await house.world.write(later.schedule, who or house.bob, room or house.channel, wanted)


async def run_due(house: House) -> None:
    process = worker(house.world, *jobs.jobs())
    await process.run_due()


async def said(house: House, room: UUID | None = None) -> list[Message]:
    page = await house.world.read(
        timeline.page, house.alice, room or house.channel, timeline.Anchor(), 50
    )
    return [m for m in page.messages if isinstance(m.body, TextBody)]


def text_of(message: Message) -> str:
    assert isinstance(message.body, TextBody)
    return message.body.text


async def waiting(house: House) -> list[Scheduled]:
    return await house.world.read(later.scheduled, house.bob)


async def test_it_is_said_at_its_time_as_an_ordinary_message(house: House) -> None:
    planned = await schedule(house, "good morning, @carol", reply_to=house.question.id)
    await house.world.clock.advance(3599)
    await run_due(house)
    assert (await said(house))[-1].id == house.answer.id
    await house.world.clock.advance(1)
    await run_due(house)
    message = (await said(house))[-1]
    assert text_of(message) == "good morning, @carol"
    assert (message.author_id, message.client_id) == (house.bob.id, planned.client_id)
    assert message.mentions == [house.carol.id]
    assert message.reply_to is not None
    assert message.sent_at == house.world.clock.now()
    assert await waiting(house) == []


async def test_two_processes_and_a_rerun_say_it_once(house: House) -> None:
    planned = await schedule(house, "once")
    await house.world.clock.advance(3600)
    for _ in range(2):
        await house.world.db.write(lambda tx: later.send_due(tx, house.bob.id, planned.id))
    await run_due(house)
    assert [text_of(m) for m in await said(house)].count("once") == 1


async def test_what_was_changed_is_said_at_the_new_time_in_the_new_words(house: House) -> None:
    planned = await schedule(house, "first")
    change = ChangeScheduled(text="second", send_at=house.world.clock.now() + 2 * HOUR)
    await house.world.write(later.change, house.bob, planned.id, change)
    await house.world.clock.advance(3600)
    await run_due(house)
    assert [one.text for one in await waiting(house)] == ["second"]
    await house.world.clock.advance(3600)
    await run_due(house)
    assert text_of((await said(house))[-1]) == "second"


async def test_what_was_cancelled_is_not_said(house: House) -> None:
    planned = await schedule(house, "never")
    await house.world.write(later.cancel, house.bob, planned.id)
    await house.world.clock.advance(3600)
    await run_due(house)
    assert (await said(house))[-1].id == house.answer.id
    with pytest.raises(NotFound):
        await house.world.write(later.cancel, house.bob, planned.id)


async def test_it_can_be_said_now(house: House) -> None:
    planned = await schedule(house, "now, then")
    await house.world.write(later.send_now, house.bob, planned.id)
    assert (await said(house))[-1].client_id == planned.client_id
    await house.world.clock.advance(3600)
    await run_due(house)
    assert len([m for m in await said(house) if m.client_id == planned.client_id]) == 1


async def test_who_lost_the_right_is_told_and_keeps_the_words(house: House) -> None:
    planned = await schedule(house, "too late")
    await house.world.write(members.remove, house.alice, house.channel, house.bob.id)
    await house.world.clock.advance(3600)
    await run_due(house)
    [kept] = await waiting(house)
    assert (kept.text, kept.failed) == ("too late", "not_found")
    told = [event for event in house.world.published(house.bob.stream)
            if event["type"] == "scheduled.changed"]  # fmt: skip
    assert told[-1]["data"]["scheduled"]["failed"] == "not_found"
    assert (await said(house))[-1].id == house.answer.id
    await house.world.write(members.add, house.alice, house.channel, [house.bob.id])
    again = ChangeScheduled(send_at=house.world.clock.now() + HOUR)
    await house.world.write(later.change, house.bob, planned.id, again)
    await house.world.clock.advance(3600)
    await run_due(house)
    assert (await said(house))[-1].client_id == planned.client_id


async def test_in_an_archived_room_it_waits_for_its_author(house: House) -> None:
    await schedule(house, "closed")
    await house.world.write(rooms.change, house.alice, house.channel, ChangeRoom(archived=True))
    await house.world.clock.advance(3600)
    await run_due(house)
    assert [one.failed for one in await waiting(house)] == ["archived"]


async def test_slow_mode_delays_it_and_loses_nothing(house: House) -> None:
    await house.world.write(rooms.change, house.alice, house.channel, ChangeRoom(slow_mode=60))
    await schedule(house, "in a moment")
    await house.world.clock.advance(3590)
    await house.world.say(house.bob, house.channel, "just before")
    await house.world.clock.advance(10)
    await run_due(house)
    assert [one.failed for one in await waiting(house)] == [None]
    await house.world.clock.advance(60)
    await run_due(house)
    assert text_of((await said(house))[-1]) == "in a moment"


async def test_scheduling_twice_plans_it_once(house: House) -> None:
    client_id = house.world.ids.uuid7()
    first = await schedule(house, "once", client_id=client_id)
    assert await schedule(house, "twice", client_id=client_id) == first
    assert await waiting(house) == [first]


async def test_times_are_ahead_and_within_a_year(house: House) -> None:
    for after in (timedelta(0), timedelta(seconds=-1), timedelta(days=400)):
        with pytest.raises(Invalid):
            await schedule(house, "when", after=after)


async def test_there_is_an_end_to_planning_and_it_is_ones_own(house: House) -> None:
    planned = await schedule(house, "the first")
    for n in range(1, SCHEDULED_LIMIT):
        await schedule(house, f"{n}")
    with pytest.raises(AppError) as refused:
        await schedule(house, "one more")
    assert refused.value.code == "too_many"
    with pytest.raises(NotFound):
        await house.world.write(later.cancel, house.carol, planned.id)
    with pytest.raises(NotFound):
        await house.world.write(later.send_now, house.alice, planned.id)
    with pytest.raises(NotFound):
        await schedule(house, "no", who=house.dave)


async def test_the_list_follows_from_the_events(house: House) -> None:
    """E6 for the list: what was read before, and the facts, give what is read now."""
    held = {one.id: one for one in await waiting(house)}
    kept = await schedule(house, "kept")
    gone = await schedule(house, "gone")
    failing = await schedule(house, "failing", room=house.group)
    await house.world.write(later.change, house.bob, kept.id, ChangeScheduled(text="changed",
                            send_at=house.world.clock.now() + 5 * HOUR))  # fmt: skip
    await house.world.write(later.cancel, house.bob, gone.id)
    await house.world.write(members.leave, house.bob, house.group)
    await house.world.clock.advance(3600)
    await run_due(house)
    folded: dict[str, object] = {str(id_): one for id_, one in held.items()}
    for event in house.world.published(house.bob.stream):
        if event["type"] == "scheduled.changed":
            folded.pop(event["data"]["id"], None)
            if event["data"]["scheduled"]:
                folded[event["data"]["id"]] = event["data"]["scheduled"]["failed"]
    now = {str(one.id): one.failed for one in await waiting(house)}
    assert folded == now == {str(kept.id): None, str(failing.id): "not_found"}


async def test_saying_it_reaches_everybody(house: House) -> None:
    await schedule(house, "hello, @alice")
    await house.world.clock.advance(3600)
    await verify(house.world, house.people, lambda: run_due(house))


async def test_what_could_not_be_said_is_on_every_device_until_it_is_seen_to(house: House) -> None:
    """Also on one that comes later, by its snapshot."""
    failing = await schedule(house, "failing", room=house.group)
    await house.world.write(members.leave, house.bob, house.group)
    await house.world.clock.advance(3600)
    await verify(house.world, house.people, lambda: run_due(house))
    assert [one.id for one in (await house.world.snapshot(house.bob)).failed] == [failing.id]
    assert (await house.world.snapshot(house.alice)).failed == []
    await verify(
        house.world, house.people, lambda: house.world.write(later.cancel, house.bob, failing.id)
    )
    assert (await house.world.snapshot(house.bob)).failed == []
