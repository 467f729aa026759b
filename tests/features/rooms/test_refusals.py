"""Every verb of rooms, members and invites, by everybody, in every kind of room: one table.

A verb that is allowed is undone, so that all of them meet the same people in the same rooms.
"""

import ast
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from inspect import getsource
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest
import pytest_asyncio
from tests.support.rooms import PARTS, Cast, Town, assemble

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError
from tertulia.core.tx import Tx
from tertulia.features.invites import service as invites
from tertulia.features.invites.schemas import CreateInvite
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban, TimeOut
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.rooms.service import Can

Act = Callable[[Tx, Actor, "Place"], Awaitable[object]]


class Place(NamedTuple):
    """A room with its cast, one link into it made by the owner, and somebody new in town."""

    cast: Cast
    code: str
    invite_id: UUID
    newcomer: Actor

    @property
    def id(self) -> UUID:
        return self.cast.room_id


# What each does, told by the code of the refusal.
MARKS = {
    "+": "",
    "?": "not_found",
    "-": "forbidden",
    "b": "banned",
    "i": "invalid",
    "L": "last_owner",
    "a": "archived",
}

ACTS: Mapping[str, Act] = {
    "read": lambda tx, who, at: rooms.require(tx, who, at.id, Can.READ),
    "post": lambda tx, who, at: rooms.require(tx, who, at.id, Can.POST),
    "call the whole room": lambda tx, who, at: rooms.require(tx, who, at.id, Can.MENTION_ROOM),
    "delete what others said": lambda tx, who, at: rooms.require(tx, who, at.id, Can.DELETE_ANY),
    "rename": lambda tx, who, at: rooms.change(tx, who, at.id, ChangeRoom(name="New")),
    "retopic": lambda tx, who, at: rooms.change(tx, who, at.id, ChangeRoom(topic="New")),
    "open": lambda tx, who, at: rooms.change(tx, who, at.id, ChangeRoom(visibility="public")),
    "close": lambda tx, who, at: rooms.change(tx, who, at.id, ChangeRoom(visibility="private")),
    "archive": lambda tx, who, at: rooms.change(tx, who, at.id, ChangeRoom(archived=True)),
    "bring back": lambda tx, who, at: rooms.change(tx, who, at.id, ChangeRoom(archived=False)),
    "join": lambda tx, who, at: members.join(tx, who, at.id),
    "leave": lambda tx, who, at: members.leave(tx, who, at.id),
    "add": lambda tx, who, at: members.add(tx, who, at.id, [at.newcomer.account_id]),
    "add the banned": lambda tx, who, at: members.add(
        tx, who, at.id, [at.newcomer.account_id, at.cast.banned.account_id]
    ),
    "remove a member": lambda tx, who, at: members.remove(
        tx, who, at.id, at.cast.bystander.account_id
    ),
    "remove the moderator": lambda tx, who, at: members.remove(
        tx, who, at.id, at.cast.moderator.account_id
    ),
    "remove the owner": lambda tx, who, at: members.remove(
        tx, who, at.id, at.cast.owner.account_id
    ),
    "time out a member": lambda tx, who, at: members.time_out(
        tx, who, at.id, at.cast.bystander.account_id, TimeOut(until=tx.now + timedelta(hours=1))
    ),
    "time out the moderator": lambda tx, who, at: members.time_out(
        tx, who, at.id, at.cast.moderator.account_id, TimeOut(until=None)
    ),
    "slow down": lambda tx, who, at: rooms.change(tx, who, at.id, ChangeRoom(slow_mode=30)),
    "announce": lambda tx, who, at: rooms.change(tx, who, at.id, ChangeRoom(posting="moderators")),
    "ban a member": lambda tx, who, at: members.ban(
        tx, who, at.id, Ban(account_id=at.cast.bystander.account_id)
    ),
    "ban the moderator": lambda tx, who, at: members.ban(
        tx, who, at.id, Ban(account_id=at.cast.moderator.account_id)
    ),
    "ban the owner": lambda tx, who, at: members.ban(
        tx, who, at.id, Ban(account_id=at.cast.owner.account_id)
    ),
    "ban a stranger": lambda tx, who, at: members.ban(
        tx, who, at.id, Ban(account_id=at.newcomer.account_id)
    ),
    "unban": lambda tx, who, at: members.unban(tx, who, at.id, at.cast.banned.account_id),
    "see bans": lambda tx, who, at: members.bans(tx, who, at.id),
    "make a member guest": lambda tx, who, at: members.change_role(
        tx, who, at.id, at.cast.bystander.account_id, "guest"
    ),
    "make a member moderator": lambda tx, who, at: members.change_role(
        tx, who, at.id, at.cast.bystander.account_id, "moderator"
    ),
    "make the moderator member": lambda tx, who, at: members.change_role(
        tx, who, at.id, at.cast.moderator.account_id, "member"
    ),
    "make the owner member": lambda tx, who, at: members.change_role(
        tx, who, at.id, at.cast.owner.account_id, "member"
    ),
    "make oneself owner": lambda tx, who, at: members.change_role(
        tx, who, at.id, who.account_id, "owner"
    ),
    "see members": lambda tx, who, at: members.page(tx, who, at.id, None),
    "mark read": lambda tx, who, at: members.mark_read(tx, who, at.id, 1),
    "invite": lambda tx, who, at: invites.create(
        tx, who, at.id, CreateInvite(), public_url="https://t.example"
    ),
    "see links": lambda tx, who, at: invites.list_live(tx, who, at.id),
    "revoke the owner's link": lambda tx, who, at: invites.revoke(tx, who, at.id, at.invite_id),
    "follow a link": lambda tx, who, at: invites.accept(tx, who, at.code),
}

