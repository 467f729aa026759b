"""Somebody who uploads, and goes on wherever it broke off: tus 1.0 as docs/protocol.md tells it."""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import aiohttp
import msgspec
from tests.faults.furniture import Person
from tests.faults.house import House

TUS = {"Tus-Resumable": "1.0.0"}
PART = 256 * 1024  # bytes of one request
PAUSE_SECONDS = 0.05

FULL = (503, 507)
AWAY = (aiohttp.ClientError, OSError, TimeoutError)


class Said(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Sender:
    """`done` are the files that the server said it had, and what is in them. `went_on` counts the
    uploads that a new server took up where the old one had died."""

    house: House
    http: aiohttp.ClientSession
    person: Person
    room: UUID
    done: dict[str, bytes] = field(default_factory=dict[str, bytes])
    broken: int = 0
    went_on: int = 0

    async def upload(self, name: str, data: bytes) -> str:
        """The file's id. A creation whose answer was lost is asked for again: the first one is
        swept away a day later."""
        while (place := await self._create(name, len(data))) is None:
            await asyncio.sleep(PAUSE_SECONDS)
        file = await self._pour(place, data)
        self.done[file] = data
        return file

    async def refusal(self, name: str, data: bytes) -> int:
        """The status that an upload in one request ends with."""
        headers = self._about(name, len(data)) | {"Content-Type": "application/offset+octet-stream"}
        answer = await self._ask("POST", "/api/v1/uploads", headers, data)
        return 0 if answer is None else answer.status

    def _about(self, name: str, size: int) -> dict[str, str]:
        named = {"room_id": str(self.room), "filename": name}
        words = (f"{key} {base64.b64encode(one.encode()).decode()}" for key, one in named.items())
        return {"Upload-Length": str(size), "Upload-Metadata": ",".join(words)}

    async def _create(self, name: str, size: int) -> str | None:
        answer = await self._ask("POST", "/api/v1/uploads", self._about(name, size))
        if answer is None or answer.status in FULL:
            return None
        assert answer.status == 201, answer.body
        return "/api" + answer.headers["Location"].split("/api", 1)[1]

    async def _pour(self, place: str, data: bytes) -> str:
        offset, broken = 0, False
        while True:
            if broken:
                told = await self._stand(place)
                if file := told.get("Tertulia-File"):
                    return file
                offset, broken = int(told["Upload-Offset"]), False
                self.went_on += offset > 0
            answer = await self._patch(place, offset, data[offset : offset + PART])
            if answer is None or answer.status != 204:
                broken = True
                self.broken += 1
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if file := answer.headers.get("Tertulia-File"):
                return file
            offset = int(answer.headers["Upload-Offset"])

    async def _stand(self, place: str) -> Mapping[str, str]:
        """What the server has, once it tells."""
        while True:
            told = await self._ask("HEAD", place, {})
            if told is not None and told.status not in (423, *FULL):
                assert told.status in (200, 204), told.status
                return told.headers
            await asyncio.sleep(PAUSE_SECONDS)

    async def _patch(self, place: str, offset: int, part: bytes) -> Said | None:
        headers = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
        }
        return await self._ask("PATCH", place, headers, part)

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> Said | None:
        """None where nobody answers."""
        try:
            async with self.http.request(
                method,
                self.house.url + path,
                data=body,
                headers={**TUS, "Authorization": f"Bearer {self.person.token}", **headers},
                timeout=aiohttp.ClientTimeout(20),
            ) as answer:
                return Said(answer.status, answer.headers, await answer.read())
        except AWAY:
            return None

    async def content(self, file: str, name: str = "original") -> tuple[int, bytes]:
        path = f"/api/v1/rooms/{self.room}/files/{file}/content/{name}"
        answer = await self._ask("GET", path, {})
        return (0, b"") if answer is None else (answer.status, answer.body)

    async def state(self, file: str) -> str:
        path = f"/api/v1/rooms/{self.room}/files/{file}"
        answer = await self._ask("GET", path, {})
        if answer is None or answer.status != 200:
            return "unknown"
        return msgspec.json.decode(answer.body)["state"]
