"""Uploads in parts, past the server: what Uppy and boto3 ask for, and what is refused."""

import os
from typing import Any

from tests.features.direct.conftest import House
from tests.support.world import Person

from tertulia.features.members import service as members

PART = 5 << 20
BODY = os.urandom(PART + 7)


def cut(body: bytes = BODY) -> list[bytes]:
    return [body[at : at + PART] for at in range(0, len(body), PART)]


async def send_all(house: House, who: Person, begun: Any) -> list[Any]:
    sent: list[Any] = []
    for number, data in enumerate(cut(), 1):
        answer = await house.send_part(who, begun, number, data)
        assert answer.is_success, answer.text
        sent.append({"PartNumber": number, "ETag": answer.headers["ETag"]})
    return sent


async def test_they_become_a_file(house: House, alice: Person) -> None:
    begun = await house.begin_parts(alice, len(BODY))
    assert begun["part_size"] == PART
    sent = await send_all(house, alice, begun)
    place = f"/s3/multipart/{begun['uploadId']}?key={begun['key']}"
    listed = (await house.ask(alice, "GET", place)).json()
    assert [(part["PartNumber"], part["Size"]) for part in listed] == [(1, PART), (2, 7)]
    completed = await house.complete(alice, begun, sent)
    assert completed.status_code == 200, completed.text
    file = completed.json()["file"]
    assert (file["name"], file["size"], file["state"]) == ("film.mp4", len(BODY), "checking")
    assert await house.bytes_of(begun["uploadId"]) == BODY
    again = await house.complete(alice, begun, sent)
    assert again.json()["file"]["id"] == file["id"]


async def test_a_part_is_of_its_own_size_and_number(house: House, alice: Person) -> None:
    begun = await house.begin_parts(alice, len(BODY))
    assert (await house.send_part(alice, begun, 1, BODY)).status_code == 403
    assert (await house.send_part(alice, begun, 2, b"eight by")).status_code == 403
    signed = (await house.part_url(alice, begun, 2)).json()["url"]
    other = signed.replace("partNumber=2", "partNumber=1")
    assert (await house.store.put(other, content=b"seven b")).status_code == 403
    for number in (0, 3, 10_001):
        refused = await house.part_url(alice, begun, number)
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    house.leap(15 * 60 + 1)
    assert (await house.store.put(signed, content=b"seven b")).status_code == 403


async def test_what_is_not_whole_is_no_file(house: House, alice: Person) -> None:
    begun = await house.begin_parts(alice, len(BODY))
    first = await house.send_part(alice, begun, 1, cut()[0])
    half = [{"PartNumber": 1, "ETag": first.headers["ETag"]}]
    early = await house.complete(alice, begun, half)
    assert (early.status_code, early.json()["code"]) == (409, "upload_incomplete")
    second = await house.send_part(alice, begun, 2, cut()[1])
    wrong = [*half, {"PartNumber": 2, "ETag": '"0123456789abcdef0123456789abcdef"'}]
    assert (await house.complete(alice, begun, wrong)).status_code == 409
    right = [*half, {"PartNumber": 2, "ETag": second.headers["ETag"].strip('"')}]
    assert (await house.complete(alice, begun, right)).status_code == 200, "it may still be"


async def test_nobody_else_sees_it(house: House, alice: Person, bob: Person) -> None:
    begun = await house.begin_parts(alice, len(BODY))
    place = f"/s3/multipart/{begun['uploadId']}?key={begun['key']}"
    assert (await house.part_url(bob, begun, 1)).status_code == 404
    assert (await house.ask(bob, "GET", place)).status_code == 404
    assert (await house.ask(bob, "DELETE", place)).status_code == 404
    assert (await house.complete(bob, begun, [])).status_code == 404
    theirs = await house.begin_parts(bob, len(BODY))
    mixed = {**theirs, "key": begun["key"]}
    assert (await house.part_url(bob, mixed, 1)).status_code == 404, "the key of another"
    assert (await house.confirm(alice, {"id": begun["uploadId"]})).status_code == 404


async def test_who_left_the_room_goes_on_no_more(house: House, bob: Person) -> None:
    begun = await house.begin_parts(bob, len(BODY))
    sent = await send_all(house, bob, begun)
    await house.running.world.write(members.leave, bob, house.room)
    assert (await house.part_url(bob, begun, 1)).status_code == 404
    assert (await house.complete(bob, begun, sent)).status_code == 404


async def test_what_is_given_up_is_aborted(house: House, alice: Person) -> None:
    begun = await house.begin_parts(alice, len(BODY))
    await house.send_part(alice, begun, 1, cut()[0])
    place = f"/s3/multipart/{begun['uploadId']}?key={begun['key']}"
    assert (await house.ask(alice, "DELETE", place)).status_code == 200
    assert house.bucket.open_uploads() == 0
    assert (await house.part_url(alice, begun, 2)).status_code == 404
    assert await house.taken(alice) == 0


async def test_what_runs_out_is_aborted(house: House, alice: Person) -> None:
    begun = await house.begin_parts(alice, len(BODY))
    await house.send_part(alice, begun, 1, cut()[0])
    house.leap(20 * 3600)
    await house.send_part(alice, begun, 1, cut()[0])
    house.leap(20 * 3600)
    await house.sweep()
    assert house.bucket.open_uploads() == 1, "who goes on is waited for"
    house.leap(5 * 3600)
    await house.sweep()
    assert house.bucket.open_uploads() == 0
    assert (await house.part_url(alice, begun, 2)).status_code == 404
    assert await house.taken(alice) == 0


async def test_who_died_after_joining_the_parts_is_made_good(house: House, alice: Person) -> None:
    """The bucket made one thing of them, and nobody wrote down that it is a file."""
    begun = await house.begin_parts(alice, len(BODY))
    sent = await send_all(house, alice, begun)
    house.bucket.complete_all(f"incoming/{begun['uploadId']}/whole", sent)
    assert (await house.complete(alice, begun, sent)).status_code == 200
    assert await house.bytes_of(begun["uploadId"]) == BODY


async def test_sizes_must_be_told(house: House, alice: Person) -> None:
    for metadata in ({}, {"size": "many"}, {"size": 0}, {"size": 9, "part_size": 5}, {"size": -1}):
        body = {"filename": "x", "type": "video/mp4", "metadata": metadata}
        refused = await house.ask(alice, "POST", "/s3/multipart", body)
        assert refused.status_code == 400, metadata
        assert refused.json()["errors"][0]["field"].startswith("metadata.")
