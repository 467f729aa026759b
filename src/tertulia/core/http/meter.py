"""HTTP metrics by route template; never by path, which users make."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

from litestar.types import HTTPScope
from prometheus_client import Counter, Histogram

from tertulia.core.telemetry import Telemetry

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PARAMETER_TYPE = re.compile(r":\w+\}")


class Meter:
    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._routes: dict[str, str] = {}

    @contextmanager
    def in_progress(self) -> Generator[None]:
        self._telemetry.http_in_progress.inc()
        try:
            yield
        finally:
            self._telemetry.http_in_progress.dec()

    def route_of(self, scope: HTTPScope) -> str:
        """`/api/v1/rooms/{room_id}`; `unmatched` where no route was found."""
        template = cast("dict[str, Any]", scope).get("path_template")
        if template is None:
            return "unmatched"
        route = self._routes.get(template)
        if route is None:
            route = self._routes[template] = _PARAMETER_TYPE.sub("}", template)
        return route

    def record(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """`seconds` None: it waited because it was meant to."""
        key = (method if method in METHODS else "other", route, status)
        children = self._children.get(key)
        if children is None:
            children = self._children[key] = (
                self._telemetry.http_requests.labels(key[0], route, str(status)),
                self._telemetry.http_seconds.labels(key[0], route),
            )
        children[0].inc()
        if seconds is not None:
            children[1].observe(seconds)
