"""From messages to Socket.IO packets. Pure: bytes in, values out."""

from . import packets
from .packets import Packet
from .settings import GatewaySettings


def read(text: bytes, settings: GatewaySettings) -> Packet:
    """The packet in a text message. Raises ProtocolError."""
    return packets.decode(
        text, max_attachments=settings.max_attachments, max_nesting=settings.max_nesting
    )


class Unfinished:
    """A binary event or ack whose attachments have not all arrived."""

    __slots__ = ("_attachments", "_packet", "size")

    def __init__(self, packet: Packet, size: int) -> None:
        self._packet = packet
        self._attachments: list[bytes] = []
        self.size = size
        """Bytes so far, attachments included."""

    def add(self, data: bytes) -> Packet | None:
        """The whole packet, once this was the last. ProtocolError where a placeholder is wrong."""
        self._attachments.append(data)
        self.size += len(data)
        if len(self._attachments) < self._packet.attachments:
            return None
        return packets.with_attachments(self._packet, self._attachments)
