"""/api/openapi.json and /api/docs, served by us: Litestar's pages load their parts from other
people's servers, which our Content-Security-Policy forbids and privacy as well."""

from collections.abc import Callable
from functools import cached_property

import msgspec
from litestar import Litestar
from litestar.types import ASGIApp, HTTPScope

from tertulia.core.errors import AppError
from tertulia.core.http.docs_page import STYLE, render
from tertulia.core.http.document import Examples, openapi_document
from tertulia.core.http.endpoint import endpoint
from tertulia.core.http.problem import Answer


class Docs:
    """Made when first asked for: a server starts without them."""

    def __init__(self, api: Litestar, examples: Callable[[], Examples]) -> None:
        self._api = api
        self._examples = examples

    def apps(self) -> dict[str, ASGIApp]:
        return {
            "/api/openapi.json": self._page("/api/openapi.json", "application/json"),
            "/api/docs": self._page("/api/docs", "text/html; charset=utf-8"),
            "/api/docs/style.css": self._page("/api/docs/style.css", "text/css; charset=utf-8"),
        }

    @cached_property
    def _bodies(self) -> dict[str, bytes]:
        examples = self._examples()
        document = openapi_document(self._api, examples)
        return {
            "/api/openapi.json": msgspec.json.encode(document),
            "/api/docs": render(document, known_errors(), examples).encode(),
            "/api/docs/style.css": STYLE.encode(),
        }

    def _page(self, path: str, media_type: str) -> ASGIApp:
        async def respond(_scope: HTTPScope) -> Answer:
            return Answer(200, self._bodies[path], {"Cache-Control": "no-cache"}, media_type)

        return endpoint(path, respond)


def known_errors() -> list[type[AppError]]:
    """Every kind of error that any part in use declares; one per code."""
    kinds: dict[str, type[AppError]] = {}
    waiting: list[type[AppError]] = [AppError]
    while waiting:
        kind = waiting.pop(0)
        kinds.setdefault(kind.code, kind)
        waiting.extend(kind.__subclasses__())
    return sorted(kinds.values(), key=lambda kind: (kind.status, kind.code))
