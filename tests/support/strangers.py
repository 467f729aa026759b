"""Other people's web servers, on a free port of this machine, with names that a test gives out."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_network

from tertulia.core.outbound import Outbound, Places, Unreachable

LOCAL = ip_network("127.0.0.0/8")


@dataclass
class Asked:
    """A request as it came. Header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Answering = Callable[[Asked], bytes]


def answer(
    body: bytes = b"", *, status: int = 200, type_: str = "text/html", **headers: str
) -> bytes:
    """A whole HTTP answer. `headers` with `_` for `-`."""
    named = {"content-type": type_, "content-length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body


@dataclass
class Stranger:
    """`pages` by path: a whole answer, or a function that makes one. Others are 404."""

    port: int = 0
    pages: dict[str, bytes | Answering] = field(default_factory=dict[str, "bytes | Answering"])
    asked: list[Asked] = field(default_factory=list[Asked])
    names: dict[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    def url(self, path: str = "/", host: str = "stranger.example") -> str:
        self.names.setdefault(host, ["127.0.0.1"])
        return f"http://{host}:{self.port}{path}"

    async def resolve(self, host: str) -> Sequence[str]:
        """Names as given out; addresses mean themselves."""
        if host in self.names:
            return self.names[host]
        if host.replace(".", "").isdigit() or ":" in host:
            return [host]
        raise Unreachable("there is no such host")

    def client(self) -> Outbound:
        """One that may call this machine."""
        return Outbound(Places((LOCAL,)), self.resolve, agent="Tertulia/0")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _ = head[0].split(" ", 2)
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            asked = Asked(method, path, headers, body)
            self.asked.append(asked)
            page = self.pages.get(path.partition("?")[0], answer(status=404))
            writer.write(page(asked) if callable(page) else page)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client had enough
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


@asynccontextmanager
async def stranger() -> AsyncGenerator[Stranger]:
    here = Stranger()
    serving: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(here.serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        server.close()
        await asyncio.gather(*serving)
