"""One address that is only read, without a framework."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from tertulia.core.errors import NotFound
from tertulia.core.http.answers import send_answer
from tertulia.core.http.problem import Answer, MethodNotAllowed


def endpoint(path: str, respond: Callable[[HTTPScope], Awaitable[Answer]]) -> ASGIApp:
    """Answers GET and HEAD of exactly `path`, which is also its route in metrics and logs."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        http = cast("HTTPScope", scope)
        if http["path"] != path:
            raise NotFound
        cast("dict[str, Any]", http)["path_template"] = path
        if http["method"] not in ("GET", "HEAD"):
            raise MethodNotAllowed("GET, HEAD")
        await send_answer(await respond(http), send, head=http["method"] == "HEAD")

    return app
