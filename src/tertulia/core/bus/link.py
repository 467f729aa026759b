"""One connection to a Redis: commands out in one write a turn, replies in, silence noticed.

RESP2 (redis.io/docs/latest/develop/reference/protocol-spec), parsed by hiredis. A connection of our
own because redis-py spends tens of µs of Python on each message of a subscription.
"""

import asyncio
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import cast

import hiredis

from tertulia.core.redis_url import RedisUrl

CONNECT_SECONDS = 0.5  # nobody waits for it but the task that connects
IDLE_SECONDS = 0.5  # after which we ask whether it is there
SILENT_SECONDS = 0.3  # without an answer we expect nothing of it
QUIET_SECONDS = 1.0  # without an answer we give it up; fork and slow scripts take a part of this
TICK_SECONDS = 0.25
OUTGOING_BYTES = 8 * 2**20  # ours and the transport's: what waits beyond it is dropped
_MORE = object()

Replied = Callable[[object], None]
ReplyError = hiredis.ReplyError


class Refused(Exception):
    """Redis answered the greeting with an error: a wrong password, no permission."""


def command(*words: bytes) -> bytes:
    """A command as Redis reads it."""
    parts = [b"*%d\r\n" % len(words)]
    parts += [b"$%d\r\n%s\r\n" % (len(word), word) for word in words]
    return b"".join(parts)


class Link(asyncio.Protocol):
    """Open with `open_link`. `replied` is called with every reply, errors among them as objects;
    `ended` is set when the connection is gone, by whoever."""

    def __init__(self, replied: Replied) -> None:
        self._replied = replied
        self._reader = hiredis.Reader(notEnoughData=_MORE)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._outgoing: list[bytes] = []
        self._size = 0
        self._pulse: asyncio.TimerHandle | None = None
        self._heard_at = 0.0
        self._asked_at: float | None = None  # the oldest moment we wait for an answer since
        self.ended = asyncio.Event()

    def answer_to(self, replied: Replied) -> None:
        self._replied = replied

    # Out

    def send(self, data: bytes) -> bool:
        """Written at the end of this turn of the loop. False if it cannot be: gone, or too much
        waits already."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return False
        if self._size + len(data) > OUTGOING_BYTES:
            return False
        if not self._outgoing:
            self._size += transport.get_write_buffer_size()
            if self._size + len(data) > OUTGOING_BYTES:
                self._size = 0
                return False
            self._loop.call_soon(self._flush)
        self._outgoing.append(data)
        self._size += len(data)
        if self._asked_at is None:
            self._asked_at = self._loop.time()
        return True

    def _flush(self) -> None:
        # uvloop refuses to write to what was reset meanwhile; `connection_lost` is on its way.
        if self._transport is not None and self._outgoing and not self._transport.is_closing():
            with suppress(RuntimeError):
                self._transport.write(b"".join(self._outgoing))
        self._outgoing.clear()
        self._size = 0

    # In

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._heard_at = self._loop.time()
        self._pulse = self._loop.call_later(TICK_SECONDS, self._tick)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        self._asked_at = None
        try:
            self._reader.feed(data)
            while (reply := self._reader.gets()) is not _MORE:
                self._replied(reply)
        except hiredis.ProtocolError:
            self.abort()  # not a Redis, or bytes got lost: nothing after it can be trusted

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None
        if self._pulse is not None:
            self._pulse.cancel()
        self.ended.set()

    def close(self) -> None:
        """What was sent in this turn still goes out, unless Redis is not taking it."""
        transport = self._transport
        if transport is not None and not transport.is_closing():
            self._flush()
            if transport.get_write_buffer_size():
                transport.abort()
            else:
                transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # Silence

    @property
    def is_silent(self) -> bool:
        """It owes us an answer for longer than a healthy one does."""
        return self._asked_at is not None and self._loop.time() - self._asked_at > SILENT_SECONDS

    def _tick(self) -> None:
        """Ask after a quiet moment, give up after a longer one. The loop delivers what has arrived
        before it runs timers, so our own slowness is not taken for theirs."""
        now = self._loop.time()
        if self._asked_at is not None and now - self._asked_at > QUIET_SECONDS:
            self.abort()
            return
        if self._asked_at is None and now - self._heard_at > IDLE_SECONDS:
            self.send(PING)
        self._pulse = self._loop.call_later(TICK_SECONDS, self._tick)


PING = command(b"PING")


async def open_link(where: RedisUrl, address: tuple[str, int] | None, replied: Replied) -> Link:
    """Connect to `address` (None: the URL's Unix socket) and greet.

    Raises OSError, TimeoutError or Refused.
    """
    loop = asyncio.get_running_loop()
    greeting: asyncio.Queue[object] = asyncio.Queue()
    link = Link(greeting.put_nowait)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            if address is None:
                await loop.create_unix_connection(lambda: link, where.path)
            else:
                tls = _tls(where) if where.tls else None
                await loop.create_connection(lambda: link, *address, ssl=tls)
            for words in _greeting(where):
                await _ask(link, greeting, words)
    except BaseException:
        link.abort()
        raise
    link.answer_to(replied)
    return link


async def ask_once(where: RedisUrl, address: tuple[str, int] | None, *words: bytes) -> object:
    """One command on a connection of its own. Raises as `open_link`."""
    answers: asyncio.Queue[object] = asyncio.Queue()
    link = await open_link(where, address, answers.put_nowait)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await _ask(link, answers, words)
    finally:
        link.abort()


async def _ask(link: Link, answers: asyncio.Queue[object], words: Iterable[bytes]) -> object:
    link.send(command(*words))
    answer = asyncio.ensure_future(answers.get())
    end = asyncio.ensure_future(link.ended.wait())
    try:
        await asyncio.wait({answer, end}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ConnectionResetError("closed during the greeting")
        reply = answer.result()
    finally:
        answer.cancel()
        end.cancel()
    if isinstance(reply, ReplyError):
        # Never the reply's own text: some repeat what they were sent.
        raise Refused(str(reply).split(" ", 1)[0])
    return reply


def _greeting(where: RedisUrl) -> Iterable[tuple[bytes, ...]]:
    if where.password is not None:
        user = () if where.username is None else (where.username.encode(),)
        yield (b"AUTH", *user, where.password.encode())
    yield (b"PING",)


def _tls(where: RedisUrl) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=where.ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
