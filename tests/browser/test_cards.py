"""Who stands behind a name: pressed, it tells, beside where it was pressed."""

from playwright.async_api import expect
from tests.browser.api import PASSWORD, Api, Person
from tests.browser.conftest import Arrive


async def owner(api: Api) -> Person:
    """Whose server it is: the first who came."""
    body = {"username": "olga1", "password": PASSWORD}
    session = await api.ask(None, "POST", "auth/login", body)
    return Person("Olga", "olga1", session["account"]["id"], session["access_token"])


async def test_a_mention_opens_the_card_and_the_card_opens_the_talk(
    api: Api, arrive: Arrive
) -> None:
    ana, bo = await api.person("Ana Vega"), await api.person("Bo Dahl")
    room = await api.room(ana, bo, name="Card table")
    await api.say(ana, room, f"Ask @{bo.username} about the bread, or @nobody")
    guest = await arrive()
    await guest.sign_in(ana, room)
    # By keyboard: the name is a button of the text, a word that calls nobody is not.
    chip = guest.log.get_by_role("button", name=f"@{bo.username}")
    await expect(guest.log.get_by_role("button", name="@nobody")).to_have_count(0)
    await chip.focus()
    await guest.page.keyboard.press("Enter")
    card = guest.page.get_by_role("dialog", name="Bo Dahl")
    await expect(card.get_by_text(f"@{bo.username} · Offline")).to_be_visible()
    near, at = await card.bounding_box(), await chip.bounding_box()
    assert near is not None
    assert at is not None
    assert abs(near["y"] - at["y"]) < 500
    await guest.page.keyboard.press("Escape")
    await expect(card).to_have_count(0)
    await expect(chip).to_be_focused()
    await chip.click()
    await card.get_by_role("button", name="Message", exact=True).click()
    await guest.sees_room("Bo Dahl")
    await expect(card).to_have_count(0)


async def test_a_group_called_tells_who_is_in_it_and_lights_up_for_them(
    api: Api, arrive: Arrive
) -> None:
    ana, bo = await api.person("Ana Vega"), await api.person("Bo Dahl")
    room = await api.room(ana, bo, name="Group table")
    group = {"handle": "bakers", "name": "The bakers", "account_ids": [bo.id]}
    await api.ask(await owner(api), "POST", "groups", group)
    await api.say(ana, room, "Over to the @bakers, and @room knows")
    one, other = await arrive(), await arrive()
    await one.sign_in(ana, room)
    await other.sign_in(bo, room)
    chips = [guest.log.get_by_role("button", name="@bakers") for guest in (one, other)]
    for chip in chips:
        await expect(chip).to_be_visible()
    grounds = [await chip.evaluate("it => getComputedStyle(it).backgroundColor") for chip in chips]
    assert grounds[0] == "rgba(0, 0, 0, 0)" != grounds[1]
    await chips[0].click()
    card = one.page.get_by_role("dialog", name="The bakers")
    await expect(card.get_by_role("listitem")).to_have_count(1)
    await card.get_by_role("button", name="Bo Dahl").click()
    await expect(one.page.get_by_role("dialog", name="Bo Dahl")).to_be_visible()
