"""Somebody in front of a browser, and what they do with it, by the names they see."""

import re
from dataclasses import dataclass

from playwright.async_api import BrowserContext, Locator, Page, expect
from tests.browser.api import PASSWORD, Person, Room
from tests.browser.troubles import Troubles


@dataclass
class Guest:
    """One browser context with one page: a device of its own."""

    url: str
    context: BrowserContext
    page: Page
    troubles: Troubles

    # Coming in

    async def open(self, path: str = "/") -> None:
        await self.page.goto(f"{self.url}{path}")

    async def sign_in(self, who: Person, room: Room | None = None, path: str = "") -> None:
        """By the form, as everybody does; into the room where one is given."""
        where = path or (f"/rooms/{room.id}" if room else "/rooms")
        await self.open(f"/sign-in?next={where}")
        await self.page.get_by_label("Username").fill(who.username)
        await self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        await self.button("Sign in").click()
        await expect(self.page).not_to_have_url(re.compile("/sign-in"))
        if room:
            await self.sees_room(room.name)

    async def fill_new_account(self, name: str, username: str) -> None:
        await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_label("Username").fill(username)
        await self.page.get_by_label("Password", exact=True).fill(PASSWORD)

    # Parts of the page

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str))

    def menu_item(self, name: str) -> Locator:
        return self.page.get_by_role("menuitem", name=name, exact=True)

    def room_row(self, name: str) -> Locator:
        """Its line in the list of rooms: presence, the name, and what is unread."""
        rooms = self.page.get_by_role("navigation", name="Rooms")
        return rooms.get_by_role("link", name=re.compile(rf"^(\w+ )?{re.escape(name)}"))

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    def message(self, text: str) -> Locator:
        return self.log.get_by_role("article").filter(has_text=text)

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile("^Message to "))

    # Talking

    async def say(self, text: str) -> None:
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def sees_room(self, name: str) -> None:
        await expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()
        await expect(self.composer).to_be_visible()

    async def sees_once(self, *texts: str) -> None:
        """Each message is there exactly once, and they are in this order."""
        for text in texts:
            await expect(self.message(text)).to_have_count(1)
        await expect(self.log).to_contain_text(re.compile(".*".join(map(re.escape, texts)), re.S))

    async def choose(self, text: str, action: str) -> None:
        """Something from the buttons that appear over a message."""
        row = self.message(text)
        await row.hover()
        await row.get_by_role("toolbar").get_by_role("button", name=action, exact=True).click()
