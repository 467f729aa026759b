"""Coming back: the right password, the wrong one, and nobody at all."""

import asyncio
from typing import Any

import argon2
from tests.features.accounts.conftest import PASSWORD, World


async def test_the_right_password_signs_a_new_device_in(world: World) -> None:
    ana = await world.person("ana")
    world.clock.pass_(seconds=1)
    again = world.program()
    answer = await again.login("ANA")
    assert answer.status_code == 200
    assert again.account_id == ana.account_id
    assert again.device_id != ana.device_id, "an id of the server's choosing, new at every login"
    devices = (await ana.call("GET", "me/devices")).json()["devices"]
    assert [(d["id"], d["current"]) for d in devices] == [
        (str(ana.device_id), True),
        (str(again.device_id), False),
    ]


async def test_unknown_name_and_wrong_password_answer_alike(world: World) -> None:
    await world.person("ana")
    wrong = await world.program().login("ana", "not her password")
    nobody = await world.program().login("nobody-here", "not her password")
    assert wrong.status_code == nobody.status_code == 401
    differing = {"request_id"}
    said = [
        {key: value for key, value in answer.json().items() if key not in differing}
        for answer in (wrong, nobody)
    ]
    assert said[0] == said[1]
    assert said[0]["code"] == "wrong_credentials"
    assert wrong.headers.keys() == nobody.headers.keys()


async def test_unknown_name_and_wrong_password_cost_the_same_work(world: World) -> None:
    await world.person("ana")
    world.passwords.verified.clear()
    for name in ("ana", "nobody-here", "two words", "nul\0name", "x" * 254):
        answer = await world.program().login(name, "not her password")
        assert answer.json()["code"] == "wrong_credentials"
    assert world.passwords.verified == ["stored"] + ["nobody"] * 4


async def test_a_deactivated_account_is_like_none(world: World) -> None:
    ana = await world.person("ana")
    await world.pool.execute("UPDATE accounts SET deactivated_at = now()")
    answer = await world.program().login("ana")
    assert answer.json()["code"] == "wrong_credentials"
    assert world.passwords.verified[-1] == "nobody"
    assert (await ana.refresh()).status_code == 401
    assert (await ana.call("GET", "me")).status_code == 401


async def test_an_old_hash_is_renewed_by_the_login_it_served(world: World) -> None:
    await world.person("ana")
    weak = "$argon2id$v=19$m=8,t=1,p=1$"
    from_elsewhere = _weakly_hashed(PASSWORD)
    assert from_elsewhere.startswith(weak)
    await world.pool.execute("UPDATE accounts SET password_hash = $1", from_elsewhere)
    assert (await world.program().login("ana", "wrong password")).status_code == 401
    assert await world.pool.fetchval("SELECT password_hash FROM accounts") == from_elsewhere
    assert (await world.program().login("ana")).status_code == 200
    renewed = await world.pool.fetchval("SELECT password_hash FROM accounts")
    assert renewed.startswith("$argon2id$v=19$m=64,")
    assert (await world.program().login("ana")).status_code == 200


async def test_a_password_changed_during_the_check_lets_nobody_in(world: World) -> None:
    """The hash is checked outside of any transaction, so the login has to look again."""
    ana = await world.person("ana")
    changed = asyncio.Event()
    verify = world.passwords.verify

    async def slow(stored: str | None, password: str, *, known: bool = False) -> bool:
        right = await verify(stored, password, known=known)
        world.passwords.verify = verify
        body = {"current_password": PASSWORD, "new_password": "quite another secret"}
        assert (await ana.call("POST", "me/password", body)).status_code == 204
        changed.set()
        return right

    world.passwords.verify = slow
    answer = await world.program().login("ana")
    assert changed.is_set()
    assert answer.json()["code"] == "wrong_credentials"
    assert await world.pool.fetchval("SELECT count(*) FROM devices") == 1


async def test_a_login_without_the_right_shape_is_invalid(world: World) -> None:
    bodies: list[Any] = [{}, {"username": "ana"}, {"username": "ana", "password": 7}, [], None]
    for body in bodies:
        answer = await world.program().call("POST", "auth/login", body)
        assert answer.status_code in (400, 415)
    assert world.passwords.verified == []


def _weakly_hashed(password: str) -> str:
    return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
