"""One Socket.IO socket: its events in order, its answers, its end."""

import asyncio
import secrets
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from .encoding import Later, Several, encode_event, encode_packet
from .errors import CallTimeout, CloseCode, ConnectRefused, Disconnected
from .frames import Frame
from .handshake import Handshake
from .packets import Kind, Packet
from .recovery import Past, Recovery

if TYPE_CHECKING:
    from .gateway import Gateway
    from .link import Link


class Connection:
    """A client in one namespace, from its CONNECT packet on.

    Applications use `id`, `namespace`, `handshake`, `principal`, `state`, `connected`, `emit`,
    `send`, `call`, `disconnect` and `close`; the rest is for the gateway.
    """

    __slots__ = (
        "_busy",
        "_calls",
        "_gateway",
        "_held",
        "_inbox",
        "_parked",
        "_underway",
        "_waiting_bytes",
        "_worker",
        "connected",
        "gone",
        "id",
        "link",
        "namespace",
        "past",
        "principal",
        "state",
        "topics",
    )

    def __init__(self, link: "Link", namespace: str) -> None:
        self.namespace: str = namespace
        self.id: str = secrets.token_urlsafe(15)
        """120 random bits, new for each connection. Known to the client as `socket.id`."""
        self.principal: Any = None
        """Whom the application found behind it."""
        self.state: Any = None
        """Whatever else the application wants to keep with it."""
        self.connected: bool = False
        """Accepted, and not yet gone."""
        self.gone: str | None = None
        """Why it ended, once it has."""
        self.topics: set[Hashable] = set()
        self.past: Past | None = None
        self.link = link
        self._gateway: Gateway = link.gateway
        self._held: list[Frame] | None = []
        # A list: an empty deque is 760 bytes, and there may be 10,000 of them.
        self._inbox: list[tuple[Packet | None, int]] = []
        self._waiting_bytes = 0
        self._busy = False
        self._worker: asyncio.Task[None] | None = None
        self._parked: asyncio.Future[None] | None = None
        self._calls: dict[int, asyncio.Future[tuple[Any, ...]]] | None = None
        self._underway: set[asyncio.Future[Any]] | None = None

    @property
    def handshake(self) -> Handshake:
        """The request that opened the session this connection lives on."""
        return self.link.handshake

    @property
    def recovered(self) -> bool:
        """It was cut, and came back: see `App.connect`."""
        return self.past is not None and self.past.recovered

    # What the application does

    def emit(self, name: str, *args: Any) -> bool:
        """Send one event. False if the connection is gone. See `encode_event` for `args`."""
        return self.send(encode_event(name, *args, namespace=self.namespace))

    def send(self, frame: Frame, volatile: bool = False) -> bool:
        """Queue an encoded frame of this namespace; False if it was not taken.

        It goes out at the end of this turn of the loop, in one write with what else is queued.
        `volatile`: dropped when the socket is behind. Frames that pile up beyond
        `outbox_limit` close the socket (SLOW).
        """
        recovery = self._gateway.recovery
        if recovery is not None and not volatile and not self.gone:
            plain, frame = frame, recovery.to_one(frame, self)
            if self.recovered and not self.connected and frame is not plain:
                return True  # it comes with what was missed, in its place
        return self.link.push(frame, volatile) if self.connected else self._hold(frame)

    def hold(self, frame: Frame, volatile: bool = False) -> bool:
        """A broadcast for one that is not accepted yet, or no more."""
        del volatile
        # Who comes back gets it with all that was missed.
        return False if self.recovered else self._hold(frame)

    def _hold(self, frame: Frame) -> bool:
        if self._held is None or self.gone:
            return False
        self._held.append(frame)  # app.connect has not returned: kept until CONNECT is answered
        return True

    async def call(self, name: str, *args: Any, timeout: float) -> tuple[Any, ...]:  # noqa: ASYNC109
        """Emit an event and wait for the client's ack; returns the ack's arguments.

        Raises CallTimeout after `timeout` seconds, Disconnected if the connection ends first.
        """
        if self.gone or not self.connected:
            raise Disconnected(self.gone or "not connected")
        calls = self._calls = {} if self._calls is None else self._calls
        number = self._gateway.next_call()
        answer = asyncio.get_running_loop().create_future()
        calls[number] = answer
        try:
            self.send(encode_packet(self._packet(Kind.EVENT, [name, *args], number)))
            async with asyncio.timeout(timeout):
                return await answer
        except TimeoutError:
            raise CallTimeout(name) from None
        finally:
            calls.pop(number, None)

    def close(
        self, code: CloseCode = CloseCode.KICKED, reason: str = "", retry_after: float | None = None
    ) -> None:
        """End the whole session; the client learns `code` and, by WebSocket, `reason`. Nothing
        happens if it has ended."""
        if self.gone is None:
            self.link.close(code, reason, retry_after)

    def disconnect(self) -> None:
        """End this namespace only: the client gets a DISCONNECT packet and, being told so, does not
        come back by itself. What it sent before is dropped. Nothing happens if it has ended."""
        if self.gone is None:
            self.link.send_away(self)
            self.end("server disconnect", finish=False)

    async def finished(self, *, below: int = 1) -> None:
        """Wait until fewer than so many events are under way (`Later`)."""
        while self._underway and len(self._underway) >= below:
            await asyncio.wait(self._underway, return_when=asyncio.FIRST_COMPLETED)

    # What the client sends

    def receive(self, packet: Packet, size: int) -> None:
        """Take a packet from the socket: acks at once, everything else in its turn."""
        if packet.kind in (Kind.ACK, Kind.BINARY_ACK):
            self._answered(packet)
            return
        settings = self._gateway.settings
        too_many = len(self._inbox) >= settings.inbox_limit
        if too_many or self._waiting_bytes + size > settings.inbox_bytes:
            self.close(CloseCode.TOO_FAST)
            return
        self._waiting_bytes += size
        self._put(packet, size)

    def end(self, reason: str, *, finish: bool) -> None:
        """The client is gone or going. `finish`: what it sent before is still done."""
        if self.gone is not None:
            return
        self.gone = reason
        self.connected = False
        if self._gateway.recovery is not None:
            self._gateway.recovery.ended(self, reason, frozenset(self.topics))
        self._gateway.topics.leave_all(self)
        for answer in (self._calls or {}).values():
            if not answer.done():
                answer.set_exception(Disconnected(reason))
        if not finish:
            self._inbox.clear()
        self._put(None, 0)

    @property
    def is_busy(self) -> bool:
        """An event of the client is being handled, or waits for its turn."""
        return self._busy or bool(self._inbox or self._underway)

    def rest(self) -> None:
        """Let a worker that has nothing to do go; the next event starts another."""
        if self._parked is not None and not self._parked.done():
            self._parked.set_result(None)

    def _answered(self, packet: Packet) -> None:
        answer = (self._calls or {}).get(packet.id or 0)
        if answer is not None and not answer.done():
            answer.set_result(tuple(packet.data))

    def _put(self, packet: Packet | None, size: int) -> None:
        self._inbox.append((packet, size))
        if self._worker is None:
            self._worker = self._gateway.start(self._work())
        else:
            self.rest()

    # The worker: one task, from the first packet until a quiet moment

    async def _work(self) -> None:
        try:
            while self._inbox:
                packet, size = self._inbox.pop(0)
                self._waiting_bytes -= size
                self._busy = True
                await self._turn(packet)
                self._busy = False
                if not self.is_busy:
                    self.link.rested()
                # Who sent one event will send another; most who connect just listen.
                if not self._inbox and packet and packet.kind is not Kind.CONNECT:
                    self._parked = asyncio.get_running_loop().create_future()
                    await self._parked
        finally:
            self._worker = self._parked = None

    async def _turn(self, packet: Packet | None) -> None:
        if packet is None:
            await self._farewell()
        elif packet.kind is Kind.CONNECT:
            await self._admit(packet.data)
        else:
            await self._event(packet)

    async def _admit(self, auth: Any) -> None:
        gateway = self._gateway
        if self.gone is not None:
            return
        recovery = gateway.recovery
        try:
            kept = None if recovery is None else recovery.begin(self, auth)
            if kept is not None:
                await kept.conn.farewell_said()
            await gateway.app.connect(self, auth)
        except ConnectRefused as refused:
            self._refuse(refused.message, refused.data)
            return
        except Exception:
            gateway.failed("connect", self)
            self._refuse("internal error", {"code": "internal"})
            return
        held, self._held = self._held or [], None
        gateway.counters.connected += 1
        if self.gone is not None:
            return
        self.connected = True
        self.link.settled()
        self.link.push(encode_packet(self._packet(Kind.CONNECT, self._names())))
        if recovery is not None:
            self._catch_up(recovery)
        for frame in held:
            self.link.push(frame)

    def _names(self) -> dict[str, str]:
        return {"sid": self.id} | ({} if self.past is None else {"pid": self.past.pid})

    def _catch_up(self, recovery: Recovery) -> None:
        """Without waiting anywhere: what is published from now on comes after what was missed."""
        recovery.accepted(self)
        if self.recovered:
            for topic in tuple(self.topics):
                self._gateway.topics.join(self, topic)
            for frame in recovery.missed(self):
                self.link.push(frame)

    async def farewell_said(self) -> None:
        """Wait until the application has heard of the end."""
        if self._worker is not None:
            await asyncio.wait((self._worker,))

    def _refuse(self, message: str, data: dict[str, object]) -> None:
        self._gateway.counters.connect_refused += 1
        self._inbox.clear()
        self._gateway.topics.leave_all(self)
        if self.gone is None:
            self.gone = "refused"
            answer = self._packet(Kind.CONNECT_ERROR, {"message": message, "data": data})
            self.link.push(encode_packet(answer))
            self.link.forget(self, refused=True)

    async def _event(self, packet: Packet) -> None:
        name, *args = packet.data
        try:
            result = await self._gateway.app.event(self, name, args)
        except Exception:
            self._gateway.failed(name, self)
            return
        if isinstance(result, Later):
            self._start(result, name, packet.id)
        else:
            self._acknowledge(packet.id, result)

    def _start(self, later: Later, name: str, number: int | None) -> None:
        underway = self._underway = set() if self._underway is None else self._underway
        underway.add(later.done)

        def done(future: asyncio.Future[Any]) -> None:
            underway.discard(future)
            try:
                result = later.answer()
            except Exception:
                self._gateway.failed(name, self)
            else:
                self._acknowledge(number, result)
            if not self.is_busy:
                self.link.rested()

        later.done.add_done_callback(done)

    def _acknowledge(self, number: int | None, result: object) -> None:
        if number is not None:
            args = list(result.args) if isinstance(result, Several) else [result]
            self.send(encode_packet(self._packet(Kind.ACK, args, number)))

    def _packet(self, kind: Kind, data: Any, number: int | None = None) -> Packet:
        return Packet(kind, data, number, self.namespace)

    async def _farewell(self) -> None:
        if self._held is not None:  # never accepted
            return
        try:
            await self._gateway.app.disconnect(self, self.gone or "")
        except Exception:
            self._gateway.failed("disconnect", self)
