"""Making an account, and every way in which the server says no."""

import asyncio
import json

import httpx
import msgspec
import pytest
from tests.features.accounts.conftest import GOOD_INVITE, PASSWORD, World


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def test_a_program_registers_and_is_in(world: World) -> None:
    ana = world.program()
    response = await ana.register("Ana", display_name="Ana  María ", email="ana@example.org")
    assert response.status_code == 201, response.text
    session = response.json()
    assert session["expires_in"] == 900
    assert session["refresh_token"]
    assert "set-cookie" not in response.headers
    me = (await ana.call("GET", "me")).json()
    assert me == session["account"]
    assert (me["username"], me["display_name"], me["role"]) == ("Ana", "Ana María", "owner")
    assert (me["email"], me["status_text"]) == ("ana@example.org", "")


async def test_the_first_owns_the_server_and_the_second_does_not(world: World) -> None:
    assert (await world.person()).session["account"]["role"] == "owner"
    assert (await world.person()).session["account"]["role"] == "member"


async def test_of_two_who_race_to_be_first_one_owns_the_server(world: World) -> None:
    people = [world.program() for _ in range(6)]
    answers = await asyncio.gather(
        *(client.register(f"racer{n}") for n, client in enumerate(people))
    )
    assert [answer.status_code for answer in answers] == [201] * 6
    roles = sorted(client.session["account"]["role"] for client in people)
    assert roles == ["member"] * 5 + ["owner"]


async def test_who_loses_the_race_on_a_closed_server_stays_out(world: World) -> None:
    set_rules(world, registration="closed")
    people = [world.program() for _ in range(4)]
    answers = await asyncio.gather(
        *(client.register(f"racer{n}") for n, client in enumerate(people))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 403, 403, 403]
    assert await world.pool.fetchval("SELECT count(*) FROM accounts") == 1


async def test_of_two_who_race_for_a_name_one_gets_it(world: World) -> None:
    await world.person()
    answers = await asyncio.gather(
        *(world.program().register(name) for name in ("same", "Same", "SAME"))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    taken = next(answer for answer in answers if answer.status_code == 409)
    assert taken.json()["code"] == "username_taken"


async def test_a_server_by_invite_asks_for_one(world: World) -> None:
    await world.person()
    set_rules(world, registration="invite")
    assert refusal(await world.program().register("bruno")) == (403, "registration_closed")
    bad = await world.program().register("bruno", invite="bad")
    assert refusal(bad) == (404, "invite_invalid")
    assert (await world.program().register("bruno", invite=GOOD_INVITE)).status_code == 201


async def test_a_closed_server_takes_nobody(world: World) -> None:
    await world.person()
    set_rules(world, registration="closed", setup_token="token")
    for more in ({}, {"invite": GOOD_INVITE}, {"setup_token": "token"}):
        answer = await world.program().register("bruno", **more)
        assert refusal(answer) == (403, "registration_closed")


async def test_the_owner_of_a_reachable_server_needs_the_first_run_link(world: World) -> None:
    set_rules(world, setup_token="right")
    server = (await world.program().call("GET", "server")).json()
    assert server["needs_owner"]
    assert server["needs_setup_token"]
    for more in ({}, {"setup_token": "wrong"}, {"invite": GOOD_INVITE}):
        answer = await world.program().register("ana", **more)
        assert refusal(answer) == (403, "registration_closed")
        assert "right" not in answer.text.replace("rights", "")
    ana = world.program()
    assert (await ana.register("ana", setup_token="right")).status_code == 201
    assert ana.session["account"]["role"] == "owner"


async def test_a_refused_registration_costs_no_hash_and_leaves_nothing(world: World) -> None:
    await world.person("ana")
    hashed = world.passwords.hashed
    set_rules(world, registration="invite")
    await world.program().register("bruno")
    set_rules(world, registration="open")
    await world.program().register("ANA")
    await world.program().register("admin")
    await world.program().register("bruno", password="password123")
    assert world.passwords.hashed == hashed
    assert await world.pool.fetchval("SELECT count(*) FROM accounts") == 1
    assert await world.pool.fetchval("SELECT count(*) FROM streams") == 1


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"username": "Admin"}, "username", "reserved"),
        ({"username": "everyone"}, "username", "reserved"),
        ({"username": "ab"}, "username", "too_short"),
        ({"username": "a" * 33}, "username", "too_long"),
        ({"username": "no spaces"}, "username", "pattern"),
        ({"username": ".dot"}, "username", "pattern"),
        ({"username": "аna"}, "username", "pattern"),  # a Cyrillic а
        ({"password": "s3cr3t!"}, "password", "too_short"),
        ({"password": "x" * 257}, "password", "too_long"),
        ({"password": "ñ" * 200}, "password", "too_long"),
        ({"password": "bruno-loves-ana"}, "password", "password_has_name"),
        ({"password": "Football123"}, "password", "password_common"),
        ({"display_name": "   "}, "display_name", "too_short"),
        ({"display_name": "evil\u202eeman"}, "display_name", "pattern"),
        ({"display_name": "two\nlines"}, "display_name", "pattern"),
        ({"email": "nobody"}, "email", "pattern"),
        ({"email": "a\x00b@example.org"}, "email", "pattern"),
        ({"role": "owner"}, "role", "unknown"),
    ],
)
async def test_what_is_wrong_is_named(
    world: World, changed: dict[str, str], field: str, code: str
) -> None:
    answer = await world.program().register(**{"username": "bruno"} | changed)
    assert refusal(answer) == (400, "invalid")
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]
    assert changed.get("password", "nothing") not in answer.text


async def test_the_account_and_its_device_are_told_in_its_own_stream(world: World) -> None:
    ana = await world.person()
    told = [json.loads(notice.body) for notice in world.published]
    assert [event["type"] for event in told] == ["account.created", "device.signed_in"]
    assert [event["seq"] for event in told] == [1, 2]
    assert {event["stream"] for event in told} == {f"account:{ana.account_id}"}
    assert told[0]["data"]["account"] == ana.session["account"]
    assert told[1]["data"]["device"]["id"] == str(ana.device_id)


async def test_the_log_keeps_no_address_and_no_profile(world: World) -> None:
    ana = world.program()
    await ana.register("ana", email="ana@example.org")
    await ana.call("PATCH", "me", {"email": None})
    rows = await world.pool.fetch("SELECT * FROM events")
    assert rows
    assert "example.org" not in repr(rows)


async def test_device_names_come_from_the_client_or_its_browser(world: World) -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    browser = world.browser(**{"user-agent": firefox})
    await browser.register("ana")
    named = world.program()
    await named.register("bruno", device_name=" Kitchen   tablet")
    for client, name in ((browser, "Firefox on Linux"), (named, "Kitchen tablet")):
        (device,) = (await client.call("GET", "me/devices")).json()["devices"]
        assert device["name"] == name
        assert device["current"]


async def test_the_password_is_stored_as_argon2_and_shown_nowhere(world: World) -> None:
    ana = world.program()
    answer = await ana.register("ana")
    stored = await world.pool.fetchval("SELECT password_hash FROM accounts")
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored
    assert PASSWORD not in answer.text
    assert "argon2" not in answer.text


def set_rules(world: World, **changed: object) -> None:
    world.rules = msgspec.structs.replace(world.rules, **changed)
