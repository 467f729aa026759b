"""An example of every route and every command, taken from a node that runs.

The rows of the refusal matrix say how each verb is asked; here somebody who may asks it, and the
answer is kept. Verbs that nobody of the matrix may (because it tries what is wrong) are asked
rightly in `tests/contracts/examples_more.py`. What depends on the run is taken out (`steady`).
"""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import UUID

import msgspec
from tests.contracts.examples_more import MORE, Asked
from tests.contracts.matrix import COMMANDS, ROUTES
from tests.support.buckets import serving
from tests.support.clock import HandClock
from tests.support.node import Raw, Running, running_node
from tests.support.theatre import PARTS, Row, Theatre

from tertulia.main import api_examples

KEPT = Path(api_examples.__file__).with_name("api_examples.json")
NAMES = {
    "outsider": "eva", "ex_member": "finn", "banned": "gert", "guest": "dan", "member": "cleo",
    "moderator": "bo", "owner": "ana", "bystander": "hugo", "stranger": "ines",
}  # fmt: skip
WHO = ("owner", "moderator", "member", "guest", "outsider", "banned", "ex_member", "anonymous")
SHOWN = 2  # elements of a list
LONG = 160  # characters of a text


class Example(NamedTuple):
    """`verb` is `METHOD /path/{of}/names`, or the name of a command."""

    verb: str
    path: str
    request: Any
    status: int
    response: Any


def pattern(verb: str) -> str:
    """Without the query, and with one name for every person or message in a path."""
    path = verb.partition("?")[0]
    for name, general in (
        ("my_message_id", "message_id"), ("poll_id", "message_id"), ("voice_id", "message_id"),
        ("film_id", "file_id"),
        ("banned_id", "account_id"),
        ("nobody_id", "account_id"), ("dead_job_id", "job_id"), ("no_job_id", "job_id"),
    ):  # fmt: skip
        path = path.replace(f"{{{name}}}", f"{{{general}}}")
    return path


@asynccontextmanager
async def theatre_of_names(dsn: str) -> AsyncGenerator[Theatre]:
    clock = HandClock()
    with serving() as buckets:
        buckets.stand_at(clock.now())
        settings: Any = buckets.make().settings
        async with running_node(dsn, clock, jobs="off", **settings) as running:
            order = (*PARTS[1:], "bystander", "stranger")
            people = {part: await running.world.person(NAMES[part]) for part in order}
            yield Theatre(running, people)


async def take(theatre: Theatre) -> dict[str, Example]:
    """One of each, by verb."""
    found: dict[str, Example] = {}
    for verb, ask in MORE.items():
        stage = await theatre.set_up("private")
        found[verb] = await _keep(theatre, verb, await ask(theatre, stage))
    for row in (*ROUTES, *COMMANDS):
        verb = pattern(row.verb)
        part = next((who for who in WHO if _may(row, who)), None)
        if verb not in found and part is not None:
            found[verb] = await _keep(theatre, verb, await _of_row(theatre, row, part))
    return dict(sorted(found.items()))


def _may(row: Row, part: str) -> bool:
    return row.cells.split()[PARTS.index(part)] == "+"


async def _of_row(theatre: Theatre, row: Row, part: str) -> Asked:
    stage = await theatre.set_up(row.visibility)
    who = theatre.people.get(part)
    body = row.body(stage, who) if row.body else None
    if who is not None and row.own_device:
        who = await theatre.world.another_device(who)
    return Asked(who, theatre.path(row, stage, part) if " " in row.verb else "", body)


async def _keep(theatre: Theatre, verb: str, asked: Asked) -> Example:
    """Ask, and keep what was answered."""
    running: Running = theatre.running
    if " " not in verb:
        assert asked.who is not None
        ack = dict(await running.command(asked.who, verb, asked.body))
        assert ack["ok"], (verb, ack)
        return Example(verb, "", steady(asked.body), 200, steady(ack))
    method = verb.partition(" ")[0]
    answer = await running.request(asked.who, method, asked.path, asked.body)
    assert answer.is_success, (verb, answer.text)
    is_json = "json" in answer.headers.get("content-type", "")
    told = answer.json() if is_json and answer.content else None
    said = asked.body.headers if isinstance(asked.body, Raw) else asked.body
    return Example(verb, steady(asked.path), steady(said), answer.status_code, steady(told))


# The same in every run

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBERED = re.compile(r"\b(newcomer|set|theirs|group-newcomer)\d+")
_SIGNED = re.compile(r"([sS]ignature=|/media/)[\w.-]+")
_BUCKET = re.compile(r"bucket-[0-9a-f]{12}")
_PORT = re.compile(r"(http://(?:127\.0\.0\.1|localhost)):\d+")
SECRET = {"access_token", "refresh_token", "code", "cursor", "next", "token", "secret", "epoch",
          "policy", "x-amz-signature"}  # fmt: skip


def steady(value: Any) -> Any:
    """The value with what depends on the run taken out, and long lists cut."""
    if isinstance(value, dict):
        return {key: _hidden(key, inner) for key, inner in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [steady(inner) for inner in cast("list[Any]", value)[:SHOWN]]
    if isinstance(value, str):
        text = _PORT.sub(r"\1:8000", _SIGNED.sub(r"\1…", _NUMBERED.sub(r"\1", value)))
        text = _BUCKET.sub("tertulia", _UUID.sub(_named, text))
        return text if len(text) <= LONG else text[:LONG] + "…"
    return value


def _hidden(key: str, value: Any) -> Any:
    return "…" if key in SECRET and isinstance(value, str) else steady(value)


def _named(match: re.Match[str]) -> str:
    """Whose id it is depends on how many were given before: a reader only needs its look."""
    number = UUID(match[0])
    if number.int < 1 << 16:  # made by the client
        return match[0]
    return "019ca945-0a00-7000-8000-000000000000"


def encode(examples: Mapping[str, Example]) -> bytes:
    """As they are kept: for the page, the document and docs/api.md."""
    kept = {
        verb: {
            "path": one.path,
            "request": one.request,
            "status": one.status,
            "response": one.response,
        }
        for verb, one in examples.items()
    }
    return msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n"


def alike(kept: Any, now: Any) -> bool:
    """Of one shape: the same fields with values of one type. Numbers and words may differ (other
    examples came before), and what is null or empty on one side says nothing."""
    empty: tuple[Any, ...] = (None, [], {})
    same = type(kept) is type(now)
    if kept in empty or now in empty:
        return True
    if isinstance(kept, dict) and isinstance(now, dict):
        one, other = cast("dict[str, Any]", kept), cast("dict[str, Any]", now)
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(kept, list) and isinstance(now, list):
        return alike(cast("list[Any]", kept)[0], cast("list[Any]", now)[0])
    return same
