"""The programs of docs/bots.md, as they stand there."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.clients.client import WAIT
from tests.clients.js_client import PACKAGES
from tests.support.clock import HandClock
from tests.support.node import Running, running_node
from tests.support.world import Person

from tertulia.core.gateway import CloseCode

PAGE = Path(__file__).parents[2] / "docs" / "bots.md"
ACCOUNT = {"username": "echo", "password": "olive branches", "display_name": "Echo"}
LANGUAGES = {"js": ("bot.mjs", "node"), "python": ("bot.py", sys.executable)}


def program(language: str) -> str:
    [code] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    return code


@asynccontextmanager
async def running_bot(
    language: str, folder: Path, room: str, url: str, authority: Path | None = None
) -> AsyncGenerator[asyncio.StreamReader]:
    """What it prints. `authority`: a PEM file that Node believes as well."""
    name, runner = LANGUAGES[language]
    (folder / name).write_text(program(language))
    (folder / "node_modules").symlink_to(PACKAGES)
    told = {
        "BOT_URL": url,
        "BOT_ROOM": room,
        "BOT_USERNAME": ACCOUNT["username"],
        "BOT_PASSWORD": ACCOUNT["password"],
        **({} if authority is None else {"NODE_EXTRA_CA_CERTS": str(authority)}),
    }
    found = shutil.which(runner)
    assert found, f"no {runner} on the PATH"
    process = await asyncio.create_subprocess_exec(
        found, str(folder / name), stdout=asyncio.subprocess.PIPE, env=os.environ | told
    )
    try:
        assert process.stdout
        yield process.stdout
    finally:
        process.kill()
        await process.wait()


async def ready(printed: asyncio.StreamReader) -> None:
    async with asyncio.timeout(WAIT):
        assert await printed.readline() == b"ready\n"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_bot_answers_also_what_was_said_while_it_was_away(
    language: str, dsn: str, clock: HandClock, tmp_path: Path
) -> None:
    async with running_node(dsn, clock) as running:
        alice = await running.world.person("alice")
        echo = (await running.request(None, "POST", "/api/v1/auth/register", ACCOUNT)).json()
        draft = {"kind": "channel", "name": "Echoes", "members": [echo["account"]["id"]]}
        made = (await running.request(alice, "POST", "/api/v1/rooms", draft)).json()
        room = made["room"]["id"]
        ear = await running.listen(alice)
        async with running_bot(language, tmp_path, room, running.url) as printed:
            await ready(printed)
            await say(running, alice, room, "ping")
            first = await ear.until_said("pong")
            send_away(running, echo["account"]["id"])
            await say(running, alice, room, "ping")
            await ready(printed)
            await ear.until(
                lambda name, data: (
                    name == "message.sent"
                    and data["data"]["message"]["body"].get("text") == "pong"
                    and data["seq"] > first["seq"]
                )
            )


async def say(running: Running, who: Person, room: str, text: str) -> None:
    message = {"room_id": room, "client_id": str(running.world.ids.uuid7()), "text": text}
    assert (await running.command(who, "message.send", message))["ok"]


def send_away(running: Running, account: str) -> None:
    """Its sockets, for now."""
    [conn] = [
        conn
        for conn in running.node.gateway.connections()
        if str(conn.principal.account_id) == account
    ]
    conn.close(CloseCode.GOING_AWAY)
