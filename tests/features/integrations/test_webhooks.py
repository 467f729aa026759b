"""Webhooks, both ways, over real HTTP."""

import asyncio
import base64
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from tests.support.node import Running
from tests.support.strangers import Asked, Stranger, answer
from tests.support.world import Person

from tertulia.core.tx import Tx


async def incoming(running: Running, owner: Person, room: UUID) -> str:
    """The path of a new webhook's address."""
    made = await running.request(
        owner, "POST", f"/api/v1/rooms/{room}/incoming-webhooks", {"name": "Build"}
    )
    assert made.status_code == 201, made.text
    return made.json()["url"].removeprefix("http://127.0.0.1")


async def post(running: Running, path: str, **request: Any) -> httpx.Response:
    async with httpx.AsyncClient(base_url=running.url) as http:
        return await http.post(path, **request)


async def test_slacks_json_is_said_in_the_room(running: Running) -> None:
    world = running.world
    alice, bob = await world.person("alice"), await world.person("bob")
    room = await world.channel(alice, bob)
    path = await incoming(running, alice, room)
    listener = await running.listen(bob)
    payload = {"text": "*done* <https://a.example|log>", "username": "CI", "icon_emoji": "🫒"}
    said = await post(running, path, json=payload)
    assert (said.status_code, said.text) == (200, "ok")
    event = await listener.until_said("**done** [log](https://a.example)")
    message = event["data"]["message"]
    assert message["body"]["shown_as"] == {"name": "CI", "icon": "🫒"}
    # Whatever it calls itself, its author is a bot with a seat in the room.
    assert event["data"]["author"]["is_bot"]
    assert event["data"]["author"]["display_name"] == "Build"
    assert (await post(running, path, json={"text": "boo", "icon_emoji": ":ghost:"})).text == "ok"
    event = await listener.until_said("boo")
    # As Slack's own examples name it.
    assert event["data"]["message"]["body"]["shown_as"] == {"name": "", "icon": "👻"}
    form = await post(running, path, data={"payload": json.dumps({"text": "by form"})})
    assert form.status_code == 200
    await listener.until_said("by form")


async def test_the_same_key_says_it_once(running: Running) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    path = await incoming(running, alice, room)
    headers = {"Idempotency-Key": str(world.ids.uuid7())}
    before = len(await world.logged(room))
    for _ in range(2):
        assert (await post(running, path, json={"text": "x"}, headers=headers)).status_code == 200
    assert len(await world.logged(room)) == before + 1


async def test_addresses_that_are_none_or_no_more_open_nothing(running: Running) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    path = await incoming(running, alice, room)
    forged = path[:-4] + "AAAA"
    assert (await post(running, forged, json={"text": "x"})).json()["code"] == "not_found"
    for bad in (b"", b"[]", b"{", b'{"text": ""}', b"x" * 70_000):
        refused = await post(running, path, content=bad)
        assert refused.json()["code"] in ("invalid", "too_large"), bad[:20]
    hook_id = path.split("/")[-2]
    listed = await running.request(alice, "GET", f"/api/v1/webhooks?room_id={room}")
    assert path.split("/")[-1] not in listed.text
    gone = f"/api/v1/rooms/{room}/incoming-webhooks/{hook_id}"
    assert (await running.request(alice, "DELETE", gone)).status_code == 204
    assert (await post(running, path, json={"text": "x"})).json()["code"] == "not_found"


async def test_a_webhook_says_so_much_a_minute(running: Running) -> None:
    world = running.world
    alice = await world.person("alice")
    path = await incoming(running, alice, await world.channel(alice))
    codes = [(await post(running, path, json={"text": "x"})).status_code for _ in range(61)]
    assert codes == [200] * 60 + [429]


# Out


async def outgoing(
    running: Running, owner: Person, room: UUID | None, url: str, *events: str
) -> Any:
    query = "" if room is None else f"?room_id={room}"
    body = {"url": url, "events": list(events) or ["message.sent"]}
    made = await running.request(owner, "POST", f"/api/v1/webhooks{query}", body)
    assert made.status_code == 201, made.text
    return made.json()


