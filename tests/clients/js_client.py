"""socket.io-client, driven through js/driver.js: in Node, or in a page of Chromium."""

import asyncio
import base64
import json
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from playwright.async_api import Browser, Page
from tests.clients.client import WAIT, Args

JS = Path(__file__).parent / "js"
PACKAGES = Path(__file__).parent / "node_modules"
LONGEST_LINE = 1 << 26
MISSING = "no socket.io-client: `make test` installs it (tools/bootstrap.sh tests)"


class JsClient(ABC):
    """See `tests.clients.client.Client`; and what only this client can do."""

    @abstractmethod
    async def do(self, verb: str, *args: Any) -> Any:
        """One verb of the driver."""

    async def begin(
        self,
        url: str,
        auth: Any = None,
        *,
        namespace: str = "/",
        transports: Sequence[str] | None = None,
        path: str = "/socket.io/",
        reconnection: bool = False,
        **options: Any,
    ) -> None:
        given: dict[str, Any] = {"path": path, "reconnection": reconnection, **options}
        if auth is not None:
            given["auth"] = auth
        if transports is not None:
            given["transports"] = list(transports)
        await self.do("connect", url, namespace, given)

    async def until(self, name: str, count: int = 1, namespace: str = "/") -> list[Args]:
        async with asyncio.timeout(WAIT):
            return await self.do("until", namespace, name, count)

    async def emit(self, name: str, *args: Any, namespace: str = "/") -> None:
        await self.do("emit", namespace, name, args)

    async def ask(self, name: str, *args: Any, namespace: str = "/", patience: float = WAIT) -> Any:
        result = await self.do("ask", namespace, name, args, round(patience * 1000))
        if result.get("timeout"):
            raise TimeoutError(name)
        return result.get("answer")

    async def heard(self, name: str, namespace: str = "/") -> list[Args]:
        """The arguments of every event of that name so far."""
        return await self.do("heard", namespace, name)

    async def state(self, namespace: str = "/") -> dict[str, Any]:
        """id, connected, recovered, transport."""
        return await self.do("state", namespace)

    async def speaks(self, transport: str) -> None:
        async with asyncio.timeout(WAIT):
            await self.do("speaks", "/", transport)

    async def disconnect(self) -> None:
        await self.do("disconnect", "/")


class NodeClient(JsClient):
    """A Node of its own, which ends with its standard input."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._calls = 0

    async def do(self, verb: str, *args: Any) -> Any:
        assert self._process.stdin
        self._calls += 1
        answer = self._answers[self._calls] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(pack([self._calls, verb, *args]).encode() + b"\n")
        return await answer

    async def listen(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            number, result = unpack(line.decode())
            answer = self._answers.pop(number)
            if not answer.done():
                answer.set_result(result)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(RuntimeError("Node ended: see its words above"))


@asynccontextmanager
async def node_client(authority: Path | None = None) -> AsyncGenerator[NodeClient]:
    """`authority`: a PEM file whose signature on a certificate it believes as well."""
    node = shutil.which("node")
    assert node, "no Node on the PATH"
    assert (PACKAGES / "socket.io-client").is_dir(), MISSING
    pipe = asyncio.subprocess.PIPE
    more = {} if authority is None else {"NODE_EXTRA_CA_CERTS": str(authority)}
    process = await asyncio.create_subprocess_exec(
        node,
        str(JS / "node.js"),
        stdin=pipe,
        stdout=pipe,
        limit=LONGEST_LINE,
        env=os.environ | more,
    )
    client = NodeClient(process)
    listening = asyncio.create_task(client.listen())
    try:
        yield client
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()
        await listening


class PageClient(JsClient):
    """The browser's build of the client, in a page that somebody opened."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def load(self) -> None:
        bundle = PACKAGES / "socket.io-client" / "dist" / "socket.io.min.js"
        assert bundle.exists(), MISSING
        # Past the page's Content-Security-Policy, which governs what the client then does.
        for script in (bundle, JS / "driver.js"):
            await self._page.evaluate(f"() => {{ {script.read_text(encoding='utf-8')} }}")
        await self._page.evaluate("() => { window.driver = openDriver(io) }")

    async def do(self, verb: str, *args: Any) -> Any:
        text = await self._page.evaluate(
            "async ([verb, args]) => wire.pack((await driver[verb](...wire.unpack(args))) ?? null)",
            [verb, pack(args)],
        )
        return unpack(text)


@asynccontextmanager
async def page_client(browser: Browser, address: str) -> AsyncGenerator[PageClient]:
    """In a page of `address`, whose origin is the client's."""
    context = await browser.new_context()
    try:
        page = await context.new_page()
        await page.goto(address)
        client = PageClient(page)
        await client.load()
        yield client
    finally:
        await context.close()


def pack(value: Any) -> str:
    return json.dumps(value, default=_pack_bytes)


def unpack(text: str) -> Any:
    return json.loads(text, object_hook=_unpack_bytes)


def _pack_bytes(value: object) -> object:
    if not isinstance(value, bytes):
        raise TypeError(f"{value!r} cannot travel")
    return {"$bytes": base64.b64encode(value).decode()}


def _unpack_bytes(value: dict[str, Any]) -> object:
    return base64.b64decode(cast("str", value["$bytes"])) if "$bytes" in value else value
