"""Pictures that are weapons: each attack works on a server without our guards, and not on ours.

The unguarded server is the obvious one: libvips, whatever it can load, every frame, no bound.
What lies about its kind is in `test_disguises`, films are in `test_films`.
"""

import struct
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pyvips
from tests.core.images.test_images import plain, saved

from tertulia.core.images import ImageTooLarge, ImageUnreadable, Sight, Studio
from tertulia.core.images.seeing import MAX_PIXELS

MEGABYTE = 1_000  # kB, as the kernel counts memory


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    studio = Studio()
    yield studio
    await studio.close()


async def see(studio: Studio, folder: Path, data: bytes, format_: str) -> Sight:
    path = folder / "file"
    path.write_bytes(data)
    return await studio.see(path, format_, len(data))


def unguarded(folder: Path, data: bytes, load: str) -> int:
    """Decode it as a whole; the memory that it took, in kB."""
    path = folder / "bomb"
    path.write_bytes(data)
    code = (
        "import pyvips, resource, sys\n"
        f"pyvips.Image.{load}.copy_memory()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, str(path)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def shut(code: str, *words: str | Path) -> str:
    """What a program says that did first what our child does first; its error where it fails."""
    begin = "from tertulia.core.images.opening import shut_the_others; shut_the_others()\n"
    command = [sys.executable, "-c", "import pyvips, sys\n" + begin + code, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout or done.stderr


# Bombs


def bomb(side: int) -> bytes:
    """A square PNG of one colour: a bit for a pixel, and a thousandth of that once compressed."""
    packer = zlib.compressobj(9)
    line = bytes(1 + (side + 7) // 8)
    packed = b"".join(packer.compress(line) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    )


async def test_pixels(studio: Studio, tmp_path: Path) -> None:
    data = bomb(16_000)
    assert len(data) < 100_000
    assert unguarded(tmp_path, data, "pngload(sys.argv[1])") > 200 * MEGABYTE
    with pytest.raises(ImageTooLarge):
        await see(studio, tmp_path, data, "png")


async def test_what_is_just_below_the_bound_is_a_picture(studio: Studio, tmp_path: Path) -> None:
    side = int(MAX_PIXELS**0.5)
    assert (await see(studio, tmp_path, bomb(side), "png")).width == side


def flicker(frames: int, side: int) -> bytes:
    """A GIF whose every frame is one more dot, on a canvas that is much larger."""
    head = b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    control = b"\x21\xf9\4\0\1\0\0\0"
    dots = (
        b"\x2c" + struct.pack("<HHHHB", n % side, n // side, 1, 1, 0) + b"\2\2\x4c\1\0"
        for n in range(frames)
    )
    return head + b"".join(control + dot for dot in dots) + b"\x3b"


async def test_frames(studio: Studio, tmp_path: Path) -> None:
    """Four kilobytes are half a gigabyte; ours is its first frame."""
    data = flicker(150, 1_000)
    assert len(data) < 5_000
    assert unguarded(tmp_path, data, "gifload(sys.argv[1], n=-1)") > 400 * MEGABYTE
    sight = await see(studio, tmp_path, data, "gif")
    assert sight.frames == 150
    [moving] = [one for one in sight.renditions if one.name == "preview.webp"]
    assert not pyvips.Image.new_from_buffer(moving.data, "").get_typeof("n-pages")


async def test_very_many_frames_are_cut_off(studio: Studio, tmp_path: Path) -> None:
    sight = await see(studio, tmp_path, flicker(3_000, 60), "gif")
    assert sight.frames == 3_000
    [moving] = [one for one in sight.renditions if one.name == "preview.webp"]
    seen: Any = pyvips.Image.new_from_buffer(moving.data, "n=-1")
    assert seen.height // seen.get("page-height") <= 300


def scans(count: int) -> bytes:
    """A progressive JPEG whose last refinement comes again and again: each is a few bytes, and a
    walk over every block."""
    image: Any = pyvips.Image.black(1_500, 1_500)
    data: bytes = image.jpegsave_buffer(interlace=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * count + data[-2:]


async def test_scans(studio: Studio, tmp_path: Path) -> None:
    data = scans(200)
    unguarded(tmp_path, data, "jpegload(sys.argv[1], unlimited=True)")
    with pytest.raises(ImageUnreadable):
        await see(studio, tmp_path, data, "jpeg")


@pytest.mark.parametrize("format_", ["png", "jpeg", "webp", "gif"])
async def test_half_a_picture(studio: Studio, tmp_path: Path, format_: str) -> None:
    """A lenient loader shows what memory held before, or gray; ours shows nothing."""
    whole = saved(plain(300, 300), format_)
    half = whole[: len(whole) // 2]
    with pytest.raises(ImageUnreadable):
        await see(studio, tmp_path, half, format_)


# Loaders

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>'
LOADERS = [
    ("svgload", SVG),
    ("tiffload", saved(plain(9, 9), "tif")),
    ("csvload", b"1,2,3\n4,5,6\n"),
    ("new_from_file", SVG),
    ("new_from_file", saved(plain(9, 9), "tif")),
]


@pytest.mark.parametrize(
    ("load", "data"), LOADERS, ids=["svg", "tiff", "csv", "any svg", "any tiff"]
)
def test_other_loaders_cannot_be_reached(tmp_path: Path, load: str, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    code = f"print('loaded', pyvips.Image.{load}(sys.argv[1]).avg() >= 0)"
    open_ = subprocess.run(
        [sys.executable, "-c", f"import pyvips, sys\n{code}", path],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert open_.stdout == "loaded True\n"
    assert "loaded" not in shut(code, path)


@pytest.mark.parametrize("format_", ["png", "jpeg", "webp", "gif", "avif"])
async def test_nor_by_calling_it_something_else(
    studio: Studio, tmp_path: Path, format_: str
) -> None:
    for data in (SVG, saved(plain(9, 9), "tif")):
        with pytest.raises(ImageUnreadable):
            await see(studio, tmp_path, data, format_)


# What a decoder that was taken over may do


BOUND = "from tertulia.core.images import child; child.CPU_SECONDS = 1; child.bound()\n"


@pytest.mark.parametrize(
    "attack",
    ["open(sys.argv[1], 'w').write('x' * 10_000)", "bytearray(3 << 30)", "while True: pass"],
    ids=["write files", "take memory", "run for ever"],
)
def test_a_fork_is_bound(tmp_path: Path, attack: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{BOUND}{attack}", tmp_path / "made"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    made = tmp_path / "made"
    assert not made.exists() or not made.read_bytes()
