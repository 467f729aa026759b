"""The move from polling to a WebSocket in any order of things: what was sent arrives once, in
order. A correct client against the parts themselves, without HTTP between them."""

import asyncio
import json
import os
import socket
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.gateway.stage import Stage
from tests.core.gateway.test_gateway_limits import masked

from tertulia.core.gateway import Connection, Gateway
from tertulia.core.gateway.frames import SEPARATOR, take_polled
from tertulia.core.gateway.handshake import Handshake
from tertulia.core.gateway.polling import MOST_PACKETS, Polling
from tertulia.core.gateway.probe import try_to_move
from tertulia.core.gateway.session import Session
from tertulia.core.gateway.websocket import WebSocket


class Wire:
    """As much of a transport as a carrier uses, over a real socket."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.theirs.setblocking(False)
        self.open = True

    def get_extra_info(self, name: str) -> Any:
        return self.ours if name == "socket" else None

    def set_write_buffer_limits(self, high: int) -> None: ...

    def get_write_buffer_size(self) -> int:
        return 0

    def write(self, data: bytes) -> None:
        if self.open:
            os.write(self.ours.fileno(), data)

    def close(self) -> None:
        self.open = False

    abort = close

    def end(self) -> None:
        self.ours.close()
        self.theirs.close()

    def read(self) -> list[bytes]:
        try:
            return take_polled([self.theirs.recv(1_000_000)], 1_000)
        except BlockingIOError:
            return []


@dataclass
class Client:
    """One that follows the protocol: it says 5 when no request of its own is open."""

    gateway: Gateway
    session: Session
    polling: Polling
    get: asyncio.Future[bytes] | None = None
    wire: Wire | None = None
    ws: WebSocket | None = None
    moved: bool = False
    probed: bool = False
    got: list[int] = field(default_factory=list[int])
    sent: int = 0
    wires: list[Wire] = field(default_factory=list[Wire])

    def _heard(self, packets: list[bytes]) -> None:
        for packet in packets:
            if packet == b"3probe":
                self.probed = True
            elif packet.startswith(b"42"):
                self.got.append(json.loads(packet[2:])[1])

    def listen(self) -> None:
        if self.get is not None and self.get.done():
            self._heard(self.get.result().split(SEPARATOR))
            self.get = None
        if self.wire is not None:
            self._heard(self.wire.read())

    def poll(self) -> None:
        self.listen()
        if not self.moved and not self.probed and self.get is None:
            self.get = self.polling.poll()

    def say(self) -> None:
        text = b'42["from client",%d]' % self.sent
        self.sent += 1
        if self.moved and self.ws is not None:
            self.ws.received(masked(0x81, text))
        else:
            assert self.polling.take(text)

    def try_to_move(self) -> None:
        if self.ws is None:
            self.wire = Wire()
            self.wires.append(self.wire)
            self.ws = WebSocket(self.gateway, cast("asyncio.Transport", self.wire))
            try_to_move(self.session, self.ws)

    def probe(self) -> None:
        if self.ws is not None and not self.probed and not self.moved:
            self.ws.received(masked(0x81, b"2probe"))

    def move(self) -> None:
        self.listen()
        if self.ws is not None and self.probed and self.get is None and not self.moved:
            self.moved, self.probed = True, False
            self.ws.received(masked(0x81, b"5"))

    def fail(self) -> None:
        """The new road breaks before it is taken."""
        if self.ws is not None and not self.moved:
            self.listen()
            self.ws.lost()
            self.ws = self.wire = None
            self.probed = False

    def err(self) -> None:
        """The same by a word that nobody expects."""
        if self.ws is not None and not self.moved:
            self.ws.received(masked(0x81, b"what?"))
            self.fail()


ACTIONS = ("emit", "turn", "poll", "say", "try_to_move", "probe", "move", "fail", "err")


async def play(actions: list[str]) -> None:
    stage = Stage()
    gateway = stage.gateway = Gateway(stage, clock=stage.clock, uniform=lambda: 1.0)
    session = gateway.new_session(Handshake("/socket.io/", b"", "127.0.0.1"))
    polling = Polling(session)
    session.open(polling, "sid", ["websocket"])
    polling.take_out()
    assert polling.take(b"40")
    conn: Connection = await stage.connected()
    client = Client(gateway, session, polling)
    emitted = 0
    for action in actions:
        if action == "emit":
            assert conn.emit("n", emitted)
            emitted += 1
        elif action == "turn":
            for _ in range(4):
                await asyncio.sleep(0)
        else:
            getattr(client, action)()
        assert session.ending is None
    # The open poll may end with a noop, and one answer carries so many packets.
    for _ in range(2 + emitted // MOST_PACKETS):
        for _ in range(4):
            await asyncio.sleep(0)
        client.probed = False
        client.poll()
        client.listen()
    assert client.got == list(range(emitted))
    assert [args for _, args in stage.seen] == [[number] for number in range(client.sent)]
    assert client.moved == (gateway.counters.upgraded == 1)
    session.carrier.cut()
    session.lost()
    await asyncio.gather(*gateway.tasks)
    gateway.wheel.stop()
    for wire in client.wires:
        wire.end()


@settings(deadline=None)
@given(st.lists(st.sampled_from(ACTIONS), max_size=60))
def test_nothing_is_lost_or_doubled_in_any_order(actions: list[str]) -> None:
    asyncio.run(play(actions))


def test_more_waits_than_one_answer_carries() -> None:
    asyncio.run(play([*["emit"] * MOST_PACKETS, "try_to_move", "probe"]))


def test_the_straight_way() -> None:
    before = ["emit", "poll", "turn", "try_to_move", "poll", "emit", "probe", "turn", "emit"]
    asyncio.run(play([*before, "move", "emit", "turn", "say"]))
