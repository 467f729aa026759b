"""Who may do what, at the edges: every route and every command, for everybody (C1, C6).

A new verb needs a row here: the build fails without. A refusal also has to change nothing.
"""

import warnings
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, cast
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.exceptions import LitestarDeprecationWarning
from tests.support.clock import HandClock
from tests.support.database import drop_database, fresh_database
from tests.support.node import Running, running_node
from tests.support.world import Person

from tertulia.core.postgres import EmbeddedPostgres
from tertulia.features.invites import service as invites
from tertulia.features.invites.schemas import CreateInvite
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.messages.schemas import Message
from tertulia.features.rooms.schemas import Visibility
from tertulia.main import wiring

PARTS = ("anonymous", "outsider", "ex_member", "banned", "guest", "member", "moderator", "owner")
ANSWERS = {
    "+": "done",
    "U": "unauthenticated",
    "N": "not_found",
    "F": "forbidden",
    "B": "banned",
    "L": "last_owner",
    "I": "invalid",
    "W": "wrong_credentials",
    "X": "invite_invalid",
}


@dataclass
class Stage:
    """A room, and what is in it. `bystander` is one more member, whom others act upon."""

    room: UUID
    people: dict[str, Person]
    bystander: Person
    stranger: Person
    said: Message  # by the bystander
    mine: dict[str, Message]  # by those who were ever in
    invite: UUID  # the owner's
    code: str
    fresh: str  # a name nobody has


Body = Callable[[Stage, Person | None], Any]


class Row(NamedTuple):
    """`cells` are in the order of PARTS, by the letters of ANSWERS. `path` shows who is meant where
    a path names somebody; the part asking may take another's place by `body`."""

    verb: str
    cells: str
    body: Body | None = None
    case: str = ""
    visibility: Visibility = "private"
    own_device: bool = False  # of this row: it does not survive


def constant(**body: Any) -> Body:
    return lambda _stage, _who: body


def said(stage: Stage, _who: Person | None) -> Any:
    return {"client_id": str(UUID(int=1)), "text": "hello", "reply_to": None}


def sent(stage: Stage, _who: Person | None) -> Any:
    return {"room_id": str(stage.room), "client_id": str(UUID(int=2)), "text": "hello"}


def in_room(**more: Any) -> Body:
    return lambda stage, _who: {"room_id": str(stage.room), **more}


def about_message(**more: Any) -> Body:
    """In a command: the bystander's message."""
    return lambda stage, _who: {
        "room_id": str(stage.room), "message_id": str(stage.said.id), **more,
    }  # fmt: skip


def registering(stage: Stage, _who: Person | None) -> Any:
    return {"username": stage.fresh, "password": "olive branches at dusk"}


def adding(stage: Stage, _who: Person | None) -> Any:
    return {"account_ids": [str(stage.stranger.id)]}


def banning(stage: Stage, _who: Person | None) -> Any:
    return {"account_id": str(stage.bystander.id)}


V1 = "/api/v1"
ROOM = f"{V1}/rooms/{{room_id}}"
IN = "U N N N"  # anonymous, outsider, ex-member, banned: not there (C6)

