"""People with browsers, over https, through each proxy."""

from contextlib import AsyncExitStack

from playwright.async_api import Browser, expect
from tests.browser.api import Api
from tests.browser.conftest import PATIENCE_MS
from tests.browser.guest import Guest
from tests.browser.troubles import Troubles
from tests.proxies.fronts import Front, free_port, front
from tests.support.program import program


async def arrive(stack: AsyncExitStack, browser: Browser, made: Front) -> Guest:
    context = await browser.new_context(locale="en-GB", ignore_https_errors=True)
    stack.push_async_callback(context.close)
    context.set_default_timeout(PATIENCE_MS)
    return Guest(made.url, context, await context.new_page(), Troubles())


async def test_two_people_talk(browser: Browser, kind: str) -> None:
    port = free_port()
    told = {"public_url": f"https://localhost:{port}", "trusted_proxies": "127.0.0.1"}
    async with AsyncExitStack() as stack:
        node = stack.enter_context(program(**told, registration="open"))
        upstream = int(node.rpartition(":")[2])
        made = await stack.enter_async_context(front(kind, port, [upstream]))
        api = await stack.enter_async_context(Api(node))
        olga, pavel = await api.person("Olga"), await api.person("Pavel")
        room = await api.room(olga, pavel)
        here, there = [await arrive(stack, browser, made) for _ in range(2)]
        sockets: list[str] = []
        here.page.on("websocket", lambda socket: sockets.append(socket.url))
        await here.sign_in(olga, room)
        await there.sign_in(pavel, room)
        await here.say("Good evening")
        await there.sees_once("Good evening")
        await there.say("The same to you")
        await here.sees_once("Good evening", "The same to you")
        await expect(here.page.get_by_text("Reconnecting")).to_have_count(0)
        assert [url.partition("/socket.io/")[0] for url in sockets] == [f"wss://localhost:{port}"]
        assert await here.page.evaluate(PROTOCOL) == "h2"
        cookies = await here.context.cookies()
        assert cookies
        assert all(cookie.get("secure") for cookie in cookies)


PROTOCOL = "() => performance.getEntriesByType('navigation')[0].nextHopProtocol"
