"""What a test does with a Socket.IO client, whichever it is."""

from collections.abc import Sequence
from typing import Any, Protocol

WAIT = 20.0  # seconds; never reached by a server that works

Args = list[Any]


class Client(Protocol):
    """A real client, with its own default options but for those a test names.

    Everything it is told is kept in order. What befalls the connection is kept under names of
    its own: `$connect` (id, recovered), `$connect_error` (message, data), `$disconnect` (reason).
    A server that calls it gets the sum of the arguments from `sum`, and the arguments themselves
    from `mirror`.
    """

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
        """Start to connect; `until` tells how that went."""
        ...

    async def until(self, name: str, count: int = 1, namespace: str = "/") -> list[Args]:
        """The arguments of the first `count` events of that name, once they are there."""
        ...

    async def emit(self, name: str, *args: Any, namespace: str = "/") -> None: ...

    async def ask(self, name: str, *args: Any, namespace: str = "/", patience: float = WAIT) -> Any:
        """The ack's argument. TimeoutError when none came in `patience` seconds."""
        ...

    async def speaks(self, transport: str) -> None:
        """Wait until it speaks over `polling` or `websocket`."""
        ...

    async def disconnect(self) -> None: ...


async def connected(client: Client, url: str, auth: Any = None, **options: Any) -> str:
    """Connect; the id that the client was given."""
    await client.begin(url, auth, **options)
    return (await client.until("$connect", namespace=options.get("namespace", "/")))[0][0]
