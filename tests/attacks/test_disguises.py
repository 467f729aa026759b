"""Files that are not what they say, or two things at once, from the upload to what is kept.

The unguarded server goes by the name, as `mimetypes` does, and keeps what it was sent.
"""

import io
import mimetypes
import struct
import zipfile

import pytest
from tests.core.scrub.test_scrub import photo
from tests.features.files.laboratory import now, settling, stored, studio, upload, work
from tests.features.sync.conftest import House, house

from tertulia.features.files.jobs import Settling
from tertulia.features.files.schemas import File

__all__ = ["house", "settling", "studio"]

SCRIPT = b"<script>alert(document.cookie)</script>"
HTML = b"<!doctype html><title>x</title>" + SCRIPT
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">' + SCRIPT + b"</svg>"


async def settled(house: House, settling: Settling, data: bytes, name: str) -> tuple[File, bytes]:
    """The file, and the bytes that others would get."""
    file = await upload(house, settling, data, name=name)
    await work(house, settling)
    [key] = await stored(settling)
    kept = b"".join([block async for block in settling.storage.read(key)])
    return await now(house, file), kept


@pytest.mark.parametrize(
    ("data", "name", "type_"),
    [
        (HTML, "holiday.jpg", "text/html"),
        (HTML, "notes.txt", "text/html"),
        (b"\n\n  " + SCRIPT, "photo.png", "text/html"),
        (SVG, "drawing.png", "image/svg+xml"),
        (b"<?xml version='1.0'?>" + SVG, "drawing.webp", "image/svg+xml"),
        (b"#EXTM3U\n#EXTINF:9,\n/etc/passwd\n", "film.mp4", "application/vnd.apple.mpegurl"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "film.mp4", "text/plain"),
        (b"<MPD><BaseURL>/etc/passwd</BaseURL></MPD>", "film.mp4", "text/html"),
        (b"\x7fELF\2\1\1" + bytes(60), "song.mp3", "application/octet-stream"),
        (b"MZ" + bytes(100), "photo.jpg", "application/octet-stream"),
        (b"PK\3\4" + bytes(60), "photo.jpg", "application/zip"),
    ],
)
async def test_a_name_is_nothing(
    house: House, settling: Settling, data: bytes, name: str, type_: str
) -> None:
    said, _ = mimetypes.guess_type(name)
    assert said
    assert said.startswith(("image/", "video/", "audio/", "text/plain")), "shown, and run"
    file, kept = await settled(house, settling, data, name)
    assert (file.media_type, file.look) == (type_, None)
    assert kept == data, "it is theirs, and nobody opens it by himself"


def zipped(name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp"])
async def test_a_picture_that_is_an_archive_too(
    house: House, settling: Settling, suffix: str
) -> None:
    """GIFAR and its kin: Java, and many a scanner, read from the end."""
    data = photo(suffix) + zipped("META-INF/MANIFEST.MF", b"Main-Class: Evil")
    assert zipfile.is_zipfile(io.BytesIO(data))
    file, kept = await settled(house, settling, data, f"cat.{suffix}")
    assert file.look is not None
    assert not zipfile.is_zipfile(io.BytesIO(kept))
    assert b"Evil" not in kept


@pytest.mark.parametrize("place", [b"\xff\xfe", b"\xff\xe1", b"\xff\xed"])
async def test_a_picture_with_a_page_inside(house: House, settling: Settling, place: bytes) -> None:
    """For browsers and includes that look for a tag anywhere: comments, XMP, Photoshop's notes."""
    data = photo("jpg")
    data = data[:2] + place + struct.pack(">H", len(HTML) + 2) + HTML + data[2:]
    assert SCRIPT in data
    file, kept = await settled(house, settling, data, "cat.jpg")
    assert file.media_type == "image/jpeg"
    assert SCRIPT not in kept


async def test_a_picture_whose_pixels_are_only_a_sign(house: House, settling: Settling) -> None:
    """`GIF89a` is a fine variable in JavaScript. It has a picture's type, which no browser runs,
    and no picture."""
    file, _ = await settled(house, settling, b"GIF89a=1;alert(1)//", "cat.gif")
    assert (file.media_type, file.look) == ("image/gif", None)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "..\\..\\passwd"])
async def test_a_name_is_no_place(house: House, settling: Settling, name: str) -> None:
    """Keys are of our making alone."""
    file = await upload(house, settling, b"text", name=name)
    await work(house, settling)
    [key] = await stored(settling)
    assert "passwd" not in key
    assert (await now(house, file)).state == "ready"
