"""WebSocket frames as a server sends them (RFC 6455 §5.2: final, unmasked).

A `Frame` is complete on the wire: encoded once, written as it is to every socket of a broadcast.
"""

import base64
from collections.abc import Iterable, Iterator
from typing import Final, NewType

Frame = NewType("Frame", bytes)

TEXT: Final = 0x81
BINARY: Final = 0x82


def frame(opcode: int, payload: bytes) -> Frame:
    """Put the header before `payload`. `opcode` includes the FIN bit (`TEXT`, `BINARY`)."""
    size = len(payload)
    if size < 126:
        return Frame(bytes((opcode, size)) + payload)
    if size < 65_536:
        return Frame(bytes((opcode, 126)) + size.to_bytes(2) + payload)
    return Frame(bytes((opcode, 127)) + size.to_bytes(8) + payload)


def message(text: bytes, attachments: list[bytes] | None = None) -> Frame:
    """An Engine.IO text packet and the binary messages that belong to it, in one piece.

    One piece, because nothing may come between a binary event and its attachments.
    """
    if not attachments:
        return frame(TEXT, text)
    parts = [frame(TEXT, text), *(frame(BINARY, data) for data in attachments)]
    return Frame(b"".join(parts))


def close_frame(code: int, reason: bytes = b"") -> Frame:
    """RFC 6455 §5.5.1; `reason` is UTF-8, at most 123 bytes."""
    return frame(0x88, code.to_bytes(2) + reason)


def pong_frame(payload: bytes) -> Frame:
    return frame(0x8A, payload)


PING: Final = frame(TEXT, b"2")
"""Engine.IO's, not RFC 6455's: browsers show their scripts only this one."""

# The same by polling, where a message has no frame around it

NOOP: Final = b"6"
SEPARATOR: Final = b"\x1e"


def polled(outbox: Iterable[bytes]) -> bytes:
    """Frames as one polling payload (Engine.IO v4, "HTTP long-polling"); empty for none."""
    return SEPARATOR.join(packet for data in outbox for packet in packets_in(data))


def packets_in(data: bytes) -> Iterator[bytes]:
    """The messages in data frames of ours, as polling writes them."""
    at = 0
    while at < len(data):
        opcode, size = data[at], data[at + 1]
        at += 2
        if size > 125:
            width = 2 if size == 126 else 8
            size = int.from_bytes(data[at : at + width])
            at += width
        payload = data[at : at + size]
        at += size
        yield payload if opcode == TEXT else b"b" + base64.b64encode(payload)
