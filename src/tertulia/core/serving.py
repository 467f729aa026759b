"""uvicorn, run as a part of us: on a port it reports, stopped when we say, signals left alone."""

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

BACKLOG = 4096  # a reconnect storm must wait in the kernel, not be refused by it
STOP_SECONDS = 10.0  # for requests that are being answered


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


class Door:
    """A listening socket that is served. `patience`: seconds that requests still being answered
    get when the block of `serve_on` ends."""

    def __init__(self, server: uvicorn.Server, address: tuple[str, int]) -> None:
        self.address = address
        self.patience = STOP_SECONDS
        self._server = server

    def let_go(self) -> None:
        """From now on every answer ends its connection: a proxy that keeps connections for its next
        requests must not send one into a socket that closes at that moment."""
        end = (b"connection", b"close")
        self._server.config.encoded_headers.append(end)  # from the next second on
        state = self._server.server_state
        state.default_headers = [*state.default_headers, end]

    def shut(self) -> None:
        """Accept no more; who is inside stays."""
        for listener in self._server.servers:
            listener.close()


@asynccontextmanager
async def listen(
    app: Any, options: dict[str, Any], host: str, port: int
) -> AsyncGenerator[tuple[str, int]]:
    """Serve until the block ends; yields the address. Port 0 takes a free one.

    `options` are further ones of uvicorn.Config. Raises OSError where the port is taken.
    """
    async with serve_on(app, options, bind(host, port)) as door:
        yield door.address


@asynccontextmanager
async def serve_on(app: Any, options: dict[str, Any], sock: socket.socket) -> AsyncGenerator[Door]:
    """Serve a bound socket until the block ends, and close it.

    Another process that holds the same socket goes on accepting: only this one's hand is taken off.
    """
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,  # our own edge decides whom to believe
        backlog=BACKLOG,
        timeout_keep_alive=75,
        **options,
    )
    address: tuple[str, int] = sock.getsockname()[:2]
    server = _Server(config)
    door = Door(server, address)
    started = asyncio.create_task(server.has_started.wait(), name="http-started")
    serving = asyncio.create_task(server.serve([sock]), name="http")
    try:
        await asyncio.wait([serving, started], return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
        yield door
    finally:
        started.cancel()
        # A float is as good: uvicorn hands it to asyncio.wait_for.
        config.timeout_graceful_shutdown = door.patience  # pyright: ignore[reportAttributeAccessIssue]
        server.should_exit = True
        await serving


def bind(host: str, port: int) -> socket.socket:
    """A TCP socket on that address. Raises OSError where the port is taken."""
    return _bind(host, port, shared=False)


def bind_shared(host: str, port: int, count: int) -> list[socket.socket]:
    """`count` listening sockets on one address; the kernel spreads new connections over them.

    They listen from the start, so that whoever knocks before a process serves them waits instead
    of being refused. Where the kernel does not spread (it is Linux that does), all are one socket.
    Raises OSError where the port is taken, by another server that shares its own as well.
    """
    first = bind(host, port)
    if sys.platform != "linux":
        first.listen(BACKLOG)
        return [first, *(first.dup() for _ in range(count - 1))]
    # Bound alone it was ours alone; that said, the others may come beside it.
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    taken = first.getsockname()[1]
    sockets = [first, *(_bind(host, taken, shared=True) for _ in range(count - 1))]
    for sock in sockets:
        sock.listen(BACKLOG)
    return sockets


def bind_beside(host: str, port: int) -> socket.socket:
    """One more of `bind_shared`. Raises OSError where none of them is left to stand beside and
    somebody else has taken the port."""
    sock = _bind(host, port, shared=True)
    sock.listen(BACKLOG)
    return sock


def _bind(host: str, port: int, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, not 0: asyncio turns Nagle's algorithm off only where it reads "TCP". Measured without:
    # 44 ms for every second answer of a kept connection (uvloop does not ask).
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise OSError(error.errno, f"cannot listen on {host}:{port}: {error.strerror}") from None
    return sock
