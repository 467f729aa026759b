"""My devices: seen, named, sent away — by me alone."""

import json
from uuid import uuid4

from tests.features.accounts.conftest import PASSWORD, Client, World

from tertulia.features.accounts import service


async def is_in(client: Client) -> bool:
    return (await client.call("GET", "me")).status_code == 200


async def device_ids(client: Client) -> list[str]:
    devices = (await client.call("GET", "me/devices")).json()["devices"]
    return [device["id"] for device in devices]


async def two_devices(world: World) -> tuple[Client, Client]:
    phone = await world.person("ana")
    world.clock.pass_(seconds=1)
    laptop = world.program()
    await laptop.login("ana")
    return phone, laptop


def told(world: World, type_: str) -> list[dict[str, object]]:
    events = [json.loads(notice.body) for notice in world.published]
    return [event["data"] for event in events if event["type"] == type_]


async def test_logging_out_ends_this_device_only(world: World) -> None:
    phone, laptop = await two_devices(world)
    assert (await phone.call("POST", "auth/logout")).status_code == 204
    assert not await is_in(phone)
    assert (await phone.refresh()).status_code == 401
    assert await is_in(laptop)
    assert await device_ids(laptop) == [str(laptop.device_id)]
    assert told(world, "device.signed_out") == [
        {"device_id": str(phone.device_id), "reason": "logout"}
    ]
    assert (await phone.call("POST", "auth/logout")).status_code == 204, "twice is once"
    assert len(told(world, "device.signed_out")) == 1


async def test_one_device_sends_another_away(world: World) -> None:
    phone, laptop = await two_devices(world)
    path = f"me/devices/{laptop.device_id}"
    assert (await phone.call("DELETE", path)).status_code == 204
    assert not await is_in(laptop)
    assert world.ended == [laptop.device_id]
    assert (await phone.call("DELETE", path)).status_code == 204, "twice is once"
    assert told(world, "device.signed_out") == [
        {"device_id": str(laptop.device_id), "reason": "revoked"}
    ]


async def test_all_others_are_sent_away_at_once(world: World) -> None:
    phone, laptop = await two_devices(world)
    stranger = await world.person("bruno")
    third = world.program()
    await third.login("ana")
    assert (await phone.call("DELETE", "me/devices")).status_code == 204
    assert await is_in(phone)
    assert not await is_in(laptop)
    assert not await is_in(third)
    assert await is_in(stranger)


async def test_a_device_gets_another_name(world: World) -> None:
    phone, laptop = await two_devices(world)
    path = f"me/devices/{laptop.device_id}"
    answer = await phone.call("PATCH", path, {"name": " Desk  laptop"})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["current"]) == ("Desk laptop", False)
    assert told(world, "device.renamed") == [
        {"device_id": str(laptop.device_id), "name": "Desk laptop"}
    ]
    for name in ("", "  ", "two\nlines", "x" * 65):
        refused = await phone.call("PATCH", path, {"name": name})
        assert refused.json()["code"] == "invalid"


async def test_the_devices_of_others_do_not_exist(world: World) -> None:
    ana = await world.person("ana")
    mallory = await world.person("mallory")
    for device in (ana.device_id, uuid4()):
        path = f"me/devices/{device}"
        renamed = await mallory.call("PATCH", path, {"name": "mine now"})
        removed = await mallory.call("DELETE", path)
        assert renamed.json()["code"] == removed.json()["code"] == "not_found"
    assert await is_in(ana)
    assert await device_ids(mallory) == [str(mallory.device_id)]


async def test_a_device_that_is_out_has_no_name_to_change(world: World) -> None:
    phone, laptop = await two_devices(world)
    await laptop.call("POST", "auth/logout")
    answer = await phone.call("PATCH", f"me/devices/{laptop.device_id}", {"name": "Ghost"})
    assert answer.json()["code"] == "not_found"


async def test_a_new_password_sends_all_others_away(world: World) -> None:
    phone, laptop = await two_devices(world)
    body = {"current_password": PASSWORD, "new_password": "a very new sentence"}
    assert (await phone.call("POST", "me/password", body)).status_code == 204
    assert await is_in(phone)
    assert not await is_in(laptop)
    assert (await laptop.refresh()).status_code == 401
    assert told(world, "device.signed_out") == [
        {"device_id": str(laptop.device_id), "reason": "password_changed"}
    ]
    assert (await world.program().login("ana")).json()["code"] == "wrong_credentials"
    assert (await world.program().login("ana", "a very new sentence")).status_code == 200


async def test_a_password_changes_only_for_who_knows_it(world: World) -> None:
    phone, laptop = await two_devices(world)
    body = {"current_password": "a guess", "new_password": "a very new sentence"}
    assert (await phone.call("POST", "me/password", body)).json()["code"] == "wrong_credentials"
    for new, code in (("password1", "password_common"), ("ana and friends", "password_has_name")):
        body = {"current_password": PASSWORD, "new_password": new}
        answer = await phone.call("POST", "me/password", body)
        (error,) = answer.json()["errors"]
        assert (error["field"], error["code"]) == ("new_password", code)
    assert await is_in(laptop)
    assert (await world.program().login("ana")).status_code == 200


async def test_guessing_the_password_with_a_stolen_session_is_slow(world: World) -> None:
    ana = await world.person()
    body = {"current_password": "a guess", "new_password": "a very new sentence"}
    answers = [await ana.call("POST", "me/password", body) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_the_list_of_devices_is_bounded(world: World) -> None:
    ana = await world.person("ana")
    await world.pool.execute(
        """
        INSERT INTO devices (account_id, id, name, platform, created_at, last_seen_at,
                             refresh_seed, refreshed_at)
        SELECT $1, gen_random_uuid(), 'App', '', $2, $2::timestamptz + n * interval '1 second',
               '', $2
        FROM generate_series(1, $3) AS n
        """,
        ana.account_id,
        world.clock.now(),
        service.DEVICES - 1,
    )
    assert len(await device_ids(ana)) == service.DEVICES
    world.clock.pass_(hours=1)
    newest = world.program()
    await newest.login("ana")
    left = await device_ids(newest)
    assert len(left) == service.DEVICES
    assert str(newest.device_id) in left
    assert world.ended == [ana.device_id], "the one seen longest ago"


async def test_without_a_session_nothing_of_mine_answers(world: World) -> None:
    ana = await world.person()
    nobody = world.program()
    device = f"me/devices/{ana.device_id}"
    asked = [
        ("GET", "me", None),
        ("PATCH", "me", {"hue": 1}),
        ("POST", "me/password", {"current_password": PASSWORD, "new_password": "x" * 20}),
        ("GET", "me/devices", None),
        ("DELETE", "me/devices", None),
        ("PATCH", device, {"name": "x"}),
        ("DELETE", device, None),
        ("GET", "people", None),
        ("GET", f"people/{ana.account_id}", None),
    ]
    for method, path, body in asked:
        answer = await nobody.call(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), path
        assert answer.headers["www-authenticate"] == "Bearer"
    for header in ("Basic abc", "Bearer", "Bearer x", "Bearer " + "x" * 5000):
        nobody.http.headers["authorization"] = header
        assert (await nobody.call("GET", "me")).json()["code"] == "unauthenticated"
    assert await is_in(ana), "the control: with her session it does"
