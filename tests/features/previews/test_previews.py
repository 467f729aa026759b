"""What links lead to, shown under messages."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from tests.support.clock import HandClock
from tests.support.node import Listener, Running, running_node
from tests.support.strangers import Stranger, answer, stranger
from tests.support.verify import verify
from tests.support.world import Person, World

from tertulia.core.errors import Forbidden, NotFound
from tertulia.core.tx import Tx
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage
from tertulia.features.previews import policy, service
from tertulia.features.previews.schemas import LinkPreview
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom
from tertulia.features.timeline import service as timeline

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAAB"
    "JRU5ErkJggg=="
)
PAGE = b"""<html><head><title>Olives</title>
<meta property="og:description" content="How to keep them">
<meta property="og:image" content="/i.png">
</head><body>"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x_(y))", ["https://a.example/x_(y)"]),
        ("https://a.example https://a.example", ["https://a.example"]),
        ("[words](https://a.example/x)", ["https://a.example/x"]),
        ("`https://a.example`", []),
        ("``a ` https://a.example``", []),
        ("```\nhttps://a.example\n```\nhttps://b.example", ["https://b.example"]),
        ("~~~\nhttps://a.example", []),
        ("||https://a.example||", []),
        ("<https://a.example>", []),
        ("ftp://a.example javascript:alert(1) https://", []),
        (
            " ".join(f"https://{x}.example" for x in "abcde"),
            [f"https://{x}.example" for x in "abc"],
        ),
    ],
)
def test_links_are_found_where_people_mean_them(text: str, found: list[str]) -> None:
    assert policy.links(text) == found


@pytest.mark.parametrize("text", ["`" * 8_000, "||" * 4_000, "https://" * 1_000, "``` \n" * 1_600])
def test_texts_made_to_be_slow_are_not(text: str) -> None:
    assert len(policy.links(text)) <= 3


# On a node, with somebody else's server


@pytest.fixture
async def there() -> AsyncIterator[Stranger]:
    async with stranger() as there:
        there.pages |= {"/": answer(PAGE), "/i.png": answer(PIXEL, type_="image/png")}
        yield there


@pytest.fixture
async def running(dsn: str, clock: HandClock) -> AsyncIterator[Running]:
    async with running_node(dsn, clock, outbound_allow="127.0.0.0/8") as running:
        yield running


def address(there: Stranger, path: str = "/") -> str:
    return f"http://127.0.0.1:{there.port}{path}"


async def previewed(listener: Listener, message_id: UUID) -> list[dict[str, Any]]:
    told = await listener.until(
        lambda name, data: (
            name == "message.previewed" and data["data"]["message_id"] == str(message_id)
        )
    )
    return told["data"]["previews"]


async def test_everybody_sees_what_a_link_leads_to(running: Running, there: Stranger) -> None:
    world = running.world
    alice, bob = await world.person("alice"), await world.person("bob")
    room = await world.channel(alice, bob)
    listener = await running.listen(bob)
    said = await world.say(alice, room, f"read {address(there)}")
    [preview] = await previewed(listener, said.id)
    assert preview["title"] == "Olives"
    assert preview["description"] == "How to keep them"
    assert preview["site"] == "127.0.0.1"
    assert preview["url"] == address(there)

    image = preview["image"]
    assert (image["width"], image["height"]) == (1, 1)
    shown = await running.request(bob, "GET", f"/api/v1/previews/{image['id']}/image")
    assert shown.headers["content-type"] == "image/webp"
    assert shown.content[:4] == b"RIFF"
    assert "sandbox" in shown.headers["content-security-policy"]

    page = await running.request(bob, "GET", f"/api/v1/rooms/{room}/messages/{said.id}")
    assert page.json()["previews"] == [preview]
    # Nothing of ours went there: no cookie, no token, and no address of a member.
    assert not {"cookie", "authorization", "referer"} & set(there.asked[0].headers)


async def test_a_page_is_asked_once_for_many_messages(running: Running, there: Stranger) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    listener = await running.listen(alice)
    for _ in range(3):
        said = await world.say(alice, room, address(there))
        await previewed(listener, said.id)
    assert [asked.path for asked in there.asked] == ["/", "/i.png"]
    await world.db.write(expire)
    said = await world.say(alice, room, address(there))
    await previewed(listener, said.id)
    assert len(there.asked) == 4


