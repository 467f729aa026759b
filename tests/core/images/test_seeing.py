"""Pictures that are files: what is shown of them before they are asked for."""

import asyncio
import base64
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pyvips
import uvloop
from tests.core.images.test_images import film, plain, saved

from tertulia.core.images import ImageTooLarge, ImageUnreadable, Sight, Studio
from tertulia.core.images.thumbhash import thumbhash

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    studio = Studio()
    yield studio
    await studio.close()


async def see(studio: Studio, folder: Path, data: bytes, format_: str) -> Sight:
    path = folder / "picture"
    path.write_bytes(data)
    return await studio.see(path, format_, len(data))


def opened(sight: Sight, name: str, **options: Any) -> Any:
    [found] = [one for one in sight.renditions if one.name == name]
    return pyvips.Image.new_from_buffer(found.data, "", **options)


@pytest.mark.parametrize(
    ("suffix", "format_"),
    [("png", "png"), ("jpg", "jpeg"), ("webp", "webp"), ("gif", "gif"), ("avif", "avif")],
)
async def test_every_format_gives_small_ones(
    studio: Studio, tmp_path: Path, suffix: str, format_: str
) -> None:
    sight = await see(studio, tmp_path, saved(plain(2_000, 1_000), suffix), format_)
    assert (sight.width, sight.height, sight.frames) == (2_000, 1_000, 1)
    assert [one.name for one in sight.renditions] == [
        "thumb.webp", "thumb.jpg", "thumb.avif", "preview.webp", "preview.jpg", "preview.avif",
    ]  # fmt: skip
    for name, size in (("thumb", (320, 160)), ("preview", (1_280, 640))):
        for ending in ("webp", "jpg", "avif"):
            seen = opened(sight, f"{name}.{ending}")
            assert (seen.width, seen.height) == size
            assert abs(seen(50, 50)[0] - 200) < 12
    assert 4 < len(sight.placeholder) < 30


async def test_it_is_upright_and_says_nothing_of_its_maker(studio: Studio, tmp_path: Path) -> None:
    image = plain(900, 600).draw_rect([0, 0, 250], 0, 0, 300, 600, fill=True).copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", 6)
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "47/1 22/1 0/1 (x)")
    sight = await see(studio, tmp_path, saved(image, "jpeg"), "jpeg")
    assert (sight.width, sight.height) == (600, 900)
    thumb = opened(sight, "thumb.jpg")
    assert (thumb.width, thumb.height) == (213, 320)
    assert thumb(100, 20)[2] > 200, "what was left is above"
    for one in sight.renditions:
        assert b"Exif" not in one.data
        assert not [
            name for name in opened(sight, one.name).get_fields() if name.startswith("exif-ifd3")
        ]


@pytest.mark.parametrize("format_", ["gif", "webp"])
async def test_what_moves_goes_on_moving(studio: Studio, tmp_path: Path, format_: str) -> None:
    sight = await see(studio, tmp_path, saved(film(12, 80, 60), format_), format_)
    assert (sight.width, sight.height, sight.frames) == (80, 60, 12)
    assert opened(sight, "preview.webp", n=-1).get("n-pages") == 12
    assert not opened(sight, "thumb.webp").get_typeof("n-pages")
    assert not opened(sight, "preview.jpg").get_typeof("n-pages")


async def test_a_small_one_needs_no_preview_and_is_not_blown_up(
    studio: Studio, tmp_path: Path
) -> None:
    sight = await see(studio, tmp_path, saved(plain(64, 40), "png"), "png")
    assert {one.name.partition(".")[0] for one in sight.renditions} == {"thumb"}
    assert opened(sight, "thumb.webp").width == 64


async def test_glass_is_shown_on_white_where_there_is_no_glass(
    studio: Studio, tmp_path: Path
) -> None:
    clear = plain(100, 100).bandjoin(0)
    sight = await see(studio, tmp_path, saved(clear, "png"), "png")
    assert opened(sight, "thumb.webp").hasalpha()
    assert opened(sight, "thumb.jpg")(50, 50) == [255, 255, 255]
    assert sight.placeholder[2] & 0x80, "the placeholder is told that it is clear"


async def test_many_use_few_children_and_none_shares_a_fork(studio: Studio, tmp_path: Path) -> None:
    good = saved(plain(400, 300), "jpeg")
    bad = [good[:200], b"\xff\xd8\xff" + bytes(500)]
    answers: list[Any] = await asyncio.gather(
        *(
            see(studio, _folder(tmp_path, number), bad[number % 2] if number % 3 else good, "jpeg")
            for number in range(9)
        ),
        return_exceptions=True,
    )
    assert [isinstance(one, Sight) for one in answers] == [number % 3 == 0 for number in range(9)]
    assert all(isinstance(one, Sight | ImageUnreadable) for one in answers)


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize("tired", [True, False], ids=["by itself", "by somebody"])
def test_a_child_that_ended_between_two_pictures_is_replaced(
    tmp_path: Path, loop: Callable[[], asyncio.AbstractEventLoop], *, tired: bool
) -> None:
    """On both loops: each says in its own words that a pipe is closed."""
    begin = f"from tertulia.core.images import child; child.IDLE_SECONDS = {0.05 if tired else 60}"
    data = saved(plain(50, 50), "png")

    async def act() -> None:
        studio = Studio(program=(sys.executable, "-c", f"{begin}; child.main()"))
        for _ in range(2):
            assert (await see(studio, tmp_path, data, "png")).width == 50
            [press] = studio.idle
            await (press.ended() if tired else press.end())
        await studio.close()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(act())


def _folder(above: Path, number: int) -> Path:
    folder = above / str(number)
    folder.mkdir()
    return folder


async def test_a_file_that_is_another_format_than_it_said_is_refused(
    studio: Studio, tmp_path: Path
) -> None:
    with pytest.raises(ImageUnreadable):
        await see(studio, tmp_path, saved(plain(50, 50), "png"), "jpeg")
    with pytest.raises(ImageTooLarge):
        await studio.see(tmp_path / "picture", "png", 1 << 40)


NPM = """
import {rgbaToThumbHash} from './web/node_modules/thumbhash/thumbhash.js'
const given = JSON.parse(process.argv[1])
const made = given.map(([w, h, p]) => rgbaToThumbHash(w, h, Buffer.from(p, 'base64')))
console.log(JSON.stringify(made.map((one) => Buffer.from(one).toString('base64'))))
"""


def test_placeholders_are_those_that_the_client_s_library_makes() -> None:
    dice = random.Random(5)  # noise: no value stands between two
    cases: list[tuple[int, int, bytes]] = []
    for width, height, clear in ((32, 24, False), (24, 32, True), (32, 5, False), (7, 32, True)):
        pixels = bytearray(dice.randbytes(width * height * 4))
        if not clear:
            pixels[3::4] = b"\xff" * (width * height)
        cases.append((width, height, bytes(pixels)))
    told = json.dumps([[w, h, base64.b64encode(pixels).decode()] for w, h, pixels in cases])
    node = shutil.which("node", path=f"{ROOT / '.tools' / 'bin'}:{os.environ['PATH']}")
    assert node is not None
    done = subprocess.run(
        [node, "--input-type=module", "-e", NPM, told],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    theirs = [base64.b64decode(one) for one in json.loads(done.stdout)]
    assert [thumbhash(*case) for case in cases] == theirs
