"""An application with a few routes of every temper, and a client that is no browser."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, Parameter
from msgspec import Meta

from tertulia.core.errors import Conflict
from tertulia.core.http import HttpSettings, Readiness, RequestInfo, create_app
from tertulia.core.http.edge import Edge
from tertulia.core.ids import SystemIds
from tertulia.core.limits import Bucket, BucketEmpty
from tertulia.core.telemetry import Build, Telemetry
from tertulia.core.wire import Request, Shape

THING = "/api/v1/things/01900000-0000-7000-8000-000000000000"
CANARY = "canary-7f3a"


class Make(Request, frozen=True):
    text: Annotated[str, Meta(min_length=1, max_length=20)]
    members: tuple[Annotated[int, Meta(ge=0)], ...] = ()


class Thing(Shape, frozen=True):
    id: UUID
    text: str
    info: str


@post("/api/v1/things/{thing_id:uuid}")
async def make(
    thing_id: FromPath[UUID], data: JSONBody[Make], info: NamedDependency[RequestInfo]
) -> Thing:
    return Thing(id=thing_id, text=data.text, info=f"{info.request_id} {info.address}")


@patch("/api/v1/things/{thing_id:uuid}")
async def change(thing_id: UUID, data: Make) -> None:
    raise Conflict("It moved")


@get("/api/v1/things")
async def find(word: str, limit: Annotated[int, Parameter(ge=1, le=100)] = 50) -> list[str]:
    return [word] * limit


@get("/api/v1/broken")
async def broken() -> None:
    raise RuntimeError(CANARY)


@get("/api/v1/foreign")
async def foreign() -> None:
    raise ConnectionRefusedError(CANARY)


@get("/api/v1/limited")
async def limited() -> None:
    raise BucketEmpty(Bucket("login", 5, 60), 11.2)


@get("/api/v1/own-headers")
async def own_headers() -> Response[str]:
    policy = {"Content-Security-Policy": "sandbox", "Set-Cookie": "a=b"}
    return Response("x" * 5_000, headers=policy)


@dataclass
class ManualClock:
    seconds: float = 0.0
    slept: list[float] = field(default_factory=list[float])

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(Build("1.2.3", "abc", "0001", "3.11"))


MakeApp = Callable[..., Edge]


@pytest.fixture
def make_app(clock: ManualClock, telemetry: Telemetry) -> MakeApp:
    def build(settings: HttpSettings | None = None, **changes: Any) -> Edge:
        values: dict[str, Any] = {
            "routes": [make, change, find, broken, foreign, limited, own_headers],
            "settings": settings or HttpSettings(),
            "telemetry": telemetry,
            "readiness": Readiness([], telemetry, clock),
            "clock": clock,
            "ids": SystemIds(clock),
        }
        return create_app(**(values | changes))

    return build


@asynccontextmanager
async def calling(
    app: Edge, *, peer: str = "127.0.0.1", url: str = "http://127.0.0.1:8000"
) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, client=(peer, 4_711))  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url=url) as client:
        yield client


Calling = Callable[..., Any]


@pytest.fixture
def call() -> Calling:
    return calling


@pytest.fixture
async def client(make_app: MakeApp) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(make_app()) as open_client:
        yield open_client
