"""A worker's place, filled by a program that cannot work."""

import asyncio
import socket
import sys

import pytest
from tests.support.limits import ManualClock

from tertulia.core.config import load
from tertulia.core.serving import bind_shared
from tertulia.main.control import Family
from tertulia.main.place import HOPELESS, Place, WorkerFailed
from tertulia.main.premises import Premises

DIES = [sys.executable, "-S", "-c", "raise SystemExit(3)"]
LIES = [sys.executable, "-S", "-c", "import os, sys; os.write(int(sys.argv[2]), b'nonsense\\n')"]


class Waits(ManualClock):
    """Remembers how long it was asked to wait, and stops when it is hopeless."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []
        self.news = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        if len(self.waited) == HOPELESS:
            self.news.set()
            await asyncio.Event().wait()


async def _nothing() -> list[Family]:
    return []


def _place(sock: socket.socket, command: list[str], clock: ManualClock) -> Place:
    settings = load({"TERTULIA_SECRET_KEY": "k" * 40})
    premises = Premises("postgresql://nowhere", None)
    return Place("1", sock, settings, premises, command, clock=clock, gather=_nothing, pool=2)


@pytest.mark.parametrize(("command", "code"), [(DIES, 3), (LIES, 0)])
async def test_a_first_start_that_fails_says_with_which_code(command: list[str], code: int) -> None:
    (sock,) = bind_shared("127.0.0.1", 0, 1)
    with sock, pytest.raises(WorkerFailed) as failure:
        await _place(sock, command, ManualClock()).start()
    assert failure.value.code == code


async def test_one_that_dies_again_and_again_is_tried_more_rarely_and_its_queue_given_up() -> None:
    first, second = bind_shared("127.0.0.1", 0, 2)
    address = first.getsockname()
    clock = Waits()
    place = _place(first, DIES, clock)
    keeping = asyncio.create_task(place.keep())
    try:
        async with asyncio.timeout(30):
            await clock.news.wait()
        assert clock.waited[:4] == [0, 0.2, 0.4, 0.8]
        assert first.fileno() == -1
        # Everybody gets to the other one.
        second.setblocking(False)
        for _ in range(20):
            with socket.create_connection(address):
                second.accept()[0].close()
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        place.shut()
        second.close()
