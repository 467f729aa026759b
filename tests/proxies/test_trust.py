"""Who is believed: the proxy about its clients, and nobody about themselves."""

from io import BytesIO

import aiohttp
import pytest
from structlog.testing import capture_logs
from tests.proxies.house import NEIGHBOUR, House

PASSWORD = "olive branches"
LIE = {"X-Forwarded-For": "203.0.113.7", "X-Real-IP": "203.0.113.7", "Forwarded": "for=203.0.113.7"}
WEB = {"X-Tertulia-Client": "web"}


async def _register(house: House, name: str, headers: dict[str, str]) -> aiohttp.ClientResponse:
    body = {"username": name, "password": PASSWORD, "display_name": name}
    status, answer, response = await house.ask(
        "POST", "/api/v1/auth/register", body, headers=headers
    )
    assert status == 201, answer
    return response


async def test_a_request_is_its_clients_whatever_the_client_says(house: House) -> None:
    with capture_logs() as logs:
        await _register(house, "olga", {})
        await _register(house, "mallory", LIE)
    told = [line["address"] for line in logs if line["event"] == "account_registered"]
    assert told == [NEIGHBOUR, NEIGHBOUR]


async def test_a_socket_is_its_clients_whatever_the_client_says(house: House) -> None:
    olga = await house.running.world.person("olga")
    token = house.running.token(olga)
    honest, liar = await house.socket(token), await house.socket(token, **LIE)
    assert house.addresses() == [NEIGHBOUR, NEIGHBOUR]
    await honest.disconnect()
    await liar.disconnect()


async def test_who_goes_round_the_proxy_is_not_believed(house: House) -> None:
    """The node's own port, from an address that is no trusted proxy."""
    with capture_logs() as logs:
        body = {"username": "olga", "password": PASSWORD, "display_name": "Olga"}
        url = f"{house.running.url}/api/v1/auth/register"
        async with house.neighbour.post(url, json=body, headers=LIE) as answer:
            assert answer.status == 201
    assert [line["address"] for line in logs if "address" in line] == [NEIGHBOUR]


async def test_what_is_for_this_machine_is_not_for_who_comes_through(house: House) -> None:
    """/metrics opens to the machine itself; the proxy is on it, its clients are not."""
    async with house.neighbour.get(f"{house.url}/metrics") as answer:
        assert answer.status in (401, 403, 404)
    async with (
        aiohttp.ClientSession() as local,
        local.get(f"{house.running.url}/metrics") as answer,
    ):
        assert answer.status == 200


async def test_cookies_are_for_https_alone(house: House) -> None:
    response = await _register(house, "olga", {**WEB, "Origin": house.url})
    given = response.headers.getall("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in given} == {
        "__Host-tertulia_access",
        "__Secure-tertulia_refresh",
        "__Secure-tertulia_device",
    }
    assert all("; secure" in cookie.lower() and "; httponly" in cookie.lower() for cookie in given)
    assert "max-age" in response.headers["Strict-Transport-Security"]


async def test_a_socket_opens_with_the_cookie_for_our_own_page_only(house: House) -> None:
    await _register(house, "olga", {**WEB, "Origin": house.url})
    # aiohttp keeps no cookie of a number's, and this is a name: it has them now.
    url = f"{house.url}/socket.io/?EIO=4&transport=websocket"
    async with house.neighbour.ws_connect(url, headers={"Origin": house.url}) as socket:
        await socket.receive_str()
        await socket.send_str("40")
        assert (await socket.receive_str()).startswith('40{"sid"')
    foreign = {"Origin": "https://localhost:1"}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await house.neighbour.ws_connect(url, headers=foreign)
    assert refused.value.status == 403


async def test_a_page_from_elsewhere_cannot_ask_with_the_cookie(house: House) -> None:
    await _register(house, "olga", {**WEB, "Origin": house.url})
    body = {"display_name": "Somebody else"}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "https://localhost:1"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    ):
        status, answer, _ = await house.ask("PATCH", "/api/v1/me", body, headers=headers)
        assert (status, answer["code"]) == (403, "csrf"), headers
    status, answer, _ = await house.ask("PATCH", "/api/v1/me", body, headers={"Origin": house.url})
    assert (status, answer["display_name"]) == (200, "Somebody else")


async def test_too_much_is_refused_in_our_own_words(house: House) -> None:
    olga = await house.running.world.person("olga")
    headers = {
        "Authorization": f"Bearer {house.running.token(olga)}",
        "Content-Type": "application/json",
    }
    body = BytesIO(b'{"kind":"channel","name":"' + 1_200_000 * b"x" + b'"}')
    asking = house.neighbour.post(f"{house.url}/api/v1/rooms", data=body, headers=headers)
    async with asking as answer:
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (413, "too_large")
