"""Taking a room, or everything of one's own, along."""

import asyncio
import json
import re
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Request, expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest


async def make(guest: Guest, kind: str) -> None:
    await guest.page.get_by_label("As", exact=True).select_option(kind)
    await guest.button("Make the file").click()
    await expect(guest.page.get_by_text(re.compile(r"here until"))).to_be_visible()


async def download(guest: Guest, folder: Path) -> Path:
    async with guest.page.expect_download() as coming:
        await guest.button(re.compile("^Download ")).click()
    given = await coming.value
    file = folder / given.suggested_filename
    await given.save_as(file)
    return file


async def test_a_keeper_takes_a_room_along_and_reads_it_without_the_server(
    arrive: Arrive, api: Api, tmp_path: Path
) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo)
    await asyncio.gather(*(api.say(bo, room, f"word number {n}") for n in range(30)))
    await api.say(bo, room, "![far](https://far.example/x.png) <b>bread</b>")
    here, there = await arrive(accept_downloads=True), await arrive()
    await here.sign_in(ana, path=f"/rooms/{room.id}?panel=settings")
    await there.sign_in(ana, path=f"/rooms/{room.id}?panel=settings")
    await make(here, "html")
    # The other device was told, and asked for nothing.
    await expect(there.page.get_by_text(re.compile(r"here until"))).to_be_visible()
    file = await download(here, tmp_path)
    asked: list[str] = []
    reader = await arrive()
    reader.page.on("request", lambda request: asked.append(request.url))
    await reader.page.goto(file.as_uri())
    await expect(reader.page.get_by_text("word number 29")).to_be_visible()
    await expect(reader.page.get_by_text("<b>bread</b>")).to_be_visible()
    assert asked == [file.as_uri()]


async def test_how_far_it_is_is_told_not_asked_for(arrive: Arrive, api: Api) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo)
    await asyncio.gather(*(api.say(bo, room, f"{n} " + "bread " * 300) for n in range(40)))
    guest = await arrive()
    await guest.sign_in(ana, path=f"/rooms/{room.id}?panel=settings")
    await expect(guest.button("Make the file")).to_be_visible()
    lists: list[str] = []

    def hear(request: Request) -> None:
        if request.method == "GET" and request.url.endswith("/exports"):
            lists.append(request.url)

    guest.page.on("request", hear)
    await make(guest, "json")
    assert len(lists) <= 1, "once, after asking for it"


async def test_everything_of_mine_comes_as_an_archive(
    arrive: Arrive, api: Api, tmp_path: Path
) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo)
    await api.say(bo, room, "bring bread")
    guest = await arrive(accept_downloads=True)
    await guest.sign_in(ana, path="/settings/export")
    await make(guest, "json")
    with zipfile.ZipFile(await download(guest, tmp_path)) as archive:
        account = json.loads(archive.read("account.json"))
        inside = archive.read(account["rooms"][room.id]).decode()
    assert account["account"]["username"] == ana.username
    assert "bring bread" in inside


async def test_a_link_holds_for_its_file_and_its_time_alone(api: Api, url: str) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo)
    wanted = {"room_id": room.id, "format": "json"}
    export = await api.ask(ana, "POST", "exports", wanted)
    while (await api.ask(ana, "GET", f"exports/{export['id']}"))["state"] != "done":
        await asyncio.sleep(0)  # a request each: the server is at it
    link = await api.ask(ana, "POST", f"exports/{export['id']}/link")
    given = httpx.URL(link["url"])
    file = f"{url}{given.path}"
    later = dict(given.params) | {"expires": str(int(given.params["expires"]) + 60)}
    over = dict(given.params) | {"expires": "1"}
    async with httpx.AsyncClient() as anybody:
        assert (await anybody.get(file, params=dict(given.params))).status_code == 200
        for wrong in (later, over, {**given.params, "signature": "x"}):
            assert (await anybody.get(file, params=wrong)).status_code == 404


async def test_who_was_put_out_takes_nothing_along(arrive: Arrive, api: Api) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    room = await api.room(ana, bo)
    wanted = {"room_id": room.id, "format": "json"}
    await api.ask(ana, "PATCH", f"rooms/{room.id}/members/{bo.id}", {"role": "moderator"})
    guest = await arrive()
    await guest.sign_in(bo, path=f"/rooms/{room.id}?panel=settings")
    await expect(guest.button("Make the file")).to_be_visible()
    guest.troubles.expect("404")  # what the open panel asks for once more
    await api.ask(ana, "DELETE", f"rooms/{room.id}/members/{bo.id}")
    await expect(guest.button("Make the file")).to_have_count(0)
    with pytest.raises(httpx.HTTPStatusError) as refused:
        await api.ask(bo, "POST", "exports", wanted)
    assert refused.value.response.status_code == 404
