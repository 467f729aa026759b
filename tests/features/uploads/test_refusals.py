"""Whose an upload is, and where it may still go."""

import asyncio
from pathlib import Path
from uuid import UUID

import pytest
from tests.features.uploads.conftest import (
    PATH,
    Dripping,
    House,
    Tus,
    arrived,
    metadata,
    open_house,
)
from tests.features.uploads.test_writers import answered
from tests.support.clock import HandClock
from tests.support.world import Person

TEXT = b"an evening around a table"


async def change(house: House, who: Person, **what: object) -> None:
    answer = await house.running.request(who, "PATCH", f"/api/v1/rooms/{house.room}", what)
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def theirs(house: House, alice: Person, bob: Person) -> Tus:
    """Bob's, in alice's room."""
    added = await house.running.request(
        alice, "POST", f"/api/v1/rooms/{house.room}/members", {"account_ids": [str(bob.id)]}
    )
    assert added.status_code < 300, added.text
    return house.tus(bob)


async def test_nobody_else_finds_an_upload(house: House, tus: Tus, theirs: Tus) -> None:
    url = await theirs.begun(len(TEXT))
    await theirs.patch(url, 0, TEXT[:5])
    for stranger, status in ((tus, 404), (house.tus(None), 401)):
        assert (await stranger.head(url)).status_code == status
        assert (await stranger.patch(url, 5, TEXT[5:])).status_code == status
        assert (await stranger.delete(url)).status_code == status
        assert "Upload-Offset" not in (await stranger.head(url)).headers
    assert theirs.bytes_of(url) == TEXT[:5]


async def test_an_upload_goes_where_one_may_speak(
    house: House, tus: Tus, theirs: Tus, alice: Person, mallory: Person
) -> None:
    assert (await house.tus(mallory).create(1)).status_code == 404
    assert (await house.tus(mallory, UUID(int=1)).create(1)).status_code == 404
    await change(house, alice, posting="moderators")
    # Whoever may answer in threads may bring something along.
    assert (await theirs.create(1)).status_code == 201
    await change(house, alice, thread_replies=False)
    assert (await theirs.create(1)).status_code == 403
    assert (await tus.create(1)).status_code == 201


async def test_whoever_leaves_in_the_middle_brings_nothing(
    house: House, theirs: Tus, clock: HandClock, bob: Person
) -> None:
    url = await theirs.begun(len(TEXT))
    request = await Dripping.patch(theirs, url, 0, len(TEXT))
    await request.send(TEXT[:5])
    await arrived(theirs, url, 5)
    await house.running.request(bob, "POST", f"/api/v1/rooms/{house.room}/leave")
    # The request that is under way ends at its next sign of life.
    assert await answered(asyncio.create_task(request.status()), clock) == 404
    assert (await theirs.head(url)).status_code == 404
    assert (await theirs.patch(url, 5, TEXT[5:])).status_code == 404
    # What is theirs they may still take back.
    assert (await theirs.delete(url)).status_code == 204
    assert theirs.left() == []
    await request.close()


async def test_the_last_byte_of_who_was_put_out_makes_no_file(
    house: House, theirs: Tus, alice: Person, bob: Person
) -> None:
    url = await theirs.begun(len(TEXT))
    request = await Dripping.patch(theirs, url, 0, len(TEXT))
    await request.send(TEXT[:5])
    await arrived(theirs, url, 5)
    put_out = await house.running.request(
        alice, "DELETE", f"/api/v1/rooms/{house.room}/members/{bob.id}"
    )
    assert put_out.status_code < 300
    await request.send(TEXT[5:])
    assert await request.status() == 404
    assert await house.sql("SELECT count(*) FROM files") == 0
    await request.close()


async def test_an_archived_room_says_come_back_later(
    house: House, theirs: Tus, alice: Person
) -> None:
    """To a question: 4xx would make clients forget what they sent."""
    url = await theirs.begun(len(TEXT))
    await theirs.patch(url, 0, TEXT[:5])
    await change(house, alice, archived=True)
    assert (await theirs.head(url)).status_code == 423
    refused = await theirs.patch(url, 5, TEXT[5:])
    assert (refused.status_code, refused.json()["code"]) == (409, "archived")
    assert (await theirs.create(1)).json()["code"] == "archived"
    await change(house, alice, archived=False)
    assert (await theirs.head(url)).headers["Upload-Offset"] == "5"


