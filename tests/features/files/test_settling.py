"""What an upload becomes once it was looked at, and who hears of it."""

import hashlib
from dataclasses import replace

import pytest
from tests.core.scrub.test_scrub import SECRET, commented, photo
from tests.core.sniff.test_sniff import film
from tests.features.files.laboratory import TEXT, now, stored, upload, work
from tests.features.files.test_sending import send, with_files
from tests.features.sync.conftest import House
from tests.support.verify import verify

from tertulia.core.images import Studio
from tertulia.features.files.jobs import Settling
from tertulia.features.messages import service as messages


async def test_a_file_is_ready_with_the_type_of_its_bytes(house: House, settling: Settling) -> None:
    file = await upload(house, settling, TEXT, name="cat.png")
    assert (file.state, file.media_type, file.scan) == (
        "checking",
        "application/octet-stream",
        "pending",
    )
    await work(house, settling)
    file = await now(house, file)
    assert (file.state, file.media_type, file.scan, file.size) == (
        "ready",
        "text/plain",
        "not_scanned",
        len(TEXT),
    )
    [key] = await stored(settling)
    assert b"".join([block async for block in settling.storage.read(key)]) == TEXT
    async with house.world.db.read() as tx:
        held = await tx.conn.fetchval("SELECT sha256 FROM blobs")
    assert held == hashlib.sha256(TEXT).digest()


async def test_the_same_bytes_lie_there_once(house: House, settling: Settling) -> None:
    one = await upload(house, settling, TEXT)
    await work(house, settling)
    two = await upload(house, settling, TEXT, house.bob, "b.txt")
    three = await upload(house, settling, TEXT)
    await work(house, settling, seed=8)
    assert {(await now(house, file, who)).state for file, who in (
        (one, house.alice), (two, house.bob), (three, house.alice)
    )} == {"ready"}  # fmt: skip
    assert len(await stored(settling)) == 1
    assert not await stored(settling, "incoming/")


async def test_a_picture_is_seen_before_it_is_asked_for(house: House, settling: Settling) -> None:
    data = commented("jpg", photo("jpg", orientation=6))
    file = await upload(house, settling, data, name="IMG_4711.JPG")
    await work(house, settling)
    file = await now(house, file)
    assert file.look is not None
    assert (file.media_type, file.look.width, file.look.height) == ("image/jpeg", 32, 48)
    assert file.look.placeholder
    assert "thumb.webp" in file.look.renditions
    [key] = await stored(settling)
    kept = b"".join([block async for block in settling.storage.read(key)])
    assert SECRET not in kept, "where it was taken"
    assert file.size == len(kept) < len(data)
    made = await stored(settling, "renditions/")
    assert [one.rpartition("/")[2] for one in made] == sorted(file.look.renditions)


async def test_of_equal_pictures_only_the_first_is_decoded(
    house: House, settling: Settling
) -> None:
    data = photo("png")
    one = await upload(house, settling, data)
    await work(house, settling)
    await settling.looking.studio.close()
    blind = replace(settling, looking=replace(settling.looking, studio=Studio(program=("false",))))
    two = await upload(house, settling, data, house.bob)
    await work(house, blind, seed=8)
    assert (await now(house, two, house.bob)).look == (await now(house, one)).look


@pytest.mark.parametrize(
    ("format_", "video", "audio", "type_"),
    [
        ("mp4", "libx264", "aac", "video/mp4"),
        ("webm", None, "libopus", "audio/webm"),
    ],
)
async def test_films_and_recordings_say_how_long_they_are(
    house: House, settling: Settling, format_: str, video: str | None, audio: str, type_: str
) -> None:
    file = await upload(house, settling, film(format_, video, audio))
    await work(house, settling)
    file = await now(house, file)
    assert (file.state, file.media_type) == ("ready", type_)
    assert file.look is not None
    assert file.look.duration_ms is not None
    assert 150 <= file.look.duration_ms <= 300
    if video:
        assert (file.look.width, file.look.height) == (64, 48)
        assert "thumb.webp" in file.look.renditions
        assert file.look.placeholder
    else:
        assert max(file.look.waveform) > 0
    async with house.world.db.read() as tx:
        wanted = await tx.conn.fetchval("SELECT count(*) FROM jobs WHERE kind = 'films.prepare'")
    assert wanted == 1


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff" + bytes(500), photo("png")[:-200], film("mp4", "libx264")[:900]]
)
async def test_what_cannot_be_read_is_a_file_to_be_downloaded(
    house: House, settling: Settling, data: bytes
) -> None:
    file = await upload(house, settling, data)
    await work(house, settling)
    file = await now(house, file)
    assert (file.state, file.look) == ("ready", None)


async def test_bytes_that_are_gone_are_told_as_failed(house: House, settling: Settling) -> None:
    file = await upload(house, settling, TEXT)
    async with house.world.db.read() as tx:
        incoming = await tx.conn.fetchval("SELECT incoming FROM files")
    await settling.incoming.remove(incoming)
    await work(house, settling)
    assert (await now(house, file)).state == "failed"


async def test_what_was_sent_unseen_is_told_to_the_room(house: House, settling: Settling) -> None:
    file = await upload(house, settling, photo("png"))
    await send(house, house.alice, house.channel, with_files(house, file))
    await verify(house.world, house.people, lambda: work(house, settling))
    [told] = [one for one in house.world.bus.published if one.type == "file.changed"]
    assert told.topic == f"room:{house.channel}"


async def test_what_was_not_sent_is_told_to_its_uploader_alone(
    house: House, settling: Settling
) -> None:
    await upload(house, settling, TEXT)
    await verify(house.world, house.people, lambda: work(house, settling), quiet=True)
    [told] = [one for one in house.world.bus.published if one.type.startswith("file.")]
    assert (told.type, told.topic) == ("file.checked", f"account:{house.alice.id}")


async def test_the_log_tells_nothing_of_a_file_that_is_gone(
    house: House, settling: Settling
) -> None:
    file = await upload(house, settling, photo("png"), name="secret.png")
    message = await send(house, house.alice, house.channel, with_files(house, file))
    await work(house, settling)
    await house.world.write(messages.delete, house.alice, house.channel, message.id, "")
    async with house.world.db.read() as tx:
        rows = await tx.conn.fetch("SELECT data FROM events WHERE type = 'file.changed'")
    assert [row["data"] for row in rows] == [None]
    await verify(house.world, house.people, lambda: work(house, settling), quiet=True)
