"""Names that strangers chose, as headers and as names of files."""

import unicodedata
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.http.disposition import (
    LONGEST_NAME,
    clean_name,
    content_disposition,
    content_type,
    is_shown,
    page_policy,
)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("photo.jpg", "photo.jpg"),
        ("  Ana's  holiday\t1.jpg ", "Ana's holiday 1.jpg"),
        ("año — 東京 🗼.png", "año — 東京 🗼.png"),
        ("👩\u200d💻.png", "👩\u200d💻.png"),  # one person, not two
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\ana\cv.pdf", "cv.pdf"),
        ("folder/", "folder"),
        ("..", "file"),
        ("", "file"),
        ("/", "file"),
        ("\u202e\u2066", "file"),
        ("photo\u202egpj.exe", "photogpj.exe"),  # reads as photoexe.jpg otherwise
        ("a\u200bb\ufeff.txt", "ab.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie: x=1.txt"),
        ("a\x00.txt\x1b[31m", "a.txt[31m"),
        ("a\u2028b.txt", "ab.txt"),
        ("a\ud800b.txt", "ab.txt"),
        (".htaccess", "htaccess"),
        ("film.exe. .", "film.exe"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.log", "console.log"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("a" * 300 + ".jpeg", "a" * 195 + ".jpeg"),
        ("東" * 100 + ".pdf", "東" * 65 + ".pdf"),
        ("a" * 300, "a" * 200),
        ("a." + "b" * 300, "a." + "b" * 198),
    ],
)
def test_a_clean_name(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@given(st.text(max_size=400) | st.text("./\\ \u202ea\u0301\u200d", max_size=40))
def test_every_name_becomes_one_that_is_safe(name: str) -> None:
    clean = clean_name(name)
    assert clean
    assert len(clean.encode()) <= LONGEST_NAME
    assert not set(clean) & set("/\\\0\r\n\t")
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in clean)
    assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert clean not in (".", "..")
    assert not clean.startswith(".")
    assert clean_name(clean) == clean


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("photo.jpg", 'attachment; filename="photo.jpg"'),
        ("a b.txt", 'attachment; filename="a b.txt"'),
        ('a"b.txt', "attachment; filename=\"a_b.txt\"; filename*=UTF-8''a%22b.txt"),
        ("50%.txt", "attachment; filename=\"50_.txt\"; filename*=UTF-8''50%25.txt"),
        ("naïve.txt", "attachment; filename=\"naive.txt\"; filename*=UTF-8''na%C3%AFve.txt"),
        ("東.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%E6%9D%B1.txt"),
        ("a;b=c,(d).txt", 'attachment; filename="a;b=c,(d).txt"'),
    ],
)
def test_the_header(name: str, header: str) -> None:
    assert content_disposition(False, name) == header


@given(st.text(max_size=300))
def test_the_header_says_the_name_and_nothing_else(name: str) -> None:
    header = content_disposition(True, name)
    assert header.isascii()
    assert header.isprintable()
    parsed = Message()
    parsed["content-disposition"] = header
    assert parsed.get_content_disposition() == "inline"
    plain = parsed.get_param("filename", header="content-disposition")
    exact = header.partition("filename*=UTF-8''")[2]
    told = unquote(exact) if exact else header.removeprefix('inline; filename="')[:-1]
    assert told == clean_name(name)
    assert plain is not None


@pytest.mark.parametrize(
    "media_type",
    [
        *("text/html", "image/svg+xml", "application/xml", "text/xml", "application/xhtml+xml"),
        *("application/pdf", "text/javascript", "application/javascript", "text/css"),
        *("application/octet-stream", "application/zip", "image/tiff", "model/gltf+json", ""),
        *(
            "text/html; charset=utf-8",
            "TEXT/HTML",
            "image/png\r\nx: y",
            "multipart/x-mixed-replace",
        ),
    ],
)
def test_what_can_run_a_script_is_never_shown(media_type: str) -> None:
    assert not is_shown(media_type)


@pytest.mark.parametrize(
    "media_type", ["image/png", "image/avif", "audio/mpeg", "video/mp4", "text/plain", "IMAGE/GIF"]
)
def test_what_is_shown(media_type: str) -> None:
    assert is_shown(media_type)


def test_every_page_is_in_a_cage() -> None:
    for media_type in ("text/html", "image/svg+xml", "image/png", "text/plain", "video/x-unknown"):
        assert page_policy(media_type).startswith("sandbox; default-src 'none';")
    for media_type in ("video/mp4", "audio/ogg"):
        assert page_policy(media_type).startswith("sandbox allow-same-origin; default-src 'none';")


def test_the_type_is_sent_plainly() -> None:
    assert content_type("text/plain") == "text/plain; charset=utf-8"
    assert content_type("image/PNG; x=y") == "image/png"
    for broken in ("", "html", "image/png\r\nset-cookie: a=b", "a b/c", "image/"):
        assert content_type(broken) == "application/octet-stream"
