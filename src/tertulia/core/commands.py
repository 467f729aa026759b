"""Commands by socket: a name, a shape, a verb behind it; one place turns errors into answers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import structlog

from tertulia.core.actor import Actor
from tertulia.core.errors import AppError, Invalid, Unavailable
from tertulia.core.gateway import Connection

log = structlog.get_logger(__name__)


class Command(msgspec.Struct, frozen=True):
    """`run` gets the actor and a `schema` value, and the connection where it is about that very
    socket. What it returns becomes the ack's `data`.

    `overlaps`: it has its place in the order of things when `run` returns, and answers later
    (`Started`), so that a socket's next one of the kind need not wait for the commit.
    """

    name: str
    schema: type[Any]
    run: Callable[..., Awaitable[object]]
    with_connection: bool = False
    overlaps: bool = False


class Started(NamedTuple):
    """What the `run` of a command that overlaps returns: its future, and how to tell its result."""

    future: asyncio.Future[Any]
    shape: Callable[[Any], object]


class Done(msgspec.Struct, frozen=True):
    data: object
    ok: bool = True


class ErrorBody(msgspec.Struct, frozen=True, omit_defaults=True):
    code: str
    message: str
    retry_after: float | None = None


class Failed(msgspec.Struct, frozen=True):
    error: ErrorBody
    ok: bool = False


class UnknownCommand(Invalid):
    title = "There is no such command"


def table(commands: Sequence[Command]) -> Mapping[str, Command]:
    """By name. Raises ValueError if two share one."""
    by_name = {command.name: command for command in commands}
    if len(by_name) != len(commands):
        raise ValueError("two commands share a name")
    return by_name


async def answer(
    commands: Mapping[str, Command],
    conn: Connection,
    actor: Actor,
    name: str,
    args: Sequence[object],
) -> Done | Failed | Started:
    """Run one command and shape its answer (docs/protocol.md C5). Never raises for a client's
    mistake; a bug is logged and answers `internal`."""
    try:
        result = await _run(commands, conn, actor, name, args)
        return result if isinstance(result, Started) else Done(result)
    except Exception as error:
        return _failed(error, conn, name)


def outcome(started: Started, conn: Connection, name: str) -> Done | Failed:
    """The answer of a command that was under way, once its future is done."""
    if started.future.cancelled():
        return _failed(Unavailable(), conn, name)
    try:
        return Done(started.shape(started.future.result()))
    except Exception as error:
        return _failed(error, conn, name)


async def _run(
    commands: Mapping[str, Command],
    conn: Connection,
    actor: Actor,
    name: str,
    args: Sequence[object],
) -> object:
    command = commands.get(name)
    if command is None:
        raise UnknownCommand
    if len(args) != 1:
        raise Invalid("A command takes one argument.")
    try:
        request = msgspec.convert(args[0], command.schema)
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from None
    if command.with_connection:
        return await command.run(actor, request, conn)
    return await command.run(actor, request)


def _failed(error: Exception, conn: Connection, name: str) -> Failed:
    if not isinstance(error, AppError):
        # Named here rather than bound for every command: binding costs more than most commands.
        log.error("command_failed", command=name, connection_id=conn.id, exc_info=error)
        error = AppError()
    message = error.detail or error.title
    return Failed(ErrorBody(error.code, message, error.retry_after))
