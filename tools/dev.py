"""`make dev`: the server and Vite's, both taking in every change of their sources.

Vite replaces modules in the open page by itself; the server is started again when a file under
src/tertulia changes. The page is at Vite's address, which passes /api and /socket.io on. Arguments
go to `tertulia serve`.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "tertulia"
PAGE_HOST, PAGE_PORT = "127.0.0.1", "5173"
LOOK_SECONDS = 0.3


async def main(arguments: Sequence[str]) -> None:
    # Browsers send the page's origin, which is Vite's.
    page = os.environ | {"TERTULIA_PUBLIC_URL": f"http://{PAGE_HOST}:{PAGE_PORT}"}
    vite = [
        "npm",
        "--prefix",
        "web",
        "run",
        "dev",
        "--",
        "--host",
        PAGE_HOST,
        "--port",
        PAGE_PORT,
        "--strictPort",
    ]
    async with asyncio.TaskGroup() as both:
        both.create_task(keep(vite, page, watch=False))
        both.create_task(keep(["tertulia", "serve", *arguments], page, watch=True))


async def keep(command: Sequence[str], environment: dict[str, str], *, watch: bool) -> None:
    """Run it for ever: again after every change of the sources, and after a change if it ended."""
    while True:
        before = sources()
        process = await asyncio.create_subprocess_exec(*command, env=environment, cwd=ROOT)
        try:
            await changed(before) if watch else await process.wait()
        finally:
            await end(process)
        if not watch:
            raise SystemExit(f"{command[0]} ended")
        print("· a source changed: starting the server again", flush=True)


async def changed(before: dict[Path, int]) -> None:
    while sources() == before:  # noqa: ASYNC110 — files announce nothing
        await asyncio.sleep(LOOK_SECONDS)


def sources() -> dict[Path, int]:
    """When each source was written. A file being replaced may be gone for a moment."""
    found: dict[Path, int] = {}
    for path in [*SOURCES.rglob("*.py"), *SOURCES.rglob("*.sql")]:
        with suppress(FileNotFoundError):
            found[path] = path.stat().st_mtime_ns
    return found


async def end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    await process.wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(main(sys.argv[1:]))