def is_signed(asked: Asked, secret: str) -> bool:
    """As https://www.standardwebhooks.com says a receiver should check."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    head = f"{asked.headers['webhook-id']}.{asked.headers['webhook-timestamp']}."
    mac = base64.b64encode(hmac.digest(key, head.encode() + asked.body, "sha256")).decode()
    given = asked.headers["webhook-signature"].split(" ")
    return any(hmac.compare_digest(one, f"v1,{mac}") for one in given)


async def until(check: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(15):
        while not await check():
            await asyncio.sleep(0.02)


async def deliveries(running: Running, who: Person, room: UUID, hook: Any) -> list[Any]:
    path = f"/api/v1/webhooks/{hook['webhook']['id']}/deliveries?room_id={room}"
    return (await running.request(who, "GET", path)).json()["deliveries"]


async def test_an_event_is_posted_signed_and_once(running: Running, there: Stranger) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    there.pages["/hook"] = answer(b"thanks")
    hook = await outgoing(running, alice, room, f"http://127.0.0.1:{there.port}/hook")
    said = await world.say(alice, room, "the kettle boils")

    async def delivered() -> bool:
        found = await deliveries(running, alice, room, hook)
        return bool(found) and found[0]["state"] == "delivered"

    await until(delivered)
    [asked] = there.asked
    told = json.loads(asked.body)
    assert told["type"] == "message.sent"
    assert told["data"]["message"]["id"] == str(said.id)
    assert told["stream"] == f"room:{room}"
    assert is_signed(asked, hook["secret"])
    assert not is_signed(asked, "whsec_" + base64.b64encode(b"0" * 32).decode())
    [log] = await deliveries(running, alice, room, hook)
    assert (log["status"], log["attempts"], log["type"]) == (200, 1, "message.sent")

    await running.request(
        alice,
        "POST",
        f"/api/v1/webhooks/{hook['webhook']['id']}/deliveries/{log['id']}/redeliver?room_id={room}",
    )

    async def again() -> bool:
        return len(there.asked) == 2

    await until(again)
    assert there.asked[1].headers["webhook-id"] == asked.headers["webhook-id"]


async def test_a_receiver_that_fails_is_tried_again(running: Running, there: Stranger) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    there.pages["/hook"] = answer(status=500)
    hook = await outgoing(running, alice, room, f"http://127.0.0.1:{there.port}/hook")
    await world.say(alice, room, "anybody?")

    async def tried(times: int, state: str) -> bool:
        found = await deliveries(running, alice, room, hook)
        return bool(found) and (found[0]["attempts"], found[0]["state"]) == (times, state)

    await until(lambda: tried(1, "waiting"))
    there.pages["/hook"] = answer(b"back")
    await until(lambda: job_waits(running))

    async def later() -> bool:
        # Not in one step: whoever looks for work just then would sleep through it.
        await world.clock.advance(2)
        return await tried(2, "delivered")

    await until(later)
    assert len({asked.headers["webhook-id"] for asked in there.asked}) == 1


async def job_waits(running: Running) -> bool:
    async with running.node.db.read() as tx:
        return await tx.conn.fetchval(
            "SELECT EXISTS (SELECT FROM jobs WHERE kind = 'webhook.deliver' AND state = 'waiting')"
        )


async def test_one_that_is_gone_or_fails_for_days_is_turned_off(
    running: Running, there: Stranger
) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    there.pages |= {"/gone": answer(status=410), "/broken": answer(status=500)}
    gone = await outgoing(running, alice, room, f"http://127.0.0.1:{there.port}/gone")
    broken = await outgoing(running, alice, room, f"http://127.0.0.1:{there.port}/broken")

    async def failing_long(tx: Tx) -> None:
        await tx.conn.execute(
            "UPDATE outgoing_webhooks SET failing_since = $1 WHERE id = $2",
            tx.now - timedelta(days=6),
            UUID(broken["webhook"]["id"]),
        )

    await world.db.write(failing_long)
    await world.say(alice, room, "anybody?")

    async def reasons() -> dict[str, str]:
        listed = await running.request(alice, "GET", f"/api/v1/webhooks?room_id={room}")
        return {one["id"]: one["disabled_reason"] for one in listed.json()["outgoing"]}

    async def both_off() -> bool:
        return set((await reasons()).values()) == {"gone", "failing"}

    await until(both_off)
    assert (await reasons())[gone["webhook"]["id"]] == "gone"
    asked = len(there.asked)
    await world.say(alice, room, "hello?")
    path = f"/api/v1/webhooks/{broken['webhook']['id']}/enable?room_id={room}"
    assert (await running.request(alice, "POST", path)).json()["disabled_at"] is None
    assert len(there.asked) == asked


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    running: Running, there: Stranger
) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    there.pages["/hook"] = answer()
    hook = await outgoing(running, alice, room, f"http://127.0.0.1:{there.port}/hook")
    path = f"/api/v1/webhooks/{hook['webhook']['id']}/secret?room_id={room}"
    new = (await running.request(alice, "POST", path)).json()
    assert new["secret"] != hook["secret"]
    await world.say(alice, room, "x")

    async def told() -> bool:
        return len(there.asked) == 1

    await until(told)
    assert is_signed(there.asked[0], new["secret"])
    assert is_signed(there.asked[0], hook["secret"])


async def test_the_servers_webhooks_hear_public_rooms_only(
    running: Running, there: Stranger
) -> None:
    world = running.world
    alice, bob = await world.person("alice"), await world.person("bob")
    public = await world.channel(alice, visibility="public")
    private = await world.channel(alice)
    direct = await world.direct(alice, bob)
    there.pages["/hook"] = answer()
    await outgoing(running, alice, None, f"http://127.0.0.1:{there.port}/hook")
    await world.say(alice, private, "secret")
    await world.say(alice, direct, "more secret")
    await world.say(alice, public, "open")

    async def told() -> bool:
        return any(b'"open"' in one.body for one in there.asked)

    await until(told)
    # On this clock the channel's first line is as old as the webhook: it may be told too.
    assert {json.loads(one.body)["stream"] for one in there.asked} == {f"room:{public}"}


async def test_a_webhook_cannot_be_pointed_inside(running: Running, there: Stranger) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    for url in ("file:///etc/passwd", "gopher://a.example/", "http://u:p@a.example/"):
        body = {"url": url, "events": ["message.sent"]}
        refused = await running.request(alice, "POST", f"/api/v1/webhooks?room_id={room}", body)
        assert refused.json()["code"] == "invalid", url
    hook = await outgoing(running, alice, room, "http://169.254.169.254/latest/meta-data/")
    await world.say(alice, room, "x")

    async def failed() -> bool:
        found = await deliveries(running, alice, room, hook)
        return bool(found) and found[0]["state"] == "failed"

    await until(failed)
    [log] = await deliveries(running, alice, room, hook)
    assert (log["status"], log["attempts"]) == (None, 1)
    assert "169.254" not in log["error"]
