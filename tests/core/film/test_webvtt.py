"""Subtitles as strangers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.film import BadSubtitles, remake
from tertulia.core.film.webvtt import MAX_BYTES

SUBRIP = """1
00:00:01,000 --> 00:00:02,500
Hello, <i>world</i>

2
00:00:03,000 --> 00:00:04,000 X1:0 X2:100
{\\an8}Two
lines
"""


def test_subrip() -> None:
    assert remake(SUBRIP.encode()) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello, <i>world</i>\n\n"
        "00:00:03.000 --> 00:00:04.000\nTwo\nlines\n"
    )


def test_webvtt_loses_its_styles_and_keeps_its_words() -> None:
    given_ = (
        "WEBVTT - title\n\nSTYLE\n::cue { background: url(https://evil.example/x) }\n\n"
        "NOTE --\n\nid\n01:02.003 --> 01:03.000 line:0 position:10%\n"
        "<v Alice><c.red>Hi</c> &amp; <b.loud>bye</b></v>\n"
    )
    assert remake(given_.encode()) == (
        "WEBVTT\n\n00:01:02.003 --> 00:01:03.000\nHi &amp; <b>bye</b>\n"
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<script>alert(1)</script>", "alert(1)"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ("a < b > c", "a &lt; b &gt; c"),
        ("&lt;img src=x&gt;", "&lt;img src=x&gt;"),
        ("<b><i>crossed</b></i>", "<b><i>crossed</i></b>"),
        ("<b onclick=x>bold", "<b>bold</b>"),
        ("</i>closed", "closed"),
        ("1 --> 2", "1 --&gt; 2"),
        ("<00:00:01.000>sung", "sung"),
    ],
)
def test_only_three_tags_come_through(written: str, shown: str) -> None:
    said = remake(f"00:01.000 --> 00:02.000\n{written}\n".encode())
    assert said == f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{shown}\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert "Éloïse" in remake("00:01.000 --> 00:02.000\nÉloïse\n".encode(encoding))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"WEBVTT\n\n",
        b"\x89PNG\r\n\x1a\n",
        b"00:02.000 --> 00:01.000\nbackwards\n",
        b"00:01.000 --> 00:02.000\nx\n\n" * (MAX_BYTES // 20),
    ],
)
def test_what_is_none(data: bytes) -> None:
    with pytest.raises(BadSubtitles):
        remake(data)


@given(st.text())
def test_words_never_become_markup(words: str) -> None:
    try:
        said = remake(f"00:01.000 --> 00:02.000\n{words}\n".encode(errors="replace"))
    except BadSubtitles:
        return
    rest = said
    for tag in ("<b>", "</b>", "<i>", "</i>", "<u>", "</u>", "-->"):
        rest = rest.replace(tag, "")
    assert "<" not in rest
    assert ">" not in rest