ROUTES = [
    # Before signing in
    Row(f"POST {V1}/auth/register", "+ + + + + + + +", registering),
    Row(f"POST {V1}/auth/login", "W W W W W W W W", constant(username="alice", password="wrong")),
    Row(f"POST {V1}/auth/refresh", "U U U U U U U U", constant()),
    Row(f"GET {V1}/server", "+ + + + + + + +"),
    Row(f"GET {V1}/invites/{{code}}", "+ + + + + + + +"),
    # Myself and others
    Row(f"POST {V1}/auth/logout", "+ + + + + + + +", own_device=True),
    Row(f"GET {V1}/me", "U + + + + + + +"),
    Row(f"PATCH {V1}/me", "U + + + + + + +", constant(status_text="out")),
    Row(f"POST {V1}/me/password", "U W W W W W W W",
        constant(current_password="wrong", new_password="olive branches at dawn")),
    Row(f"GET {V1}/me/devices", "U + + + + + + +"),
    Row(f"DELETE {V1}/me/devices", "U + + + + + + +"),
    Row(f"PATCH {V1}/me/devices/{{device_id}}", "U N N N N N N N", constant(name="Mine"),
        case="of another"),
    Row(f"DELETE {V1}/me/devices/{{device_id}}", "U N N N N N N N", case="of another"),
    Row(f"GET {V1}/me/events?after=0", "U + + + + + + +"),
    Row(f"GET {V1}/people", "U + + + + + + +"),
    Row(f"GET {V1}/people/{{account_id}}", "U + + + + + + +"),
    Row(f"GET {V1}/sync", "U + + + + + + +"),
    # Rooms
    Row(f"GET {V1}/rooms", "U + + + + + + +"),
    Row(f"POST {V1}/rooms", "U + + + + + + +", constant(kind="channel", name="Mine")),
    Row(f"GET {V1}/rooms/public", "U + + + + + + +"),
    Row(f"GET {ROOM}", f"{IN} + + + +"),
    Row(f"GET {ROOM}", f"{IN} + + + +", case="public", visibility="public"),
    Row(f"GET {ROOM}/events?after=0", f"{IN} + + + +"),
    Row(f"GET {ROOM}/events?after=0", f"{IN} + + + +", case="public", visibility="public"),
    Row(f"PATCH {ROOM}", f"{IN} F F + +", constant(name="New"), case="name"),
    Row(f"PATCH {ROOM}", f"{IN} F F F +", constant(visibility="public"), case="visibility"),
    Row(f"PATCH {ROOM}", f"{IN} F F F +", constant(archived=True), case="archive"),
    Row(f"PATCH {ROOM}", f"{IN} F F F +", constant(name="New", archived=True), case="both"),
    Row(f"POST {ROOM}/join", "U N N N + + + +"),
    Row(f"POST {ROOM}/join", "U + + B + + + +", case="public", visibility="public"),
    Row(f"POST {ROOM}/leave", f"{IN} + + + L"),
    Row(f"POST {ROOM}/read", f"{IN} + + + +", constant(seq=1)),
    # Members
    Row(f"GET {ROOM}/members", f"{IN} + + + +"),
    Row(f"POST {ROOM}/members", f"{IN} F + + +", adding),
    Row(f"PATCH {ROOM}/members/{{account_id}}", f"{IN} F F + +", constant(role="guest"),
        case="down"),
    Row(f"PATCH {ROOM}/members/{{account_id}}", f"{IN} F F F +", constant(role="moderator"),
        case="up"),
    Row(f"DELETE {ROOM}/members/{{account_id}}", f"{IN} F F + +"),
    Row(f"GET {ROOM}/bans", f"{IN} F F + +"),
    Row(f"POST {ROOM}/bans", f"{IN} F F + +", banning),
    Row(f"DELETE {ROOM}/bans/{{banned_id}}", f"{IN} F F + +"),
    # Invites
    Row(f"GET {ROOM}/invites", f"{IN} F + + +"),
    Row(f"POST {ROOM}/invites", f"{IN} F + + +", constant()),
    Row(f"DELETE {ROOM}/invites/{{invite_id}}", f"{IN} F N + +", case="the owner's"),
    Row(f"POST {V1}/invites/{{code}}/accept", "U + + B + + + +"),
    # Messages
    Row(f"GET {ROOM}/messages", f"{IN} + + + +"),
    Row(f"GET {ROOM}/messages", f"{IN} + + + +", case="public", visibility="public"),
    Row(f"POST {ROOM}/messages", f"{IN} + + + +", said),
    Row(f"POST {ROOM}/messages", f"{IN} + + + +", said, case="public", visibility="public"),
    Row(f"GET {ROOM}/messages/{{message_id}}", f"{IN} + + + +"),
    Row(f"GET {ROOM}/messages/{{message_id}}/revisions", f"{IN} + + + +"),
    Row(f"PATCH {ROOM}/messages/{{message_id}}", f"{IN} F F F F", constant(text="no")),
    Row(f"PATCH {ROOM}/messages/{{my_message_id}}", "U N N N + + + +", constant(text="yes"),
        case="mine"),
    Row(f"DELETE {ROOM}/messages/{{message_id}}", f"{IN} F F + +"),
    Row(f"DELETE {ROOM}/messages/{{my_message_id}}", "U N N N + + + +", case="mine"),
]  # fmt: skip

COMMANDS = [
    Row("message.send", f"{IN} + + + +", sent),
    Row("message.edit", f"{IN} F F F F", about_message(text="no")),
    Row("message.delete", f"{IN} F F + +", about_message()),
    Row("room.read", f"{IN} + + + +", in_room(seq=1)),
    Row("typing", f"{IN} + + + +", in_room(active=True)),
    Row("presence.set", "U + + + + + + +", constant(state="away")),
    Row("presence.list", f"{IN} + + + +", in_room()),
]


# The table is whole


def pattern(verb: str) -> str:
    """Without the query, and with one name for every person or message in a path."""
    path = verb.partition("?")[0]
    return path.replace("{my_message_id}", "{message_id}").replace("{banned_id}", "{account_id}")


def served() -> set[str]:
    with warnings.catch_warnings():
        # Routes name their dependencies the way Litestar 2 infers; 3 will want them marked.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        app = Litestar(list(wiring.ROUTES), openapi_config=None)
    return {
        f"{method} {route.path_format}"
        for route in app.routes
        for method in getattr(route, "route_handler_map", {})
        if method != "OPTIONS"
    }


def test_every_route_has_its_row() -> None:
    assert {pattern(row.verb) for row in ROUTES} == served()
    assert len(served()) > 40, "the routes were not found"


def test_every_command_has_its_row() -> None:
    nothing = cast("Any", None)
    commands = wiring.commands(
        db=nothing, bus=nothing, limiter=nothing, sending=nothing, presence=nothing
    )
    assert {row.verb for row in COMMANDS} == set(commands)


def test_every_row_answers_for_everybody() -> None:
    for row in (*ROUTES, *COMMANDS):
        assert len(row.cells.split()) == len(PARTS), row
        assert set(row.cells.split()) <= set(ANSWERS), row


