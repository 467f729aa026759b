"""Requests, bounded in every way, to addresses that were judged."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import httpcore

from tertulia.core.outbound.address import Target, redirected, target
from tertulia.core.outbound.errors import NotAllowed, OutboundError, Unreachable
from tertulia.core.outbound.places import Places, Resolve
from tertulia.core.outbound.unpack import Body

AT_ONCE = 32  # requests of one process; the others wait, and their time runs
TRIED = 2  # addresses of one name
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Bounds:
    """Of one request, its redirects included: seconds, bytes of the unpacked body, redirects that
    are followed (GET only). `cut` keeps the first bytes of what is too large instead of failing;
    `types` refuses other content types before their body is read."""

    seconds: float = 5.0
    size: int = 2_000_000
    redirects: int = 3
    cut: bool = False
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """`headers` by lower-case name; of several with one name the last. `url` is the one that
    answered, after redirects. `cut`: there was more."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    cut: bool

    @property
    def type(self) -> str:
        """`text/html`, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Outbound:
    """`tls` for tests; None trusts what browsers trust."""

    def __init__(
        self, places: Places, resolve: Resolve, *, agent: str, tls: ssl.SSLContext | None = None
    ) -> None:
        self._places = places
        self._resolve = resolve
        self._agent = agent
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._tls = tls or httpcore.default_ssl_context()

    async def get(
        self, url: str, bounds: Bounds, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Raises NotAllowed, Unreachable, TooMuch."""
        return await self._request("GET", url, bounds, headers or {}, b"")

    async def post(
        self, url: str, body: bytes, bounds: Bounds, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A redirect is the answer: a body is not carried to where somebody else says. Raises
        NotAllowed, Unreachable, TooMuch."""
        return await self._request("POST", url, bounds, headers or {}, body)

    def check(self, url: str) -> None:
        """Refuse an address that can never be called, as far as it says so itself. Raises
        NotAllowed. Its host is judged at each call."""
        target(url)

    async def _request(
        self, method: str, url: str, bounds: Bounds, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        try:
            async with asyncio.timeout(bounds.seconds), self._turns:
                return await self._follow(method, target(url), bounds, headers, body)
        except TimeoutError:
            raise Unreachable("no answer in time") from None

    async def _follow(
        self, method: str, at: Target, bounds: Bounds, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        for _ in range(bounds.redirects + 1):
            answer = await self._once(method, at, bounds, headers, body)
            location = answer.headers.get("location")
            if method != "GET" or answer.status not in REDIRECTS or location is None:
                return answer
            at = redirected(at, location)
        raise Unreachable("too many redirects")

    async def _once(
        self, method: str, at: Target, bounds: Bounds, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        # A connection serves one request: the next one judges afresh.
        network = _Judged(self._places, self._resolve)
        pool = httpcore.AsyncConnectionPool(
            ssl_context=self._tls, max_keepalive_connections=0, network_backend=network
        )
        url = httpcore.URL(
            scheme=at.scheme.encode(),
            host=(f"[{at.host}]" if ":" in at.host else at.host).encode(),
            port=at.port,
            target=at.path.encode(),
        )
        timeout = {"timeout": dict.fromkeys(("connect", "read", "write"), bounds.seconds)}
        try:
            async with (
                pool,
                pool.stream(
                    method, url, headers=self._headers(headers, body), content=body or None,
                    extensions=timeout,
                ) as response,
            ):  # fmt: skip
                return await _read(response, at, bounds)
        except OutboundError:
            raise
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise Unreachable(_words(error)) from None
        except (ssl.SSLError, OSError):
            raise Unreachable("the connection failed") from None
        finally:
            await network.close()

    def _headers(self, more: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
        own = {"User-Agent": self._agent, "Accept-Encoding": "gzip", "Connection": "close"}
        if body:
            own["Content-Length"] = str(len(body))
        return list({**own, **more}.items())


async def _read(response: httpcore.Response, at: Target, bounds: Bounds) -> Answer:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    answer = Answer(response.status, at.url, headers, b"", cut=False)
    if response.status in REDIRECTS:
        return answer
    if bounds.types and answer.type not in bounds.types:
        raise NotAllowed("the answer is of a kind that was not asked for")
    body = Body(headers.get("content-encoding", ""), bounds.size, cut=bounds.cut)
    async for chunk in response.aiter_stream():
        body.add(chunk)
        if body.full:
            break
    return Answer(response.status, at.url, headers, body.whole(), cut=body.full)


def _words(error: Exception) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpcore.ProtocolError):
        return "the answer is not HTTP"
    return "the connection failed"


class _Judged(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were judged, whatever name was asked for."""

    def __init__(self, places: Places, resolve: Resolve) -> None:
        self._places = places
        self._resolve = resolve
        self._opened: list[httpcore.AsyncNetworkStream] = []
        self._inner = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 — httpcore's word
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        del local_address, socket_options
        addresses = self._places.judge(await self._addresses(host), port)
        stream = await self._first(addresses[:TRIED], port, timeout)
        self._opened.append(stream)
        return stream

    async def close(self) -> None:
        """httpcore forgets a connection whose TLS handshake was cancelled: nobody else ends it."""
        for stream in self._opened:
            with suppress(Exception):
                await stream.aclose()

    async def _addresses(self, host: str) -> Sequence[str]:
        """Of `127.1` and its like the system's resolver makes the address they mean."""
        return await self._resolve(host.strip("[]"))

    async def _first(
        self, addresses: Sequence[str], port: int, seconds: float | None
    ) -> httpcore.AsyncNetworkStream:
        last: Exception = Unreachable("the connection failed")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout=seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 — httpcore's word
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        del path, timeout, socket_options
        raise NotAllowed("only http and https addresses are called")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)
