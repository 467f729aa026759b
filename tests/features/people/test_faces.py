"""People's own pictures."""

from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pyvips
from tests.features.rooms.test_picture import OTHER, STILL, png
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.world import Person, World

from tertulia.core.errors import NotFound
from tertulia.features.accounts import service as accounts

PATH = "/api/v1/me/avatar"


async def known(world: World, who: Person, by: Person) -> str | None:
    return (await world.read(accounts.get_account, by, who.id)).avatar


async def test_it_is_given_changed_and_taken_away(world: World, alice: Person, bob: Person) -> None:
    assert await known(world, alice, bob) is None
    first = (await world.write(accounts.set_face, alice, STILL)).avatar
    assert await world.read(accounts.face, bob, alice.id) == STILL.data
    second = (await world.write(accounts.set_face, alice, OTHER)).avatar
    assert await known(world, alice, bob) == second != first
    assert await world.read(accounts.face, bob, alice.id) == OTHER.data
    assert (await world.write(accounts.set_face, alice, None)).avatar is None
    assert await known(world, alice, bob) is None
    with pytest.raises(NotFound):
        await world.read(accounts.face, bob, alice.id)


async def test_rooms_hear_of_it(world: World, alice: Person, bob: Person) -> None:
    room = await world.channel(alice, bob)
    await world.write(accounts.set_face, alice, STILL)
    told = [(one.type, one.topic) for one in world.bus.published if one.seq][-2:]
    assert sorted(told) == [("account.changed", alice.stream), ("member.changed", f"room:{room}")]
    before = len(world.bus.published)
    await world.write(accounts.set_face, bob, None)  # there was none
    assert len(world.bus.published) == before


@pytest.fixture
async def running(dsn: str, clock: HandClock) -> AsyncIterator[Running]:
    async with running_node(dsn, clock) as running:
        yield running


async def test_what_comes_is_remade_as_a_square_and_kept_for_ever(running: Running) -> None:
    ann, ben = await running.world.person("ann"), await running.world.person("ben")
    me = (await running.request(ann, "PUT", PATH, {"image": png()})).json()
    path = f"/api/v1/people/{ann.id}/avatar"
    image = await running.request(ben, "GET", f"{path}?v={me['avatar']}")
    assert image.headers["content-type"] == "image/webp"
    assert image.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert "sandbox" in image.headers["content-security-policy"]
    seen: Any = pyvips.Image.new_from_buffer(image.content, "")
    assert (seen.width, seen.height) == (256, 256)
    assert (await running.request(ann, "DELETE", PATH)).status_code == 204
    assert (await running.request(ben, "GET", path)).status_code == 404


@pytest.mark.parametrize("image", ["", b64encode(b"<svg onload='x()'/>").decode(), "no base64"])
async def test_what_is_no_picture_changes_nothing(running: Running, image: str) -> None:
    ann = await running.world.person("ann")
    answer = await running.request(ann, "PUT", PATH, {"image": image})
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["field"] == "image"
    assert (await running.request(ann, "GET", "/api/v1/me")).json()["avatar"] is None
