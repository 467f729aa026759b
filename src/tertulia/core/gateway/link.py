"""One Engine.IO session as Socket.IO sees it: packets to the connections of its namespaces."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .connection import Connection
from .encoding import encode_packet
from .errors import CloseCode, ProtocolError
from .handshake import Handshake
from .packets import Kind, Packet
from .reader import Unfinished, read
from .session import Session

if TYPE_CHECKING:
    from .gateway import Gateway


class Link(Session):
    """Carries at most one `Connection` for each namespace at a time."""

    __slots__ = ("_gone_from", "_others", "_unfinished", "conn")

    gateway: "Gateway"  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(self, gateway: "Gateway", handshake: Handshake) -> None:
        super().__init__(gateway, handshake)
        self.conn: Connection | None = None
        """The one of `/`, which is nearly always the only one."""
        self._others: dict[str, Connection] | None = None
        self._gone_from: set[str] | None = None
        self._unfinished: Unfinished | None = None
        self.patience = gateway.wheel.now + gateway.settings.connect_timeout

    def connections(self) -> Iterator[Connection]:
        """Of all namespaces, also those that are not accepted yet."""
        if self.conn is not None:
            yield self.conn
        if self._others is not None:
            yield from self._others.values()

    # What the client sends

    def message(self, text: bytes) -> None:
        if self._unfinished is not None:
            raise ProtocolError("a packet before the last one's attachments")
        packet = read(text, self.gateway.settings)
        if packet.attachments:
            self._unfinished = Unfinished(packet, len(text))
        else:
            self._route(packet, len(text))

    def binary(self, data: bytes) -> None:
        unfinished = self._unfinished
        if unfinished is None:
            raise ProtocolError("binary message outside a binary event")
        packet = unfinished.add(data)
        if packet is not None:
            self._unfinished = None
            self._route(packet, unfinished.size)

    def _route(self, packet: Packet, size: int) -> None:
        conn = self.conn if packet.namespace == "/" else (self._others or {}).get(packet.namespace)
        if packet.kind is Kind.CONNECT:
            self._connect(conn, packet, size)
        elif packet.kind is Kind.CONNECT_ERROR:
            raise ProtocolError("only a server refuses")
        elif conn is None:
            # What was under way when we ended that connection is nobody's fault.
            if packet.namespace not in (self._gone_from or ()):
                raise ProtocolError("packet for a namespace that is not connected")
        elif packet.kind is Kind.DISCONNECT:
            self.forget(conn)
            conn.end("client disconnect", finish=True)
        else:
            conn.receive(packet, size)

    def _connect(self, conn: Connection | None, packet: Packet, size: int) -> None:
        name = packet.namespace
        if conn is not None:
            raise ProtocolError("connected twice")
        if name not in self.gateway.settings.namespaces:
            refusal = {"message": "Invalid namespace"}
            self.push(encode_packet(Packet(Kind.CONNECT_ERROR, refusal, None, name)))
            return
        if self._gone_from is not None:
            self._gone_from.discard(name)
        conn = Connection(self, name)
        if name == "/":
            self.conn = conn
        else:
            self._others = {} if self._others is None else self._others
            self._others[name] = conn
        conn.receive(packet, size)

    # What connections ask

    def forget(self, conn: Connection, *, refused: bool = False) -> None:
        """It is gone. After the last one the client has `connect_timeout` for another; who is
        refused gets no more time than there was."""
        if conn is self.conn:
            self.conn = None
        elif self._others is not None:
            self._others.pop(conn.namespace, None)
        if self.conn is None and not self._others and self.ending is None:
            if not refused or self.patience == math.inf:
                self.patience = self.gateway.wheel.now + self.gateway.settings.connect_timeout
            self.look_again()

    def send_away(self, conn: Connection) -> None:
        """End one connection by a DISCONNECT packet; the session and its others go on."""
        self._gone_from = set() if self._gone_from is None else self._gone_from
        self._gone_from.add(conn.namespace)
        self.push(encode_packet(Packet(Kind.DISCONNECT, namespace=conn.namespace)))
        self.forget(conn)

    def rested(self) -> None:
        """A connection has answered all there was: while the server leaves, the moment to go."""
        if self.gateway.leaving.is_set() and not self.is_busy():
            self.gateway.send_away(self)

    # What the session asks

    def impatient(self) -> None:
        if self.conn is not None or self._others:
            self.patience = math.inf
        else:
            self.close(CloseCode.CONNECT_TIMEOUT)

    def farewell(self) -> None:
        for conn in self.connections():
            self.push(encode_packet(Packet(Kind.DISCONNECT, namespace=conn.namespace)))

    def ended(self, reason: str, *, finish: bool) -> None:
        conns = tuple(self.connections())
        self.conn = self._others = None
        for conn in conns:
            conn.end(reason, finish=finish)

    def is_busy(self) -> bool:
        return any(conn.is_busy for conn in self.connections())

    def quiet(self) -> None:
        for conn in self.connections():
            conn.rest()
