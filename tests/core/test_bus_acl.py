"""The user that docs/ops/redis.md gives to Tertulia is allowed enough, and little more."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import NoPermissionError
from tests.core.test_bus_redis import Node, said
from tests.support.clock import RunningClock
from tests.support.redis import RedisServer, remote_bus, running_cluster, running_redis

from tertulia.core import config, doctor
from tertulia.core.doctor import Patient
from tertulia.core.limits import RedisBuckets
from tertulia.core.nodes import Nodes
from tertulia.core.redis import open_redis

PAGE = Path(__file__).parents[2] / "docs" / "ops" / "redis.md"


def allow(server: RedisServer) -> None:
    [line] = [line for line in PAGE.read_text().splitlines() if "ACL SETUSER" in line]
    server.ask(*line.replace(">PASSWORD", ">olives").split())


async def serve(url: str, redis: Any) -> None:
    """Everything a node asks of Redis."""
    speaker, listener = Node(remote_bus(url)), Node(remote_bus(url))
    try:
        await listener.bus.subscribe(["room:a", "room:b"])
        listener.bus.unsubscribe("room:b")
        speaker.bus.publish(said(1))
        await listener.until_seq(1)
    finally:
        await speaker.bus.close()
        await listener.bus.close()
    await RedisBuckets(redis).draw("somebody", 1.0, 1.0, 60.0)
    await RedisBuckets(redis).forget("somebody")
    nodes = Nodes(redis, RunningClock(), "node-001")
    await nodes.announce(("127.0.0.1", 1))
    staying = asyncio.create_task(nodes.stay())
    other = Nodes(redis, RunningClock(), "node-002")
    async with asyncio.timeout(10):
        while await other.find("node-001") is None:
            await asyncio.sleep(0.01)
    staying.cancel()
    await asyncio.gather(staying, return_exceptions=True)
    await nodes.leave()


async def test_one_server(tmp_path: Path) -> None:
    with running_redis() as server:
        allow(server)
        url = server.url.replace("unix://", "unix://tertulia:olives@")
        redis: Any = open_redis(url)
        try:
            await serve(url, redis)
            with pytest.raises(NoPermissionError):
                await redis.execute_command("SET", "somebody:elses", b"")
            with pytest.raises(NoPermissionError):
                await redis.execute_command("FLUSHALL")
        finally:
            await redis.aclose()
        settings = config.load({"TERTULIA_REDIS_URL": url}, flags={"data_dir": str(tmp_path)})
        assert (await doctor.redis(Patient(settings, RunningClock()))).level == "ok"


async def test_a_cluster() -> None:
    with running_cluster() as cluster:
        for server in cluster.servers:
            allow(server)
        url = cluster.url.replace("//", "//tertulia:olives@")
        redis: Any = open_redis(url)
        try:
            await serve(url, redis)
        finally:
            await redis.aclose()
