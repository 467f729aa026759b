"""Proofs of who acts: access tokens, refresh tokens, device marks. Knows no product.

An access token is a signed claim for 15 minutes (JWT, RFC 7519, `typ` of RFC 9068 §2.1). A refresh
token is derived, not stored: `<account>.<device>.<n>.<mac>` with mac = HMAC-SHA256(key, seed ‖ n),
so that the database keeps a seed and a count, and the immediate successor can be given out twice.
Every purpose signs with its own key, all derived from the server's one secret.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import jwt
import msgspec

from tertulia.core.actor import Actor
from tertulia.core.clock import Clock
from tertulia.core.errors import TokenExpired, Unauthenticated

ACCESS_SECONDS = 900
AUDIENCE = "tertulia:access"
TYPE = "at+jwt"
CLAIMS = ("sub", "dev", "adm", "aud", "iat", "exp")
LONGEST = 1024  # bytes; ours have about 400, and nothing longer is worth parsing
KNOWN = 10_000  # genuine tokens remembered, about 700 B each
COUNT_DIGITS = 9  # of a refresh token's n: fits the database's integer
HEX_DIGITS = frozenset("0123456789abcdef")


class RefreshToken(msgspec.Struct, frozen=True):
    """A refresh token taken apart, not yet proven genuine."""

    account_id: UUID
    device_id: UUID
    count: int
    mac: bytes

    def __repr__(self) -> str:
        return f"RefreshToken(device_id={self.device_id}, count={self.count})"


class Sessions:
    """Issues and verifies. `secrets` are the server's keys, each ≥ 32 random characters: the first
    signs, all verify, so that a new one can be put in front of the old for a while."""

    def __init__(self, secrets: Sequence[str], clock: Clock) -> None:
        if not secrets:
            raise ValueError("sessions need a secret key")
        roots = [hashlib.sha256(secret.encode()).digest() for secret in secrets]
        self._access = [derive(root, "access token") for root in roots]
        self._refresh = [derive(root, "refresh token") for root in roots]
        self._mark = [derive(root, "device mark") for root in roots]
        self._clock = clock
        self._revoked: dict[UUID, datetime] = {}
        self._known: dict[str, tuple[Actor, int]] = {}

    # Access tokens

    def issue(self, actor: Actor) -> str:
        """A token that says who acts, for ACCESS_SECONDS from now."""
        now = int(self._clock.now().timestamp())
        claims = {
            "sub": actor.account_id.hex,
            "dev": actor.device_id.hex,
            "adm": actor.is_admin,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + ACCESS_SECONDS,
        }
        encode = cast("Any", jwt).encode  # the library's types lean on one that is not installed
        return encode(claims, self._access[0], algorithm="HS256", headers={"typ": TYPE})

    def verify(self, token: str) -> Actor:
        """Raises TokenExpired for a genuine token that ran out, Unauthenticated for all else."""
        actor, expires = self._known.get(token) or self._learn(token)
        # The device first: telling an ended session to refresh would send it in a circle.
        if self.is_revoked(actor.device_id):
            raise Unauthenticated
        if self._clock.now().timestamp() >= expires:
            raise TokenExpired
        return actor

    def _learn(self, token: str) -> tuple[Actor, int]:
        """Who a genuine token is of, and until when. Remembered, for a client shows the same one
        with every request, and checking its signature costs as much as the rest of the request."""
        claims = self._read(token)
        try:
            actor = Actor(UUID(claims["sub"]), UUID(claims["dev"]), claims["adm"] is True)
            learned = actor, int(claims["exp"])
        except (ValueError, TypeError, AttributeError):
            raise Unauthenticated from None
        if len(self._known) >= KNOWN:
            self._known.clear()
        self._known[token] = learned
        return learned

    def _read(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST or not token.isascii():
            raise Unauthenticated
        decode = cast("Any", jwt).decode_complete
        for key in self._access:
            try:
                whole = decode(
                    token,
                    key,
                    algorithms=["HS256"],
                    audience=AUDIENCE,
                    # The library asks the machine for the time; ours is an argument.
                    options={"require": list(CLAIMS), "verify_exp": False, "verify_iat": False},
                )
            except jwt.InvalidSignatureError:
                continue
            except (jwt.InvalidTokenError, ValueError, RecursionError):
                break
            if whole["header"].get("typ") == TYPE:
                return whole["payload"]
        raise Unauthenticated

    # Devices that were signed out while their access tokens still live

    def revoke(self, device_id: UUID) -> None:
        """From now on no token of this device is believed."""
        self.load([(device_id, self._clock.now())])

    def load(self, signed_out: Iterable[tuple[UUID, datetime]]) -> None:
        """Devices with the time they were signed out; at start, those of the last ACCESS_SECONDS.

        Each is remembered until the youngest token it may hold has run out.
        """
        now = self._clock.now()
        self._revoked = {id_: until for id_, until in self._revoked.items() if until > now}
        for device_id, at in signed_out:
            # A minute more: another node's clock may have stamped the token.
            until = at + timedelta(seconds=ACCESS_SECONDS + 60)
            self._revoked[device_id] = max(until, self._revoked.get(device_id, until))

    def is_revoked(self, device_id: UUID) -> bool:
        return device_id in self._revoked

    # Refresh tokens

    def refresh_token(self, account_id: UUID, device_id: UUID, seed: bytes, count: int) -> str:
        """The `count`th token of a device's family; always the same text."""
        mac = _mac(self._refresh[0], seed, count)
        return f"{account_id.hex}.{device_id.hex}.{count}.{_text(mac)}"

    def is_genuine(self, token: RefreshToken, seed: bytes) -> bool:
        """Did we make it? Whoever knows only the ids cannot end a device by presenting nonsense."""
        return _any_equal(token.mac, [_mac(key, seed, token.count) for key in self._refresh])

    # Device marks: what a browser shows to be known again after its session ended

    def device_mark(self, account_id: UUID, device_id: UUID) -> str:
        """No session: it opens nothing, it only buys the device a rate limit of its own."""
        name = f"{account_id.hex}.{device_id.hex}"
        return f"{name}.{_text(_digest(self._mark[0], name))}"

    def read_mark(self, mark: str) -> tuple[UUID, UUID] | None:
        """(account, device), or None for anything we did not sign."""
        if len(mark) > LONGEST or not mark.isascii():
            return None
        name, _, text = mark.rpartition(".")
        mac = _bytes(text)
        if mac is None or not _any_equal(mac, [_digest(key, name) for key in self._mark]):
            return None
        account, _, device = name.partition(".")
        return UUID(account), UUID(device)


