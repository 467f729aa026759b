"""The load: raw sockets that count and do nothing else, in a process of their own.

    python -m bench.load

Jobs come as lines of JSON on stdin, each answered by one line on stdout; between jobs pings are
answered. To stay ahead of every server it takes no frame apart: a message is counted by a byte that
each delivery contains once. And it looks at a few witnesses only, all over the room, to know that a
message is through; everybody else is read in turns, once for some messages, and at the end nobody
may have missed one. What of the time it neither ran nor waited for its core is the kernel's own
figure (/proc/self/schedstat), and the proof that it waited for the server.
"""

import json
import select
import socket
import struct
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

from bench.wire import PING, PONG, connect, masked, upgrade_request

BUFFER = 262_144
JOINING = 64  # sockets on their way in at the same time
PATIENCE = 30.0  # seconds without a byte after which something was lost
QUIET = 0.3  # seconds without a byte after which nothing more is coming
CUT = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets
WITNESSES = 32
TURN = 4  # messages after which everybody was read; with more the senders' TCP waits for our acks
PAUSE = 0.00005  # seconds between looks: it must not be woken for every frame
STDIN = 0

Job = dict[str, Any]
Answer = dict[str, Any]


class Crowd:
    def __init__(self) -> None:
        self._socks: dict[int, socket.socket] = {}
        self._speakers: list[socket.socket] = []
        self._witnesses = select.epoll()
        self._everybody = select.epoll()
        self._everybody.register(STDIN, select.EPOLLIN)
        self._everybody.register(self._witnesses, select.EPOLLIN)
        self._buffer = bytearray(BUFFER)
        self._mark = b"^"
        self._say = ""
        self._said = 0
        self._seeing: list[socket.socket] = []

    # Jobs

    def join(self, job: Job) -> Answer:
        """Open a socket for each of `greetings`, the packets that follow Engine.IO's "open" (empty
        for a server that speaks no Engine.IO). It is in when it has read `until`. Who is refused
        asks again behind the others."""
        began = time.perf_counter()
        greetings: list[str] = job["greetings"]
        left = deque(enumerate(greetings, len(self._socks)))
        joining: dict[int, _Joining] = {}
        again = 0
        poll = select.epoll()
        while left or joining:
            while left and len(joining) < job.get("at_once", JOINING):
                number, greeting = left.popleft()
                one = _Joining(job["port"], number, job["path"], greeting, job["until"])
                joining[one.sock.fileno()] = one
                poll.register(one.sock, select.EPOLLIN)
            for ready, _ in _some(poll.poll(PATIENCE), "sockets were not let in"):
                one = joining[ready]
                one.read()
                if one.was_refused:
                    again += 1
                    left.append((one.number, one.greeting))
                    if again > 10 * len(greetings):
                        raise ConnectionError(f"refused again and again: {one.seen[-300:]!r}")
                if one.is_in or one.was_refused:
                    poll.unregister(ready)
                    del joining[ready]
                if one.is_in:
                    self._take(one.sock)
            self._rest(0)
        self._choose_witnesses()
        return {"seconds": time.perf_counter() - began, "again": again}

    def _take(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._socks[sock.fileno()] = sock
        self._everybody.register(sock, select.EPOLLIN)

    def _choose_witnesses(self) -> None:
        """At even distances, the last one among them."""
        for sock in self._seeing:
            self._witnesses.unregister(sock)
            self._everybody.register(sock, select.EPOLLIN)
        socks = list(self._socks.values())
        step = max(2, len(socks) // WITNESSES)
        self._seeing = socks[-1::-step]
        for sock in self._seeing:
            self._everybody.unregister(sock)
            self._witnesses.register(sock, select.EPOLLIN)
        seeing = set(self._seeing)
        self._speakers = [sock for sock in socks if sock not in seeing]

    def once(self, job: Job) -> Answer:
        """Say one thing: how many marks, and bytes, arrive until all is quiet. `each` are due."""
        self._prepare(job)
        self._speak()
        marks = size = 0
        while got := self._rest(QUIET if marks >= job["each"] else PATIENCE):
            marks, size = marks + got[0], size + got[1]
        return {"marks": marks, "bytes": size}

    def run(self, job: Job) -> Answer:
        """Keep `in_flight` messages under way for `seconds` or until `most` were said; then wait
        until everybody has heard everything.

        `say` is what members say, with NUMBER in the place of a running number, `mark` the byte
        that every delivery of it has once, `each` how many marks a message makes.
        """
        self._prepare(job)
        in_flight, each, most = job["in_flight"], job["each"], job["most"]
        share = len(self._socks) // TURN + 1
        rested, began = _rested(), time.perf_counter()
        now, until = began, began + job["seconds"]
        seen = said = witnessed = 0
        seeing = len(self._seeing)
        while (now < until and said < most) or seen < said * each:
            time.sleep(PAUSE)
            marks = self._read(self._witnesses, 0, -1)
            through, witnessed = witnessed, witnessed + marks
            done = witnessed // seeing
            while now < until and said < min(most, done + in_flight):
                self._speak()
                said += 1
            ending = said >= most or now >= until
            behind = share * (1 if ending else done - through // seeing)
            seen += marks + (self._read(self._everybody, 0, behind) if behind else 0)
            now = time.perf_counter()
            if now > until + PATIENCE:
                raise TimeoutError(f"{seen} of {said * each} arrived")
        took = now - began
        return {"said": said, "seconds": took, "idle": (_rested() - rested) / took}

    def cut(self, job: Job) -> Answer:
        """Reset every connection."""
        del job
        for sock in self._socks.values():
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CUT)
            sock.close()
        self._socks.clear()
        self._speakers.clear()
        self._seeing.clear()
        return {}

    # Sockets

    def _prepare(self, job: Job) -> None:
        self._mark, self._say = job["mark"].encode(), job["say"]
        while self._rest(0):
            pass

    def _speak(self) -> None:
        """Everybody in turn: limits are per person."""
        sock = self._speakers[self._said % len(self._speakers)]
        self._said += 1
        sock.sendall(masked(self._say.replace("NUMBER", f"{self._said:012x}").encode()))

    def _read(self, poll: select.epoll, patience: float, most: int) -> int:
        """Marks in what some sockets have for us."""
        socks, buffer, mark, marks = self._socks, self._buffer, self._mark, 0
        for number, _ in poll.poll(patience, most):
            if number in socks:
                size = socks[number].recv_into(buffer)
                marks += buffer.count(mark, 0, size)
                if buffer.find(PING, 0, size) >= 0:
                    socks[number].send(PONG)
                elif not size:
                    raise ConnectionError("the server closed a socket")
        return marks

    def _rest(self, patience: float) -> tuple[int, int] | None:
        """Marks and bytes of what comes next, pings answered; None if nothing comes in time."""
        marks = size = 0
        ready = self._everybody.poll(patience) + self._witnesses.poll(0)
        for number, _ in ready:
            if number in self._socks:
                got = self._socks[number].recv(BUFFER)
                marks, size = marks + got.count(self._mark), size + len(got)
                if PING in got:
                    self._socks[number].send(PONG)
                elif not got or b'"reason"' in got:
                    raise ConnectionError(f"the server closed a socket: {got!r}")
        return (marks, size) if size else None

    def serve(self) -> None:
        """Answer pings, and do what is asked, until stdin ends."""
        jobs = {"join": self.join, "once": self.once, "run": self.run, "cut": self.cut}
        while True:
            trouble: OSError | None = None
            while not select.select([STDIN], [], [], 0)[0]:
                try:
                    self._rest(-1)
                except OSError as error:  # tell whoever asks next
                    trouble = error
            if not (line := sys.stdin.readline()):
                return
            job = json.loads(line)
            try:
                if trouble:
                    raise trouble
                answer = jobs[job["do"]](job)
            except OSError as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), flush=True)


