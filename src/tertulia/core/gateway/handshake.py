"""What is known of a client before its socket opens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlsplit

from multidict import CIMultiDict, CIMultiDictProxy


@dataclass(frozen=True, slots=True)
class Refusal:
    """The HTTP answer to an upgrade that is not wanted.

    The body is Engine.IO's error shape `{"code": code, "message": message}`; its list knows
    0 unknown transport, 1 unknown sid, 2 bad method, 3 bad request, 4 forbidden, 5 unsupported
    protocol version.
    """

    status: int = 403
    message: str = "Forbidden"
    code: int = 4
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Handshake:
    """The request that opens a session, kept as its bytes and parsed when asked.

    What was parsed is kept while it is judged, and dropped when somebody is let in: a header dict
    for each of 10,000 idle sockets would be most of their memory.
    """

    target: str
    """The request target as sent: path and query."""
    head: bytes
    """Header lines `name: value` with CRLF between them."""
    client: str
    """The client's address; behind a trusted proxy the one it vouches for."""

    _headers: CIMultiDictProxy[str] | None = field(default=None, init=False, compare=False)
    _query: dict[str, str] | None = field(default=None, init=False, compare=False)

    def forget(self) -> None:
        """Drop what was parsed."""
        self._headers = self._query = None

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> Mapping[str, str]:
        """Of a repeated name the last value."""
        if self._query is None:
            self._query = dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))
        return self._query

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """By name in any case; `getall` for repeated ones."""
        if self._headers is None:
            lines = (line.partition(":") for line in self.head.decode("latin-1").split("\r\n"))
            found = ((name.strip(), value.strip()) for name, colon, value in lines if colon)
            self._headers = CIMultiDictProxy(CIMultiDict(found))
        return self._headers

    @property
    def origin(self) -> str | None:
        """The Origin header; None where a client (not a browser) sends none."""
        return self.headers.get("origin")

    @property
    def cookies(self) -> dict[str, str]:
        """Empty where the Cookie header cannot be parsed."""
        try:
            jar = SimpleCookie("; ".join(self.headers.getall("cookie", [])))
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}
