"""Headers that every answer carries, whoever gives it."""

import httpx
import pytest
from tests.core.http.conftest import THING, Calling, MakeApp

from tertulia.core.http import HttpSettings

EVERYWHERE = ["/", "/healthz", "/readyz", "/metrics", "/api/v1/broken", "/api/docs", "/assets/x.js"]


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_answer_is_guarded(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=(self)" in headers["permissions-policy"]
    assert "geolocation=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers  # plain http: it would be a lie


async def test_nothing_inline_and_nothing_foreign_may_run(client: httpx.AsyncClient) -> None:
    text = (await client.get("/")).headers["content-security-policy"]
    parts = (part.strip().partition(" ") for part in text.split(";"))
    policy = {name: sources for name, _, sources in parts}
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "tertulia-worker"
    assert "unsafe" not in text
    assert "*" not in text


async def test_a_public_url_names_its_socket_and_demands_https(
    make_app: MakeApp, call: Calling
) -> None:
    settings = HttpSettings(public_url="https://chat.example.org/")
    async with call(make_app(settings)) as client:
        headers = (await client.get("/healthz")).headers
    assert "connect-src 'self' wss://chat.example.org" in headers["content-security-policy"]
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_a_route_may_be_stricter_by_itself(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/api/v1/own-headers")).headers
    assert headers.get_list("content-security-policy") == ["sandbox"]
    assert headers["x-content-type-options"] == "nosniff"


async def test_large_answers_are_compressed_and_small_ones_are_not(
    client: httpx.AsyncClient,
) -> None:
    for accepted, given in (("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")):
        response = await client.get(
            "/api/v1/things?word=abcdefghij&limit=100", headers={"Accept-Encoding": accepted}
        )
        assert response.headers["content-encoding"] == given
        assert response.headers["vary"] == "Accept-Encoding"
        assert int(response.headers["content-length"]) < 200
        assert response.json() == ["abcdefghij"] * 100
    for accepted in ("identity", "zstd", ""):
        response = await client.get(
            "/api/v1/things?word=abcdefghij&limit=100", headers={"Accept-Encoding": accepted}
        )
        assert "content-encoding" not in response.headers
    response = await client.get("/api/v1/things?word=a")
    assert "content-encoding" not in response.headers


async def test_an_answer_that_sets_a_cookie_is_not_compressed(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/own-headers", headers={"Accept-Encoding": "br"})
    assert response.headers["set-cookie"] == "a=b"
    assert "content-encoding" not in response.headers


async def test_a_foreign_page_reads_nothing_unless_it_is_on_the_list(
    make_app: MakeApp, call: Calling
) -> None:
    app = make_app(HttpSettings(allowed_origins=("https://friend.example",)))
    async with call(app) as client:
        answer = await client.get("/healthz", headers={"Origin": "https://friend.example"})
        assert answer.headers["access-control-allow-origin"] == "https://friend.example"
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert answer.headers["vary"] == "Origin"
        for origin in (
            *("https://evil.example", "null", "https://friend.example.evil.example"),
            *("http://friend.example", "https://friend.example:444", "https://xfriend.example"),
        ):
            answer = await client.get("/healthz", headers={"Origin": origin})
            assert "access-control-allow-origin" not in answer.headers
            assert "access-control-allow-credentials" not in answer.headers
            assert answer.headers["vary"] == "Origin"


async def test_preflight_answers_only_the_list(make_app: MakeApp, call: Calling) -> None:
    app = make_app(HttpSettings(allowed_origins=("https://friend.example",)))
    asking = {"Access-Control-Request-Method": "POST"}
    async with call(app) as client:
        answer = await client.options(THING, headers={"Origin": "https://friend.example"} | asking)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "https://friend.example"
        assert "PATCH" in answer.headers["access-control-allow-methods"]
        assert "Authorization" in answer.headers["access-control-allow-headers"]
        answer = await client.options(THING, headers={"Origin": "https://evil.example"} | asking)
        assert answer.status_code == 403
        assert answer.json()["code"] == "csrf"
        assert "access-control-allow-origin" not in answer.headers


async def test_without_a_list_nobody_foreign_reads(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]
