"""Links that open one thing for a while: `…?expires=<unix time>&signature=<mac>`.

Who holds such a link needs nothing else, so it is short-lived and never logged with its signature
(`core.telemetry.redact`). Each purpose signs with a key of its own.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from tertulia.core.clock import Clock
from tertulia.core.sessions import derive

LONGEST = 64  # characters of a signature


class Links:
    """`secrets` are the server's keys: the first signs, all verify."""

    def __init__(self, secrets: Sequence[str], clock: Clock) -> None:
        roots = [hashlib.sha256(secret.encode()).digest() for secret in secrets]
        self._keys = [derive(root, "links") for root in roots]
        self._clock = clock

    def sign(self, purpose: str, thing: str, seconds: int) -> tuple[int, str]:
        """When it expires (unix time), and the signature."""
        expires = int(self._clock.now().timestamp()) + seconds
        return expires, _mac(self._keys[0], purpose, thing, expires)

    def sign_on_grid(self, purpose: str, thing: str, seconds: int) -> tuple[int, str]:
        """As `sign`, good for between `seconds` and twice as long, and the same for all who ask
        within `seconds`: what caches keep under it is found again."""
        ends = (int(self._clock.now().timestamp()) // seconds + 2) * seconds
        return ends, _mac(self._keys[0], purpose, thing, ends)

    def is_good(self, purpose: str, thing: str, expires: int, signature: str) -> bool:
        if len(signature) > LONGEST or not signature.isascii():
            return False
        if expires <= self._clock.now().timestamp():
            return False
        wanted = (_mac(key, purpose, thing, expires) for key in self._keys)
        return any(hmac.compare_digest(signature, mac) for mac in wanted)


def _mac(key: bytes, purpose: str, thing: str, expires: int) -> str:
    message = "\0".join((purpose, thing, str(expires))).encode()
    mac = hmac.digest(key, message, "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
