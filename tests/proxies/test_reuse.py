"""What makes a proxy cheap: its connections to us are used again."""

import httpx
from tests.clients.hall import Hall
from tests.proxies.fronts import free_port, front
from tests.support.network import Proxy


async def test_many_requests_share_few_connections(kind: str, hall: Hall) -> None:
    async with (
        Proxy(("127.0.0.1", hall.port)) as wire,
        front(kind, free_port(), [wire.port]) as made,
        httpx.AsyncClient(verify=made.trust()) as client,
    ):
        for _ in range(50):
            await client.get(f"{made.url}/socket.io/?EIO=4&transport=polling&sid=unknown")
        assert wire.opened <= 2
