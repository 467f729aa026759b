"""The hand-over from uvicorn works on both event loops, and uvicorn's own stop closes sockets."""

import asyncio
from collections.abc import Callable

import pytest
import uvicorn
import uvloop
from tests.core.gateway.stage import WAIT, Stage, stage, until

from tertulia.core.gateway import CloseCode, Gateway


async def talk() -> None:
    async with stage() as gate, gate.client({"a": 1}) as client, gate.raw() as raw:
        assert await client.call("echo", (b"bytes", "x" * 60_000), timeout=WAIT) == [
            b"bytes",
            "x" * 60_000,
        ]
        for number in range(50):
            await raw.say(f'42{number}["n"]')
        assert [await raw.text() for _ in range(50)] == [f"43{n}[[]]" for n in range(50)]


async def flood() -> None:
    """More than a kernel buffer takes: nothing is lost or torn where writes are partial."""
    async with stage(outbox_limit=10**9) as gate, gate.raw() as raw:
        conn = await gate.connected()
        for number in range(300):
            conn.emit("n", number, "x" * 40_000)
            await asyncio.sleep(0)
        for number in range(300):
            assert (await raw.text()).startswith(f'42["n",{number},')


async def stop_uvicorn() -> None:
    this = Stage()
    this.gateway = Gateway(this)
    config = uvicorn.Config(
        this.gateway.asgi,
        port=0,
        lifespan="off",
        interface="asgi3",
        log_level="error",
        **this.gateway.uvicorn_options,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    this.port = server.servers[0].sockets[0].getsockname()[1]
    async with this.raw() as raw:
        assert len(server.server_state.connections) == 1
        server.should_exit = True
        assert (await raw.closing())[0] == CloseCode.GOING_AWAY
    await asyncio.wait_for(serving, WAIT)
    assert not this.gateway.links


@pytest.mark.parametrize("loop", [uvloop.new_event_loop, asyncio.new_event_loop])
@pytest.mark.parametrize("scene", [talk, flood, stop_uvicorn])
def test_on_both_loops(
    loop: Callable[[], asyncio.AbstractEventLoop], scene: Callable[..., object]
) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(scene())  # pyright: ignore[reportArgumentType]
