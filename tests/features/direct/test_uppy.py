"""Uppy's S3 plug-in, unmodified, in Node: by a form, in parts, and going on by what is there."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

from tests.features.direct.conftest import House
from tests.support.world import Person

TESTS = Path(__file__).parents[2]
SCRIPT = TESTS / "clients" / "js" / "direct.js"
WEB = TESTS.parent / "web" / "package.json"
PART = 5 << 20


async def uppy(house: House, who: Person, way: str, size: int, **more: Any) -> list[dict[str, Any]]:
    """What it said."""
    node = shutil.which("node")
    assert node, "no Node on the PATH"
    plan = {
        "endpoint": f"{house.running.url}/api/v1/rooms/{house.room}/direct",
        "token": house.running.token(who),
        "way": way,
        "size": size,
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        node, str(SCRIPT), str(WEB), json.dumps(plan), stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    return [json.loads(line) for line in out.splitlines()]


async def test_by_a_form(house: House, alice: Person) -> None:
    said = await uppy(house, alice, "form", 1_000)
    assert said[0] == {"asked": "GET /s3/params"}
    id_ = said[-1]["done"]["key"].rpartition("/")[2]
    confirmed = await house.confirm(alice, {"id": id_})
    assert confirmed.json()["name"] == "film.mp4"
    assert await house.bytes_of(id_) == b"\7" * 1_000


async def test_in_parts_going_on_after_a_pause(house: House, alice: Person) -> None:
    size = 2 * PART + 5
    said = await uppy(house, alice, "parts", size, pauseAfter=1)
    asked = [each["asked"] for each in said if "asked" in each]
    id_ = said[-1]["done"]["key"].split("/")[-2]
    here = f"/s3/multipart/{id_}"
    assert asked[0] == "POST /s3/multipart"
    assert f"GET {here}" in asked, "it asked which parts are there"
    assert asked[-1] == f"POST {here}/complete"
    assert [each["part"] for each in said if "part" in each] == [1, 2, 3]
    assert asked.count(f"GET {here}/1") == 1, "and did not send again what is"
    assert await house.bytes_of(id_) == b"\7" * size
