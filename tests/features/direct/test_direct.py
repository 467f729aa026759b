"""Uploads of one request, past the server: by PUT and by a form."""

import pytest
from tests.features.direct.conftest import House
from tests.support.world import Person

from tertulia.features.members import service as members

BODY = b"twelve bytes"


@pytest.mark.parametrize("way", ["put", "form"])
async def test_it_becomes_a_file(house: House, alice: Person, way: str) -> None:
    begun = await house.begin(alice, way=way)
    assert (await house.confirm(alice, begun)).json()["code"] == "upload_incomplete"
    sent = await house.send(begun, BODY)
    assert sent.is_success, sent.text
    confirmed = await house.confirm(alice, begun)
    assert confirmed.status_code == 200, confirmed.text
    file = confirmed.json()
    assert (file["name"], file["size"], file["state"]) == ("notes.txt", 12, "checking")
    assert file["room_id"] == str(house.room)
    assert await house.bytes_of(begun["id"]) == BODY
    assert house.bucket.names() == [f"incoming/{begun['id']}/whole"]
    assert (await house.confirm(alice, begun)).json()["id"] == file["id"], "again, the same one"


async def test_an_empty_one(house: House, alice: Person) -> None:
    begun = await house.begin(alice, size=0)
    assert (await house.send(begun, b"")).is_success
    assert (await house.confirm(alice, begun)).json()["size"] == 0


@pytest.mark.parametrize("way", ["put", "form"])
async def test_the_bucket_takes_nothing_else(house: House, alice: Person, way: str) -> None:
    begun = await house.begin(alice, way=way)
    assert (await house.send(begun, b"longer than was said")).status_code == 403
    assert (await house.send(begun, b"less")).status_code == 403
    html = await house.send(begun, BODY, **{"Content-Type": "text/html"})
    assert html.status_code == 403
    other = await house.begin(alice, way=way)
    theirs = {**begun, "url": begun["url"].replace(begun["id"], other["id"])}
    if way == "form":
        theirs["fields"] = begun["fields"] | {"key": other["key"]}
    assert (await house.send(theirs, BODY)).status_code == 403
    assert house.bucket.names() == []
    house.leap(15 * 60 + 1)
    assert (await house.send(begun, BODY)).status_code == 403, "its time is over"


async def test_what_is_overwritten_later_is_not_in_the_file(house: House, alice: Person) -> None:
    """The URL still holds when the file is looked at: it leads to another place."""
    begun = await house.begin(alice)
    await house.send(begun, BODY)
    await house.confirm(alice, begun)
    assert (await house.send(begun, b"EVIL  BYTES!")).is_success
    assert await house.bytes_of(begun["id"]) == BODY
    assert (await house.confirm(alice, begun)).status_code == 200
    assert await house.bytes_of(begun["id"]) == BODY
    house.leap(24 * 3600 + 1)
    await house.sweep()
    assert house.bucket.names() == [f"incoming/{begun['id']}/whole"], "and it is thrown away"


async def test_a_store_that_checks_nothing_gets_nothing_in(house: House, alice: Person) -> None:
    """One that lets any size through: what came is measured, and thrown away."""
    begun = await house.begin(alice)
    bare = begun["url"].replace(house.bucket.server.strict, house.bucket.server.bare)
    assert (await house.send({**begun, "url": bare}, b"longer than was said")).is_success
    refused = await house.confirm(alice, begun)
    assert (refused.status_code, refused.json()["code"]) == (409, "upload_differs")
    assert house.bucket.names() == []
    assert (await house.confirm(alice, begun)).status_code == 404
    assert await house.taken(alice) == 0


async def test_nobody_else_confirms_or_cancels(
    house: House, alice: Person, bob: Person, mallory: Person
) -> None:
    begun = await house.begin(alice)
    await house.send(begun, BODY)
    for other in (bob, mallory):
        assert (await house.confirm(other, begun)).status_code == 404
        assert (await house.ask(other, "DELETE", f"/{begun['id']}")).status_code == 404
    assert (await house.ask(None, "POST", f"/{begun['id']}/confirm")).status_code == 401
    elsewhere = await house.running.world.channel(alice)
    there = await house.ask(alice, "POST", f"/{begun['id']}/confirm", room=elsewhere)
    assert there.status_code == 404, "it was begun for one room"
    assert (await house.confirm(alice, begun)).status_code == 200


async def test_who_left_the_room_confirms_nothing(house: House, bob: Person) -> None:
    begun = await house.begin(bob)
    await house.send(begun, BODY)
    await house.running.world.write(members.leave, bob, house.room)
    assert (await house.confirm(bob, begun)).status_code == 404
    assert (await house.ask(bob, "POST", "/", {"name": "x", "size": 1})).status_code == 404


async def test_what_is_given_up_is_gone(house: House, alice: Person) -> None:
    begun = await house.begin(alice)
    await house.send(begun, BODY)
    assert await house.taken(alice) == 12
    assert (await house.ask(alice, "DELETE", f"/{begun['id']}")).status_code == 204
    assert house.bucket.names() == []
    assert await house.taken(alice) == 0
    assert (await house.confirm(alice, begun)).status_code == 404


async def test_what_runs_out_is_gone(house: House, alice: Person) -> None:
    begun = await house.begin(alice)
    await house.send(begun, BODY)
    house.leap(24 * 3600)
    gone = await house.confirm(alice, begun)
    assert (gone.status_code, gone.json()["code"]) == (410, "gone")
    await house.sweep()
    assert house.bucket.names() == []
    assert (await house.confirm(alice, begun)).status_code == 404


async def test_limits_are_those_of_all_uploads(house: House, alice: Person) -> None:
    large = await house.ask(alice, "POST", "/", {"name": "x", "size": 65 << 20})
    assert large.status_code == 413
    await house.begin(alice, size=64 << 20)
    assert await house.taken(alice) == 64 << 20
    house.leap(2 * 3600)
    assert await house.taken(alice) == 64 << 20, "also while no byte is seen"
    refused = await house.ask(alice, "POST", "/", {"name": "x", "size": 64 << 20})
    assert (refused.status_code, refused.json()["code"]) == (413, "quota_exceeded")


async def test_names_are_made_harmless(house: House, alice: Person) -> None:
    begun = await house.begin(alice, name="../../etc/passwd\u202e", media_type="text/html\r\nX: y")
    assert begun["headers"] == {"Content-Type": "application/octet-stream"}
    await house.send(begun, BODY)
    assert (await house.confirm(alice, begun)).json()["name"] == "passwd"


async def test_a_bucket_that_is_away_is_said_so(house: House, alice: Person) -> None:
    begun = await house.begin(alice)
    await house.send(begun, BODY)
    house.bucket.destroy()
    away = await house.confirm(alice, begun)
    assert (away.status_code, away.json()["code"]) == (503, "storage_unavailable")
    assert house.bucket.name not in away.text
    house.bucket.make_again()
    await house.send(begun, BODY)
    assert (await house.confirm(alice, begun)).status_code == 200
