"""The picture of a room."""

from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pyvips
from tests.features.sync.conftest import House, house
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.verify import verify
from tests.support.world import Person, World

from tertulia.core.errors import Forbidden, NotFound
from tertulia.core.images import Picture
from tertulia.features.messages.schemas import SystemBody
from tertulia.features.rooms import service as rooms

__all__ = ["house"]
STILL = Picture(b"RIFF", 8, 8, 1)
OTHER = Picture(b"WEBP", 8, 8, 1)


async def notes(world: World, who: Person, room: Any) -> list[tuple[str, bool]]:
    last = (await world.room_snapshot(who, room)).last_message
    assert last is not None
    assert isinstance(last.body, SystemBody)
    return [(last.body.event, last.body.text != "")]


async def test_it_is_given_changed_and_taken_away(world: World, alice: Person, bob: Person) -> None:
    room = await world.channel(alice, bob)
    first = await world.write(rooms.set_picture, alice, room, STILL)
    assert await world.read(rooms.picture, bob, room) == STILL.data
    assert await notes(world, bob, room) == [("room.avatar_changed", True)]
    second = await world.write(rooms.set_picture, alice, room, OTHER)
    assert await world.read(rooms.picture, bob, room) == OTHER.data
    assert None not in (first.avatar, second.avatar)
    assert first.avatar != second.avatar
    assert (await world.write(rooms.set_picture, alice, room, None)).avatar is None
    assert await notes(world, bob, room) == [("room.avatar_changed", False)]
    with pytest.raises(NotFound):
        await world.read(rooms.picture, bob, room)


async def test_who_may_not_rename_a_room_does_not_paint_it(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob)
    for picture in (STILL, None):
        with pytest.raises(Forbidden):
            await world.write(rooms.set_picture, bob, room, picture)
        with pytest.raises(NotFound):
            await world.write(rooms.set_picture, mallory, room, picture)
    await world.write(rooms.set_picture, alice, room, STILL)
    with pytest.raises(NotFound):
        await world.read(rooms.picture, mallory, room)


async def test_every_device_learns_of_it(house: House) -> None:
    world = house.world

    async def act() -> None:
        await world.write(rooms.set_picture, house.alice, house.channel, STILL)
        await world.write(rooms.set_picture, house.alice, house.group, STILL)
        await world.write(rooms.set_picture, house.alice, house.group, None)

    await verify(world, house.people, act)


# Over HTTP


@pytest.fixture
async def running(dsn: str, clock: HandClock) -> AsyncIterator[Running]:
    async with running_node(dsn, clock) as running:
        yield running


def png() -> str:
    image = pyvips.Image.black(300, 200, bands=3).cast("uchar")
    return b64encode(image.copy(interpretation="srgb").write_to_buffer(".png")).decode()


async def test_what_comes_is_remade_as_a_square_and_kept_for_ever(running: Running) -> None:
    ann = await running.world.person("ann")
    path = f"/api/v1/rooms/{await running.world.channel(ann)}/avatar"
    room = (await running.request(ann, "PUT", path, {"image": png()})).json()
    image = await running.request(ann, "GET", f"{path}?v={room['avatar']}")
    assert image.headers["content-type"] == "image/webp"
    assert image.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert image.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in image.headers["content-security-policy"]
    seen: Any = pyvips.Image.new_from_buffer(image.content, "")
    assert (seen.width, seen.height) == (256, 256)
    assert (await running.request(ann, "DELETE", path)).status_code == 204
    assert (await running.request(ann, "GET", path)).status_code == 404


@pytest.mark.parametrize("image", ["", b64encode(b"<svg onload='x()'/>").decode(), "no base64"])
async def test_what_is_no_picture_changes_nothing(running: Running, image: str) -> None:
    ann = await running.world.person("ann")
    path = f"/api/v1/rooms/{await running.world.channel(ann)}/avatar"
    answer = await running.request(ann, "PUT", path, {"image": image})
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["field"] == "image"
    assert (await running.request(ann, "GET", path)).status_code == 404
