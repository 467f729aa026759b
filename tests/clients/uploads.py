"""tus-js-client and Uppy, unmodified, in a Node of their own (js/uploads.js)."""

import asyncio
import json
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

JS = Path(__file__).parent / "js" / "uploads.js"
WEB = Path(__file__).parents[2] / "web" / "package.json"
PATIENCE = 60  # seconds

Name = Literal["tus", "uppy"]


def content(size: int) -> bytes:
    """The bytes that the script sends."""
    blocks = (sha256(str(at).encode()).digest() * 128 for at in range(0, size, 4096))
    return b"".join(blocks)[:size]


class Sending:
    """`said`: all lines so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.said: list[dict[str, Any]] = []
        self._process = process

    async def until(self, word: str, least: int = 0) -> dict[str, Any]:
        """The next line that has this word, with at least this number where it is one. Raises
        AssertionError where the client gave up before."""
        assert self._process.stdout
        async with asyncio.timeout(PATIENCE):
            while line := await self._process.stdout.readline():
                what = json.loads(line)
                self.said.append(what)
                if word in what and (not least or what[word] >= least):
                    return what
                assert "failed" not in what, what
        raise AssertionError(f"no {word}: {self.said[-5:]}")

    async def done(self) -> dict[str, Any]:
        return await self.until("done")

    def retries(self) -> list[int]:
        """Statuses of what it tried again; 0: no answer."""
        return [what["retry"] for what in self.said if "retry" in what]


@asynccontextmanager
async def sending(
    client: Name, base: str, token: str, room: Any, size: int, **more: Any
) -> AsyncGenerator[Sending]:
    """`more`: `options` of the client, `url` of an upload to go on with, `pauseAt` bytes."""
    node = shutil.which("node")
    assert node, "no Node on the PATH"
    plan = {
        "client": client, "endpoint": f"{base}/api/v1/uploads", "token": token,
        "room": str(room), "size": size, **more,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        node, str(JS), str(WEB), json.dumps(plan), stdout=asyncio.subprocess.PIPE, limit=1 << 20
    )
    try:
        yield Sending(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
