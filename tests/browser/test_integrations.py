"""Programs that speak in a room, and programs that are told what happens there."""

import base64
import hmac
import re
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.guest import Guest
from tests.browser.test_axe import complaints
from tests.support.program import program
from tests.support.strangers import Asked, Stranger, answer, stranger


@pytest.fixture(scope="module")
def place(client_built: None) -> Iterator[str]:
    """A server that may call this machine."""
    with program(outbound_allow="127.0.0.0/8") as url:
        yield url


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def here(place: str) -> AsyncIterator[Api]:
    async with Api(place) as api:
        yield api


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def olga(here: Api) -> Person:
    """Runs the server: the first one."""
    return await here.person("Olga")


@pytest_asyncio.fixture(loop_scope="session")
async def there() -> AsyncIterator[Stranger]:
    async with stranger() as there:
        yield there


async def settings_of(guest: Guest, room: Room) -> Locator:
    await guest.open(f"/rooms/{room.id}?panel=settings")
    await guest.sees_room(room.name)
    return guest.page.get_by_role("region", name="Integrations", exact=True)


async def post(url: str, **request: object) -> int:
    async with httpx.AsyncClient() as http:
        return (await http.post(url, **request)).status_code  # pyright: ignore[reportArgumentType]


async def test_a_program_speaks_by_its_address_and_under_its_mark(
    arrive: Arrive, place: str, here: Api, olga: Person
) -> None:
    room = await here.room(olga, bo := await here.person("Bo"))
    keeper, member = await arrive(url=place), await arrive(url=place)
    await member.sign_in(bo, room)
    await keeper.sign_in(olga, room)
    part = await settings_of(keeper, room)
    await expect(part.get_by_text("No program speaks here.")).to_be_visible()
    await part.get_by_role("button", name="New incoming webhook").click()
    await keeper.page.get_by_label("Name", exact=True).last.fill("Build")
    await keeper.button("Make it").click()
    address = await keeper.page.get_by_label("Address", exact=True).input_value()
    await expect(keeper.page.get_by_text("curl -H")).to_contain_text(address)
    said = {"text": "*green* again", "username": "Bo", "icon_emoji": "🫒"}
    assert await post(address, json=said) == 200
    row = member.message("green again")
    # Whatever it calls itself, it is a bot, and it says whose.
    await expect(row).to_contain_text(re.compile("Bo.*Bot.*Build.*green", re.S | re.I))
    await keeper.button("Done").click()
    await part.get_by_role("button", name="Remove Build").click()
    await keeper.button("Remove").click()
    await expect(part.get_by_text("No program speaks here.")).to_be_visible()
    assert await post(address, json=said) == 404
    await expect(member.log).to_contain_text("Olga removed Build")


def is_signed(asked: Asked, secret: str) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    head = f"{asked.headers['webhook-id']}.{asked.headers['webhook-timestamp']}."
    mac = base64.b64encode(hmac.digest(key, head.encode() + asked.body, "sha256")).decode()
    return asked.headers["webhook-signature"] == f"v1,{mac}"


async def test_what_is_told_elsewhere_stands_in_the_log_until_it_is_turned_off(
    arrive: Arrive, place: str, here: Api, olga: Person, there: Stranger
) -> None:
    room = await here.room(olga, bo := await here.person("Bo"))
    there.pages["/hook"] = answer(b"thanks")
    keeper, member = await arrive(url=place), await arrive(url=place)
    await member.sign_in(bo, room)
    await keeper.sign_in(olga, room)
    part = await settings_of(keeper, room)
    await part.get_by_role("button", name="New outgoing webhook").click()
    await keeper.page.get_by_label("Address to call").fill(f"http://127.0.0.1:{there.port}/hook")
    await keeper.page.get_by_label("Reactions").check()
    await keeper.button("Make it").click()
    secret = await keeper.page.get_by_label("Signing secret", exact=True).input_value()
    await keeper.button("Done").click()
    await expect(part.get_by_text("Working")).to_be_visible()
    await member.say("the kettle boils")
    await part.get_by_role("button", name="Deliveries").click()
    delivered = keeper.page.get_by_role("listitem").filter(has_text="Delivered")
    await _look_until(keeper, delivered)
    await expect(delivered).to_contain_text("New messages")
    await expect(delivered).to_contain_text("1 try · answered 200")
    assert b"the kettle boils" in there.asked[0].body
    assert is_signed(there.asked[0], secret)
    await delivered.get_by_role("button", name="Send New messages again").click()
    await _look_until(keeper, delivered.filter(has_text="2 tries"))
    assert there.asked[1].headers["webhook-id"] == there.asked[0].headers["webhook-id"]
    await part.get_by_role("button", name="Close").click()

    there.pages["/hook"] = answer(status=410)
    await member.say("anybody there?")
    note = "A webhook of this room was turned off: nobody took what it sent"
    await expect(member.log.get_by_text(note)).to_be_visible()
    await expect(part.get_by_text("the receiver said that it is gone")).to_be_visible()
    await part.get_by_role("button", name="Turn on again").click()
    await expect(part.get_by_text("Working")).to_be_visible()


