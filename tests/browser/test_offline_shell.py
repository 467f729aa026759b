"""The page itself opens without a network, and a new build is let in when one likes."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from litestar import get
from playwright.async_api import Request, expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive
from tests.browser.deploys import Deploys, entry_of, next_build
from tests.browser.guest import Guest
from tests.browser.troubles import OUT_OF_REACH

from tertulia.core.clock import SystemClock
from tertulia.core.http import HttpSettings, Readiness, create_app
from tertulia.core.http.edge import Edge
from tertulia.core.ids import SystemIds
from tertulia.core.serving import listen
from tertulia.core.telemetry import Build, Telemetry
from tertulia.features.accounts.schemas import Server
from tertulia.main.premises import STATIC

QUEUED = "Will be sent when you are back online"
OFFERED = "A new version of Tertulia is ready."
IN_CHARGE = """
new Promise((resolve) => {
  const look = () => navigator.serviceWorker.controller?.state === 'activated' && resolve()
  navigator.serviceWorker.addEventListener('controllerchange', () =>
    navigator.serviceWorker.controller.addEventListener('statechange', look))
  navigator.serviceWorker.ready.then(look)
  look()
})
"""
KEPT = """
caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)
  .then((cache) => cache.keys())))).then((all) => all.flat().map(({ url }) => url))
"""
# The page's headings are set in it; no list of what is fetched in advance names it.
USED = "/assets/alegreya-latin-wght-normal"


async def worker_of(guest: Guest) -> None:
    """Waits until this guest's pages come from the service worker."""
    await guest.page.evaluate(IN_CHARGE)


async def test_a_reload_without_a_network_opens_the_room_and_loses_no_word(
    api: Api, arrive: Arrive
) -> None:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo)
    await api.say(bo, room, "Before the tunnel")
    here, there = await arrive(workers=True), await arrive()
    await here.sign_in(ana, room)
    await there.sign_in(bo, room)
    here.troubles.expect(OUT_OF_REACH)
    await here.sees_once("Before the tunnel")
    await worker_of(here)
    await here.open("/settings/appearance")
    await expect(here.page.get_by_role("heading", name="Appearance")).to_be_visible()
    await here.page.go_back()
    await here.sees_once("Before the tunnel")

    await here.context.set_offline(True)
    await here.page.reload()
    await here.sees_room(room.name)
    await here.sees_once("Before the tunnel")
    await here.say("From inside the tunnel")
    await expect(here.message("From inside the tunnel")).to_contain_text(QUEUED)
    await here.page.reload()
    await expect(here.message("From inside the tunnel")).to_contain_text(QUEUED)
    # Another door: a page that was opened before is there, with its parts; another one says why.
    await here.open("/settings/appearance")
    await expect(here.page.get_by_role("heading", name="Appearance")).to_be_visible()
    await here.open("/rooms/view/contacts")
    centre = here.page.get_by_role("main")
    await expect(centre.get_by_text("The server cannot be reached")).to_be_visible()
    await here.open(f"/rooms/{room.id}")
    await here.sees_room(room.name)

    await here.context.set_offline(False)
    told = ("Before the tunnel", "From inside the tunnel")
    await there.sees_once(*told)
    await here.sees_once(*told)
    await expect(here.log).not_to_contain_text(QUEUED)
    await here.page.reload()
    await here.sees_once(*told)


async def test_the_worker_answers_for_pages_and_for_nothing_the_server_says(
    api: Api, arrive: Arrive
) -> None:
    ana = await api.person("Ana Sol")
    room = await api.room(ana)
    here = await arrive(workers=True)
    await here.sign_in(ana, room)
    await worker_of(here)
    here.troubles.expect("/favicon.ico")  # /healthz names no icon of ours
    for path in ("/healthz", "/api/docs"):
        answer = await here.page.goto(f"{here.url}{path}")
        assert answer is not None
        assert not answer.from_service_worker
        assert '<div id="root">' not in await answer.text()
    asked: list[Request] = []

    def remember(request: Request) -> None:
        asked.append(request)

    here.page.on("requestfinished", remember)
    answer = await here.page.goto(f"{here.url}/rooms/{room.id}")
    assert answer is not None
    assert answer.from_service_worker
    await here.sees_room(room.name)
    kept = {request.url for request in asked if await _from_worker(request)}
    assert kept
    assert not [url for url in kept if "/api/" in url]
    stored: list[str] = await here.page.evaluate(KEPT)
    assert stored
    assert not [url for url in stored if "/api/" in url]


async def _from_worker(request: Request) -> bool:
    response = await request.response()
    return response is not None and response.from_service_worker


@get("/api/v1/server", sync_to_thread=False)
def server() -> Server:
    return Server(
        name="The kitchen",
        version="1",
        registration="open",
        needs_owner=False,
        needs_setup_token=False,
        max_text_length=8000,
    )


def client_of(build: Path) -> Edge:
    """The real edge, headers and all, around a build of the client."""
    clock = SystemClock()
    telemetry = Telemetry(Build("1", "", "", ""))
    return create_app(
        routes=[server],
        settings=HttpSettings(),
        telemetry=telemetry,
        readiness=Readiness([], telemetry, clock),
        clock=clock,
        ids=SystemIds(clock),
        static_dir=build,
    )


@pytest_asyncio.fixture(loop_scope="session")
async def deploys(client_built: None) -> AsyncIterator[tuple[Deploys, str]]:
    deploys = Deploys(client_of(STATIC))
    async with listen(deploys, {}, "127.0.0.1", 0) as (host, port):
        yield deploys, f"http://{host}:{port}"


async def test_a_new_build_is_offered_and_opens_when_asked_for(
    deploys: tuple[Deploys, str], arrive: Arrive, tmp_path: Path
) -> None:
    server, url = deploys
    here = await arrive(url=url, workers=True)
    await here.open("/sign-in")
    await worker_of(here)
    old = entry_of(await here.page.content())
    await here.page.reload()
    await here.page.get_by_label("Username").fill("half a word")
    assert any(USED in url for url in await here.page.evaluate(KEPT))

    server.app = client_of(next_build(STATIC, tmp_path / "next"))
    await here.page.evaluate("navigator.serviceWorker.getRegistration().then((it) => it.update())")
    await expect(here.page.get_by_text(OFFERED)).to_be_visible()
    # Nothing has happened to the page in use, and a second page is still of its build.
    await expect(here.page.get_by_label("Username")).to_have_value("half a word")
    assert entry_of(await here.page.content()) == old

    async with here.page.expect_navigation():
        await here.button("Reload").click()
    await expect(here.page.get_by_label("Username")).to_be_visible()
    assert re.search(r"index-\w+NEXT", entry_of(await here.page.content()))
    await expect(here.page.get_by_text(OFFERED)).to_have_count(0)
    # Of the build before, nothing is left but what this one has too, and was used.
    kept: list[str] = await here.page.evaluate(KEPT)
    assert any(USED in url for url in kept)
    assert not any(old in url for url in kept)
