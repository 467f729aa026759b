"""python-socketio, its asynchronous and its blocking client."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import aiohttp
import requests
import socketio
from engineio import client
from socketio.exceptions import ConnectionError as ConnectionRefusal
from socketio.exceptions import TimeoutError as NoAnswer
from tests.clients.client import WAIT, Args


class PythonClient(ABC):
    """See `tests.clients.client.Client`. `sio` is the library's client."""

    def __init__(self, sio: Any) -> None:
        self.sio = sio
        self._loop = asyncio.get_running_loop()
        self._told: list[tuple[str, str, Args]] = []
        self._news = asyncio.Event()

    @abstractmethod
    async def _run(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Call a method of the library and wait for it."""

    async def begin(
        self,
        url: str,
        auth: Any = None,
        *,
        namespace: str = "/",
        transports: Sequence[str] | None = None,
        path: str = "/socket.io/",
        reconnection: bool = False,
    ) -> None:
        self.sio.reconnection = reconnection
        self._listen(namespace)
        with suppress(ConnectionRefusal):  # told as $connect_error
            await self._run(
                self.sio.connect,
                url,
                auth=auth,
                namespaces=[namespace],
                transports=None if transports is None else list(transports),
                socketio_path=path,
                wait_timeout=round(WAIT),
            )

    def _listen(self, namespace: str) -> None:
        def on_connect() -> None:
            self._tell(namespace, "$connect", self.sio.get_sid(namespace), False)

        def on_refusal(*data: Any) -> None:
            told = cast("dict[str, Any]", data[0]) if isinstance(data[0], dict) else {}
            self._tell(namespace, "$connect_error", told.get("message"), told.get("data"))

        def on_end(*reason: Any) -> None:
            self._tell(namespace, "$disconnect", *reason)

        def on_any(name: str, *args: Any) -> Any:
            self._tell(namespace, name, *args)
            if name == "sum":
                return sum(args)
            return args if name == "mirror" else None

        for name, handler in (
            ("connect", on_connect),
            ("connect_error", on_refusal),
            ("disconnect", on_end),
            ("*", on_any),
        ):
            self.sio.on(name, handler, namespace=namespace)

    def _tell(self, namespace: str, name: str, *args: Any) -> None:
        # From a thread of the library's, where it has threads.
        self._told.append((namespace, name, list(args)))
        self._loop.call_soon_threadsafe(self._news.set)

    def _heard(self, name: str, namespace: str) -> list[Args]:
        return [args for where, what, args in self._told if (where, what) == (namespace, name)]

    async def until(self, name: str, count: int = 1, namespace: str = "/") -> list[Args]:
        async with asyncio.timeout(WAIT):
            while len(found := self._heard(name, namespace)) < count:
                self._news.clear()
                await self._news.wait()
        return found[:count]

    async def emit(self, name: str, *args: Any, namespace: str = "/") -> None:
        await self._run(self.sio.emit, name, args, namespace=namespace)

    async def ask(self, name: str, *args: Any, namespace: str = "/", patience: float = WAIT) -> Any:
        try:
            return await self._run(self.sio.call, name, args, namespace=namespace, timeout=patience)
        except NoAnswer:
            raise TimeoutError(name) from None

    async def speaks(self, transport: str) -> None:
        # It upgrades before it connects.
        assert self.sio.transport() == transport

    async def disconnect(self) -> None:
        await self._run(self.sio.disconnect)


class AsyncPythonClient(PythonClient):
    async def _run(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        result: Awaitable[Any] = function(*args, **named)
        return await result


class SyncPythonClient(PythonClient):
    async def _run(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return await asyncio.to_thread(function, *args, **named)


@asynccontextmanager
async def async_client() -> AsyncGenerator[PythonClient]:
    # A session of ours: the library leaves its own open when it is refused.
    async with aiohttp.ClientSession() as http:
        sio: Any = socketio.AsyncClient(handle_sigint=False, http_session=http)
        try:
            yield AsyncPythonClient(sio)
        finally:
            tasks = _at_work(sio)
            await sio.disconnect()
            await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def sync_client() -> AsyncGenerator[PythonClient]:
    with requests.Session() as http, _closing_sockets():
        sio: Any = socketio.Client(handle_sigint=False, http_session=http)
        try:
            yield SyncPythonClient(sio)
        finally:
            threads = _at_work(sio)
            await asyncio.to_thread(sio.disconnect)
            for thread in threads:
                await asyncio.to_thread(thread.join)


@contextmanager
def _closing_sockets() -> Generator[None]:
    """The library leaves those open that the server closed."""
    opened: list[Any] = []
    library: Any = client.websocket

    def create(*args: Any, **named: Any) -> Any:
        opened.append(library.create_connection(*args, **named))
        return opened[-1]

    tracking = SimpleNamespace(**vars(library) | {"create_connection": create})
    with patch.object(client, "websocket", tracking):
        yield
    for sock in opened:
        sock.shutdown()


def _at_work(sio: Any) -> list[Any]:
    """Its tasks or threads, which outlive `disconnect`, and would open what was closed."""
    return [work for work in (sio.eio.read_loop_task, sio.eio.write_loop_task) if work]
