"""Every refusal is a problem of RFC 9457 with a stable code, and says nothing it should not."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.core.http.conftest import CANARY, THING, Calling, MakeApp

from tertulia.core.errors import AppError, Unavailable
from tertulia.core.telemetry import Telemetry


async def refused(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    problem = response.json()
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["type"] == f"/api/docs#{code}"
    assert problem["title"]
    assert problem["request_id"] == response.headers["x-request-id"]
    return problem


async def test_a_good_request_gets_its_answer_and_its_id(client: httpx.AsyncClient) -> None:
    response = await client.post(THING, json={"text": "hola"})
    assert response.status_code == 201
    assert response.headers["cache-control"] == "no-store"
    request_id = response.headers["x-request-id"]
    assert response.json()["info"] == f"{request_id} 127.0.0.1"
    assert UUID(request_id).version == 7


async def test_a_request_id_is_ours_and_not_the_clients(client: httpx.AsyncClient) -> None:
    response = await client.get("/healthz", headers={"X-Request-Id": "mine"})
    assert response.headers["x-request-id"] != "mine"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"text": "a", "members": ["x"]}, "members[0]", "type"),
        ({"text": "a", "members": [1, -1]}, "members[1]", "out_of_range"),
        ({"text": "a", "members": ["5"]}, "members[0]", "type"),  # a number has to be a number
        ({"text": ""}, "text", "too_short"),
        ({"text": "a" * 21}, "text", "too_long"),
        ({"text": None}, "text", "type"),
        ({}, "text", "missing"),
        ({"text": "a", "admin": True}, "admin", "unknown"),  # C4
        ([], "", "type"),
    ],
)
async def test_a_wrong_field_is_named(  # C5
    client: httpx.AsyncClient, body: object, field: str, code: str
) -> None:
    problem = await refused(await client.post(THING, json=body), 400, "invalid")
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("word=a&limit=0", "limit", "out_of_range"),
        ("word=a&limit=101", "limit", "out_of_range"),
        ("word=a&limit=many", "limit", "type"),
        ("limit=5", "word", "missing"),
    ],
)
async def test_a_wrong_parameter_is_named(
    client: httpx.AsyncClient, query: str, field: str, code: str
) -> None:
    problem = await refused(await client.get(f"/api/v1/things?{query}"), 400, "invalid")
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b'{"text":"a\xa2"}', b'{"text": NaN}', b'{"text":"\\ud800"}', b"nul"]
)
async def test_what_is_no_json_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post(THING, content=body, headers={"Content-Type": "application/json"})
    await refused(response, 400, "invalid")


async def test_no_body_at_all_is_refused(client: httpx.AsyncClient) -> None:
    problem = await refused(await client.post(THING), 400, "invalid")
    assert problem["errors"] == [
        {"field": "", "code": "missing", "message": "A JSON body is required"}
    ]


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_only_json_is_read(client: httpx.AsyncClient, media_type: str) -> None:
    response = await client.post(
        THING, content=b'{"text":"a"}', headers={"Content-Type": media_type}
    )
    await refused(response, 415, "unsupported_media_type")


async def test_a_charset_beside_json_is_fine(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    response = await client.post(THING, content=b'{"text":"a"}', headers=headers)
    assert response.status_code == 201


async def test_a_body_over_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post(THING, json={"text": "a" * 1_048_576})
    await refused(response, 413, "too_large")


async def test_a_body_without_a_length_is_counted_as_it_comes(client: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 65_536

    headers = {"Content-Type": "application/json"}
    await refused(await client.post(THING, content=pieces(), headers=headers), 413, "too_large")


async def test_refusals_do_not_repeat_what_was_sent(client: httpx.AsyncClient) -> None:
    for body in ({"text": [CANARY]}, {"text": "a", "members": [CANARY]}, {"text": CANARY * 9}):
        response = await client.post(THING, json=body)
        assert response.status_code == 400
        assert CANARY not in response.text
    response = await client.get(f"/api/v1/things?limit={CANARY}&token={CANARY}")
    assert response.status_code == 400
    assert CANARY not in response.text


async def test_an_unknown_address_is_not_found(client: httpx.AsyncClient) -> None:
    await refused(await client.get("/api/v1/nothing"), 404, "not_found")
    await refused(await client.get("/api"), 404, "not_found")
    # C6: an id of the wrong shape is like one that does not exist.
    await refused(await client.post("/api/v1/things/42", json={"text": "a"}), 404, "not_found")


async def test_a_wrong_method_says_which_are_right(client: httpx.AsyncClient) -> None:
    response = await client.delete(THING)
    await refused(response, 405, "method_not_allowed")
    assert set(response.headers["allow"].split(", ")) == {"OPTIONS", "PATCH", "POST"}


async def test_options_says_what_a_wrong_method_says(client: httpx.AsyncClient) -> None:
    response = await client.options(THING)
    assert (response.status_code, response.content) == (204, b"")
    assert set(response.headers["allow"].split(", ")) == {"OPTIONS", "PATCH", "POST"}
    await refused(await client.options("/api/v1/nothing"), 404, "not_found")


async def test_our_own_errors_keep_their_words(client: httpx.AsyncClient) -> None:
    problem = await refused(await client.patch(THING, json={"text": "a"}), 409, "conflict")
    assert problem["detail"] == "It moved"


async def test_an_accident_leaks_nothing_and_can_be_found(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    response = await client.get("/api/v1/broken")
    problem = await refused(response, 500, "internal")
    assert problem["detail"] == ""
    assert CANARY not in response.text
    assert "Traceback" not in response.text
    assert ".py" not in response.text
    assert problem["request_id"] in capsys.readouterr().out


async def test_the_caller_knows_its_own_libraries_errors(make_app: MakeApp, call: Calling) -> None:
    def translate(error: Exception) -> AppError | None:
        return Unavailable(retry_after=1.5) if isinstance(error, OSError) else None

    async with call(make_app(translate=translate)) as client:
        response = await client.get("/api/v1/foreign")
        problem = await refused(response, 503, "unavailable")  # C8
        assert response.headers["retry-after"] == "2"
        assert problem["retry_after"] == 1.5
        await refused(await client.get("/api/v1/broken"), 500, "internal")


async def test_too_many_says_when_to_come_back(client: httpx.AsyncClient) -> None:  # C7
    response = await client.get("/api/v1/limited")
    await refused(response, 429, "rate_limited")
    assert response.headers["retry-after"] == "12"
    assert response.headers["ratelimit"] == '"login";r=0;t=12'
    assert response.headers["ratelimit-policy"] == '"login";q=5;w=60'


async def test_requests_are_counted_by_route_and_not_by_path(
    client: httpx.AsyncClient, telemetry: Telemetry
) -> None:
    await client.post(THING, json={"text": "a"})
    await client.get("/api/v1/made-up-by-somebody")
    await client.request("BREW", "/api/v1/things")

    def count(**labels: str) -> float | None:
        return telemetry.registry.get_sample_value("tertulia_http_requests_total", labels)

    assert count(method="POST", route="/api/v1/things/{thing_id}", code="201") == 1
    assert count(method="GET", route="unmatched", code="404") == 1
    assert count(method="other", route="unmatched", code="405") == 1
    assert telemetry.registry.get_sample_value("tertulia_http_requests_in_progress") == 0
    seconds = {"method": "POST", "route": "/api/v1/things/{thing_id}"}
    name = "tertulia_http_request_duration_seconds_count"
    assert telemetry.registry.get_sample_value(name, seconds) == 1
