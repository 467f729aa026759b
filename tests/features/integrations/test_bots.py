"""Bots: what their tokens open, and everything that they do not."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.contracts.matrix import ROUTES
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.theatre import PARTS, Theatre
from tests.support.world import Person

from tertulia.core.actor import Actor

# Who needs no session at all is not asked for one.
OPEN = ("/api/v1/auth/", "/api/v1/server", "/api/v1/invites/{code}", "/api/v1/hooks/", "/files/",
        "/media/")  # fmt: skip


async def make_bot(running: Running, owner: Person, name: str = "builder") -> Person:
    made = await running.request(owner, "POST", "/api/v1/bots", {"username": name})
    assert made.status_code == 201, made.text
    from_json: Any = made.json()
    assert from_json["account"]["is_bot"]
    account_id = UUID(from_json["id"])
    return Person(Actor(account_id, account_id), name)


async def token_of(running: Running, owner: Person, bot: Person, **wanted: Any) -> Any:
    made = await running.request(
        owner, "POST", f"/api/v1/bots/{bot.id}/tokens", {"name": "Build", **wanted}
    )
    assert made.status_code == 201, made.text
    return made.json()


async def ask(
    running: Running, secret: str, method: str, path: str, body: Any = None
) -> httpx.Response:
    return await running.request_by(secret, method, path, body)


async def test_a_bot_speaks_and_reads_as_itself(running: Running) -> None:
    world = running.world
    alice = await world.person("alice")
    bot = await make_bot(running, alice)
    room = await world.channel(alice, bot)
    made = await token_of(running, alice, bot, scopes=["read", "write"])
    secret = made["secret"]
    assert secret.startswith("tbot_")
    said = await ask(
        running,
        secret,
        "POST",
        f"/api/v1/rooms/{room}/messages",
        {"client_id": str(world.ids.uuid7()), "text": "built"},
    )
    assert (said.status_code, said.json()["author_id"]) == (201, str(bot.id))
    page = await ask(running, secret, "GET", f"/api/v1/rooms/{room}/messages")
    assert page.json()["messages"][-1]["body"]["text"] == "built"
    listed = (await running.request(alice, "GET", "/api/v1/bots")).json()["bots"]
    assert secret not in str(listed)
    assert listed[0]["tokens"][0]["last_used_at"] is not None


async def test_a_revoked_token_opens_nothing(running: Running) -> None:
    alice = await running.world.person("alice")
    bot = await make_bot(running, alice)
    one = await token_of(running, alice, bot, scopes=["read"])
    two = await token_of(running, alice, bot, scopes=["read"])
    path = f"/api/v1/bots/{bot.id}/tokens/{one['token']['id']}"
    assert (await running.request(alice, "DELETE", path)).status_code == 204
    assert (await ask(running, one["secret"], "GET", "/api/v1/me")).status_code == 401
    assert (await ask(running, two["secret"], "GET", "/api/v1/me")).status_code == 200
    assert (await running.request(alice, "DELETE", f"/api/v1/bots/{bot.id}")).status_code == 204
    assert (await ask(running, two["secret"], "GET", "/api/v1/me")).status_code == 401
    assert (await ask(running, "tbot_guessed", "GET", "/api/v1/me")).status_code == 401


async def test_nobody_signs_in_as_a_bot(running: Running) -> None:
    alice = await running.world.person("alice")
    await make_bot(running, alice)
    for password in ("a bot has none", "unclaimed", ""):
        body = {"username": "builder", "password": password or "x"}
        answer = await running.request(None, "POST", "/api/v1/auth/login", body)
        assert answer.json()["code"] == "wrong_credentials"
    assert await running.refused_socket("tbot_whatever") == "unauthenticated"


async def test_a_token_bound_to_a_room_knows_no_other(running: Running) -> None:
    world = running.world
    alice = await world.person("alice")
    bot = await make_bot(running, alice)
    mine, other = await world.channel(alice, bot), await world.channel(alice, bot)
    made = await token_of(running, alice, bot, scopes=["read", "write"], room_ids=[str(mine)])
    secret = made["secret"]
    assert (await ask(running, secret, "GET", f"/api/v1/rooms/{mine}/messages")).is_success
    for path in (f"/api/v1/rooms/{other}/messages", "/api/v1/rooms", "/api/v1/sync",
                 "/api/v1/search?query=x", "/api/v1/mentions", "/api/v1/people"):  # fmt: skip
        answer = await ask(running, secret, "GET", path)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope"), path
    # A bound room that its bot is not in stays what it is for everybody outside.
    stranger = await world.channel(alice)
    made = await token_of(running, alice, bot, scopes=["read"], room_ids=[str(stranger)])
    answer = await ask(running, made["secret"], "GET", f"/api/v1/rooms/{stranger}/messages")
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("reach", ["read", "write", "another room"])
async def test_with_too_little_scope_every_route_refuses(
    dsn: str, clock: HandClock, reach: str
) -> None:
    """Every row of the table of refusals, asked by a bot that is in the room as its owner is."""
    # Without jobs: what one does in between would look like something a refusal did.
    async with running_node(dsn, clock, jobs="off") as running:
        await _refuses(running, reach)


async def _refuses(running: Running, reach: str) -> None:
    world = running.world
    names = (*PARTS[1:], "bystander", "stranger")
    alice = await world.person("alice")
    people = {name: await world.person(name.replace("_", "-") + "1") for name in names}
    bot = await make_bot(running, alice)
    people["owner"] = bot
    theatre = Theatre(running, people)
    stage = await theatre.set_up("private")
    wanted: dict[str, Any] = {"scopes": ["read", "write"], "room_ids": [str(bot.id)]}
    if reach != "another room":
        wanted = {"scopes": [reach]}
    secret = (await token_of(running, alice, bot, **wanted))["secret"]
    before, asked = await theatre.logged(), 0
    for row in ROUTES:
        method, _, pattern = row.verb.partition(" ")
        reads = method in ("GET", "HEAD")
        harmless = reach == "another room" and pattern in ("/api/v1/me", "/api/v1/emoji")
        harmless = harmless or (reach == "another room" and pattern == "/api/v1/commands")
        granted = (reach == "read" and reads) or (reach == "write" and not reads)
        if granted or (harmless and reads) or any(part in pattern for part in OPEN):
            continue
        body = row.body(stage, bot) if row.body else None
        answer = await ask(running, secret, method, theatre.path(row, stage, "owner"), body)
        code = answer.json()["code"] if answer.content else answer.status_code
        told = 403 if method == "HEAD" else "insufficient_scope"
        assert code == told, (row.verb, code)
        asked += 1
    assert asked > 40
    assert await theatre.logged() == before