async def _look_until(keeper: Guest, row: Locator) -> None:
    """The log says how it was when one looked: look again until it shows."""
    while await row.count() == 0:
        await keeper.button("Look again").click()
        # A moment's rest: the button does nothing while it looks.
        await keeper.page.wait_for_load_state("networkidle")


async def test_a_bots_token_opens_what_it_says_and_no_more(
    arrive: Arrive, place: str, here: Api, olga: Person
) -> None:
    room = await here.room(olga, bo := await here.person("Bo"))
    keeper, member = await arrive(url=place), await arrive(url=place)
    await member.sign_in(bo, room)
    await keeper.sign_in(olga, path="/settings/bots")
    await keeper.button("New bot").click()
    await keeper.page.get_by_label("Username").fill("teapot")
    await keeper.page.get_by_label("Name", exact=False).last.fill("Teapot")
    await keeper.button("Make it").click()
    await keeper.button("New token for Teapot").click()
    await keeper.page.get_by_label("What is it for?").fill("Kitchen")
    await keeper.page.get_by_role("checkbox", name=re.compile("^Read")).uncheck()
    await keeper.button("Make it").click()
    token = await keeper.page.get_by_label("Token", exact=True).input_value()
    await keeper.button("Done").click()
    await expect(keeper.page.get_by_label("Tokens of Teapot")).to_contain_text("Write")

    found = await here.ask(olga, "GET", "bots")
    bot = found["bots"][0]["id"]
    await here.ask(olga, "POST", f"rooms/{room.id}/members", {"account_ids": [bot]})
    messages = f"{place}/api/v1/rooms/{room.id}/messages"
    bearer = {"Authorization": f"Bearer {token}"}
    body = {"client_id": str(uuid4()), "text": "tea is ready"}
    assert await post(messages, json=body, headers=bearer) == 201
    await expect(member.message("tea is ready")).to_contain_text(
        re.compile("Teapot.*Bot", re.S | re.I)
    )
    async with httpx.AsyncClient() as http:
        assert (await http.get(messages, headers=bearer)).status_code == 403
    await keeper.button("Revoke Kitchen").click()
    await keeper.button("Revoke").click()
    await expect(keeper.page.get_by_text("No token: it can do nothing yet.")).to_be_visible()
    assert await post(messages, json=body, headers=bearer) == 401


async def test_who_keeps_no_order_sees_no_integrations(
    arrive: Arrive, place: str, here: Api, olga: Person
) -> None:
    room = await here.room(olga, bo := await here.person("Bo"))
    member = await arrive(url=place)
    await member.sign_in(bo, room)
    part = await settings_of(member, room)
    await expect(member.button("Leave room")).to_be_visible()
    await expect(part).to_have_count(0)
    await member.open("/settings")
    sections = member.page.get_by_role("navigation", name="Settings")
    await expect(sections.get_by_role("link", name="Profile")).to_be_visible()
    await expect(sections.get_by_role("link", name="Bots")).to_have_count(0)
    await expect(sections.get_by_role("link", name="Webhooks")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(
    scheme: str, arrive: Arrive, place: str, here: Api, olga: Person, there: Stranger
) -> None:
    room = await here.room(olga)
    hook = {"url": f"http://127.0.0.1:{there.port}/none", "events": ["message.sent"]}
    await here.ask(olga, "POST", f"webhooks?room_id={room.id}", hook)
    await here.ask(olga, "POST", "bots", {"username": here.username("pot")})
    hooks = f"rooms/{room.id}/incoming-webhooks"
    address = (await here.ask(olga, "POST", hooks, {"name": "Build"}))["url"]
    assert await post(address, json={"text": "done", "username": "CI", "icon_emoji": "🫒"}) == 200
    keeper = await arrive(url=place, color_scheme=scheme, reduced_motion="reduce")
    await keeper.sign_in(olga, room)
    part = await settings_of(keeper, room)
    # The receiver knows no such page: it answers 404.
    await expect(part.get_by_text("Failing since")).to_be_visible()
    await expect(keeper.message("done")).to_be_visible()
    found = await complaints(keeper, "section")
    await part.get_by_role("button", name="Deliveries").click()
    waiting = keeper.page.get_by_role("listitem").filter(has_text="Waiting")
    await expect(waiting.first).to_be_visible()
    found += await complaints(keeper, "deliveries")
    await keeper.page.keyboard.press("Escape")
    await part.get_by_role("button", name="New incoming webhook").click()
    await keeper.page.get_by_label("Name", exact=True).last.fill("Weather")
    await keeper.page.keyboard.press("Enter")
    # By keyboard: what is copied has the focus.
    await expect(keeper.button("Copy: Address")).to_be_focused()
    found += await complaints(keeper, "shown once")
    await keeper.open("/settings/bots")
    await keeper.button(re.compile("^New token for")).first.click()
    await expect(keeper.page.get_by_label("What is it for?")).to_be_focused()
    found += await complaints(keeper, "bots")
    assert not found, "\n".join(found)
