"""What was seen before is there before the network has said a word."""

from playwright.async_api import WebSocketRoute, expect
from tests.browser.api import Api
from tests.browser.conftest import Arrive


async def test_a_known_room_is_drawn_before_the_server_answers(api: Api, arrive: Arrive) -> None:
    ana, bo = await api.person("Ana Sol"), await api.person("Bo Lindqvist")
    room = await api.room(ana, bo, topic="What we cook")
    await api.say(bo, room, "Remember me")
    guest = await arrive()
    await guest.sign_in(ana, room)
    await guest.sees_once("Remember me")
    await guest.say("I will")
    await guest.sees_once("Remember me", "I will")
    # Once the other rows are gone from the outbox the cache holds them.
    await expect(guest.log).not_to_contain_text("Sending")

    def never(socket: WebSocketRoute) -> None:
        """Opens, and says nothing."""

    silent = await guest.context.new_page()
    await silent.route("**/api/**", lambda route: None)
    await silent.route_web_socket("**/socket.io/**", never)
    await silent.goto(f"{guest.url}/rooms/{room.id}")
    await expect(silent.get_by_role("heading", level=1, name=room.name)).to_be_visible()
    await expect(silent.get_by_role("log")).to_contain_text("Remember me")
    await expect(silent.get_by_role("log")).to_contain_text("I will")
    await expect(
        silent.get_by_role("navigation").get_by_role("link", name=room.name)
    ).to_be_visible()
    await silent.unroute_all(behavior="ignoreErrors")
