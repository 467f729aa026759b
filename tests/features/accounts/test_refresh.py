"""One family of refresh tokens for each device: it lives, or it is dead."""

import asyncio
import json

import asyncpg
import pytest
from tests.features.accounts.conftest import Client, World

from tertulia.core.sessions import parse_refresh
from tertulia.core.tx import Tx
from tertulia.features.accounts import jobs, service


async def is_alive(client: Client) -> bool:
    return (await client.call("GET", "me")).status_code == 200


async def test_a_refresh_gives_a_new_pair_for_the_same_device(world: World) -> None:
    ana = await world.person()
    first, device = ana.session, ana.device_id
    world.clock.pass_(minutes=16)
    assert (await ana.call("GET", "me")).json()["code"] == "token_expired"
    answer = await ana.refresh()
    assert answer.status_code == 200
    assert ana.device_id == device
    assert ana.session["refresh_token"] != first["refresh_token"]
    assert await is_alive(ana)


async def test_fifty_refreshes_at_once_are_one_family_alive(world: World) -> None:
    ana = await world.person()
    token = ana.session["refresh_token"]
    world.clock.pass_(minutes=10)
    answers = await asyncio.gather(*(ana.refresh(token) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert (await ana.refresh()).status_code == 200, "and its successor works"
    assert await is_alive(ana)


async def test_refreshes_of_one_device_take_turns(world: World) -> None:
    """Of two that read the count at once, the slower could set it back and kill the family."""
    ana = await world.person()
    old = parse_refresh(ana.session["refresh_token"])
    await ana.refresh()

    async def held(tx: Tx) -> None:
        assert await service.refresh(tx, world.sessions, old), "only reads: it was said before"
        with pytest.raises(asyncpg.LockNotAvailableError):
            await world.pool.fetch("SELECT FROM devices FOR UPDATE NOWAIT")

    await world.db.write(held)
    await world.pool.fetch("SELECT FROM devices FOR UPDATE NOWAIT")


async def test_a_lost_answer_is_given_again_within_twenty_seconds(world: World) -> None:
    ana = await world.person()
    old = ana.session["refresh_token"]
    first = (await ana.refresh(old)).json()["refresh_token"]
    world.clock.pass_(seconds=20)
    assert (await ana.refresh(old)).json()["refresh_token"] == first


async def test_an_old_token_after_twenty_one_seconds_kills_the_family(world: World) -> None:
    ana = await world.person()
    old = ana.session["refresh_token"]
    await ana.refresh(old)
    world.clock.pass_(seconds=21)
    thief = world.program()
    world.published.clear()
    assert (await thief.refresh(old)).json()["code"] == "unauthenticated"
    (told,) = (json.loads(notice.body) for notice in world.published)
    assert told["type"] == "device.signed_out"
    assert told["data"] == {"device_id": str(ana.device_id), "reason": "token_reused"}
    assert not await is_alive(ana), "its access token is dead at once"
    assert (await ana.refresh()).status_code == 401, "and its newest refresh token too"
    assert world.ended == [ana.device_id]


async def test_a_token_two_generations_old_kills_the_family_at_once(world: World) -> None:
    ana = await world.person()
    old = ana.session["refresh_token"]
    await ana.refresh()
    await ana.refresh()
    assert (await world.program().refresh(old)).status_code == 401
    assert not await is_alive(ana)


async def test_a_forged_token_harms_nobody(world: World) -> None:
    ana = await world.person()
    account, device, count, mac = ana.session["refresh_token"].split(".")
    stranger = world.program()
    nonsense = [
        f"{account}.{device}.{count}.{mac[::-1]}",
        f"{account}.{device}.7.{mac}",
        f"{account}.{account}.{count}.{mac}",
        f"{device}.{device}.{count}.{mac}",
        "x",
        "....",
    ]
    for token in nonsense:
        assert (await stranger.refresh(token)).json()["code"] == "unauthenticated"
    assert await is_alive(ana)
    assert (await ana.refresh()).status_code == 200


async def test_another_device_lives_on(world: World) -> None:
    ana = await world.person("ana")
    other = world.program()
    await other.login("ana")
    old = ana.session["refresh_token"]
    await ana.refresh()
    await ana.refresh()
    await ana.refresh(old)
    assert not await is_alive(ana)
    assert await is_alive(other)


@pytest.mark.parametrize(("days", "lives"), [(6.9, True), (7, False)])
async def test_a_device_that_stays_away_for_a_week_is_out(
    world: World, days: float, lives: bool
) -> None:
    ana = await world.person()
    world.clock.pass_(days=days)
    assert (await ana.refresh()).is_success == lives
    reasons = [json.loads(n.body)["data"].get("reason") for n in world.published]
    assert ("expired" in reasons) != lives


async def test_no_device_lives_longer_than_ninety_days(world: World) -> None:
    ana = await world.person()
    for _ in range(14):
        world.clock.pass_(days=6)
        assert (await ana.refresh()).status_code == 200
    world.clock.pass_(days=5.9)
    assert (await ana.refresh()).status_code == 200
    world.clock.pass_(days=0.2)
    assert (await ana.refresh()).status_code == 401


async def test_expired_devices_are_swept_out(world: World) -> None:
    ana = await world.person("ana")
    world.clock.pass_(days=5)
    other = world.program()
    await other.login("ana")
    world.clock.pass_(days=3)
    assert await world.db.write(jobs.sign_out_expired) == 1
    assert await world.db.write(jobs.sign_out_expired) == 0
    (left,) = (await other.refresh() and await other.call("GET", "me/devices")).json()["devices"]
    assert left["id"] == str(other.device_id)
    assert world.ended == [ana.device_id]


async def test_nothing_of_a_refresh_token_is_stored(world: World) -> None:
    ana = await world.person()
    await ana.refresh()
    mac = ana.session["refresh_token"].rpartition(".")[2]
    for table in ("devices", "events", "accounts", "streams"):
        assert mac not in repr(await world.pool.fetch(f"SELECT * FROM {table}"))
