"""uvicorn, run as a part of us: on a port it reports, stopped when we say, signals left alone."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

BACKLOG = 4096  # a reconnect storm must wait in the kernel, not be refused by it
STOP_SECONDS = 10  # for requests that are being answered


class _Server(uvicorn.Server):
    """Signals belong to the command line, which cancels us in its own order."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_started = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.has_started.set()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@asynccontextmanager
async def listen(
    app: Any, options: dict[str, Any], host: str, port: int
) -> AsyncGenerator[tuple[str, int]]:
    """Serve until the block ends; yields the address. Port 0 takes a free one.

    `options` are further ones of uvicorn.Config. Raises OSError where the port is taken.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,  # our own edge decides whom to believe
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=STOP_SECONDS,
        **options,
    )
    sock = _bind(host, port)
    server = _Server(config)
    started = asyncio.create_task(server.has_started.wait(), name="http-started")
    serving = asyncio.create_task(server.serve([sock]), name="http")
    try:
        await asyncio.wait([serving, started], return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
        yield sock.getsockname()[:2]
    finally:
        started.cancel()
        server.should_exit = True
        await serving


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock
