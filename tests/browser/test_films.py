"""Films in a room: prepared while all look on, played at every quality, by keys and fingers."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect
from tests.browser.api import Api, Person, Room
from tests.browser.conftest import Arrive
from tests.browser.test_axe import complaints
from tests.browser.waiting import comes_true
from tests.support.films import OTHER, draw, ffmpeg

SUBTITLES = b"""1
00:00:00,000 --> 00:00:02,000
<i>Good</i> evening.

2
00:00:05,000 --> 00:00:20,000
Sit down, please.
"""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`long.mp4`: 20 s as browsers want them. `old.avi`: to be encoded, in two qualities."""
    folder = tmp_path_factory.mktemp("films")
    draw(folder / "long.mp4", seconds=20)
    draw(folder / "old.avi", seconds=2, size="640x480", codecs=OTHER)
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=330", "-t", "9", str(folder / "song.mp3"))
    (folder / "broken.mp4").write_bytes((folder / "long.mp4").read_bytes()[:20_000])
    return folder


class Player:
    """A film's player, as somebody sees it."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.poster = page.get_by_role("button", name=f"Play {name}")
        self.box = page.get_by_role("region", name=f"Film: {name}")
        self.video = self.box.locator("video")

    def button(self, name: str) -> Locator:
        return self.box.get_by_role("button", name=name, exact=True)

    async def press(self, name: str) -> None:
        """With the mouse, which wakes what has gone to rest."""
        await self.box.hover(position={"x": 30, "y": 20})
        await self.box.hover(position={"x": 34, "y": 24})
        await self.button(name).click()

    async def start(self) -> None:
        await self.poster.click()
        await self.until("video.currentTime > 0.2 && !video.paused")

    async def until(self, truth: str) -> None:
        """Waits for something to be true of the picture."""
        element = await self.video.element_handle()
        await comes_true(self.page, f"video => {truth}", element)

    async def choose(self, group: str, name: str) -> None:
        radios = self.box.get_by_role("group", name=group)
        radio = radios.get_by_role("radio", name=name, exact=True)
        await radio.click()  # `check` wants it at once, the player when the film does so
        await expect(radio).to_be_checked()


async def film_night(api: Api) -> tuple[Person, Person, Room]:
    ana, bo = await api.person("Ana"), await api.person("Bo")
    return ana, bo, await api.room(ana, bo, name="Film night")


async def test_a_film_is_prepared_while_all_look_on_and_plays_at_every_quality(
    api: Api, arrive: Arrive, films: Path
) -> None:
    ana, bo, room = await film_night(api)
    guest = await arrive()
    await guest.sign_in(bo, room)
    await api.send_file(ana, room, films / "old.avi", "video/x-msvideo")
    player = Player(guest.page, "old.avi")
    await player.start()
    await player.press("Film settings")
    qualities = player.box.get_by_role("group", name="Quality")
    # The better one follows; it is taken up while the film stands still.
    await player.until("(video.pause(), true)")
    await expect(qualities.get_by_role("radio", name="480p", exact=True)).to_be_enabled()
    for height in (480, 360):
        await player.choose("Quality", f"{height}p")
        await player.until(f"(video.play(), video.videoHeight === {height})")


async def test_the_keys_of_players_are_its_keys(api: Api, arrive: Arrive, films: Path) -> None:
    ana, _, room = await film_night(api)
    guest = await arrive()
    await guest.sign_in(ana, room)
    await api.send_file(ana, room, films / "long.mp4", "video/mp4")
    player = Player(guest.page, "long.mp4")
    await player.start()
    press = guest.page.keyboard.press
    await press("Space")
    await player.until("video.paused")
    await press("5")
    await player.until("video.currentTime === 10")
    await press("j")
    await player.until("video.currentTime === 0")
    await press("ArrowRight")
    await player.until("video.currentTime === 5")
    await press(".")
    await player.until("video.currentTime > 5 && video.currentTime < 5.1")
    await press("m")
    await player.until("video.muted")
    await press(">")
    await player.until("video.playbackRate === 1.25")
    await expect(player.box.get_by_text("1.25×")).to_be_visible()
    await press("t")
    await expect(player.button("Back into the page")).to_be_visible()
    assert await player.box.evaluate("it => it.getBoundingClientRect().width === innerWidth")
    await press("Escape")
    await expect(player.button("Fill the window")).to_be_visible()
    await press("f")
    await comes_true(guest.page, "document.fullscreenElement?.tagName === 'SECTION'")
    await expect(player.button("Leave full screen")).to_be_visible()
    await press("f")
    await comes_true(guest.page, "document.fullscreenElement === null")
    await press("k")
    await player.until("!video.paused")


async def test_subtitles_come_from_who_sent_the_film_and_are_everybodys_own_way(
    api: Api, arrive: Arrive, films: Path
) -> None:
    ana, bo, room = await film_night(api)
    author, guest = await arrive(), await arrive()
    await author.sign_in(ana, room)
    await guest.sign_in(bo, room)
    await api.send_file(ana, room, films / "long.mp4", "video/mp4")
    hers, his = Player(author.page, "long.mp4"), Player(guest.page, "long.mp4")
    await his.start()
    await hers.start()
    await hers.press("Film settings")
    await hers.press("Add…")
    dialog = author.page.get_by_role("dialog", name="Add subtitles")
    await dialog.get_by_label("File").set_input_files(
        {"name": "long.es.srt", "mimeType": "application/x-subrip", "buffer": SUBTITLES}
    )
    await expect(dialog.get_by_label("Language")).to_have_value("es")
    await dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(dialog).to_have_count(0)
    # He hears of them while he watches.
    await his.press("Show subtitles")
    await guest.page.keyboard.press("5")
    await expect(his.box.get_by_text("Sit down, please.")).to_be_visible()
    await guest.page.keyboard.press("k")
    await guest.page.keyboard.press("0")
    await expect(his.box.get_by_text("Good")).to_have_class("italic")
    await his.press("Film settings")
    await expect(his.button("Add…")).to_have_count(0)
    await his.press("Show them later")
    await expect(his.box.get_by_text("Good evening.")).to_have_count(0)
    await hers.press("Remove Spanish")
    await author.page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    await expect(his.button("Hide subtitles")).to_have_count(0)


async def test_a_film_that_is_refused_or_broken_says_so(
    api: Api, arrive: Arrive, films: Path
) -> None:
    ana, _, room = await film_night(api)
    guest = await arrive()
    guest.troubles.expect("403")
    await guest.sign_in(ana, room)
    await api.send_file(ana, room, films / "broken.mp4", "video/mp4")
    await expect(guest.log.get_by_text("It can only be downloaded.")).to_be_visible()
    await expect(guest.log.get_by_role("link", name="Download")).to_be_visible()
    await api.send_file(ana, room, films / "long.mp4", "video/mp4")
    await guest.page.route("**/*.m4s", lambda route: route.fulfill(status=403))
    player = Player(guest.page, "long.mp4")
    await player.poster.click()
    await expect(player.box.get_by_role("alert")).to_contain_text("cannot watch this film")
    await guest.page.unroute_all()
    await player.press("Try again")
    await player.until("video.currentTime > 0.2")
    await expect(player.box.get_by_role("alert")).to_have_count(0)


async def test_one_thing_plays_at_a_time(api: Api, arrive: Arrive, films: Path) -> None:
    ana, _, room = await film_night(api)
    guest = await arrive()
    await guest.sign_in(ana, room)
    await api.send_file(ana, room, films / "long.mp4", "video/mp4")
    await api.send_file(ana, room, films / "song.mp3", "audio/mpeg")
    player = Player(guest.page, "long.mp4")
    await player.start()
    await guest.button("Play song.mp3").click()
    await expect(guest.page.get_by_role("slider", name="Position").last).not_to_have_value("0")
    await player.until("video.paused")
    await player.press("Play")
    await comes_true(guest.page, "document.querySelector('audio').paused")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_accessible(scheme: str, api: Api, arrive: Arrive, films: Path) -> None:
    ana, _, room = await film_night(api)
    guest = await arrive(color_scheme=scheme, reduced_motion="reduce")
    await guest.sign_in(ana, room)
    await api.send_file(ana, room, films / "song.mp3", "audio/mpeg")
    await api.send_file(ana, room, films / "long.mp4", "video/mp4")
    player = Player(guest.page, "long.mp4")
    await expect(guest.button("Play song.mp3")).to_be_enabled()
    await expect(player.poster).to_be_visible()
    found = await complaints(guest, "poster")
    await player.start()
    await guest.page.keyboard.press("k")
    await player.press("Film settings")
    found += await complaints(guest, "player")
    assert not found, "\n".join(found)


async def test_a_finger_shows_the_controls_and_skips(api: Api, arrive: Arrive, films: Path) -> None:
    ana, _, room = await film_night(api)
    guest = await arrive(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    await guest.sign_in(ana, room)
    await api.send_file(ana, room, films / "long.mp4", "video/mp4")
    player = Player(guest.page, "long.mp4")
    await player.poster.tap()
    await player.until("video.currentTime > 0.2 && (video.pause(), true)")
    box = await player.box.bounding_box()
    assert box is not None
    for _ in range(2):
        await guest.page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + 40)
    await player.until("video.currentTime > 10")
    await player.button("Film settings").tap()
    settings = guest.page.get_by_role("dialog", name="Film settings")
    await settings.get_by_role("radio", name="1.5×", exact=True).click()
    await player.until("video.playbackRate === 1.5")
