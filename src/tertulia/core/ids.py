"""Names for things (UUIDv7) and secrets. A UUID is never a secret (ASVS 11.5.1)."""

import os
import secrets
from typing import Protocol
from uuid import UUID

from tertulia.core.clock import Clock


class Ids(Protocol):
    def uuid7(self) -> UUID: ...

    def token(self, size: int = 32) -> str:
        """`size` random bytes from the system, as URL-safe text."""
        ...


class SystemIds:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def uuid7(self) -> UUID:
        """RFC 9562 §5.7: 48 bits of milliseconds, then randomness."""
        return uuid7(int(self._clock.now().timestamp() * 1000), os.urandom(10))

    def token(self, size: int = 32) -> str:
        return secrets.token_urlsafe(size)


def uuid7(milliseconds: int, random: bytes) -> UUID:
    """`random` is 10 bytes, of which 74 bits are used."""
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(random)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
