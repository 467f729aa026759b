"""The bare gateway in a process of its own, for the flood: echoes, acknowledges, asks back.

Line by line on its input: anything is answered with one JSON object that says how it is.
"""

import asyncio
import gc
import json
import logging
import sys
from typing import Any

import uvicorn
import uvloop

from tertulia.core.gateway import (
    CallTimeout,
    Connection,
    ConnectRefused,
    Disconnected,
    Gateway,
    GatewaySettings,
    Handshake,
    Refusal,
)


class Echo:
    def __init__(self) -> None:
        self.asking: set[asyncio.Task[None]] = set()
        self.inside = 0

    def allow(self, handshake: Handshake) -> Refusal | None:
        good = handshake.origin in (None, "http://good.example")
        return None if good else Refusal(403, "Forbidden origin")

    async def connect(self, conn: Connection, auth: Any) -> None:
        if auth == {"token": "bad"}:
            raise ConnectRefused("unauthorized", "Sign in first.")
        self.inside += 1
        task = asyncio.create_task(self.ask(conn))
        self.asking.add(task)
        task.add_done_callback(self.asking.discard)

    async def ask(self, conn: Connection) -> None:
        """Acks that are asked for stand among those that were never asked for."""
        await asyncio.sleep(0)
        try:
            await conn.call("ask", timeout=5)
        except (CallTimeout, Disconnected):
            return

    async def event(self, conn: Connection, name: str, args: list[Any]) -> object:
        conn.emit("echo", name, *args)
        return args

    async def disconnect(self, conn: Connection, reason: str) -> None:
        del conn, reason
        self.inside -= 1


class Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record)[-2_000:])


async def main(patience: float) -> None:
    errors = Errors()
    logging.basicConfig(handlers=[errors], level=logging.ERROR)
    app = Echo()
    # Short patience: what a hostile client leaves behind must be gone when it is looked for.
    gateway = Gateway(
        app,
        GatewaySettings(
            ping_interval=2,
            ping_timeout=max(2, patience),
            connect_timeout=patience,
            head_timeout=patience,
            close_timeout=1,
        ),
    )
    config = uvicorn.Config(
        gateway.asgi,
        port=0,
        lifespan="off",
        interface="asgi3",
        proxy_headers=False,
        log_config=None,
        **gateway.uvicorn_options,
    )
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    print(json.dumps({"port": port}), flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        gc.collect()
        said = {
            "sessions": len(gateway.links),
            "http": len(server.server_state.connections),
            "requests": len(server.server_state.tasks),
            "tasks": len(asyncio.all_tasks()),
            "inside": app.inside,
            "asking": len(app.asking),
            "waiting": gateway.guard.waiting,
            "handler_errors": gateway.counters.handler_errors,
            "errors": errors.said,
        }
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1])))
