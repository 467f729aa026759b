"""Routes of rooms."""

import pytest
from tests.support.rooms import Town, assemble, caller

from tertulia.core.http.edge import Edge


async def test_a_room_is_changed(town: Town, edge: Edge) -> None:
    cast = await assemble(town)
    async with caller(edge, cast.owner) as owner:
        answer = await owner.patch(f"/rooms/{cast.room_id}", json={"name": "Kitchen"})
    assert answer.status_code == 200
    assert answer.json()["name"] == "Kitchen"
    assert answer.json()["topic"] == ""


WRONG: list[object] = [
    {"name": 5},
    {"name": ""},
    {"name": "x" * 81},
    {"name": "two\nlines"},
    {"name": "\u202eevil"},
    {"topic": "x" * 251},
    {"visibility": "secret"},
    {"archived": "yes"},
    {"kind": "group"},
    [],
]


@pytest.mark.parametrize("body", WRONG)
async def test_what_is_no_change_is_refused(town: Town, edge: Edge, body: object) -> None:
    # C4
    cast = await assemble(town)
    before = await town.state()
    async with caller(edge, cast.owner) as owner:
        answer = await owner.patch(f"/rooms/{cast.room_id}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert await town.state() == before


async def test_a_stranger_hears_not_found(town: Town, edge: Edge) -> None:
    # C6: the same words for a room of others and for none
    cast = await assemble(town)
    async with caller(edge, cast.outsider) as outsider:
        told = [
            await outsider.patch(f"/rooms/{room_id}", json={"name": "Mine"})
            for room_id in (cast.room_id, town.ids.uuid7())
        ]
    theirs, nowhere = (answer.json() | {"request_id": ""} for answer in told)
    assert told[0].status_code == 404
    assert told[0].headers["content-type"] == "application/problem+json"
    assert theirs == nowhere


async def test_public_rooms_are_browsed(town: Town, edge: Edge) -> None:
    alice, bob = await town.people(2)
    room_id = await town.room(alice, visibility="public", name="Open kitchen")
    async with caller(edge, bob) as client:
        answer = await client.get("/rooms/public", params={"query": "open kit"})
        page = answer.json()
        assert [found["room"]["id"] for found in page["rooms"]] == [str(room_id)]
        assert page["next"] is None
        wrong = await client.get("/rooms/public", params={"cursor": "?"})
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "cursor")
        assert (await client.get("/rooms/public", params={"query": "\0"})).status_code == 200
        assert (await client.get("/rooms/public", params={"query": "x" * 81})).status_code == 400
    async with caller(edge) as nobody:
        assert (await nobody.get("/rooms/public")).status_code == 401
