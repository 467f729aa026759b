"""Undoing gzip and deflate without growing further than wanted."""

import zlib
from collections.abc import Callable

from tertulia.core.outbound.errors import TooMuch, Unreachable

EITHER = zlib.MAX_WBITS | 32  # zlib and gzip, told apart by their heads


class Body:
    """Collects a body up to `limit` bytes, unpacked. `full` once there is no more room: what comes
    then is dropped, or raises TooMuch unless `cut`."""

    def __init__(self, encoding: str, limit: int, *, cut: bool) -> None:
        self._unpack = _unpacker(encoding)
        self._limit = limit
        self._cut = cut
        self._parts: list[bytes] = []
        self._size = 0
        self.full = False

    def add(self, chunk: bytes) -> None:
        room = self._limit - self._size
        # One byte more tells a body that fits from one that does not.
        part = self._unpack(chunk, room + 1)
        if len(part) > room:
            if not self._cut:
                raise TooMuch(f"the answer is larger than {self._limit} bytes")
            self.full = True
            part = part[:room]
        self._size += len(part)
        self._parts.append(part)

    def whole(self) -> bytes:
        return b"".join(self._parts)


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    match encoding.strip().lower():
        case "" | "identity":
            return lambda chunk, most: chunk[:most]
        case "gzip" | "x-gzip" | "deflate":
            stream = zlib.decompressobj(EITHER)

            def unpack(chunk: bytes, most: int) -> bytes:
                try:
                    return stream.decompress(chunk, most)
                except zlib.error:
                    raise Unreachable("the answer is damaged") from None

            return unpack
        case _:
            raise Unreachable("the answer is packed in a way that was not asked for")
