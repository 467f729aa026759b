"""Pictures from strangers: what comes out, and what is refused."""

import sys
from itertools import pairwise
from typing import Any, cast

import pytest
import pyvips

from tertulia.core.images import (
    MAX_BYTES,
    ImageTooLarge,
    ImageUnreadable,
    Picture,
    Studio,
    Wanted,
)

EMOJI = Wanted(side=128, frames=60)


def plain(width: int, height: int, red: int = 200) -> Any:
    image = pyvips.Image.black(width, height, bands=3).linear([1], [red, 30, 40]).cast("uchar")
    return image.copy(interpretation="srgb")


def film(frames: int, width: int = 40, height: int = 30) -> Any:
    # No two alike in a row, or encoders would make one of them.
    stills = [plain(width, height, red=frame % 2 * 120 + frame) for frame in range(frames)]
    strip = pyvips.Image.arrayjoin(stills, across=1).copy()
    strip.set_type(pyvips.GValue.gint_type, "page-height", height)
    strip.set_type(pyvips.GValue.array_int_type, "delay", [70] * frames)
    strip.set_type(pyvips.GValue.gint_type, "loop", 0)
    return strip


FORMATS = ("png", "gif", "webp", "jpeg")


def saved(image: Any, format_: str, **options: Any) -> bytes:
    return image.write_to_buffer(f".{format_}", **options)


def opened(picture: Picture, **options: Any) -> Any:
    load = cast("Any", pyvips.Image).webpload_buffer  # libvips' operations have no types
    return load(picture.data, **options)


@pytest.fixture
def studio() -> Studio:
    return Studio()


@pytest.mark.parametrize("format_", FORMATS)
async def test_every_format_becomes_a_webp_of_the_wanted_size(studio: Studio, format_: str) -> None:
    picture = await studio.remake(saved(plain(600, 300), format_), EMOJI)
    assert (picture.width, picture.height, picture.frames) == (128, 64, 1)
    seen = opened(picture)
    assert (seen.width, seen.height) == (128, 64)
    assert abs(seen(10, 10)[0] - 200) < 12


async def test_a_small_picture_stays_small_and_a_cover_fills_its_square(studio: Studio) -> None:
    small = saved(plain(20, 30), "png")
    inside = await studio.remake(small, EMOJI)
    assert (inside.width, inside.height) == (20, 30)
    cover = await studio.remake(small, Wanted(side=64, fit="cover"))
    assert (cover.width, cover.height) == (64, 64)


@pytest.mark.parametrize("format_", ["gif", "webp"])
async def test_what_moves_goes_on_moving_for_so_many_frames(studio: Studio, format_: str) -> None:
    picture = await studio.remake(saved(film(100), format_), EMOJI)
    seen = opened(picture, n=-1)
    assert (picture.frames, seen.get("n-pages")) == (60, 60)
    assert seen.get("delay")[:60] == [70] * 60
    stills = [seen.crop(0, frame * 30, 40, 30) for frame in range(60)]
    assert all(abs(a(5, 5)[0] - b(5, 5)[0]) > 2 for a, b in pairwise(stills[:20]))
    still = await studio.remake(saved(film(100), format_), Wanted(side=128))
    assert still.frames == 1


async def test_nothing_of_the_sender_is_kept(studio: Studio) -> None:
    image = plain(64, 64).copy()
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "47/1 22/1 0/1 (x)")
    image.set_type(pyvips.GValue.gstr_type, "png-comment-0-secret", "at home")
    sent = saved(image, "jpeg") + b"PK\x03\x04 a second file behind the first <script>"
    picture = await studio.remake(sent, EMOJI)
    assert b"script" not in picture.data
    assert b"PK\x03\x04" not in picture.data
    assert not [name for name in opened(picture).get_fields() if "exif" in name or "icc" in name]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        b"%PDF-1.4",
        b"GIF89a<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n" + bytes(500),
        b"\xff\xd8\xff" + bytes(500),
        b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(200),
        saved(plain(300, 300), "png")[:-60],
        saved(plain(300, 300), "jpeg")[:-300],
        saved(plain(300, 300), "webp")[:-40],
    ],
    ids=["empty", "svg", "pdf", "gif+js", "png", "jpeg", "webp", "cut png", "cut jpeg", "cut webp"],
)
async def test_what_cannot_be_read_to_its_end_is_refused(studio: Studio, data: bytes) -> None:
    with pytest.raises(ImageUnreadable) as refused:
        await studio.remake(data, EMOJI)
    assert refused.value.errors[0].field == "image"


@pytest.mark.parametrize(
    "data",
    [
        saved(plain(8_000, 8_000), "png", compression=9),
        saved(plain(9_000, 2), "png"),
        saved(film(60, 1_000, 1_000), "gif"),
        bytes(MAX_BYTES + 1),
    ],
    ids=["pixels", "side", "frames", "bytes"],
)
async def test_bombs_are_refused_before_they_are_decoded(studio: Studio, data: bytes) -> None:
    assert len(data) <= MAX_BYTES + 1, "it must get as far as the child"
    with pytest.raises(ImageTooLarge):
        await studio.remake(data, EMOJI)


async def test_a_child_that_never_answers_is_ended() -> None:
    studio = Studio(program=(sys.executable, "-c", "while True: pass"), seconds=0.3)
    with pytest.raises(ImageTooLarge):
        await studio.remake(saved(plain(8, 8), "png"), EMOJI)


@pytest.mark.parametrize("last", ["import os; os.abort()", "print('no answer')", "bytes(1 << 40)"])
async def test_a_child_that_dies_takes_only_its_picture_along(last: str) -> None:
    studio = Studio(program=(sys.executable, "-c", f"import sys; sys.stdin.buffer.read(4); {last}"))
    with pytest.raises(ImageUnreadable):
        await studio.remake(saved(plain(8, 8), "png"), EMOJI)


async def test_a_child_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERTULIA_SECRET_KEY", "hidden")
    told = "import os, sys; sys.exit('TERTULIA_SECRET_KEY' in os.environ and 3)"
    studio = Studio(program=(sys.executable, "-c", f"import sys; sys.stdin.buffer.read(4); {told}"))
    with pytest.raises(ImageUnreadable):  # it said nothing; what counts is how it ended
        await studio.remake(saved(plain(8, 8), "png"), EMOJI)
