"""The load of the storm: clients that are cut and all come back at once, each by the protocol's
rules (docs/protocol.md W7, W8, S5).

    python -m bench.returning

Jobs come as lines of JSON on stdin, each answered by one line on stdout. A client is current when
it has been greeted again and has the event it missed: from the socket, or from the log when `hello`
says it is behind. Nobody waits but who is told to, or failed.
"""

import heapq
import json
import os
import random
import re
import select
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from bench.wire import PING, PONG, connecting, masked, upgrade_request

CUT = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets
LONGEST = 60.0  # seconds after which a storm counts as lost
PATH = "/socket.io/?EIO=4&transport=websocket"
RETRY_AFTER = re.compile(rb'"retry_after":([\d.]+)|[Rr]etry-[Aa]fter: (\d+)')
MARK = b"^"


class Client:
    """One person's client. Whatever it sends follows from what it has read."""

    def __init__(self, storm: "Storm", number: int, greeting: str, catch_up: str) -> None:
        self.storm = storm
        self.number = number
        self.greeting = masked(greeting.encode())
        self.catch_up = catch_up.encode()
        self.sock: socket.socket | None = None
        self.side: socket.socket | None = None
        """The HTTP request that fills the hole."""
        self.seen = b""
        self.read = b""
        self.is_in = self.is_current = self._has_greeted = False
        self._failures = 0

    def open(self) -> None:
        self.seen, self.is_in, self._has_greeted = b"", False, False
        self.sock = connecting(self.storm.port, self.number)
        self.storm.watch(self.sock, self, select.EPOLLOUT)

    def cut(self) -> None:
        for sock in (self.sock, self.side):
            if sock is not None:
                self.storm.forget(sock)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CUT)
                sock.close()
        self.sock = self.side = None
        self.is_in = self.is_current = False

    def ready(self, sock: socket.socket, event: int) -> None:
        try:
            if event & select.EPOLLOUT:
                error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if error:
                    raise OSError(error, os.strerror(error))
                sock.sendall(upgrade_request(PATH) if sock is self.sock else self.catch_up)
                self.storm.watch(sock, self, select.EPOLLIN)
                return
            data = sock.recv(65_536)
        except OSError as error:
            self._failed(sock, f"{type(error).__name__} {self._phase(sock)}")
            return
        if sock is self.sock:
            self._on_socket(data)
        else:
            self._on_side(data)

    def _phase(self, sock: socket.socket) -> str:
        if sock is self.side:
            return "while filling up"
        if self.is_in:
            return "when it was in"
        if self._has_greeted:
            return "after its token"
        return "after the upgrade" if self.seen else "before the upgrade"

    def _on_socket(self, data: bytes) -> None:
        sock = self.sock
        assert sock is not None
        if self.is_in:
            if not data:
                self._failed(sock, "closed")
            elif PING in data:
                sock.send(PONG)
            elif MARK in data:
                self._got()
            return
        self.seen += data
        if b"44{" in self.seen or (not data and RETRY_AFTER.search(self.seen)):
            self._told_to_wait(sock)
        elif not data:
            self._failed(sock, "closed")
        elif not self._has_greeted and b'0{"' in self.seen:
            self._has_greeted = True
            sock.send(self.greeting)
        elif self.storm.hello in self.seen:
            self._enter()

    def _enter(self) -> None:
        self.is_in = True
        self.storm.entered()
        if MARK in self.seen:
            self._got()
        elif (room := self.storm.room) and self.storm.awaited:
            head = re.search(room + rb'":(\d+)', self.seen)
            if b'"replayed":["' in self.seen:  # what it missed follows
                self.storm.counts["sent it behind hello"] += 1
            elif head and int(head[1]) > self.storm.head:
                self.storm.counts["filled from the log"] += 1
                self._fill()
        else:
            self._got()
        self.seen = b""

    def _fill(self) -> None:
        self.side, self.read = connecting(self.storm.port, self.number), b""
        self.storm.watch(self.side, self, select.EPOLLOUT)

    def _on_side(self, data: bytes) -> None:
        assert self.side is not None
        self.read += data
        if MARK in self.read:
            self._close_side()
            self._got()
        elif not data:
            self._failed(self.side, f"log: {self.read[9:12].decode()}")

    def _got(self) -> None:
        if not self.is_current:
            self.is_current = True
            self.storm.became_current()

    def _told_to_wait(self, sock: socket.socket) -> None:
        """Refused by the server, with an appointment. The socket is given up: it may be far off."""
        found = RETRY_AFTER.search(self.seen)
        self.storm.counts["told to wait"] += 1
        self._close(sock)
        self.storm.later(float(found[1] or found[2]) if found else 1.0, self.open)

    def _failed(self, sock: socket.socket, why: str) -> None:
        self.storm.counts[f"error: {why}"] += 1
        self._failures += 1
        wait = min(30.0, 0.5 * 2**self._failures) * random.random()
        if sock is self.side:
            self._close_side()
            self.storm.later(wait, self._fill)
        else:
            self._close(sock)
            self._close_side()
            self.storm.later(wait, self.open)

    def _close(self, sock: socket.socket) -> None:
        self.storm.forget(sock)
        sock.close()
        self.sock = None

    def _close_side(self) -> None:
        if self.side is not None:
            self.storm.forget(self.side)
            self.side.close()
        self.side = None


