"""X-Forwarded-*: believed from the configured, ignored from others, never guessed."""

import pytest
from tests.core.http.conftest import THING, Calling, MakeApp

from tertulia.core.errors import Invalid
from tertulia.core.http import HttpSettings
from tertulia.core.http.address import (
    client_address,
    forwarded_scheme,
    is_loopback,
    network_of,
    parse_networks,
)

TRUSTED = parse_networks(["10.0.0.0/8", "::1", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "1.1.1.1", "203.0.113.9"),  # a stranger's claim
        ("203.0.113.9", "rubbish", "203.0.113.9"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),  # the left was written by the client
        ("10.0.0.1", "rubbish, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "198.51.100.7:5555", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8::7]:5555", "2001:db8::7"),
        ("::1", "2001:DB8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("testclient", "1.1.1.1", "testclient"),
    ],
)
def test_the_client_is_the_last_one_nobody_of_ours_vouches_past(
    peer: str, forwarded: str | None, client: str
) -> None:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    assert client_address(peer, headers, TRUSTED) == client


@pytest.mark.parametrize("forwarded", ["", "rubbish", "1.2.3", "198.51.100.7, ", "unknown", "::g"])
def test_rubbish_from_a_proxy_is_refused(forwarded: str) -> None:
    with pytest.raises(Invalid):
        client_address("10.0.0.1", {"x-forwarded-for": forwarded}, TRUSTED)


def test_a_scheme_is_believed_from_a_proxy_only() -> None:
    assert forwarded_scheme("10.0.0.1", {"x-forwarded-proto": "https"}, TRUSTED) == "https"
    assert forwarded_scheme("203.0.113.9", {"x-forwarded-proto": "https"}, TRUSTED) is None
    assert forwarded_scheme("10.0.0.1", {}, TRUSTED) is None
    with pytest.raises(Invalid):
        forwarded_scheme("10.0.0.1", {"x-forwarded-proto": "gopher"}, TRUSTED)


def test_one_customer_is_one_network() -> None:
    assert network_of("198.51.100.7") == "198.51.100.7"
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert network_of("2001:db8:1:3::4") != network_of("2001:db8:1:2::4")
    assert network_of("testclient") == "testclient"


def test_loopback_has_many_spellings() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1")))
    assert not any(map(is_loopback, ("10.0.0.1", "::2", "localhost", "")))


async def test_a_spoofed_header_changes_nothing(make_app: MakeApp, call: Calling) -> None:
    async with call(make_app(), peer="203.0.113.9") as client:
        spoofed = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}
        answer = await client.post(THING, json={"text": "a"}, headers=spoofed)
        assert answer.json()["info"].endswith(" 203.0.113.9")


async def test_a_proxy_is_believed_and_its_rubbish_refused(
    make_app: MakeApp, call: Calling
) -> None:
    app = make_app(HttpSettings(trusted_proxies=("10.0.0.0/8",)))
    async with call(app, peer="10.0.0.1") as client:
        forwarded = {"X-Forwarded-For": "6.6.6.6, 198.51.100.7"}
        answer = await client.post(THING, json={"text": "a"}, headers=forwarded)
        assert answer.json()["info"].endswith(" 198.51.100.7")
        answer = await client.get("/healthz", headers={"X-Forwarded-For": "rubbish"})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert answer.headers["x-request-id"]
