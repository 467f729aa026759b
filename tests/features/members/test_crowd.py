"""A room of thousands: pages come from an index, and what is kept to make them so stays true."""

from itertools import pairwise
from typing import cast
from uuid import UUID

import pytest
from tests.support import queries
from tests.support.crowds import crowd
from tests.support.rooms import Town

from tertulia.core.actor import Actor
from tertulia.core.doctor import Patient
from tertulia.features.members import service as members
from tertulia.features.members import store
from tertulia.features.members.schemas import Ban
from tertulia.features.members.store import FIRST, Wanted
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import Member
from tertulia.features.rooms.service import Can
from tertulia.main.invariants import INVARIANTS

PEOPLE = 3_000
WIDE = "".join(chr(ord(letter) + 0xFEE0) for letter in "Wide")  # as an input method types it


async def listed(town: Town, who: Actor, room_id: UUID, query: str = "") -> list[Member]:
    """All pages together."""
    found, cursor = list[Member](), None
    while True:
        page = await town.read(members.page, who, room_id, cursor, query=query)
        assert len(page.members) <= members.PAGE
        found += page.members
        cursor = page.next
        if cursor is None:
            return found


async def names(town: Town, who: Actor, room_id: UUID, query: str = "") -> list[str]:
    return [one.account.display_name for one in await listed(town, who, room_id, query)]


async def member_count(town: Town, who: Actor, room_id: UUID) -> int:
    async with town.db.read() as tx:
        access = await rooms.require(tx, who, room_id, Can.READ)
        return (await rooms.member_counts(tx, [access]))[room_id]


async def test_thousands_come_in_order_each_once(town: Town) -> None:
    host = await town.person("host")
    room_id = await town.room(host)
    people = await crowd(town, room_id, PEOPLE)
    found = await listed(town, host, room_id)
    assert [one.account.id for one in found[:1]] == [host.account_id]
    assert {one.account.id for one in found} == {host.account_id, *people}
    assert len(found) == PEOPLE + 1
    shown = [one.account.display_name for one in found[1:]]
    assert all(one < other for one, other in pairwise(shown))
    assert await member_count(town, host, room_id) == PEOPLE + 1


async def test_a_page_of_thousands_is_read_from_the_index_in_three_statements(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await town.person("host")
    room_id = await town.room(host)
    await crowd(town, room_id, PEOPLE)
    first = await town.read(members.page, host, room_id, None)
    asked = queries.count(monkeypatch)
    await town.read(members.page, host, room_id, first.next)
    assert sum("members" in one for one in asked) == 3  # may I, where do they stand, who are they
    async with town.db.read() as tx:
        access = await rooms.require(tx, host, room_id, Can.READ)
        asked.clear()
        await store.page(tx, access, Wanted(), FIRST, 100)
        [sql] = [one for one in asked if "name_key" in one]
        values = (room_id, None, None, None, *FIRST, 100)
        await tx.conn.execute("ANALYZE members")
        plan = "\n".join(
            row[0] for row in await tx.conn.fetch(f"EXPLAIN (COSTS OFF) {sql}", *values)
        )
    assert "members_listed" in plan
    assert "Sort" not in plan


async def test_names_sort_and_are_found_without_case_and_accents(town: Town) -> None:
    host = await town.person("host")
    guests = await town.people(5)
    room_id = await town.room(host, *guests)
    for guest, name in zip(guests, ("zoe", "Élan Vital", "elba", "山田 太郎", WIDE), strict=True):
        await town.rename(guest, name)
    order = ["Élan Vital", "elba", WIDE, "zoe", "山田 太郎"]
    assert (await names(town, host, room_id))[1:] == order
    found = {"ELAN": "Élan Vital", "vital": "Élan Vital", "wide": WIDE, "太郎": "山田 太郎"}
    for query, name in found.items():
        assert await names(town, host, room_id, query) == [name]
    assert await names(town, host, room_id, "\N{FULLWIDTH PERCENT SIGN}") == []


async def test_who_changes_their_name_moves_in_every_room(town: Town) -> None:
    host, alice, bob = await town.people(3)
    places = [await town.room(host, alice, bob) for _ in range(2)]
    left = await town.room(host, alice)
    await town.write(members.leave, alice, left)
    await town.rename(bob, "Mid")
    for name, order in (("Aaron", ["Aaron", "Mid"]), ("Zora", ["Mid", "Zora"])):
        await town.rename(alice, name)
        for room_id in places:
            assert (await names(town, host, room_id))[1:] == order
    await town.write(members.add, host, left, [alice.account_id])
    assert await names(town, host, left, "zora") == ["Zora"]


async def test_the_count_follows_all_who_come_and_go(town: Town) -> None:
    host, alice, bob, eve = await town.people(4)
    room_id = await town.room(host, alice, visibility="public")
    assert await member_count(town, host, room_id) == 2
    await town.write(members.join, bob, room_id)
    await town.write(members.join, bob, room_id)
    assert await member_count(town, host, room_id) == 3
    await town.write(members.leave, bob, room_id)
    await town.write(members.remove, host, room_id, alice.account_id, "")
    assert await member_count(town, host, room_id) == 1
    for banned in (eve, alice):  # never in, and no longer in
        await town.write(members.ban, host, room_id, Ban(account_id=banned.account_id))
        await town.write(members.unban, host, room_id, banned.account_id)
    await town.write(members.add, host, room_id, [alice.account_id, bob.account_id])
    assert await member_count(town, host, room_id) == 3
    await town.write(members.ban, host, room_id, Ban(account_id=bob.account_id))
    assert await member_count(town, host, room_id) == 2


async def test_bans_come_in_pages_newest_first(town: Town) -> None:
    host = await town.person("host")
    room_id = await town.room(host)
    people = await crowd(town, room_id, members.BANS + 20)
    for one in people:
        town.clock.pass_(seconds=1)
        await town.write(members.ban, host, room_id, Ban(account_id=one))
    first = await town.read(members.bans, host, room_id)
    assert len(first.bans) == members.BANS
    last = await town.read(members.bans, host, room_id, first.next)
    assert last.next is None
    found = [banned.account.id for banned in (*first.bans, *last.bans)]
    assert found == people[::-1]
    assert await town.refusal(members.bans, host, room_id, "WzEsMl0") == "invalid"


async def test_nothing_kept_is_false_in_the_end(town: Town) -> None:
    """What the tests above left behind, asked by what `tertulia doctor --invariants` asks."""
    async with town.db.read() as tx:
        findings = [await check(cast("Patient", None), tx.conn) for check in INVARIANTS]
    [crowds] = [finding for finding in findings if finding.check == "crowds"]
    assert crowds.level == "ok", crowds.text
