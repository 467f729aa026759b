"""What is taken out of files, and that the picture is not touched by it."""

import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.scrub import SCRUBBED, scrub
from tertulia.core.sniff import sniff

SECRET = b"47.3769 north"
FORMATS = ["jpg", "png", "webp", "gif"]


def photo(suffix: str, *, orientation: int = 1) -> bytes:
    """As a phone makes it: with a place, a camera, a comment."""
    image: Any = pyvips.Image.black(48, 32, bands=3).copy(interpretation="srgb")
    image = (image + pyvips.Image.xyz(48, 32).extract_band(0) * 5).cast("uchar").copy()
    text = pyvips.GValue.gstr_type
    image.set_type(text, "exif-ifd2-UserComment", f"{SECRET.decode()} (x, ASCII, 1, 1)")
    image.set_type(text, "exif-ifd0-Model", f"{SECRET.decode()} (x, ASCII, 14, 14)")
    image.set_type(pyvips.GValue.blob_type, "xmp-data", b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>")
    image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    return image.write_to_buffer(f".{suffix}")


def commented(suffix: str, data: bytes) -> bytes:
    """What libvips does not write: comments, and a second file behind the end."""
    behind = b"PK\3\4" + SECRET
    if suffix == "jpg":
        note = b"\xff\xfe" + struct.pack(">H", len(SECRET) + 2) + SECRET
        return data[:2] + note + data[2:] + behind
    if suffix == "png":
        text = b"tEXtComment\0" + SECRET
        chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
        return data[:33] + chunk + data[33:] + behind
    if suffix == "gif":
        note = b"\x21\xfe" + bytes([len(SECRET)]) + SECRET + b"\0"
        at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
        return data[:at] + note + data[at:] + behind
    return data + behind


def scrubbed(folder: Path, data: bytes) -> tuple[bool, bytes]:
    path = folder / "file"
    path.write_bytes(data)
    return scrub(path, sniff(data)), path.read_bytes()


def pixels(data: bytes) -> bytes:
    return pyvips.Image.new_from_buffer(data, "").autorot().write_to_memory()


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_place_goes_and_the_picture_stays(tmp_path: Path, suffix: str) -> None:
    data = commented(suffix, photo(suffix, orientation=6))
    assert SECRET in data
    changed, kept = scrubbed(tmp_path, data)
    assert changed
    assert SECRET not in kept
    assert b"PK\3\4" not in kept
    assert pixels(kept) == pixels(data)
    again, twice = scrubbed(tmp_path, kept)
    assert twice == kept, again


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_it_is_still_turned_the_right_way(tmp_path: Path, suffix: str) -> None:
    _, kept = scrubbed(tmp_path, photo(suffix, orientation=6))
    image = pyvips.Image.new_from_buffer(kept, "")
    assert image.get("orientation") == 6
    assert [name for name in image.get_fields() if "Model" in name or "xmp" in name] == []


def test_colours_and_what_moves_are_kept(tmp_path: Path) -> None:
    still = pyvips.Image.black(20, 20, bands=3).copy(interpretation="srgb")
    data = still.jpegsave_buffer(profile="p3")
    assert b"ICC_PROFILE" in scrubbed(tmp_path, data)[1]
    frames = [still.draw_rect([200, n, n], n, n, 5, 5) for n in range(4)]
    film = pyvips.Image.arrayjoin(frames, across=1).copy()
    film.set_type(pyvips.GValue.gint_type, "page-height", 20)
    for suffix in ("gif", "webp"):
        moving = film.write_to_buffer(f".{suffix}")
        kept = scrubbed(tmp_path, commented(suffix, moving))[1]
        image = pyvips.Image.new_from_buffer(kept, "n=-1")
        assert image.get("n-pages") == 4
        assert image.get("loop") == pyvips.Image.new_from_buffer(moving, "n=-1").get("loop")


def test_an_avif_loses_its_items(tmp_path: Path) -> None:
    data = photo("avif")
    assert SECRET in data
    changed, kept = scrubbed(tmp_path, data)
    assert changed
    assert SECRET not in kept
    assert len(kept) == len(data), "nothing may move"
    assert pixels(kept) == pixels(data)


@pytest.mark.parametrize(("format_", "place"), [("mp4", b"loci"), ("mov", b"\xa9xyz")])
def test_a_film_forgets_where_it_was_made(tmp_path: Path, format_: str, place: bytes) -> None:
    made = tmp_path / f"film.{format_}"
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i",
            "testsrc2=s=64x48:r=25:d=0.2", "-metadata", "location=+47.3769+008.5417/",
            "-metadata", f"title={SECRET.decode()}", made,
        ],
        check=True,
    )  # fmt: skip
    data = made.read_bytes()
    assert place in data
    assert scrub(made, sniff(data))
    assert place not in made.read_bytes()
    assert SECRET not in made.read_bytes()
    frames = [
        subprocess.run(
            [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", path, "-f", "md5", "-"],
            check=True, capture_output=True,
        ).stdout
        for path in (made, _written(tmp_path / "before", data))
    ]  # fmt: skip
    assert frames[0] == frames[1]


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_music_keeps_its_title(tmp_path: Path) -> None:
    made = tmp_path / "song.m4a"
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i",
            "sine=d=0.2", "-metadata", "title=Nocturne", made,
        ],
        check=True,
    )  # fmt: skip
    assert not scrub(made, "audio/mp4")
    assert b"Nocturne" in made.read_bytes()


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_is_cut_short_is_left_or_kept_as_far_as_it_goes(tmp_path: Path, suffix: str) -> None:
    data = photo(suffix)
    for length in range(0, len(data), 7):
        _, kept = scrubbed(tmp_path, data[:length])
        assert len(kept) <= length + 40


STARTS = [b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\0\0\0WEBPVP8X", b"GIF89a" + bytes(7)]
BOXES = [b"\0\0\0\x20ftypavif", b"\0\0\1\0meta" + bytes(4), b"\0\0\0\x40iloc\1\0\0\0\x44\0"]
BITS = [
    b"\xff\xe1\0\x08Exif\0\0",
    b"\0\0\0\x30iinf",
    b"moov",
    b"\0\0\0\1udta",
    b"\x21\xff",
    b"MM\0*",
]


@given(
    st.sampled_from(sorted(SCRUBBED)),
    st.lists(st.one_of(st.sampled_from([*STARTS, *BOXES, *BITS]), st.binary(max_size=9))),
)
def test_nothing_that_is_built_badly_stops_it(
    tmp_path_factory: pytest.TempPathFactory, media_type: str, parts: list[bytes]
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz"
    path.write_bytes(b"".join(parts))
    before = path.stat().st_size
    scrub(path, media_type)
    assert path.stat().st_size <= before + 100
