"""Reports, decisions, time-outs, and the trail they leave."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.world import Person, World

from tertulia.core.errors import AppError, Forbidden, Invalid, NotFound
from tertulia.features.accounts.schemas import Account
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban, TimeOut
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage
from tertulia.features.moderation import service as moderation
from tertulia.features.moderation.schemas import Decide, FileReport
from tertulia.features.moderation.service import Decided
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom


@pytest.fixture
async def carol(bob: Person, world: World) -> Person:
    del bob
    return await world.person("carol")


@pytest.fixture
async def room(alice: Person, bob: Person, carol: Person, world: World) -> UUID:
    return await world.channel(alice, bob, carol)


async def code(world: World, who: Person, room: UUID) -> AppError:
    with pytest.raises(AppError) as refused:
        await world.say(who, room, "may I?")
    return refused.value


async def test_who_is_timed_out_only_reads_until_it_is_over(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    said = await world.say(bob, room, "before")
    until = world.clock.now() + timedelta(minutes=10)
    await world.write(members.time_out, alice, room, bob.id, TimeOut(until=until))
    refused = await code(world, bob, room)
    assert (refused.code, refused.retry_after) == ("timed_out", 600)
    with pytest.raises(AppError, match="timed out"):
        await world.write(messages.edit, bob, room, said.id, EditMessage(text="around it"))
    assert (await world.room_snapshot(bob, room)).me.timed_out_until == until
    await world.clock.advance(601)
    await world.say(bob, room, "after")


async def test_leaving_does_not_shorten_a_time_out(
    world: World, alice: Person, bob: Person, room: UUID
) -> None:
    until = world.clock.now() + timedelta(days=1)
    await world.write(members.time_out, alice, room, bob.id, TimeOut(until=until))
    await world.write(members.leave, bob, room)
    await world.write(members.add, alice, room, [bob.id])
    assert (await code(world, bob, room)).code == "timed_out"


async def test_a_time_out_is_lifted(world: World, alice: Person, bob: Person, room: UUID) -> None:
    until = world.clock.now() + timedelta(days=1)
    for wanted in (TimeOut(until=until), TimeOut(until=None)):
        await world.write(members.time_out, alice, room, bob.id, wanted)
    await world.say(bob, room, "thank you")


@pytest.mark.parametrize("days", [-1, 29])
async def test_a_time_out_ends_in_time(
    world: World, alice: Person, bob: Person, room: UUID, days: int
) -> None:
    until = world.clock.now() + timedelta(days=days)
    with pytest.raises(Invalid):
        await world.write(members.time_out, alice, room, bob.id, TimeOut(until=until))


async def test_the_trail_says_who_did_what_to_whom_and_why(
    world: World, alice: Person, bob: Person, carol: Person, room: UUID
) -> None:
    said = await world.say(bob, room, "buy this")
    own = await world.say(bob, room, "never mind")
    until = world.clock.now() + timedelta(hours=1)
    await world.write(messages.delete, bob, room, own.id)
    await world.clock.advance(1)
    await world.write(messages.delete, alice, room, said.id, "an advertisement")
    await world.clock.advance(1)
    await world.write(
        members.time_out, alice, room, bob.id, TimeOut(until=until, reason="cool down")
    )
    await world.clock.advance(1)
    await world.write(members.change_role, alice, room, carol.id, "moderator")
    await world.clock.advance(1)
    await world.write(members.ban, carol, room, Ban(account_id=bob.id, reason="spam again"))
    await world.clock.advance(1)
    await world.write(members.unban, alice, room, bob.id)
    await world.clock.advance(1)
    await world.write(rooms.change, alice, room, ChangeRoom(slow_mode=30))
    trail = await world.read(moderation.audit, carol, room, None)
    names = {account.id: account.username for account in trail.people}
    assert [
        (names[one.actor_id], one.action, one.account_id and names[one.account_id], one.reason)
        for one in reversed(trail.records)
    ] == [
        ("alice", "message.removed", "bob", "an advertisement"),
        ("alice", "member.timed_out", "bob", "cool down"),
        ("alice", "member.role_changed", "carol", ""),
        ("carol", "member.banned", "bob", "spam again"),
        ("alice", "member.unbanned", "bob", ""),
        ("alice", "room.changed", None, ""),
    ]
    everywhere = await world.read(moderation.audit_everywhere, alice, None)
    assert everywhere.records == trail.records
    with pytest.raises(Forbidden):
        await world.read(moderation.audit_everywhere, carol, None)


async def test_the_trail_pages(world: World, alice: Person, room: UUID) -> None:
    for number in range(120):
        await world.write(rooms.change, alice, room, ChangeRoom(topic=f"topic {number}"))
    cursor, seen = None, list[UUID]()
    while True:
        page = await world.read(moderation.audit, alice, room, cursor)
        seen += [one.id for one in page.records]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("statement", ["DELETE FROM room_audit", "UPDATE room_audit SET reason=''"])
async def test_the_database_keeps_the_trail(
    world: World, alice: Person, room: UUID, statement: str
) -> None:
    await world.write(rooms.change, alice, room, ChangeRoom(topic="new"))
    with pytest.raises(Exception, match="append-only"):
        await world.pool.execute(statement)


async def test_a_report_reaches_those_who_keep_order(
    world: World, alice: Person, bob: Person, carol: Person, room: UUID
) -> None:
    said = await world.say(bob, room, "something bad")
    about = FileReport(room_id=room, message_id=said.id, category="abuse", note="look")
    filed = await world.write(moderation.report, carol, about)
    again = await world.write(moderation.report, carol, about)
    assert again.id == filed.id
    assert [event["type"] for event in world.published(alice.stream)][-1] == "reports.changed"
    assert "reports.changed" not in [event["type"] for event in world.published(bob.stream)]
    listed = await world.read(moderation.reports, alice, room, None, "open")
    assert (listed.open, [one.note for one in listed.reports]) == (1, ["look"])
    assert _names(listed.people) == {"bob", "carol"}
    await world.write(moderation.decide, alice, filed.id, Decide(state="resolved", reason="spoke"))
    assert (await world.read(moderation.reports, alice, room, None, "open")).open == 0
    [closed] = (await world.read(moderation.reports, alice, room, None, "decided")).reports
    assert (closed.state, closed.decided_by, closed.reason) == ("resolved", alice.id, "spoke")
    with pytest.raises(Decided):
        await world.write(moderation.decide, alice, filed.id, Decide(state="dismissed"))


async def test_nobody_judges_a_report_about_themselves(
    world: World, alice: Person, bob: Person, carol: Person, room: UUID
) -> None:
    await world.write(members.change_role, alice, room, bob.id, "moderator")
    about = FileReport(room_id=room, account_id=bob.id, category="abuse")
    filed = await world.write(moderation.report, carol, about)
    assert (await world.read(moderation.reports, bob, room, None, "open")).reports == []
    assert (await world.read(moderation.reports, bob, room, None, "open")).open == 0
    with pytest.raises(NotFound):
        await world.write(moderation.decide, bob, filed.id, Decide(state="dismissed"))
    assert "reports.changed" not in [event["type"] for event in world.published(bob.stream)]


async def test_a_report_about_somebody_at_large_is_for_the_admins(
    world: World, alice: Person, bob: Person, carol: Person, room: UUID
) -> None:
    await world.write(members.change_role, alice, room, carol.id, "moderator")
    about = FileReport(account_id=carol.id, category="spam")
    filed = await world.write(moderation.report, bob, about)
    everywhere = await world.read(moderation.all_reports, alice, None, "open")
    assert [one.id for one in everywhere.reports] == [filed.id]
    with pytest.raises(NotFound):
        await world.write(moderation.decide, bob, filed.id, Decide(state="dismissed"))
    with pytest.raises(Forbidden):
        await world.read(moderation.all_reports, carol, None, "open")
    await world.write(moderation.decide, alice, filed.id, Decide(state="dismissed"))
    found = {
        which: [one.id for one in (await world.read(moderation.all_reports, alice, None, which))
                .reports]
        for which in ("open", "decided", "all")
    }  # fmt: skip
    assert found == {"open": [], "decided": [filed.id], "all": [filed.id]}


WRONG = [
    FileReport(category="spam"),
    FileReport(category="spam", message_id=UUID(int=1)),
    FileReport(category="spam", account_id=UUID(int=1)),
]


@pytest.mark.parametrize("about", WRONG)
async def test_a_report_is_about_somebody(world: World, bob: Person, about: FileReport) -> None:
    with pytest.raises(Invalid):
        await world.write(moderation.report, bob, about)


async def test_one_does_not_report_oneself(world: World, bob: Person, room: UUID) -> None:
    said = await world.say(bob, room, "mine")
    about = FileReport(category="spam", room_id=room, message_id=said.id)
    with pytest.raises(Invalid):
        await world.write(moderation.report, bob, about)


def _names(people: list[Account]) -> set[str]:
    return {account.username for account in people}
