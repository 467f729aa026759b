"""H1: an unsafe request with a cookie comes from our own page, or not at all."""

import pytest
from tests.core.http.conftest import THING, Calling, MakeApp

from tertulia.core.errors import CrossSite
from tertulia.core.http import HttpSettings
from tertulia.core.http.origin import is_own_origin, origin_of, require_own_page

OWN = frozenset({"https://chat.example.org"})
COOKIE = {"cookie": "access=x", "host": "chat.example.org"}
BEARER = {"authorization": "Bearer x"}

ADMITTED = [
    COOKIE | {"sec-fetch-site": "same-origin", "origin": "https://chat.example.org"},
    COOKIE | {"sec-fetch-site": "same-origin"},
    COOKIE | {"origin": "https://chat.example.org"},
    COOKIE | BEARER,
    BEARER | {"origin": "https://evil.example"},
    BEARER | {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    {},  # no cookie and no browser: a program that logs in
    {"cookie": "a=b", "host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"},
    {"cookie": "a=b", "host": "localhost:8000", "origin": "http://localhost:8000"},
    {"cookie": "a=b", "host": "[::1]:8000", "origin": "http://[::1]:8000"},
    {"cookie": "a=b", "host": "192.168.1.5:8000", "origin": "http://192.168.1.5:8000"},
]
REFUSED = [
    COOKIE,
    COOKIE | {"authorization": "Basic x"},
    COOKIE | {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    COOKIE | {"sec-fetch-site": "cross-site", "origin": "https://evil.example"} | BEARER,
    COOKIE | {"sec-fetch-site": "same-site", "origin": "https://other.example.org"},
    COOKIE | {"sec-fetch-site": "none"},
    COOKIE | {"sec-fetch-site": ""},
    COOKIE | {"origin": "null"},
    COOKIE | {"origin": ""},
    COOKIE | {"origin": "http://chat.example.org"},
    COOKIE | {"origin": "https://chat.example.org.evil.example"},
    COOKIE | {"origin": "https://chat.example.org:8443"},
    {"origin": "https://evil.example"},  # logging somebody in as the attacker
    {"sec-fetch-site": "cross-site"},
    {"cookie": "a=b", "host": "evil.example", "origin": "http://evil.example"},  # DNS rebinding
    {"cookie": "a=b", "host": "127.0.0.1:8000", "origin": "http://127.0.0.1:9000"},
    {"cookie": "a=b", "host": "127.0.0.1.evil.example", "origin": "http://127.0.0.1.evil.example"},
    # A browser that says cross-site is believed, whatever the names look like.
    {"cookie": "a=b", "host": "127.0.0.1", "origin": "http://127.0.0.1"}
    | {"sec-fetch-site": "cross-site"},
]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
@pytest.mark.parametrize("headers", ADMITTED)
def test_admitted(method: str, headers: dict[str, str]) -> None:
    require_own_page(method, headers, OWN)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "BREW"])
@pytest.mark.parametrize("headers", REFUSED)
def test_refused(method: str, headers: dict[str, str]) -> None:
    with pytest.raises(CrossSite):
        require_own_page(method, headers, OWN)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("headers", REFUSED)
def test_safe_methods_are_never_refused(method: str, headers: dict[str, str]) -> None:
    require_own_page(method, headers, OWN)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://a.example", "https://a.example"),
        ("https://A.example:443/path?x", "https://a.example"),
        ("http://a.example:8000/", "http://a.example:8000"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_spelled_as_browsers_do(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_a_request_without_a_host_has_no_own_origin() -> None:
    assert not is_own_origin("http://127.0.0.1", None)
    assert not is_own_origin("http://127.0.0.1", "")
    assert not is_own_origin("http://[", "[")


async def test_the_whole_way(make_app: MakeApp, call: Calling) -> None:
    app = make_app(HttpSettings(public_url="https://chat.example.org"))
    async with call(app, url="https://chat.example.org") as client:
        cookie = {"Cookie": "access=x"}
        foreign = cookie | {"Origin": "https://evil.example"}
        answer = await client.post(THING, json={"text": "a"}, headers=foreign)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
        own = cookie | {"Origin": "https://chat.example.org"}
        answer = await client.post(THING, json={"text": "a"}, headers=own)
        assert answer.status_code == 201
