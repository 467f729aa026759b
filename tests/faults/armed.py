"""The server with traps: `armed.py KIND=VALUE… -- serve`.

failpoint=NAME   dies as by kill -9 at that place, while the file `trap` is in the data folder
clock=FILE       its wall clock is wrong by the seconds written in that file
mutant=NAME      one of mutants.py's bugs is in it
heartbeat=I,T    its sockets are asked every I seconds, and have T to answer

The program is otherwise the shipped one, from its settings to its goodbye.
"""

import asyncio
import atexit
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults.mutants import planted

from tertulia import cli
from tertulia.core.clock import SystemClock
from tertulia.core.failpoints import Failpoints
from tertulia.core.gateway import GatewaySettings
from tertulia.core.gateway.websocket import WebSocket
from tertulia.core.sockets import SocketApp
from tertulia.main import ground, node, process

KILLED = 137  # as a shell reports kill -9
ANSWERED = "_answered"
IN_CORE = ("before_commit", "after_commit", "before_ack")


def main(*traps: str) -> None:
    for trap in traps:
        kind, _, value = trap.partition("=")
        TRAPS[kind](value)
    sys.argv = ["tertulia", *sys.argv[sys.argv.index("--") + 1 :]]
    cli.main()


def _arm(name: str) -> None:
    trap = Path(os.environ["TERTULIA_DATA_DIR"]) / "trap"

    def bite() -> None:
        if trap.exists():
            trap.unlink()  # before the next life begins
            os._exit(KILLED)

    if name in IN_CORE:
        armed: Any = partial(ground.Parts, failpoints=Failpoints({name: bite}))
        process.Parts = armed
    elif name == "after_ack":
        _bite_after_ack(bite)
    elif name == "mid_fanout":
        _bite_mid_fanout(bite)
    else:
        raise SystemExit(f"no such failpoint: {name}")


def _bite_after_ack(bite: Callable[[], None]) -> None:
    """The ack is written at the end of this turn of the loop: two turns later it is out."""
    answered: Any = getattr(SocketApp, ANSWERED)

    def then_bite(self: SocketApp, name: str, *rest: Any) -> object:
        if name == "message.send":
            loop = asyncio.get_running_loop()
            loop.call_soon(loop.call_soon, bite)
        return answered(self, name, *rest)

    setattr(SocketApp, ANSWERED, then_bite)


def _bite_mid_fanout(bite: Callable[[], None]) -> None:
    """Some sockets have the event on the wire, others never will."""
    flush = WebSocket.flush

    def then_bite(self: WebSocket) -> int:
        gateway, size = self.gateway, flush(self)
        if size and any(link.carrier is not self and link.waiting for link in gateway.links):
            bite()
        return size

    WebSocket.flush = then_bite


class WrongClock(SystemClock):
    def __init__(self, offset: Path) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=float(self._offset.read_text()))


def _misset(file: str) -> None:
    clock: Any = lambda: WrongClock(Path(file))  # noqa: E731 — stands in for a class
    process.SystemClock = clock


def _hasten(times: str) -> None:
    interval, timeout = map(float, times.split(","))
    settings: Any = partial(GatewaySettings, ping_interval=interval, ping_timeout=timeout)
    node.GatewaySettings = settings


def _spoil(name: str) -> None:
    bug = planted(name)
    bug.__enter__()
    atexit.register(bug.__exit__, None, None, None)  # dropped, it would take itself out


TRAPS: dict[str, Callable[[str], None]] = {
    "failpoint": _arm,
    "clock": _misset,
    "heartbeat": _hasten,
    "mutant": _spoil,
}

if __name__ == "__main__":
    main(*sys.argv[1 : sys.argv.index("--")])
