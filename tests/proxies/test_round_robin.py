"""Two nodes behind a proxy that knows of no affinity: any request may reach either of them.

Clients are unmodified and have their default options. What the original needs sticky sessions for
works without.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest_asyncio
from tests.browser.api import Api, Person, Room
from tests.clients.client import connected
from tests.clients.conftest import WAYS
from tests.clients.js_client import NodeClient, node_client
from tests.clients.test_bots import ACCOUNT, ready, running_bot
from tests.faults.house import House
from tests.proxies.fronts import Front, free_port, front
from tests.support.redis import RedisServer

PATIENCE = 30.0  # seconds


@dataclass
class Pair:
    front: Front
    nodes: tuple[House, House]

    @asynccontextmanager
    async def api(self) -> AsyncGenerator[Api]:
        """To the second node, past the proxy: it lives throughout."""
        async with Api(self.nodes[1].url) as api:
            yield api


@pytest_asyncio.fixture(loop_scope="session")
async def pair(kind: str, dsn: str, redis_server: RedisServer) -> AsyncIterator[Pair]:
    port = free_port()
    settings = {
        "TERTULIA_PUBLIC_URL": f"https://localhost:{port}",
        "TERTULIA_TRUSTED_PROXIES": "127.0.0.1",
        "TERTULIA_REGISTRATION": "open",
    }
    async with AsyncExitStack() as stack:
        nodes: list[House] = []
        for _ in range(2):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tertulia-pair-"))
            house = House(Path(folder), database=dsn, redis=redis_server.url)
            stack.push_async_callback(house.stop)
            await house.start(settings=settings)
            nodes.append(house)
        ports = [house.port for house in nodes]
        made = await stack.enter_async_context(front(kind, port, ports))
        yield Pair(made, (nodes[0], nodes[1]))


def saying(room: Room, text: str) -> dict[str, str]:
    return {"room_id": room.id, "client_id": str(uuid4()), "text": text}


async def test_clients_need_no_affinity(pair: Pair, tmp_path: Path) -> None:
    async with pair.api() as api:
        olga = await api.person("Olga")
        await everybody_hears_everybody(pair, api, olga)
        await a_bot_misses_nothing_of_a_death(pair, api, olga, tmp_path)


async def everybody_hears_everybody(pair: Pair, api: Api, olga: Person) -> None:
    """Two of each kind, so that both nodes have some."""
    room = await api.room(olga)
    async with AsyncExitStack() as stack:
        guests: list[NodeClient] = []
        for transports in list(WAYS.values()) * 2:
            guest = await stack.enter_async_context(node_client(pair.front.authority))
            token = {"token": olga.token}
            await connected(guest, pair.front.url, token, transports=transports)
            await guest.speaks("polling" if transports == ["polling"] else "websocket")
            guests.append(guest)
        said = [f"from {number}" for number in range(len(guests))]
        for guest, text in zip(guests, said, strict=True):
            answer = await guest.ask("message.send", saying(room, text))
            assert answer["ok"], answer
        for guest in guests:
            heard = await guest.until("message.sent", len(said))
            assert [event["data"]["message"]["body"]["text"] for [event] in heard] == said


async def a_bot_misses_nothing_of_a_death(pair: Pair, api: Api, olga: Person, folder: Path) -> None:
    echo = (await api.ask(None, "POST", "auth/register", ACCOUNT))["account"]
    room = await api.room(olga, Person("Echo", "echo", echo["id"], ""))
    url, authority = pair.front.url, pair.front.authority
    async with running_bot("js", folder, room.id, url, authority) as printed:
        await ready(printed)
        await api.say(olga, room, "ping")
        await pongs(api, olga, room, 1)
        await pair.nodes[0].kill()
        for _ in range(3):
            await api.say(olga, room, "ping")
        await pongs(api, olga, room, 4)


async def pongs(api: Api, who: Person, room: Room, count: int) -> None:
    """Wait until so many were said, and no more."""
    async with asyncio.timeout(PATIENCE):
        while True:
            page = await api.ask(who, "GET", f"rooms/{room.id}/messages?limit=100")
            texts = [message["body"].get("text") for message in page["messages"]]
            assert texts.count("pong") <= count
            if texts.count("pong") == count:
                return
            # Past the sockets on purpose: there is nothing else to wait on.
            await asyncio.sleep(0.05)