async def test_an_expired_session_says_come_back_to_a_question(tus: Tus, clock: HandClock) -> None:
    url = await tus.begun(5)
    headers = tus.headers()
    await clock.advance(901)
    looked = await tus.client.head(url, headers=headers)
    assert looked.status_code == 423
    sent = await tus.client.delete(url, headers=headers)
    assert (sent.status_code, sent.json()["code"]) == (401, "token_expired")


async def test_parts_are_of_one_account_and_room(
    house: House, tus: Tus, theirs: Tus, alice: Person
) -> None:
    elsewhere = house.tus(alice, await house.running.world.channel(alice))
    mine = (await tus.create(2, b"ab", Upload_Concat="partial")).headers["Location"]
    foreign = (await theirs.create(2, b"cd", Upload_Concat="partial")).headers["Location"]
    other = (await elsewhere.create(2, b"ef", Upload_Concat="partial")).headers["Location"]
    whole = (await tus.create(2, b"gh")).headers["Location"]
    half = (await tus.create(3, b"ij", Upload_Concat="partial")).headers["Location"]
    for wrong in (
        foreign, other, whole, half, mine, "https://elsewhere.example/files/1", "no",
        f"{PATH}/limits",
    ):  # fmt: skip
        answer = await tus.create(Upload_Concat=f"final;{mine} {wrong}")
        assert answer.status_code == 400, wrong
    assert (await theirs.create(Upload_Concat=f"final;{mine}")).status_code == 400
    assert (await tus.create(Upload_Concat="final;")).status_code == 400


async def test_one_is_made_of_parts(tus: Tus) -> None:
    bare = metadata(filename="x")
    first = (await tus.create(10, b"an evening", Upload_Concat="partial")).headers["Location"]
    assert "Tertulia-File" not in (await tus.head(first)).headers
    assert (await tus.head(first)).headers["Upload-Concat"] == "partial"
    second = await tus.begun(15, Upload_Concat="partial", Upload_Metadata=bare)
    await tus.patch(second, 0, b" around a table")
    wanted = f"final;{first} {tus.running.url}{second}"
    assert (await tus.create(Upload_Concat=wanted, Upload_Metadata=bare)).status_code == 400
    final = await tus.create(Upload_Concat=wanted)
    assert final.status_code == 201, final.text
    url = final.headers["Location"]
    assert final.headers["Tertulia-File"]
    assert tus.bytes_of(url) == TEXT
    looked = await tus.head(url)
    assert looked.headers["Upload-Length"] == looked.headers["Upload-Offset"] == str(len(TEXT))
    assert looked.headers["Upload-Concat"] == f"final;{first} {second}"
    refused = await tus.patch(url, len(TEXT), b"more")
    assert refused.status_code == 403
    # A lost answer: asked again it is the same one, and the parts lie there no more.
    again = await tus.create(Upload_Concat=wanted)
    assert again.headers["Location"] == url
    assert again.headers["Tertulia-File"] == final.headers["Tertulia-File"]
    assert tus.left() == [url.rpartition("/")[2]]


async def test_pages_that_are_allowed_here_see_all_that_a_client_needs(
    dsn: str, clock: HandClock, tmp_path: Path, alice: Person
) -> None:
    page = "https://friend.example"
    sent = {
        "authorization", "content-type", "tus-resumable", "upload-length", "upload-defer-length",
        "upload-offset", "upload-metadata", "upload-concat", "upload-checksum",
        "x-http-method-override", "x-request-id", "x-requested-with",
    }  # fmt: skip
    read = {
        "location", "tus-resumable", "tus-version", "tus-extension", "tus-max-size",
        "upload-offset", "upload-length", "upload-metadata", "upload-defer-length",
        "upload-concat", "upload-expires", "tertulia-file",
    }  # fmt: skip
    async with open_house(dsn, clock, tmp_path, alice, allowed_origins=page) as house:
        tus = house.tus(alice)
        asked = await tus.client.options(
            PATH, headers={"Origin": page, "Access-Control-Request-Method": "PATCH"}
        )
        assert asked.status_code == 204
        assert asked.headers["access-control-max-age"] == "86400"
        methods = asked.headers["access-control-allow-methods"].split(", ")
        assert {"POST", "HEAD", "PATCH", "DELETE", "OPTIONS"} <= set(methods)
        allowed = asked.headers["access-control-allow-headers"].lower().split(", ")
        assert sent <= set(allowed)
        created = await tus.create(1, Origin=page)
        assert created.headers["access-control-allow-origin"] == page
        exposed = created.headers["access-control-expose-headers"].lower().split(", ")
        assert read <= set(exposed)
