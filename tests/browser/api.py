"""The furniture of a test, made past the page: people, rooms and old talk."""

from base64 import b64encode
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Self
from uuid import uuid4

import httpx

PASSWORD = "olive branches"


class Person(NamedTuple):
    """Has an account, and a token that opens everything for a quarter of an hour."""

    name: str
    username: str
    id: str
    token: str


class Room(NamedTuple):
    id: str
    name: str


class Api:
    """A program that furnishes the server at `url`. Its people and rooms are nobody else's."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=60)
        self._numbers = count(1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._http.aclose()

    async def ask(self, who: Person | None, method: str, path: str, body: Any = None) -> Any:
        """The answer's body. Raises httpx.HTTPStatusError for a refusal."""
        headers = {} if who is None else {"Authorization": f"Bearer {who.token}"}
        answer = await self._http.request(method, path, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def username(self, name: str) -> str:
        """One that nobody has yet."""
        letters = "".join(
            letter for letter in name.lower() if letter in "abcdefghijklmnopqrstuvwxyz"
        )
        return f"{letters[:12] or 'guest'}{next(self._numbers)}"

    async def person(self, name: str) -> Person:
        username = self.username(name)
        body = {"username": username, "password": PASSWORD, "display_name": name}
        session = await self.ask(None, "POST", "auth/register", body)
        return Person(name, username, session["account"]["id"], session["access_token"])

    async def room(
        self, owner: Person, *others: Person, name: str = "The long table", topic: str = ""
    ) -> Room:
        body = {
            "kind": "channel",
            "name": name,
            "topic": topic,
            "members": [other.id for other in others],
        }
        made = await self.ask(owner, "POST", "rooms", body)
        return Room(made["room"]["id"], name)

    async def say(self, who: Person, room: Room, text: str, reply_to: str | None = None) -> Any:
        body = {"client_id": str(uuid4()), "text": text, "reply_to": reply_to}
        return await self.ask(who, "POST", f"rooms/{room.id}/messages", body)

    async def upload(self, who: Person, room: Room, path: Path, media_type: str) -> str:
        """A file of theirs that is not sent yet: its id."""
        body = path.read_bytes()
        said = {"room_id": room.id, "filename": path.name, "filetype": media_type}
        headers = {
            "Authorization": f"Bearer {who.token}",
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(body)),
            "Upload-Metadata": ",".join(
                f"{name} {b64encode(value.encode()).decode()}" for name, value in said.items()
            ),
            "Content-Type": "application/offset+octet-stream",
        }
        answer = await self._http.post("uploads", content=body, headers=headers)
        answer.raise_for_status()
        return answer.headers["Tertulia-File"]

    async def send_file(self, who: Person, room: Room, path: Path, media_type: str) -> Any:
        file = {"file_id": await self.upload(who, room, path, media_type), "alt": ""}
        body = {"client_id": str(uuid4()), "text": "", "files": [file]}
        return await self.ask(who, "POST", f"rooms/{room.id}/messages", body)
