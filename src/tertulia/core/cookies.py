"""The cookies of a session (ASVS 5.0 §3.3; docs/protocol.md H1).

On https the names carry `__Host-` or `__Secure-`, which browsers give to nobody else; plain http,
where such cookies are dropped, has names of its own. Strict is right for an application whose
pages are static: a foreign page never needs our cookies sent along.
"""

from litestar.datastructures import Cookie

from tertulia.core.sessions import ACCESS_SECONDS

REFRESH_SECONDS = 7 * 86_400
MARK_SECONDS = 365 * 86_400
# Nothing but the routes that use them gets to see a refresh token or a device mark. A cookie with
# a path of its own cannot be `__Host-`.
AUTH_PATH = "/api/v1/auth"


class SessionCookies:
    """`secure`: the public address is https."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        self.access = "__Host-tertulia_access" if secure else "tertulia_access"
        self.refresh = "__Secure-tertulia_refresh" if secure else "tertulia_refresh"
        self.mark = "__Secure-tertulia_device" if secure else "tertulia_device"

    def given(self, *, access: str, refresh: str, mark: str) -> list[Cookie]:
        return [
            self._cookie(self.access, "/", access, ACCESS_SECONDS),
            self._cookie(self.refresh, AUTH_PATH, refresh, REFRESH_SECONDS),
            self._cookie(self.mark, AUTH_PATH, mark, MARK_SECONDS),
        ]

    def taken(self) -> list[Cookie]:
        """The device's mark stays: whoever signed in here once is no stranger."""
        return [
            self._cookie(self.access, "/", "", 0),
            self._cookie(self.refresh, AUTH_PATH, "", 0),
        ]

    def _cookie(self, name: str, path: str, value: str, seconds: int) -> Cookie:
        return Cookie(
            key=name,
            path=path,
            value=value,
            max_age=seconds,
            secure=self._secure,
            httponly=True,
            samesite="strict",
        )