async def expire(tx: Tx) -> None:
    await tx.conn.execute("UPDATE link_previews SET expires_at = $1", tx.now)


async def test_an_edit_changes_what_is_shown(running: Running, there: Stranger) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    listener = await running.listen(alice)
    said = await world.say(alice, room, address(there))
    assert await previewed(listener, said.id)
    listener.told.clear()
    await world.write(messages.edit, alice, room, said.id, EditMessage(text="no link any more"))
    assert await previewed(listener, said.id) == []


async def test_what_is_no_page_shows_nothing_and_asks_no_more(
    running: Running, there: Stranger
) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    there.pages["/film"] = answer(b"x" * 1_000_000, type_="video/mp4")
    there.pages["/empty"] = answer(b"<p>no head")
    for path in ("/film", "/empty", "/away"):
        for _ in range(2):
            said = await world.say(alice, room, address(there, path))
            await fetched(running, said.id)
            shown = await world.read(timeline.message, alice, room, said.id)
            assert shown.previews == []
    assert [asked.path for asked in there.asked] == ["/film", "/empty", "/away"]


async def test_a_server_does_not_look_inside_its_own_network(
    dsn: str, clock: HandClock, there: Stranger
) -> None:
    async with running_node(dsn, clock) as running:
        alice = await running.world.person("alice")
        room = await running.world.channel(alice)
        said = await running.world.say(alice, room, address(there))
        await fetched(running, said.id)
        assert there.asked == []


async def test_rooms_and_servers_do_without(running: Running, there: Stranger) -> None:
    world = running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    await world.write(rooms.change, alice, room, ChangeRoom(previews=False))
    said = await world.say(alice, room, address(there))
    await fetched(running, said.id)
    assert there.asked == []


async def fetched(running: Running, message_id: UUID) -> None:
    """Returns when the job of a message is over."""
    async with asyncio.timeout(10):
        while True:
            async with running.node.db.read() as tx:
                state = await tx.conn.fetchval(
                    "SELECT state FROM jobs WHERE key = $1", str(message_id)
                )
            if state == "done":
                return
            await asyncio.sleep(0.01)


# Verbs

PREVIEW = LinkPreview(url="https://a.example", site="a", title="A", description="")


async def show(world: World, room: UUID, message_id: UUID) -> None:
    wanted = service.Wanted(room_id=room, message_id=message_id)
    await world.db.write(lambda tx: service.show(tx, wanted, {PREVIEW.url: PREVIEW}))


async def test_events_tell_what_a_fresh_look_shows(
    world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    said = await world.say(alice, room, PREVIEW.url)
    people = (alice, bob)
    await verify(world, people, lambda: show(world, room, said.id))
    await verify(world, people, lambda: show(world, room, said.id), quiet=True)
    await verify(world, people, lambda: world.write(service.dismiss, alice, room, said.id))
    await verify(world, people, lambda: show(world, room, said.id), quiet=True)
    again = await world.say(alice, room, PREVIEW.url)
    await show(world, room, again.id)
    await verify(world, people, lambda: world.write(messages.delete, alice, room, again.id))


async def test_the_author_and_moderators_take_it_away(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    carol = await world.person("carol")
    room = await world.channel(alice, bob, carol)
    said = await world.say(bob, room, PREVIEW.url)
    await show(world, room, said.id)
    with pytest.raises(Forbidden):
        await world.write(service.dismiss, carol, room, said.id)
    with pytest.raises(NotFound):
        await world.write(service.dismiss, mallory, room, said.id)
    assert (await world.read(timeline.message, carol, room, said.id)).previews == [PREVIEW]
    await world.write(service.dismiss, alice, room, said.id)
    assert (await world.read(timeline.message, carol, room, said.id)).previews == []


async def test_what_was_edited_meanwhile_is_not_shown(world: World, alice: Person) -> None:
    room = await world.channel(alice)
    said = await world.say(alice, room, PREVIEW.url)
    await world.write(messages.edit, alice, room, said.id, EditMessage(text="another"))
    await show(world, room, said.id)
    assert (await world.read(timeline.message, alice, room, said.id)).previews == []
