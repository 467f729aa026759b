"""Uploads go through a proxy as they come: of any size, and what broke off is there."""

import asyncio
import base64
from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
from tests.proxies.house import House

MIB = 1 << 20
SIZE = 24 * MIB  # more than the proxy takes elsewhere
CHUNK = "application/offset+octet-stream"


async def test_a_broken_upload_goes_on_where_it_stood(house: House) -> None:
    world = house.running.world
    alice = await world.person("alice")
    room = await world.channel(alice)
    told = base64.b64encode(str(room).encode()).decode()
    said = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {house.running.token(alice)}"}
    about = {"Upload-Length": str(SIZE), "Upload-Metadata": f"room_id {told}"}
    sent = asyncio.Event()

    async def half() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield bytes(MIB)
        sent.set()
        await asyncio.Event().wait()

    base, proxy = f"{house.url}/api/v1/uploads", house.neighbour
    async with proxy.post(base, headers=said | about) as created:
        assert created.status == 201
        url = f"{house.url}{created.headers['Location']}"
    chunk = said | {"Content-Type": CHUNK}
    whole = chunk | {"Upload-Offset": "0", "Content-Length": str(SIZE)}
    sending = asyncio.create_task(send(proxy, url, half(), whole))
    await sent.wait()
    # The question ends the request that waits for the rest.
    async with proxy.head(url, headers=said) as looked:
        offset = int(looked.headers["Upload-Offset"])
    assert 0 < offset <= 20 * MIB, "the proxy kept it to itself"
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    rest = BytesIO(bytes(SIZE - offset))
    on = chunk | {"Upload-Offset": str(offset)}
    async with proxy.patch(url, data=rest, headers=on) as ended:
        assert ended.status == 204
        assert ended.headers["Tertulia-File"]


async def send(
    proxy: aiohttp.ClientSession, url: str, body: AsyncIterator[bytes], headers: dict[str, str]
) -> int:
    async with proxy.patch(url, data=body, headers=headers) as answer:
        return answer.status
