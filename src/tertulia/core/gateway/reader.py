"""From the WebSocket frames of one client to Socket.IO packets. Pure: bytes in, values out."""

from enum import Enum, auto

from . import packets
from .errors import ProtocolError
from .packets import Packet
from .settings import GatewaySettings

CONTINUATION, TEXT, BINARY = 0, 1, 2


class Signal(Enum):
    """Engine.IO packets that carry nothing."""

    PONG = auto()
    CLOSE = auto()


class Reader:
    """Remembers what has arrived in part: a fragmented message, a binary event's attachments."""

    __slots__ = ("_attachments", "_binary", "_fragments", "_packet", "_settings", "size")

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._fragments: list[bytes] | None = None
        self._binary = False
        self._packet: Packet | None = None
        self._attachments: list[bytes] | None = None
        self.size: int = 0
        """Bytes of the packet last returned, its attachments included."""

    def read(self, opcode: int, fin: bool, payload: bytes) -> Packet | Signal | None:
        """Take a data frame; returns what it completes, None if more has to come.

        Raises ProtocolError, after which the client is beyond repair.
        """
        if opcode != CONTINUATION:
            if self._fragments is not None:
                raise ProtocolError("a new message inside a fragmented one")
            self._binary = opcode == BINARY
        if not fin or opcode == CONTINUATION:
            whole = self._gather(opcode, fin, payload)
            if whole is None:
                return None
            payload = whole
        return self._attachment(payload) if self._binary else self._text(payload)

    def _gather(self, opcode: int, fin: bool, payload: bytes) -> bytes | None:
        if opcode != CONTINUATION:
            self._fragments = []
        fragments = self._fragments
        if fragments is None:
            raise ProtocolError("continuation of nothing")
        fragments.append(payload)
        # Both: thousands of empty fragments cost as much as one large message.
        too_many = len(fragments) > self._settings.max_fragments
        if too_many or sum(map(len, fragments)) > self._settings.max_payload:
            raise ProtocolError("message too big")
        if not fin:
            return None
        self._fragments = None
        return b"".join(fragments)

    def _text(self, text: bytes) -> Packet | Signal | None:
        """One Engine.IO packet: 4 message, 3 pong, 1 close; a client may send nothing else."""
        if text == b"3":
            return Signal.PONG
        if text == b"1":
            return Signal.CLOSE
        if text[:1] != b"4" or self._packet is not None:
            raise ProtocolError("unexpected packet")
        packet = packets.decode(
            text[1:],
            max_attachments=self._settings.max_attachments,
            max_nesting=self._settings.max_nesting,
        )
        self.size = len(text)
        if not packet.attachments:
            return packet
        self._packet, self._attachments = packet, []
        return None

    def _attachment(self, payload: bytes) -> Packet | None:
        packet, attachments = self._packet, self._attachments
        if packet is None or attachments is None:
            raise ProtocolError("binary message outside a binary event")
        attachments.append(payload)
        self.size += len(payload)
        if len(attachments) < packet.attachments:
            return None
        self._packet = self._attachments = None
        return packets.with_attachments(packet, attachments)
