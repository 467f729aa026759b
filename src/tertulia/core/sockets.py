"""What the gateway asks of us, answered from parts that `main` supplies."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, cast

import msgspec
import structlog

from tertulia.core.actor import Actor
from tertulia.core.admission import Admission, Kind
from tertulia.core.clock import Clock
from tertulia.core.commands import Command, Done, ErrorBody, Failed, Started, answer, outcome
from tertulia.core.errors import AppError, RateLimited
from tertulia.core.failpoints import Failpoints
from tertulia.core.gateway import CloseCode, Connection, ConnectRefused, Handshake, Later, Refusal
from tertulia.core.http.origin import is_own_origin
from tertulia.core.pace import Paces, SocketPace
from tertulia.core.telemetry import CommandMeter

Authenticate = Callable[[Handshake, object], Actor]
Enter = Callable[[Connection, Actor, Mapping[str, int]], Awaitable[None]]
Leave = Callable[[Connection, Actor], Awaitable[None]]

UNDERWAY = 64  # commands of one socket whose answers are still to come
FLOOD_PAUSE = 5.0  # seconds before a socket closed for flooding shall come back
HEADS = 500  # told by one client: more than anybody has rooms that spoke while they were away

Name = Annotated[str, msgspec.Meta(max_length=64)]
Seq = Annotated[int, msgspec.Meta(ge=0, le=2**62)]

log = structlog.get_logger(__name__)


class _Held(msgspec.Struct):
    """As much of a CONNECT payload as is needed."""

    heads: Annotated[dict[Name, Seq], msgspec.Meta(max_length=HEADS)] = {}


class SocketApp:
    """The gateway's `App`: who may open a socket, who it is, what it may ask.

    `enter` joins an authenticated socket to its streams and greets it, knowing the heads its client
    says to hold; `leave` follows its end.
    """

    def __init__(
        self,
        *,
        origins: frozenset[str],
        admission: Admission,
        paces: Paces,
        authenticate: Authenticate,
        enter: Enter,
        leave: Leave,
        commands: Mapping[str, Command],
        failpoints: Failpoints,
        meter: CommandMeter,
        clock: Clock,
    ) -> None:
        self._origins = origins
        self._admission = admission
        self._paces = paces
        self._authenticate = authenticate
        self._enter = enter
        self._leave = leave
        self._commands = commands
        self._failpoints = failpoints
        self._meter = meter
        self._clock = clock

    def allow(self, handshake: Handshake) -> Refusal | None:
        """Cross-site WebSocket hijacking ends here: a page of another origin gets no socket, for
        the browser would send our cookie along. Programs send no Origin and bring a token."""
        origin = handshake.origin
        if origin is None or origin in self._origins:
            return None
        if is_own_origin(origin, handshake.headers.get("host")):
            return None
        return Refusal(403, "Forbidden origin", 4)

    async def connect(self, conn: Connection, auth: Any) -> None:
        try:
            actor = self._authenticate(conn.handshake, auth)
            await self._admission.admit(kind_of(auth))
            if conn.gone is not None:
                raise ConnectRefused("gone", "Tired of waiting in line", {})
            conn.principal = actor
            conn.state = self._paces.of(actor.account_id, self._clock.monotonic())
            await self._enter(conn, actor, heads_of(auth))
        except AppError as error:
            data: dict[str, object] = {}
            if error.retry_after is not None:
                data["retry_after"] = error.retry_after
            raise ConnectRefused(error.code, error.title, data) from None

    async def event(self, conn: Connection, name: str, args: list[Any]) -> object:
        actor = _actor(conn)
        began = self._clock.monotonic()
        pace: SocketPace = conn.state
        if (wait := pace.take(began)) > 0:
            return self._refuse(conn, pace, name, wait)
        # What does not overlap sees the effect of all that was asked before it.
        await conn.finished(below=UNDERWAY if self._overlaps(name) else 1)
        got = await answer(self._commands, conn, actor, name, args)
        if not isinstance(got, Started):
            return self._answered(name, began, got)
        return Later(got.future, lambda: self._answered(name, began, outcome(got, conn, name)))

    def _overlaps(self, name: str) -> bool:
        command = self._commands.get(name)
        return command is not None and command.overlaps

    def _answered(self, name: str, began: float, answered: Done | Failed) -> Done | Failed:
        result = answered.error.code if isinstance(answered, Failed) else "ok"
        self._meter.record(name, result, self._clock.monotonic() - began)
        self._failpoints.hit("before_ack")
        return answered

    def _refuse(self, conn: Connection, pace: SocketPace, name: str, wait: float) -> Failed:
        """Nothing was done: the client says it again later (docs/protocol.md C7)."""
        self._meter.record(name, RateLimited.code, 0.0)
        if pace.is_flood(self._clock.monotonic()):
            conn.close(CloseCode.TOO_FAST, retry_after=FLOOD_PAUSE)
        return Failed(ErrorBody(RateLimited.code, RateLimited.title, round(wait, 2)))

    async def disconnect(self, conn: Connection, reason: str) -> None:
        log.debug("socket_closed", connection_id=conn.id, reason=reason)
        await self._leave(conn, _actor(conn))


def kind_of(auth: object) -> Kind:
    """What a client says of itself in its CONNECT payload (docs/protocol.md W7). One that boots and
    says it resumes gains nothing: its snapshot is asked of the boot budget by `GET sync`."""
    claims = cast("dict[str, object]", auth) if isinstance(auth, dict) else {}
    return "resume" if claims.get("resume") is True else "boot"


def heads_of(auth: object) -> Mapping[str, int]:
    """The heads that a client which resumes says to hold, by the stream's name (docs/protocol.md
    W13). Nobody is kept out for telling them badly: none are believed then, and it catches up as
    one that told none."""
    if kind_of(auth) != "resume":
        return {}
    try:
        return msgspec.convert(auth, _Held).heads
    except msgspec.ValidationError:
        return {}


def _actor(conn: Connection) -> Actor:
    if not isinstance(conn.principal, Actor):
        raise TypeError("a socket that was never let in")
    return conn.principal
