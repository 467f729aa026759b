"""Being reminded."""

from datetime import timedelta
from typing import Any

import pytest
from tests.features.sync.conftest import House
from tests.support.jobs import worker
from tests.support.verify import verify
from tests.support.world import Person

from tertulia.core.errors import Invalid, NotFound
from tertulia.features.members import service as members
from tertulia.features.reminders import jobs
from tertulia.features.reminders import service as later
from tertulia.features.reminders.schemas import ChangeReminder, Reminder, RemindMe
from tertulia.features.timeline import service as timeline

MINUTES = timedelta(minutes=1)


async def remind(house: House, who: Person, **more: Any) -> Reminder:
    about = {"room_id": house.channel, "message_id": house.question.id}
    wanted = RemindMe(
        client_id=more.pop("client_id", house.world.ids.uuid7()),
        due_at=house.world.clock.now() + 20 * MINUTES,
        zone="America/Lima",
        **({} if "note" in more else about),
        **more,
    )
    return await house.world.write(later.remind, who, wanted)


async def run_due(house: House) -> None:
    await worker(house.world, *jobs.jobs()).run_due()


def rung(house: House, who: Person) -> list[str]:
    return [event["data"]["id"] for event in house.world.published(who.stream)
            if event["type"] == "reminder.due"]  # fmt: skip


async def test_it_rings_once_at_its_time_for_its_owner_alone(house: House) -> None:
    reminder = await remind(house, house.bob)
    await house.world.clock.advance(1199)
    await run_due(house)
    assert rung(house, house.bob) == []
    await house.world.clock.advance(1)
    for _ in range(2):
        await run_due(house)
        await house.world.db.write(lambda tx: later.ring(tx, house.bob.id, reminder.id))
    assert rung(house, house.bob) == [str(reminder.id)]
    assert rung(house, house.alice) == []
    found = await house.world.read(timeline.reminders, house.bob)
    assert found.reminders[0].message is not None
    assert found.reminders[0].message.id == house.question.id
    assert (await house.world.read(timeline.reminders, house.alice)).reminders == []


async def test_snoozing_rings_again_and_dismissing_ends_it(house: House) -> None:
    reminder = await remind(house, house.bob)
    await house.world.clock.advance(1200)
    await run_due(house)
    again = ChangeReminder(due_at=house.world.clock.now() + 5 * MINUTES, zone="Asia/Tokyo")
    assert (await house.world.write(later.snooze, house.bob, reminder.id, again)).rung_at is None
    await house.world.clock.advance(300)
    await run_due(house)
    assert rung(house, house.bob) == [str(reminder.id)] * 2
    await house.world.write(later.dismiss, house.bob, reminder.id)
    assert await house.world.read(later.reminders, house.bob) == []
    with pytest.raises(NotFound):
        await house.world.write(later.dismiss, house.bob, reminder.id)


async def test_dismissed_before_its_time_it_does_not_ring(house: House) -> None:
    reminder = await remind(house, house.bob)
    await house.world.write(later.dismiss, house.bob, reminder.id)
    await house.world.clock.advance(1200)
    await run_due(house)
    assert rung(house, house.bob) == []


async def test_a_message_i_can_no_longer_read_is_not_shown_with_it(house: House) -> None:
    await remind(house, house.bob)
    await house.world.write(members.leave, house.bob, house.channel)
    found = await house.world.read(timeline.reminders, house.bob)
    assert [item.message for item in found.reminders] == [None]


async def test_a_note_of_my_own_needs_no_message(house: House) -> None:
    await remind(house, house.dave, note="water the olives")
    await house.world.clock.advance(1200)
    await run_due(house)
    assert len(rung(house, house.dave)) == 1


async def test_whom_nothing_is_told_learns_nothing_by_reminders(house: House) -> None:
    with pytest.raises(NotFound):
        await remind(house, house.dave)
    for wrong in ({"note": "  "}, {"note": "x", "room_id": house.channel}, {"note": "a\0b"}):
        with pytest.raises(Invalid):
            await remind(house, house.bob, **wrong)


async def test_asking_twice_reminds_once_and_the_log_keeps_no_note(house: House) -> None:
    client_id = house.world.ids.uuid7()
    first = await remind(house, house.bob, client_id=client_id, note="a secret")
    assert await remind(house, house.bob, client_id=client_id, note="another") == first
    async with house.world.db.read() as tx:
        rows = await tx.conn.fetch("SELECT data FROM events WHERE type LIKE 'reminder.%'")
    assert [row["data"] for row in rows] == [None]


async def test_what_rang_is_on_every_device_until_it_is_done_with(house: House) -> None:
    """Also on one that comes later, by its snapshot."""
    reminder = await remind(house, house.bob)
    await house.world.clock.advance(1200)
    await verify(house.world, house.people, lambda: run_due(house))
    assert [one.id for one in (await house.world.snapshot(house.bob)).rung] == [reminder.id]
    assert (await house.world.snapshot(house.alice)).rung == []
    again = ChangeReminder(due_at=house.world.clock.now() + 5 * MINUTES)
    await verify(
        house.world,
        house.people,
        lambda: house.world.write(later.snooze, house.bob, reminder.id, again),
    )
    await house.world.clock.advance(300)
    await run_due(house)
    await verify(
        house.world, house.people, lambda: house.world.write(later.dismiss, house.bob, reminder.id)
    )
    assert (await house.world.snapshot(house.bob)).rung == []
