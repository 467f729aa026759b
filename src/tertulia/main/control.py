"""The line between the supervisor and a worker: one JSON value a line, over a socket pair.

Who finds its end closed knows that the other is dead: nothing else tells a worker of a supervisor
that was killed.
"""

import asyncio
import itertools
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from prometheus_client import Metric

LINE_LIMIT = 16 * 2**20  # the metrics of a worker are some hundred kB
ANSWER_SECONDS = 2.0


class Begin(msgspec.Struct, frozen=True, tag=True):
    """To a worker, first of all: what the supervisor made once for all of them."""

    name: str
    listener: int  # the descriptor of its listening socket
    dsn: str
    setup_token: str | None
    public_url: str
    pool: int  # connections to the database


class Ready(msgspec.Struct, frozen=True, tag=True):
    """From a worker that serves."""

    node_id: str
    needs_owner: bool


class Stop(msgspec.Struct, frozen=True, tag=True):
    """To a worker. `notice`: seconds it goes on serving while it calls itself unready."""

    notice: float


class Sample(msgspec.Struct, frozen=True):
    name: str
    labels: dict[str, str]
    value: float


class Family(msgspec.Struct, frozen=True):
    """A metric and its samples."""

    name: str
    documentation: str
    type: str
    samples: list[Sample]


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Either way: the worker's own metrics, or those of all workers."""

    number: int


class Answer(msgspec.Struct, frozen=True, tag=True):
    number: int
    families: list[Family]


Message = Begin | Ready | Stop | Ask | Answer


def families(metrics: Any) -> list[Family]:
    """`metrics` as a registry's `collect` yields them."""
    return [
        Family(
            metric.name,
            metric.documentation,
            metric.type,
            [Sample(sample.name, dict(sample.labels), sample.value) for sample in metric.samples],
        )
        for metric in metrics
    ]


def merged(told: dict[str, list[Family]]) -> list[Family]:
    """One family of each name, every sample labelled with the `worker` that told it."""
    found: dict[str, Family] = {}
    for worker, given in told.items():
        for one in given:
            whole = found.setdefault(one.name, Family(one.name, one.documentation, one.type, []))
            whole.samples.extend(
                Sample(sample.name, {"worker": worker, **sample.labels}, sample.value)
                for sample in one.samples
            )
    return list(found.values())


def as_metric(family: Family) -> Metric:
    metric = Metric(family.name, family.documentation, family.type)
    for sample in family.samples:
        metric.add_sample(sample.name, sample.labels, sample.value)
    return metric


class Line:
    """One end. `answer` is asked for what an `Ask` of the other end wants."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answer: Callable[[], Awaitable[list[Family]]],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._answer = answer
        self._asked: dict[int, asyncio.Future[list[Family]]] = {}
        self._numbers = itertools.count()
        self._answering: set[asyncio.Task[None]] = set()

    def say(self, message: Message) -> None:
        if not self._writer.is_closing():
            self._writer.write(msgspec.json.encode(message) + b"\n")

    async def hear(self) -> Begin | Ready | Stop | None:
        """The next message that is no question and no answer; None when the other end is gone, or
        has gone mad."""
        while (message := await self._read()) is not None:
            match message:
                case Ask(number):
                    task = asyncio.create_task(self._tell(number))
                    self._answering.add(task)
                    task.add_done_callback(self._answering.discard)
                case Answer(number, told):
                    waiting = self._asked.pop(number, None)
                    if waiting is not None and not waiting.done():
                        waiting.set_result(told)
                case _:
                    return message
        return None

    async def ask(self) -> list[Family]:
        """Needs somebody who hears meanwhile. Raises TimeoutError."""
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        try:
            self.say(Ask(number))
            async with asyncio.timeout(ANSWER_SECONDS):
                return await answer
        finally:
            self._asked.pop(number, None)

    async def close(self) -> None:
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)
        self._writer.close()

    async def _read(self) -> Message | None:
        try:
            return msgspec.json.decode(await self._reader.readline(), type=Message)
        except (OSError, ValueError):  # reset, longer than LINE_LIMIT, cut off, or no message
            return None

    async def _tell(self, number: int) -> None:
        self.say(Answer(number, await self._answer()))


async def open_line(sock: socket.socket, answer: Callable[[], Awaitable[list[Family]]]) -> Line:
    reader, writer = await asyncio.open_connection(sock=sock, limit=LINE_LIMIT)
    return Line(reader, writer, answer)