class Storm:
    def __init__(self) -> None:
        self.port = 0
        self.hello = b""
        self.room = b""
        self.head = 0
        self.awaited = False
        self.counts: Counter[str] = Counter()
        self._clients: list[Client] = []
        self._owners: dict[int, tuple[Client, socket.socket]] = {}
        self._poll = select.epoll()
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._current = self._inside = self._put_off = 0

    # Jobs

    def prepare(self, job: dict[str, Any]) -> dict[str, Any]:
        """Let everybody in: `greetings`, `catch_ups` by person; `hello` ends a greeting."""
        self.port, self.hello, self.room = job["port"], job["hello"].encode(), job["room"].encode()
        pairs = zip(job["greetings"], job["catch_ups"], strict=True)
        self._clients = [Client(self, n, *pair) for n, pair in enumerate(pairs)]
        return self._come(job["at_once"])

    def storm(self, job: dict[str, Any]) -> dict[str, Any]:
        """Cut everybody; all come back at once and want what is above `head`."""
        self.head, self.awaited = job["head"], job["awaited"]
        self.counts.clear()
        for client in self._clients:
            client.cut()
        self._current = self._inside = 0
        return self._come(len(self._clients))

    def _come(self, at_once: int) -> dict[str, Any]:
        began = time.perf_counter()
        waiting = iter(self._clients)
        started, times, total = 0, [0.0, 0.0], len(self._clients)
        while self._current < total:
            while started - self._inside < at_once and (one := next(waiting, None)):
                one.open()
                started += 1
            self._turn()
            now = time.perf_counter() - began
            if self._inside < total:
                times[0] = now
            if now > LONGEST:
                self.counts["error: never came"] = total - self._current
                break
            times[1] = now
        return {"inside": times[0], "current": times[1], "counts": dict(self.counts)}

    # For clients

    def watch(self, sock: socket.socket, client: Client, event: int) -> None:
        number = sock.fileno()
        if number in self._owners:
            self._poll.modify(number, event)
        else:
            self._owners[number] = (client, sock)
            self._poll.register(number, event)

    def forget(self, sock: socket.socket) -> None:
        if self._owners.pop(sock.fileno(), None):
            self._poll.unregister(sock)

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        self._put_off += 1
        heapq.heappush(self._later, (time.perf_counter() + seconds, self._put_off, do))

    def entered(self) -> None:
        self._inside += 1

    def became_current(self) -> None:
        self._current += 1

    def _turn(self) -> None:
        for number, event in self._poll.poll(0.01):
            if number in self._owners:
                client, sock = self._owners[number]
                client.ready(sock, event)
        while self._later and self._later[0][0] <= time.perf_counter():
            heapq.heappop(self._later)[2]()

    def serve(self) -> None:
        jobs = {"prepare": self.prepare, "storm": self.storm}
        for line in sys.stdin:
            job = json.loads(line)
            print(json.dumps(jobs[job["do"]](job)), flush=True)


if __name__ == "__main__":
    os.nice(5)  # the sender whose latency is measured shares this core
    Storm().serve()
