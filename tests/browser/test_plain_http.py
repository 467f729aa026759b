"""A server at home, by plain http: browsers lend no locks, workers or secure ids there."""

from playwright.async_api import expect
from tests.browser.api import Api, Room
from tests.browser.conftest import HOME, Arrive


async def test_two_people_talk_by_plain_http(api: Api, url: str, arrive: Arrive) -> None:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    body = {"kind": "group", "name": "The kitchen", "members": [bo.id]}
    room = Room((await api.ask(ana, "POST", "rooms", body))["room"]["id"], "The kitchen")
    home = url.replace("127.0.0.1", HOME)
    hers, his = await arrive(url=home), await arrive(url=home)
    for guest in (hers, his):
        # Sent to all; a browser says that it needs https.
        guest.troubles.expect("Cross-Origin-Opener-Policy header has been ignored")
    assert not await hers.page.evaluate("() => window.isSecureContext")
    await hers.sign_in(ana, room)
    await his.sign_in(bo, room)
    await hers.say("Supper is ready")
    await his.sees_once("Supper is ready")
    await his.say("Coming")
    await hers.sees_once("Coming")
    said = hers.message("Supper is ready")
    await expect(said.get_by_role("img", name="Read", exact=True)).to_be_visible()
