"""From WebSocket frames to whole messages, and from messages to whole packets."""

from dataclasses import dataclass, field

from . import packets
from .errors import ProtocolError
from .packets import Packet


@dataclass(slots=True)
class Fragments:
    """A message that comes in pieces (RFC 6455 §5.4)."""

    binary: bool
    parts: list[bytes] = field(default_factory=list[bytes])
    size: int = 0

    def add(self, payload: bytes, *, max_fragments: int, max_payload: int) -> None:
        self.parts.append(payload)
        self.size += len(payload)
        # Both: a million empty fragments cost as much as one large message.
        if self.size > max_payload or len(self.parts) > max_fragments:
            raise ProtocolError("message too big")

    def whole(self) -> bytes:
        return b"".join(self.parts)


@dataclass(slots=True)
class Incomplete:
    """A binary event or ack whose attachments are still under way."""

    packet: Packet
    size: int
    attachments: list[bytes] = field(default_factory=list[bytes])

    def add(self, attachment: bytes) -> Packet | None:
        """The packet, once this was its last attachment."""
        self.attachments.append(attachment)
        self.size += len(attachment)
        if len(self.attachments) < self.packet.attachments:
            return None
        return packets.with_attachments(self.packet, self.attachments)
