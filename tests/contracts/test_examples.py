"""Every route and every command has an example, and a node that runs answers as it says."""

from collections.abc import AsyncIterator, Mapping

import msgspec
import pytest
from openapi_spec_validator import validate
from tests.contracts.examples import KEPT, Example, alike, encode, take, theatre_of_names
from tests.contracts.matrix import COMMANDS
from tests.contracts.test_refusal_matrix import served
from tests.support.database import drop_database, fresh_database
from tools.generate_api import PAGE, document, operations, page

from tertulia.core.postgres import EmbeddedPostgres
from tertulia.main import api_examples

ANEW = "generate the examples anew: make api"


@pytest.fixture(scope="module")
async def taken(cluster: EmbeddedPostgres) -> AsyncIterator[Mapping[str, Example]]:
    """Asked of a live node, each by somebody who may."""
    dsn = await fresh_database(cluster)
    async with theatre_of_names(dsn) as theatre:
        yield await take(theatre)
    await drop_database(cluster, dsn)


def test_everything_has_an_example(taken: Mapping[str, Example]) -> None:
    verbs = served() | {row.verb for row in COMMANDS}
    assert verbs - set(taken) <= ELSEWHERE, "give it one in tests/contracts/examples_more.py"
    assert set(api_examples.load()) == set(taken), ANEW


# What only a job that went out into the world can have put there: tested with its feature.
ELSEWHERE = {"GET /api/v1/previews/{image_id}/image"}


def test_a_node_answers_as_the_examples_say(taken: Mapping[str, Example]) -> None:
    kept = api_examples.load()
    now = msgspec.json.decode(encode(taken))
    wrong = [
        verb
        for verb, example in now.items()
        if verb in kept
        and not (
            example["status"] == kept[verb]["status"]
            and alike(kept[verb]["request"], example["request"])
            and alike(kept[verb]["response"], example["response"])
        )
    ]
    assert wrong == [], ANEW


def test_the_document_is_valid_and_its_names_are_stable() -> None:
    found = document(api_examples.load())
    validate(found)  # against OpenAPI 3.1's own schema
    named = {operation["operationId"]: operation for _, _, operation in operations(found)}
    assert len(named) == len(served()), "two operations share a name"
    assert {"login", "send_message", "list_messages", "sync"} <= set(named)
    for name, operation in named.items():
        assert operation.get("summary"), name
        assert {"400", "401", "404", "429", "500", "503"} <= set(operation["responses"]), name


def test_the_page_is_as_the_examples_say() -> None:
    assert PAGE.read_text() == page(api_examples.load()), ANEW


def test_no_example_holds_a_secret() -> None:
    text = KEPT.read_text()
    assert "eyJ" not in text, "a token was kept"