# Columns: outsider, ex-member, banned, guest, member, moderator, owner.
CHANNEL = {
    "read":                      "???++++",
    "post":                      "???++++",
    "call the whole room":       "???-+++",
    "delete what others said":   "???--++",
    "rename":                    "???--++",
    "retopic":                   "???--++",
    "open":                      "???---+",
    "close":                     "???---+",
    "archive":                   "???---+",
    "bring back":                "???---+",
    "join":                      "???++++",
    "leave":                     "???+++L",
    "add":                       "???-+++",
    "add the banned":            "???-iii",
    "remove a member":           "???--++",
    "remove the moderator":      "???--i+",
    "remove the owner":          "???---i",
    "time out a member":         "???--++",
    "time out the moderator":    "???--i+",
    "slow down":                 "???--++",
    "announce":                  "???--++",
    "ban a member":              "???--++",
    "ban the moderator":         "???--i+",
    "ban the owner":             "???---i",
    "ban a stranger":            "???--++",
    "unban":                     "???--++",
    "see bans":                  "???--++",
    "make a member guest":       "???--++",
    "make a member moderator":   "???---+",
    "make the moderator member": "???--++",
    "make the owner member":     "???---L",
    "make oneself owner":        "???---+",
    "see members":               "???++++",
    "mark read":                 "???++++",
    "invite":                    "???-+++",
    "see links":                 "???-+++",
    "revoke the owner's link":   "???-?++",
    "follow a link":             "++b++++",
}  # fmt: skip
PUBLIC = CHANNEL | {"join": "++b++++"}
GROUP = CHANNEL | {
    "rename":  "???-+++",
    "retopic": "???-+++",
    "open":    "???----",
    "close":   "???----",
}  # fmt: skip
_SHUT = {
    "post":                      "???aaaa",
    "call the whole room":       "???-aaa",
    "delete what others said":   "???--aa",
    "rename":                    "???--aa",
    "retopic":                   "???--aa",
    "open":                      "???---a",
    "close":                     "???---a",
    "add":                       "???-aaa",
    "add the banned":            "???-aaa",
    "remove a member":           "???--aa",
    "remove the moderator":      "???--aa",
    "remove the owner":          "???--aa",
    "time out a member":         "???--aa",
    "time out the moderator":    "???--aa",
    "slow down":                 "???--aa",
    "announce":                  "???--aa",
    "ban a member":              "???--aa",
    "ban the moderator":         "???--aa",
    "ban the owner":             "???--aa",
    "ban a stranger":            "???--aa",
    "unban":                     "???--aa",
    "make a member guest":       "???--aa",
    "make a member moderator":   "???--aa",
    "make the moderator member": "???--aa",
    "make the owner member":     "???--aa",
    "make oneself owner":        "???--aa",
    "invite":                    "???-aaa",
    "follow a link":             "aab++++",
}  # fmt: skip
TABLES = {
    "channel": CHANNEL,
    "public channel": PUBLIC,
    "group": GROUP,
    "archived channel": CHANNEL | _SHUT,
    "archived public channel": PUBLIC | _SHUT | {"join": "aab++++"},
}
CASES = [(place, act, part) for place in TABLES for act in ACTS for part in PARTS]


