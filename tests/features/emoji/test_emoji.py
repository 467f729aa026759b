"""Emoji that people bring along."""

from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pyvips
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.world import Person, World

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.images import Picture
from tertulia.features.emoji import policy
from tertulia.features.emoji import service as emoji
from tertulia.features.emoji.schemas import CustomEmoji
from tertulia.features.emoji.service import EmojiNameTaken
from tertulia.features.reactions import service as reactions

STILL = Picture(b"RIFF", 8, 8, 1)


def png(red: int = 200) -> str:
    image = pyvips.Image.black(300, 200, bands=3).linear([1], [red, 30, 40]).cast("uchar")
    return b64encode(image.copy(interpretation="srgb").write_to_buffer(".png")).decode()


async def bring(world: World, who: Person, name: str) -> CustomEmoji:
    return await world.write(emoji.add, who, name, STILL)


async def names(world: World, who: Person) -> list[str]:
    return [one.name for one in (await world.read(emoji.everything, who)).emoji]


async def test_everybody_has_what_anybody_brought(world: World, alice: Person, bob: Person) -> None:
    before = await world.read(emoji.everything, alice)
    await bring(world, bob, "zebra_")
    await bring(world, alice, "olive_branch_")
    after = await world.read(emoji.everything, bob)
    assert [one.name for one in after.emoji] == ["olive_branch_", "zebra_"]
    assert after.version != before.version
    assert after.emoji[1].added_by == bob.id


@pytest.mark.parametrize("name", ["tada", "thumbsup", "+1", "joy"])
async def test_names_of_unicode_are_taken(world: World, alice: Person, name: str) -> None:
    with pytest.raises(EmojiNameTaken):
        await bring(world, alice, name)


async def test_a_name_means_one_picture(world: World, alice: Person, bob: Person) -> None:
    await bring(world, alice, "our_house")
    with pytest.raises(EmojiNameTaken):
        await bring(world, bob, "our_house")


async def test_there_is_room_for_so_many(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "LIMIT", 1)
    await bring(world, alice, "the_one")
    with pytest.raises(Conflict):
        await bring(world, alice, "the_other")


async def test_mine_or_anybodys_for_who_runs_the_server(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    first, second = await bring(world, bob, "first_one"), await bring(world, bob, "second_one")
    with pytest.raises(Forbidden):
        await world.write(emoji.remove, mallory, first.id)
    await world.write(emoji.remove, bob, first.id)
    await world.write(emoji.remove, alice, second.id)  # who came first owns the server
    assert await names(world, bob) == []
    with pytest.raises(NotFound):
        await world.write(emoji.remove, bob, first.id)
    with pytest.raises(NotFound):
        await world.read(emoji.image, bob, first.id)


async def test_a_custom_emoji_is_a_reaction_and_stays_one(
    world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    message = await world.say(alice, room, "done")
    with pytest.raises(Invalid):
        await world.write(reactions.add, bob, room, message.id, ":shipped:")
    shipped = await bring(world, alice, "shipped")
    given = await world.write(reactions.add, bob, room, message.id, ":shipped:")
    assert (given.emoji, given.count) == (":shipped:", 1)
    await world.write(emoji.remove, alice, shipped.id)
    assert (await world.write(reactions.remove, bob, room, message.id, ":shipped:")).count == 0


# At the edge


@pytest.fixture
async def running(dsn: str, clock: HandClock) -> AsyncIterator[Running]:
    async with running_node(dsn, clock) as running:
        yield running


@pytest.fixture
async def ann(running: Running) -> Person:
    return await running.world.person("ann")


async def post(running: Running, who: Person, name: str, image: str) -> Any:
    return await running.request(who, "POST", "/api/v1/emoji", {"name": name, "image": image})


async def test_a_picture_is_ours_and_for_ever(running: Running, ann: Person) -> None:
    made = await post(running, ann, "red_flag_", png())
    assert made.status_code == 201, made.text
    path = f"/api/v1/emoji/{made.json()['id']}/image"
    image = await running.request(ann, "GET", path)
    assert image.headers["content-type"] == "image/webp"
    assert image.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert image.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in image.headers["content-security-policy"]
    seen: Any = pyvips.Image.new_from_buffer(image.content, "")
    assert (seen.width, seen.height) == (128, 85)
    assert (await running.request(None, "GET", path)).status_code == 401


async def test_the_list_is_fetched_again_only_when_it_is_another(
    running: Running, ann: Person
) -> None:
    async def fetch(tag: str) -> Any:
        headers = {"Authorization": f"Bearer {running.token(ann)}", "If-None-Match": tag}
        async with httpx.AsyncClient(base_url=running.url) as client:
            return await client.get("/api/v1/emoji", headers=headers)

    first = await fetch("")
    assert (await fetch(first.headers["etag"])).status_code == 304
    await post(running, ann, "another", png())
    again = await fetch(first.headers["etag"])
    assert again.status_code == 200
    assert [one["name"] for one in again.json()["emoji"]] == ["another"]


async def test_every_socket_hears_of_a_change(running: Running, ann: Person) -> None:
    ben = await running.world.person("ben")
    listener = await running.listen(ben)
    made = await post(running, ann, "look_here", png())
    told = await listener.until(lambda name, _: name == "emoji")
    listed = (await running.request(ben, "GET", "/api/v1/emoji")).json()
    assert told == {"version": listed["version"]}
    assert [one["id"] for one in listed["emoji"]] == [made.json()["id"]]


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("fine_name", b64encode(b"<svg/>").decode()),
        ("fine_name", "not base64"),
        ("fine_name", ""),
        ("Not Fine", png()),
        ("x", png()),
    ],
)
async def test_what_is_no_emoji_is_refused(
    running: Running, ann: Person, name: str, image: str
) -> None:
    answer = await post(running, ann, name, image)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] in ("name", "image")


async def test_a_large_file_is_refused(running: Running, ann: Person) -> None:
    answer = await post(running, ann, "fine_name", b64encode(bytes(300_000)).decode())
    assert answer.status_code == 400
