"""The OpenAPI 3.1 document, complete with the answers that every route may give."""

from functools import cached_property
from typing import Any, cast

import msgspec
from litestar import Litestar
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from tertulia.core.errors import AppError
from tertulia.core.http.answers import send_answer
from tertulia.core.http.docs_page import STYLE, render
from tertulia.core.http.problem import PROBLEM_JSON, Answer, MethodNotAllowed

Json = dict[str, Any]

EVERYWHERE = {
    400: "The request does not have the right shape",
    401: "No session, or it ended",
    403: "Not allowed, or not from our own page",
    404: "Does not exist, or is not yours to see",
    409: "The thing is in the wrong state",
    413: "Too large",
    415: "Not JSON",
    429: "Too many requests",
    500: "Our fault",
    503: "Not right now",
}

PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable for ever"},
        "request_id": {"type": "string", "format": "uuid"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string", "description": "A path such as members[0]"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "retry_after": {"type": "number", "description": "Seconds"},
    },
}


class Docs:
    """Served by us and not by Litestar, whose pages load their parts from other people's servers
    and which knows our answers to errors for no route."""

    def __init__(self, api: Litestar) -> None:
        self._api = api

    @cached_property
    def document(self) -> Json:
        document = cast("Json", msgspec.to_builtins(self._api.openapi_schema.to_schema()))
        add_problems(document)
        return document

    def apps(self) -> dict[str, ASGIApp]:
        return {
            "/api/openapi.json": self._page("/api/openapi.json", "application/json"),
            "/api/docs": self._page("/api/docs", "text/html; charset=utf-8"),
            "/api/docs/style.css": self._page("/api/docs/style.css", "text/css; charset=utf-8"),
        }

    @cached_property
    def _bodies(self) -> dict[str, bytes]:
        return {
            "/api/openapi.json": msgspec.json.encode(self.document),
            "/api/docs": render(self.document, known_errors()).encode(),
            "/api/docs/style.css": STYLE.encode(),
        }

    def _page(self, path: str, media_type: str) -> ASGIApp:
        async def app(scope: Scope, _receive: Receive, send: Send) -> None:
            http = cast("HTTPScope", scope)
            cast("Json", http)["path_template"] = path
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


def add_problems(document: Json) -> None:
    """Every operation may answer any of these; what a route says about one itself is kept, but
    for Litestar's own idea of a 400, which is not what is sent."""
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {
        f"Problem{status}": {"description": description, "content": content}
        for status, description in EVERYWHERE.items()
    }
    for path in document.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                responses = cast("Json", operation["responses"])
                responses.pop("400", None)
                for status in EVERYWHERE:
                    reference = {"$ref": f"#/components/responses/Problem{status}"}
                    responses.setdefault(str(status), reference)
