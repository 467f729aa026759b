"""The OpenAPI document tells the truth: no 5xx and no answer it does not name, whatever is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
import schemathesis
import schemathesis.specs.openapi.checks
from hypothesis import HealthCheck, given, settings
from tests.support.program import program

SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.filter_too_much)
EXAMPLES = 12  # requests for each operation
LIBRARY: Any = schemathesis  # its types are not complete
CONFORMANCE: Any = schemathesis.specs.openapi.checks
CHECKS: Any = (
    LIBRARY.checks.not_a_server_error,
    CONFORMANCE.status_code_conformance,
    CONFORMANCE.content_type_conformance,
    CONFORMANCE.response_schema_conformance,
)


@dataclass(frozen=True)
class Api:
    url: str

    def newcomer(self) -> tuple[dict[str, str], str]:
        """Somebody with a room of their own: headers and the room's id. A new one for each
        operation, for some of them sign out or change the password."""
        with httpx.Client(base_url=self.url) as client:
            name = f"s{uuid4().hex[:12]}"
            signed_in = client.post(
                "/api/v1/auth/register",
                json={"username": name, "password": "correct horse battery"},
            ).json()
            headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
            room = client.post(
                "/api/v1/rooms", json={"kind": "channel", "name": "R"}, headers=headers
            )
            return headers, room.json()["room"]["id"]


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    """The real program in a process of its own: schemathesis asks it as any client does."""
    with program() as url:
        yield Api(url)


def test_every_answer_is_documented(api: Api, subtests: pytest.Subtests) -> None:
    document = LIBRARY.openapi.from_url(f"{api.url}/api/openapi.json")
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) > 30  # else this proves nothing
    for operation in operations:
        with subtests.test(operation.label):
            ask_for(operation, api)


def ask_for(operation: Any, api: Api) -> None:
    somebody = api.newcomer()

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    def ask(case: Any) -> None:
        nonlocal somebody
        headers, room_id = somebody
        # Random ids only ever find nothing: aim at a room that is there.
        if "room_id" in case.path_parameters:
            case.path_parameters["room_id"] = room_id
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        if answer.status_code in (204, 401):  # may have signed out
            somebody = api.newcomer()

    ask()
