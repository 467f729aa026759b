"""Uploads on the program as people start it: killed in the middle, restarted, and large."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
from tests.clients.uploads import content, sending
from tests.faults.furniture import Furniture, Person
from tests.faults.house import House
from tests.features.uploads.conftest import CHUNK, metadata

MIB = 1 << 20
SIZE = 48 * MIB
READY_SECONDS = 30


async def make_room(house: House, who: Person) -> str:
    async with asking(house, who) as http:
        made = await http.post("/api/v1/rooms", json={"kind": "channel", "name": "Films"})
        return made.json()["room"]["id"]


def asking(house: House, who: Person) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {who.token}"}
    return httpx.AsyncClient(base_url=house.url, headers=headers, timeout=60)


async def read_back(house: House, who: Person, room: str, file_id: str) -> str:
    """The SHA-256 of what is served once it was looked at."""
    path = f"/api/v1/rooms/{room}/files/{file_id}"
    async with asking(house, who) as http, asyncio.timeout(READY_SECONDS):
        while (await http.get(path)).json()["state"] != "ready":
            await asyncio.sleep(0.05)  # nothing but asking tells it here
        digest = hashlib.sha256()
        async with http.stream("GET", f"{path}/content/original") as answer:
            assert answer.status_code == 200
            async for block in answer.aiter_bytes():
                digest.update(block)
    return digest.hexdigest()


async def test_kill_9_in_the_middle_costs_no_byte(house: House, furniture: Furniture) -> None:
    who = furniture.people[0]
    await house.start()
    room = await make_room(house, who)
    async with sending("tus", house.url, who.token, room, SIZE) as one:
        await one.until("progress", 8 * MIB)
        await house.kill()
        kept = [file.stat().st_size for file in (house.folder / "files/incoming").iterdir()]
        await house.start()
        first = await one.until("progress", 1)
        done = await one.done()
    assert one.retries()[0] == 0, "the server was killed too late"
    # What had reached the disk did not come a second time.
    assert first["progress"] >= kept[0] > 0
    assert (
        await read_back(house, who, room, done["file"]) == hashlib.sha256(content(SIZE)).hexdigest()
    )
    assert house.errors() == []


async def test_a_restart_in_the_middle_ends_requests_kindly(
    house: House, furniture: Furniture
) -> None:
    who = furniture.people[0]
    await house.start()
    room = await make_room(house, who)
    async with sending("tus", house.url, who.token, room, SIZE) as one:
        await one.until("progress", 8 * MIB)
        await house.stop()
        await house.start()
        done = await one.done()
    assert one.retries(), "the server was stopped too late"
    assert (
        await read_back(house, who, room, done["file"]) == hashlib.sha256(content(SIZE)).hexdigest()
    )
    assert house.errors() == []


async def test_memory_does_not_grow_with_the_file(house: House, furniture: Furniture) -> None:
    who = furniture.people[0]
    await house.start(settings={"TERTULIA_JOBS": "off"})
    room = await make_room(house, who)
    block = bytes(MIB)
    peaks: list[int] = []

    async def body(size: int) -> AsyncIterator[bytes]:
        for number in range(size // MIB):
            yield block
            if number % 8 == 0:
                peaks.append(house.private_kib())

    async def upload(http: httpx.AsyncClient, size: int) -> int:
        """The most memory there was meanwhile, in KiB."""
        said = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Content-Type": CHUNK}
        about = metadata(room_id=room, filename="film.bin")
        peaks.clear()
        answer: Any = await http.post(
            "/api/v1/uploads", content=body(size), headers=said | {"Upload-Metadata": about}
        )
        assert answer.headers["Tertulia-File"]
        return max(peaks)

    async with asking(house, who) as http:
        small = await upload(http, 16 * MIB)
        large = await upload(http, 192 * MIB)
    print(f"16 MiB: {small} KiB, 192 MiB: {large} KiB")
    assert large - small < 16 * 1024