class _UndoError(Exception):
    pass


async def attempt(town: Town, act: Callable[[Tx], Awaitable[object]]) -> str:
    """Do it as far as the commit, and undo it. Answers the code of the refusal."""

    async def run(tx: Tx) -> None:
        await act(tx)
        await tx.flush()
        raise _UndoError

    try:
        await town.db.write(run)
    except _UndoError:
        return ""
    except AppError as error:
        return error.code
    raise AssertionError


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def places(town: Town) -> AsyncIterator[dict[str, Place]]:
    yield {
        "channel": await build(town, await assemble(town)),
        "public channel": await build(town, await assemble(town, visibility="public")),
        "group": await build(town, await assemble(town, kind="group")),
        "archived channel": await build(town, await assemble(town), archived=True),
        "archived public channel": await build(
            town, await assemble(town, visibility="public"), archived=True
        ),
    }


async def build(town: Town, cast: Cast, *, archived: bool = False) -> Place:
    invite = await town.write(
        invites.create, cast.owner, cast.room_id, CreateInvite(), public_url="https://t.example"
    )
    if archived:
        await town.write(rooms.change, cast.owner, cast.room_id, ChangeRoom(archived=True))
    return Place(cast, invite.code, invite.id, await town.person())


@pytest.mark.parametrize(("place", "act", "part"), CASES)
async def test_who_may_do_what_where(
    town: Town, places: dict[str, Place], place: str, act: str, part: str
) -> None:
    at = places[place]
    wanted = MARKS[TABLES[place][act][PARTS.index(part)]]
    assert await attempt(town, lambda tx: ACTS[act](tx, at.cast.play(part), at)) == wanted


# A direct room has two members, for ever; it is read and written, nothing else.
DIRECT = {
    "read": "",
    "post": "",
    "call the whole room": "",
    "join": "",
    "see members": "",
    "mark read": "",
}


@pytest.mark.parametrize("act", [act for act in ACTS if act != "follow a link"])
async def test_nothing_happens_to_a_direct_room(town: Town, act: str) -> None:
    one, other, outsider = await town.people(3)
    room_id = await town.room(one, other, kind="direct")
    cast = Cast(room_id, one, other, other, other, outsider, outsider, outsider, other)
    at = Place(cast, "", town.ids.uuid7(), outsider)
    for who in (one, other):
        wanted = DIRECT.get(act, "forbidden")
        assert await attempt(town, lambda tx, who=who: ACTS[act](tx, who, at)) == wanted
    assert await attempt(town, lambda tx: ACTS[act](tx, outsider, at)) == "not_found"


def test_every_verb_has_its_row() -> None:
    """Verbs take a transaction and an actor; those that nobody is refused are named here."""
    free = {
        "rooms.create",  # a room of one's own
        "rooms.browse",  # public rooms only
        "rooms.find_people",  # those who let themselves be found
        "rooms.archive",  # the end of `leave`
        "members.admit",  # the end of `accept`
        "rooms.record",  # the end of what moderators do
        "members.mark_all_read",  # one's own positions
    }
    tried = {
        f"{call.func.value.id}.{call.func.attr}"
        for call in ast.walk(ast.parse(Path(__file__).read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
    }
    for name, module in (("rooms", rooms), ("members", members), ("invites", invites)):
        for node in ast.parse(getsource(module)).body:
            if isinstance(node, ast.AsyncFunctionDef) and is_verb(node):
                assert f"{name}.{node.name}" in tried | free


def is_verb(node: ast.AsyncFunctionDef) -> bool:
    names = [argument.arg for argument in node.args.args]
    return names[:2] == ["tx", "actor"] and not node.name.startswith("_")