# The table is true


class Theatre:
    """A node, and a cast that plays in one room after the other."""

    def __init__(self, running: Running, people: dict[str, Person]) -> None:
        self.running = running
        self.world = running.world
        self.people = people
        self._stages = 0
        self.words: dict[str, Any] = {}  # of the last answer

    async def set_up(self, visibility: Visibility) -> Stage:
        self._stages += 1
        world, people = self.world, self.people
        owner, bystander = people["owner"], people["bystander"]
        inside = [person for name, person in people.items() if name not in ("owner", "outsider",
                  "stranger")]  # fmt: skip
        room = await world.channel(owner, *inside, visibility=visibility)
        mine = {
            name: await world.say(person, room, f"said by the {name}")
            for name, person in people.items()
            if person in inside or person is owner
        }
        for name in ("moderator", "guest"):
            role = cast("Any", name)
            await world.write(members.change_role, owner, room, people[name].id, role)
        await world.write(members.leave, people["ex_member"], room)
        await world.write(members.ban, owner, room, Ban(account_id=people["banned"].id))
        invite = await world.write(
            invites.create, owner, room, CreateInvite(), public_url="https://t.example"
        )
        return Stage(
            room=room,
            people=people,
            bystander=bystander,
            stranger=people["stranger"],
            said=mine["bystander"],
            mine=mine,
            invite=invite.id,
            code=invite.code,
            fresh=f"newcomer{self._stages}",
        )

    def path(self, row: Row, stage: Stage, part: str) -> str:
        return row.verb.partition(" ")[2].format(
            room_id=stage.room,
            message_id=stage.said.id,
            my_message_id=stage.mine.get(part, stage.said).id,
            account_id=stage.bystander.id,
            banned_id=stage.people["banned"].id,
            device_id=stage.bystander.actor.device_id,
            invite_id=stage.invite,
            code=stage.code,
        )

    async def ask(self, row: Row, stage: Stage, part: str) -> str:
        """The answer's code, `done` for success."""
        who = self.people.get(part)
        body = row.body(stage, who) if row.body else None
        if " " not in row.verb:
            return await self._command(who, row.verb, body)
        if who is not None and row.own_device:
            who = await self.world.another_device(who)
        method, path = row.verb.partition(" ")[0], self.path(row, stage, part)
        response = await self.running.request(who, method, path, body)
        self.words = {
            name: value for name, value in _json(response).items() if name != "request_id"
        }
        if response.is_success:
            return "done"
        assert response.headers["content-type"] == "application/problem+json"
        return response.json()["code"]

    async def _command(self, who: Person | None, name: str, body: Any) -> str:
        if who is None:
            return await self.running.refused_socket(None)
        ack = await self.running.command(who, name, body)
        self.words = dict(ack)
        return "done" if ack["ok"] else ack["error"]["code"]

    async def logged(self) -> int:
        async with self.world.db.read() as tx:
            return await tx.conn.fetchval("SELECT sum(head) FROM streams")


def _json(response: httpx.Response) -> dict[str, Any]:
    return response.json() if response.content else {}


@pytest.fixture(scope="module")
async def theatre(cluster: EmbeddedPostgres) -> AsyncIterator[Theatre]:
    dsn = await fresh_database(cluster)
    async with running_node(dsn, HandClock()) as running:
        names = (*PARTS[1:], "bystander", "stranger")
        people = {name: await running.world.person(name.replace("_", "-") + "1") for name in names}
        yield Theatre(running, people)
    await drop_database(cluster, dsn)


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=" ".join(filter(None, (row.verb, row.case)))) for row in
     (*ROUTES, *COMMANDS)],
)  # fmt: skip
async def test_everybody_gets_the_answer_of_the_table(row: Row, theatre: Theatre) -> None:
    stage = await theatre.set_up(row.visibility)
    expected = [ANSWERS[cell] for cell in row.cells.split()]
    answers: list[str] = []
    for part in PARTS:
        before = await theatre.logged()
        answers.append(await theatre.ask(row, stage, part))
        if answers[-1] != "done":
            assert await theatre.logged() == before, f"refused the {part}, and yet told something"
        elif not row.verb.startswith("GET "):
            stage = await theatre.set_up(row.visibility)
    assert dict(zip(PARTS, answers, strict=True)) == dict(zip(PARTS, expected, strict=True))


HIDDEN = [row for row in (*ROUTES, *COMMANDS) if row.cells.split()[1] == "N"
          and (ROOM in row.verb or " " not in row.verb)]  # fmt: skip


async def test_a_room_that_is_not_mine_answers_like_one_that_is_not(theatre: Theatre) -> None:
    """In the same words, for everybody who is not in it (C6)."""
    there = await theatre.set_up("private")
    nowhere = replace(there, room=UUID(int=0xDEAD))
    for row in HIDDEN:
        for part in ("outsider", "ex_member", "banned"):
            assert await theatre.ask(row, there, part) == "not_found"
            words = theatre.words
            assert await theatre.ask(row, nowhere, part) == "not_found"
            assert theatre.words == words, (row.verb, part)
    assert len(HIDDEN) > 25