def derive(root: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose: HKDF-Expand (RFC 5869 §2.3) with one block of SHA-256."""
    return hmac.digest(root, f"tertulia {purpose}".encode() + b"\x01", "sha256")


def parse_refresh(token: str) -> RefreshToken:
    """Raises Unauthenticated for anything that does not look like one of ours."""
    parts = token.split(".") if len(token) <= LONGEST and token.isascii() else []
    if len(parts) != 4:
        raise Unauthenticated
    account, device, count, text = parts
    mac = _bytes(text)
    if not (_is_id(account) and _is_id(device) and count.isdigit() and mac):
        raise Unauthenticated
    if len(count) > COUNT_DIGITS or str(int(count)) != count:
        raise Unauthenticated
    return RefreshToken(UUID(account), UUID(device), int(count), mac)


def _is_id(text: str) -> bool:
    return len(text) == 32 and HEX_DIGITS.issuperset(text)


def _mac(key: bytes, seed: bytes, count: int) -> bytes:
    return hmac.digest(key, seed + count.to_bytes(8, "big"), "sha256")


def _digest(key: bytes, name: str) -> bytes:
    return hmac.digest(key, name.encode(), "sha256")


def _any_equal(given: bytes, wanted: Iterable[bytes]) -> bool:
    """In constant time for each."""
    return any([hmac.compare_digest(given, mac) for mac in wanted])  # noqa: C419 — no early end


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes | None:
    """32 bytes, in the one spelling we would give them; None for anything else."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return data if len(data) == 32 and _text(data) == text else None
