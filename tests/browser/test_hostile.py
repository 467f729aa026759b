"""What people write is text, whatever it looks like."""

import asyncio

import pytest
from playwright.async_api import expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive

NAME = "<img src=x onerror=alert(1)>"
ROOM = "<script>alert(2)</script>"
TOPIC = "<svg onload=alert(3)>"
TEXT = """<img src=x onerror=alert(4)> <iframe srcdoc="<script>alert(5)</script>"></iframe>

[press me](javascript:alert(6)) [and me](data:text/html,<script>alert(7)</script>)
[or me](JaVaScRiPt:alert(8)) <a href="javascript:alert(9)">me too</a> ![seen](https://example.org/x.png)

```<img src=x onerror=alert(10)>
<img src=x onerror=alert(11)>
```"""


async def test_hostile_names_and_texts_stay_text(api: Api, arrive: Arrive) -> None:
    """A pop-up, a page error or a violation of the policy would fail this as well."""
    mallory, bo = await api.person(NAME), await api.person("Bo Lindqvist")
    room = await api.room(mallory, bo, name=ROOM, topic=TOPIC)
    quoted = await api.say(mallory, room, TEXT)
    await api.say(mallory, room, TEXT, reply_to=quoted["id"])
    await api.ask(mallory, "PATCH", "me", {"status_text": TOPIC})
    evil, bo_guest = await arrive(), await arrive()
    await asyncio.gather(evil.sign_in(mallory, room), bo_guest.sign_in(bo, room))
    await evil.composer.press_sequentially("<b>typing</b>")
    page = bo_guest.page
    await expect(page.get_by_text(f"{NAME} is typing…")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text(ROOM)
    await expect(page.get_by_text(TOPIC).first).to_be_visible()
    await expect(page).to_have_title(f"{ROOM} · Tertulia")
    said = bo_guest.log.get_by_role("article").last
    await expect(said).to_contain_text("<img src=x onerror=alert(4)>")
    await expect(said).to_contain_text("press me")
    await bo_guest.button("Members, 2").click()
    await expect(page.get_by_role("list", name="Members")).to_contain_text(NAME)
    for wild in ("img[src='x']", "iframe", "svg[onload]", "b"):
        await expect(page.locator(wild)).to_have_count(0)
    links = await bo_guest.log.get_by_role("link").evaluate_all("all => all.map(each => each.href)")
    assert [link for link in links if not link.startswith(("http:", "https:", "mailto:"))] == []
    await expect(bo_guest.log.get_by_role("img", name="seen")).to_have_count(0)


@pytest.mark.parametrize(
    "elsewhere", ["//example.org/", "https://example.org/", "/\\example.org", "javascript:alert(1)"]
)
async def test_an_address_that_leads_elsewhere_is_not_followed_after_signing_in(
    elsewhere: str, api: Api, arrive: Arrive
) -> None:
    guest = await arrive()
    await guest.sign_in(await api.person("Ana Sol"), path=elsewhere)
    await expect(guest.page).to_have_url(f"{guest.url}/rooms")
    await expect(guest.page.get_by_role("navigation", name="Rooms")).to_be_visible()
