"""WebSocket frames as a server sends them (RFC 6455 §5.2: final, unmasked).

A `Frame` is complete on the wire: encoded once, written as it is to every socket of a broadcast.
"""

import base64
from typing import Final, NewType

Frame = NewType("Frame", bytes)

Queued = bytes | list[bytes] | None
"""Frames that wait: none, one, or more. Most sockets wait with none, and a broadcast gives each
one: a list for it would cost 10,000 idle sockets half a megabyte and every delivery a tenth."""

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


def take_polled(outbox: list[bytes], most: int) -> list[bytes]:
    """Take up to `most` messages off the front, as polling writes them. A frame of several (a
    binary event and its attachments) may be cut between two; its rest stays a frame."""
    taken: list[bytes] = []
    while outbox and len(taken) < most:
        rest = outbox[0]
        while rest and len(taken) < most:
            packet, end = first_packet(rest)
            taken.append(packet)
            rest = rest[end:]
        if rest:
            outbox[0] = rest
        else:
            outbox.pop(0)
    return taken


def first_packet(data: bytes) -> tuple[bytes, int]:
    """The first message in data frames of ours, as polling writes it, and where it ends."""
    payload, end = first_message(data)
    return payload if data[0] == TEXT else b"b" + base64.b64encode(payload), end


def first_message(data: bytes) -> tuple[bytes, int]:
    """The payload of the first frame, and where it ends."""
    size, start = data[1], 2
    if size > 125:
        start += 2 if size == 126 else 8
        size = int.from_bytes(data[2:start])
    return data[start : start + size], start + size
