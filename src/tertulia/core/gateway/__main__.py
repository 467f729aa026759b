"""`python -m tertulia.core.gateway`: the reference server; see `reference`."""

import argparse
import asyncio
from collections.abc import Callable

import uvicorn

from .engine import Engine, uvicorn_options
from .protocol import engine_at
from .reference import build

try:
    from uvloop import new_event_loop
except ImportError:
    from asyncio import new_event_loop


async def serve(engines: tuple[Engine, ...], host: str, port: int) -> None:
    """Until a signal comes."""

    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        await engine_at(str(scope["path"]), engines).asgi(scope, receive, send)

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="off",
        log_level="warning",
        access_log=False,
        backlog=4096,
        timeout_graceful_shutdown=1,
        **uvicorn_options(*engines),
    )
    await uvicorn.Server(config).serve()
    for engine in engines:
        await engine.close(retry_after=0, timeout=1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tertulia.core.gateway", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--broadcast", action="store_true")
    parser.add_argument("--recovery", type=float, default=0.0, metavar="SECONDS")
    asked = parser.parse_args()
    engines = build(broadcast=asked.broadcast, recovery=asked.recovery)
    loop: Callable[[], asyncio.AbstractEventLoop] = new_event_loop
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(serve(engines, asked.host, asked.port))


if __name__ == "__main__":
    main()
