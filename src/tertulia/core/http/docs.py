"""/api/openapi.json and /api/docs, served by us: Litestar's pages load their parts from other
people's servers, which our Content-Security-Policy forbids and privacy as well."""

from functools import cached_property
from typing import Any, cast

import msgspec
from litestar import Litestar
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from tertulia.core.errors import AppError, NotFound
from tertulia.core.http.answers import send_answer
from tertulia.core.http.docs_page import STYLE, render
from tertulia.core.http.document import openapi_document
from tertulia.core.http.problem import Answer, MethodNotAllowed


class Docs:
    """Made when first asked for: a server starts without them."""

    def __init__(self, api: Litestar) -> None:
        self._api = api

    def apps(self) -> dict[str, ASGIApp]:
        return {
            "/api/openapi.json": self._page("/api/openapi.json", "application/json"),
            "/api/docs": self._page("/api/docs", "text/html; charset=utf-8"),
            "/api/docs/style.css": self._page("/api/docs/style.css", "text/css; charset=utf-8"),
        }

    @cached_property
    def _bodies(self) -> dict[str, bytes]:
        document = openapi_document(self._api)
        return {
            "/api/openapi.json": msgspec.json.encode(document),
            "/api/docs": render(document, known_errors()).encode(),
            "/api/docs/style.css": STYLE.encode(),
        }

    def _page(self, path: str, media_type: str) -> ASGIApp:
        async def app(scope: Scope, _receive: Receive, send: Send) -> None:
            http = cast("HTTPScope", scope)
            cast("dict[str, Any]", http)["path_template"] = path
            if http["path"] != path:
                raise NotFound
            if http["method"] not in ("GET", "HEAD"):
                raise MethodNotAllowed("GET, HEAD")
            headers = {"Cache-Control": "no-cache"}
            answer = Answer(200, self._bodies[path], headers, media_type)
            await send_answer(answer, send, head=http["method"] == "HEAD")

        return app


def known_errors() -> list[type[AppError]]:
    """Every kind of error that any part in use declares; one per code."""
    kinds: dict[str, type[AppError]] = {}
    waiting: list[type[AppError]] = [AppError]
    while waiting:
        kind = waiting.pop(0)
        kinds.setdefault(kind.code, kind)
        waiting.extend(kind.__subclasses__())
    return sorted(kinds.values(), key=lambda kind: (kind.status, kind.code))