class _Joining:
    """A socket on its way in."""

    def __init__(self, port: int, number: int, path: str, greeting: str, until: str) -> None:
        self.number = number
        self.greeting = greeting
        self.seen = b""
        self.sock = connect(port, number)
        self.was_refused = self.is_in = self._has_greeted = False
        self._until = until.encode()
        self.sock.sendall(upgrade_request(path))

    def read(self) -> None:
        """Read what came, and greet a server that has said it is open."""
        try:
            got = self.sock.recv(65_536)
        except ConnectionResetError:
            got = b""
        self.seen += got
        if self.greeting and not self._has_greeted and b'0{"' in self.seen:
            self.sock.sendall(masked(self.greeting.encode()))
            self._has_greeted = True
        self.is_in = self._until in self.seen
        self.was_refused = not self.is_in and (not got or b"44{" in self.seen)


def _some(ready: list[tuple[int, int]], otherwise: str) -> list[tuple[int, int]]:
    if not ready:
        raise TimeoutError(otherwise)
    return ready


def _rested() -> float:
    """Seconds so far in which this process neither ran nor waited for a core (proc(5))."""
    ran, waited, _ = Path("/proc/self/schedstat").read_text().split()
    return time.perf_counter() - (int(ran) + int(waited)) / 1e9


if __name__ == "__main__":
    Crowd().serve()
