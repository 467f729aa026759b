"""Browsers: what they hold, who can read it, and who can use it (docs/protocol.md H1)."""

from http.cookies import SimpleCookie

import httpx
import pytest
from tests.features.accounts.conftest import Client, World

from tertulia.core.cookies import SessionCookies


def cookies_of(answer: httpx.Response) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for header in answer.headers.get_list("set-cookie"):
        for name, morsel in SimpleCookie(header).items():
            found[name] = {"value": morsel.value, **{k: str(v) for k, v in morsel.items()}}
    return found


async def is_in(client: Client) -> bool:
    return (await client.call("GET", "me")).status_code == 200


async def test_a_browser_gets_cookies_that_no_script_can_read(world: World) -> None:  # H1
    ana = world.browser()
    answer = await ana.register("ana")
    assert answer.json()["access_token"] is None
    assert answer.json()["refresh_token"] is None
    cookies = cookies_of(answer)
    assert set(cookies) == {
        "__Host-tertulia_access",
        "__Secure-tertulia_refresh",
        "__Secure-tertulia_device",
    }
    for name, cookie in cookies.items():
        assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (
            "True",
            "True",
            "strict",
        )
        assert cookie["domain"] == ""
        assert cookie["path"] == ("/" if name.startswith("__Host-") else "/api/v1/auth")
        assert cookie["value"] not in answer.text
    assert cookies["__Host-tertulia_access"]["max-age"] == "900"
    assert cookies["__Secure-tertulia_refresh"]["max-age"] == str(7 * 86400)
    assert await is_in(ana)


def test_plain_http_has_cookies_of_other_names() -> None:
    plain = SessionCookies(secure=False)
    for cookie in (*plain.given(access="a", refresh="r", mark="m"), *plain.taken()):
        assert not cookie.key.startswith("__")
        assert "Secure" not in cookie.to_header()
        assert "HttpOnly" in cookie.to_header()
        assert "SameSite=strict" in cookie.to_header()


async def test_a_browser_renews_by_cookie_alone(world: World) -> None:
    ana = world.browser()
    await ana.register("ana")
    world.clock.pass_(minutes=16)
    assert (await ana.call("GET", "me")).json()["code"] == "token_expired"
    answer = await ana.call("POST", "auth/refresh", {})
    assert answer.status_code == 200
    assert answer.json()["refresh_token"] is None
    assert await is_in(ana)


async def test_a_cookie_is_never_turned_into_a_token_that_a_script_can_read(world: World) -> None:
    ana = world.browser()
    await ana.register("ana")
    del ana.http.headers["x-tertulia-client"]
    answer = await ana.call("POST", "auth/refresh", {})
    assert answer.json()["code"] == "unauthenticated"
    assert await is_in(ana), "and nothing is lost by asking"


async def test_a_program_gets_no_cookies(world: World) -> None:
    ana = world.program()
    for answer in (await ana.register("ana"), await ana.refresh(), await ana.login("ana")):
        assert answer.is_success
        assert cookies_of(answer) == {}


async def test_logging_out_takes_the_cookies_back(world: World) -> None:
    ana = world.browser()
    await ana.register("ana")
    cookies = cookies_of(await ana.call("POST", "auth/logout"))
    assert {name: (c["value"], c["max-age"]) for name, c in cookies.items()} == {
        "__Host-tertulia_access": ("", "0"),
        "__Secure-tertulia_refresh": ("", "0"),
    }
    # A browser drops a `__Host-` cookie only when told in the way it was set.
    assert cookies["__Host-tertulia_access"]["secure"] == "True"
    assert not await is_in(ana)


async def test_a_browser_logs_out_though_its_access_token_ran_out(world: World) -> None:
    ana = world.browser()
    await ana.register("ana")
    refresh = ana.http.cookies["__Secure-tertulia_refresh"]
    world.clock.pass_(minutes=20)
    assert (await ana.call("POST", "auth/logout")).status_code == 204
    assert (await world.program().refresh(refresh)).status_code == 401
    assert len(world.ended) == 1


async def test_signing_in_again_ends_what_the_browser_held(world: World) -> None:
    ana = world.browser()
    await ana.register("ana")
    before = ana.device_id
    await ana.login("ana")
    assert world.ended == [before]
    devices = (await ana.call("GET", "me/devices")).json()["devices"]
    assert [device["id"] for device in devices] == [str(ana.device_id)]


async def test_a_failed_login_ends_nothing(world: World) -> None:
    ana = world.browser()
    await ana.register("ana")
    await ana.login("ana", "not her password")
    assert world.ended == []
    assert await is_in(ana)


@pytest.mark.parametrize("path", ["auth/register", "auth/login", "auth/refresh", "auth/logout"])
async def test_a_foreign_page_cannot_act(world: World, path: str) -> None:
    ana = world.browser()
    await ana.register("ana")
    ana.http.headers["origin"] = "https://evil.example"
    answer = await ana.call("POST", path, {"username": "ana", "password": "x"})
    assert answer.json()["code"] == "csrf"
    assert world.ended == []


async def test_a_bearer_wins_over_a_cookie(world: World) -> None:
    ana, bruno = world.browser(), await world.person("bruno")
    await ana.register("ana")
    token = bruno.session["access_token"]
    ana.http.headers["authorization"] = f"Bearer {token}"
    assert (await ana.call("GET", "me")).json()["username"] == "bruno"
    ana.http.headers["authorization"] = "Bearer nonsense"
    assert (await ana.call("GET", "me")).status_code == 401
