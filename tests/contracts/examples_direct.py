"""Examples of uploads past the server: each with its bytes really in a bucket."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
from tests.support.theatre import Stage, Theatre

ROOM = "/api/v1/rooms/{room_id}/direct"
PARTS = f"{ROOM}/s3/multipart/{{parts_id}}"
KEY = "key=some/prefix/incoming/{parts_id}/whole"


async def sent(theatre: Theatre, stage: Stage) -> Mapping[str, UUID]:
    """All bytes are there."""
    body = {"name": "notes.txt", "size": 5, "media_type": "text/plain"}
    begun = await _ask(theatre, stage, "POST", "", body)
    await _put(begun["url"], begun["headers"])
    return {"room_id": stage.room, "direct_id": UUID(begun["id"])}


async def in_parts(theatre: Theatre, stage: Stage) -> Mapping[str, UUID]:
    """The only part is there."""
    body = {"filename": "film.mp4", "type": "video/mp4", "metadata": {"size": 5}}
    begun = await _ask(theatre, stage, "POST", "/s3/multipart", body)
    place = f"/s3/multipart/{begun['uploadId']}/1?key={begun['key']}"
    await _put((await _ask(theatre, stage, "GET", place))["url"], {})
    return {"room_id": stage.room, "parts_id": UUID(begun["uploadId"])}


async def _ask(theatre: Theatre, stage: Stage, method: str, path: str, body: Any = None) -> Any:
    place = ROOM.format(room_id=stage.room) + path
    answer = await theatre.running.request(stage.people["owner"], method, place, body)
    return answer.raise_for_status().json()


async def _put(url: str, headers: Mapping[str, str]) -> None:
    async with httpx.AsyncClient() as store:
        (await store.put(url, content=b"hello", headers=headers)).raise_for_status()
