"""Who may do what, at the edges: every route and every command, for everybody (C1, C6).

The table is tests/contracts/matrix.py: the build fails where a verb has no row in it. A refusal
also has to change nothing.
"""

import warnings
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import pytest
from litestar import Litestar
from litestar.exceptions import LitestarDeprecationWarning
from tests.contracts.matrix import ANSWERS, COMMANDS, ROOM, ROUTES
from tests.support.buckets import serving
from tests.support.clock import HandClock
from tests.support.database import drop_database, fresh_database
from tests.support.node import running_node
from tests.support.theatre import PARTS, Row, Theatre

from tertulia.core.postgres import EmbeddedPostgres
from tertulia.main import wiring

# The table is whole


def pattern(verb: str) -> str:
    """Without the query, and with one name for every person or message in a path."""
    path = verb.partition("?")[0]
    return (
        path.replace("{my_message_id}", "{message_id}")
        .replace("{banned_id}", "{account_id}")
        .replace("{nobody_id}", "{account_id}")
        .replace("{poll_id}", "{message_id}")
        .replace("{voice_id}", "{message_id}")
        .replace("{film_id}", "{file_id}")
        .replace("{dead_job_id}", "{job_id}")
        .replace("{no_job_id}", "{job_id}")
    )


def served() -> set[str]:
    with warnings.catch_warnings():
        # Routes name their dependencies the way Litestar 2 infers; 3 will want them marked.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        app = Litestar(list(wiring.ROUTES), openapi_config=None)
    return {
        f"{method} {route.path_format}"
        for route in app.routes
        for method in getattr(route, "route_handler_map", {})
        if method != "OPTIONS"
    }


def test_every_route_has_its_row() -> None:
    assert {pattern(row.verb) for row in ROUTES} == served()
    assert len(served()) > 40, "the routes were not found"


def test_every_command_has_its_row() -> None:
    nothing = cast("Any", None)
    commands = wiring.commands(
        db=nothing,
        bus=nothing,
        limiter=nothing,
        sending=nothing,
        reading=nothing,
        presence=nothing,
        receipts=nothing,
    )
    assert {row.verb for row in COMMANDS} == set(commands)


def test_every_row_answers_for_everybody() -> None:
    for row in (*ROUTES, *COMMANDS):
        assert len(row.cells.split()) == len(PARTS), row
        assert set(row.cells.split()) <= set(ANSWERS), row


# The table is true


@pytest.fixture(scope="module")
async def theatre(cluster: EmbeddedPostgres) -> AsyncIterator[Theatre]:
    dsn = await fresh_database(cluster)
    # Without jobs: what one does in between would look like something a refusal did.
    with serving() as buckets:
        buckets.stand_at(HandClock().now())
        settings: Any = buckets.make().settings
        async with running_node(dsn, HandClock(), jobs="off", **settings) as running:
            names = (*PARTS[1:], "bystander", "stranger")
            people = {
                name: await running.world.person(name.replace("_", "-") + "1") for name in names
            }
            yield Theatre(running, people)
    await drop_database(cluster, dsn)


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=" ".join(filter(None, (row.verb, row.case)))) for row in
     (*ROUTES, *COMMANDS)],
)  # fmt: skip
async def test_everybody_gets_the_answer_of_the_table(row: Row, theatre: Theatre) -> None:
    stage = await theatre.set_up(row.visibility)
    expected = [ANSWERS[cell] for cell in row.cells.split()]
    answers: list[str] = []
    for part in PARTS:
        before = await theatre.logged()
        answers.append(await theatre.ask(row, stage, part))
        if answers[-1] != "done":
            assert await theatre.logged() == before, f"refused the {part}, and yet told something"
        elif not row.verb.startswith("GET "):
            stage = await theatre.set_up(row.visibility)
    assert dict(zip(PARTS, answers, strict=True)) == dict(zip(PARTS, expected, strict=True))


HIDDEN = [row for row in (*ROUTES, *COMMANDS) if row.cells.split()[1] == "N"
          and (ROOM in row.verb or " " not in row.verb)]  # fmt: skip


async def test_a_room_that_is_not_mine_answers_like_one_that_is_not(theatre: Theatre) -> None:
    """In the same words, for everybody who is not in it (C6)."""
    there = await theatre.set_up("private")
    nowhere = replace(there, room=UUID(int=0xDEAD))
    for row in HIDDEN:
        for part in ("outsider", "ex_member", "banned"):
            assert await theatre.ask(row, there, part) == "not_found"
            words = theatre.words
            assert await theatre.ask(row, nowhere, part) == "not_found"
            assert theatre.words == words, (row.verb, part)
    assert len(HIDDEN) > 25
