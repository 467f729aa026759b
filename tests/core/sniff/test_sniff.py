"""What files are, by files that real programs made, and by files that lie."""

import io
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.sniff import HEAD, OCTETS, TAIL, sniff


def look(data: bytes) -> str:
    return sniff(data[:HEAD], data[-TAIL:])


def picture(suffix: str, **options: Any) -> bytes:
    image = pyvips.Image.black(32, 24, bands=3).copy(interpretation="srgb")
    return image.write_to_buffer(suffix, **options)


def film(format_: str, video: str | None = None, audio: str | None = None) -> bytes:
    """A fifth of a second of it."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error"]
    if video:
        command += ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=0.2"]
    if audio:
        command += ["-f", "lavfi", "-i", "sine=r=48000:d=0.2"]
    command += [*(["-c:v", video] if video else []), *(["-c:a", audio] if audio else [])]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "film"
        subprocess.run([*command, "-f", format_, target], check=True)
        return target.read_bytes()


def zipped(**names: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return target.getvalue()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = b"[Content_Types].xml".decode()
ODT = b"application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("suffix", "type_"),
    [
        (".png", "image/png"),
        (".jpg", "image/jpeg"),
        (".gif", "image/gif"),
        (".webp", "image/webp"),
        (".tif", "image/tiff"),
        (".avif", "image/avif"),
    ],
)
def test_pictures(suffix: str, type_: str) -> None:
    assert look(picture(suffix)) == type_


@pytest.mark.parametrize(
    ("format_", "video", "audio", "type_"),
    [
        ("mp4", "libx264", "aac", "video/mp4"),
        ("mp4", None, "aac", "audio/mp4"),
        ("ipod", None, "aac", "audio/mp4"),
        ("mov", "libx264", "aac", "video/quicktime"),
        ("3gp", "libx264", None, "video/3gpp"),
        ("webm", "libvpx", "libopus", "video/webm"),
        ("webm", None, "libopus", "audio/webm"),
        ("matroska", "libx264", "aac", "video/x-matroska"),
        ("ogg", None, "libopus", "audio/ogg"),
        ("mp3", None, "libmp3lame", "audio/mpeg"),
        ("adts", None, "aac", "audio/aac"),
        ("flac", None, "flac", "audio/flac"),
        ("wav", None, "pcm_s16le", "audio/wav"),
        ("avi", "mpeg4", None, "video/x-msvideo"),
        ("mpegts", "libx264", "aac", "video/mp2t"),
        ("flv", "flv1", None, "video/x-flv"),
    ],
)
def test_films_and_sound(format_: str, video: str | None, audio: str | None, type_: str) -> None:
    assert look(film(format_, video, audio)) == type_


def test_an_mp3_without_its_tag_is_known_by_its_frames() -> None:
    data = film("mp3", None, "libmp3lame")
    tag = 10 + (data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9])
    assert data.startswith(b"ID3")
    assert look(data[tag:]) == "audio/mpeg"


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (zipped(**{TYPES: b"<Types/>", "word/document.xml": b"<w/>"}), WORD),
        (zipped(**{"xl/workbook.xml": b"<w/>", TYPES: b"<Types/>"}), SHEET),
        (zipped(mimetype=ODT, content=b"x"), ODT.decode()),
        (zipped(mimetype=b"text/html", content=b"x"), "application/zip"),
        (zipped(**{"META-INF/MANIFEST.MF": b""}), "application/java-archive"),
        (zipped(a=b"x"), "application/zip"),
        (zipped(), "application/zip"),
    ],
)
def test_what_is_zipped(data: bytes, type_: str) -> None:
    assert look(data) == type_


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (b"", "text/plain"),
        (b"good evening\r\n\tto all of you", "text/plain"),
        ("\N{BYTE ORDER MARK}grüß gott".encode(), "text/plain"),
        (b"1 < 2 and <3", "text/plain"),
        (b"<3 hello", "text/plain"),
        (("a" * (HEAD - 1) + "é").encode(), "text/plain"),  # cut in two by our look
        ("grüß gott".encode("latin-1"), OCTETS),
        (b"some text\0and more", OCTETS),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nhello", "text/vtt"),
        (b"1\r\n00:00:01,000 --> 00:00:02,000\r\nhello", "application/x-subrip"),
        (b"#EXTM3U\n#EXTINF:1\n/etc/passwd", "application/vnd.apple.mpegurl"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"MZ\x90\0\3\0\0\0", OCTETS),
        (b"\x7fELF\2\1\1", OCTETS),
    ],
)
def test_texts_and_others(data: bytes, type_: str) -> None:
    assert look(data) == type_


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script>",
        b"  \n<!-- a --> <!DOCTYPE HTML>",
        b"<!-- never closed <p>",
        b"<SCRIPT>alert(1)</SCRIPT>",
        b"<body onload=alert(1)>",
        b"\xef\xbb\xbf<a href=x>",
        b"<x-card>",
        b"<?xml version='1.0'?><!DOCTYPE html><html/>",
    ],
)
def test_pages_are_no_text(data: bytes) -> None:
    assert look(data) == "text/html"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg onload=alert(1)>",
        b"<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><!-- <html> --><!DOCTYPE svg><svg/>",
        b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' ''><svg/>",
    ],
)
def test_drawings_that_may_run_scripts_are_told(data: bytes) -> None:
    assert look(data) == "image/svg+xml"


def test_of_two_files_in_one_the_first_counts() -> None:
    archive = zipped(**{"META-INF/MANIFEST.MF": b""})
    assert look(picture(".gif") + archive) == "image/gif"
    assert look(picture(".jpg") + b"<script>alert(1)</script>") == "image/jpeg"
    assert look(b"GIF89a=1;alert(1)//") == "image/gif"  # and unreadable for every decoder
    assert look(b"\n%PDF-1.4\n<script>") == "text/plain"  # readers search further; we do not


def test_what_only_begins_like_something_is_not_it() -> None:
    assert look(b"RIFF\0\0\0\0EVIL") == OCTETS
    assert look(b"BM and other companies") == "text/plain"
    assert look(b"\xff\xfb\x90\0" + bytes(2000)) == OCTETS  # one frame's sign, no second
    assert look(b"\0\0\0\x18ftypmp42") != "image/avif"
    assert look(b"Ge took 188 bytes" + bytes(500)) == OCTETS


@given(st.binary(max_size=600), st.binary(max_size=200))
def test_never_raises(head: bytes, tail: bytes) -> None:
    assert "/" in sniff(head, tail)


STARTS = (b"\xff\xfb", b"\xff\xf1", b"ID3\3", b"PK\3\4", b"PK\1\2", b"\x1a\x45\xdf\xa3\x42\x82")
MORE = (b"\0\0\0\x20ftyp", b"OggS\0", b"<?xml", b"<!--", b"RIFF", b"\x47")


@given(st.lists(st.sampled_from([*STARTS, *MORE, b"\xff", b"\0", b"<svg", b"-->"]), max_size=40))
def test_never_raises_where_a_parser_begins(parts: list[bytes]) -> None:
    data = b"".join(parts)
    assert "/" in sniff(data, data)
