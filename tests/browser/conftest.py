"""A real server, a real Chromium, and people with browsers of their own.

No page may complain of anything a test has not announced (`troubles.expect`).
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect
from tests.browser.api import Api
from tests.browser.guest import Guest
from tests.browser.troubles import Troubles
from tests.support.program import program

from tertulia.main.premises import STATIC

PATIENCE_MS = 30_000  # of a machine with other work
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOME = "192.168.7.7"  # this machine as its neighbours see it: not secure for a browser
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps; who may use it is said by each context (`permissions`).
    "--use-fake-device-for-media-stream",
    f"--host-resolver-rules=MAP {HOME} 127.0.0.1",
)

# As on a plain http address. A worker fetches the whole client in advance: a fifth of what a guest
# costs.
WITHOUT_WORKERS = """
Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined })
"""

Arrive = Callable[..., Awaitable[Guest]]


@pytest.fixture(scope="session")
def client_built() -> None:
    if not (STATIC / "index.html").exists():
        pytest.fail(
            f"no web client in {STATIC}: `make test` and `make run` build it", pytrace=False
        )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("no Chromium: `apt-get install chromium`", pytrace=False)
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def url(client_built: None) -> Iterator[str]:
    """A server that has its owner."""
    with program() as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def api(url: str) -> AsyncIterator[Api]:
    async with Api(url) as api:
        await api.person("Olga")
        yield api


@pytest_asyncio.fixture(loop_scope="session")
async def arrive(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Arrive]:
    """`await arrive()`: somebody with a fresh browser. Takes Playwright's options of a context,
    `url` for another server than everybody's, and `workers` for a browser with service workers."""
    here: list[Guest] = []
    async with AsyncExitStack() as stack:

        async def arrive(*, url: str | None = None, workers: bool = False, **options: Any) -> Guest:
            given: dict[str, Any] = {
                "locale": "en-GB",
                "viewport": {"width": 1280, "height": 800},
                **options,
            }
            context = await browser.new_context(**given)
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            if not workers:
                await context.add_init_script(WITHOUT_WORKERS)
            troubles = Troubles()
            await troubles.listen(context)
            address = url or request.getfixturevalue("url")
            guest = Guest(address, context, await context.new_page(), troubles)
            here.append(guest)
            return guest

        yield arrive
    assert [trouble for guest in here for trouble in guest.troubles.left()] == []
