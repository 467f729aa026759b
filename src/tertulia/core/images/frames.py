"""Messages through a pipe: four bytes of length, big-endian, then so many bytes."""

import os

MAX_FRAME = 32 * 2**20
IDLE = 75  # a child's exit code: nothing came, so it went


def read_frame(descriptor: int) -> bytes | None:
    """None at the end. Blocks."""
    head = _read(descriptor, 4)
    return None if len(head) < 4 else _read(descriptor, int.from_bytes(head, "big"))


def write_frame(descriptor: int, frame: bytes) -> None:
    """Blocks."""
    write_all(descriptor, len(frame).to_bytes(4, "big") + frame)


def write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def read_all(descriptor: int, limit: int) -> bytes:
    """To the end, or what came before `limit` was passed."""
    return _read(descriptor, limit)


def _read(descriptor: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (part := os.read(descriptor, min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
