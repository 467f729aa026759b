"""Commands by socket: one table, one shape of answer (C4, C5)."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import msgspec
import pytest

from tertulia.core.actor import Actor
from tertulia.core.commands import Command, answer, table
from tertulia.core.errors import Forbidden, RateLimited
from tertulia.core.gateway import Connection
from tertulia.core.wire import Request

ACTOR = Actor(account_id=UUID(int=1), device_id=UUID(int=2))
CONNECTION = cast("Connection", SimpleNamespace(id="a connection"))


class Say(Request, frozen=True):
    text: str


async def say(actor: Actor, request: Say) -> dict[str, object]:
    assert actor is ACTOR
    return {"said": request.text}


async def who(actor: Actor, request: Say, conn: Connection) -> bool:
    del actor, request
    return conn is CONNECTION


async def refuse(actor: Actor, request: Say) -> None:
    raise RateLimited("Slow down.", retry_after=2.5)


async def forbid(actor: Actor, request: Say) -> None:
    raise Forbidden


async def fail(actor: Actor, request: Say) -> None:
    raise RuntimeError(f"secret {request.text}")


COMMANDS = table(
    [
        Command("say", Say, say),
        Command("who", Say, who, with_connection=True),
        Command("refuse", Say, refuse),
        Command("forbid", Say, forbid),
        Command("fail", Say, fail),
    ]
)


async def ask(name: str, *args: object) -> Any:
    """The answer as a client reads it."""
    given = await answer(COMMANDS, CONNECTION, ACTOR, name, args)
    return msgspec.json.decode(msgspec.json.encode(given))


async def test_what_a_verb_gives_is_the_data() -> None:
    assert await ask("say", {"text": "hi"}) == {"ok": True, "data": {"said": "hi"}}


async def test_a_command_about_this_socket_gets_it() -> None:
    assert await ask("who", {"text": ""}) == {"ok": True, "data": True}


async def test_a_refusal_has_code_words_and_when_to_come_back() -> None:
    assert await ask("refuse", {"text": ""}) == {
        "ok": False,
        "error": {"code": "rate_limited", "message": "Slow down.", "retry_after": 2.5},
    }
    assert await ask("forbid", {"text": ""}) == {
        "ok": False,
        "error": {"code": "forbidden", "message": "You may not do that"},
    }


async def test_a_bug_says_nothing_about_itself() -> None:
    given = await ask("fail", {"text": "canary"})
    assert given["error"]["code"] == "internal"
    assert "canary" not in str(given)


@pytest.mark.parametrize(
    "args",
    [
        (),
        ({"text": "a"}, {"text": "b"}),
        ({"text": "a", "more": 1},),
        ({"text": 7},),
        ({},),
        ("text",),
        (None,),
        ([],),
        (b"text",),
        (float("nan"),),
    ],
)
async def test_other_shapes_are_invalid(args: tuple[object, ...]) -> None:  # C4
    given = await ask("say", *args)
    assert given["ok"] is False
    assert given["error"]["code"] == "invalid"


@pytest.mark.parametrize("name", ["", "Say", "message.send", "__class__"])
async def test_an_unknown_command_is_invalid(name: str) -> None:
    assert (await ask(name, {"text": "a"}))["error"]["code"] == "invalid"


def test_two_commands_never_share_a_name() -> None:
    with pytest.raises(ValueError, match="share a name"):
        table([Command("say", Say, say), Command("say", Say, fail)])
