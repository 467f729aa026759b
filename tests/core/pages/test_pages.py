"""Reading the heads of strangers' pages."""

import sys
from contextlib import suppress

import pytest

from tertulia.core.pages import Head, PageUnreadable, Reader, read_head


def head(html: str, charset: str | None = "utf-8") -> Head:
    return read_head(html.encode(), charset)


def test_opengraph_goes_before_twitter_before_html() -> None:
    page = """<html><head><title>Plain</title>
    <meta name="twitter:title" content="Bird"><meta property="og:title" content="Graph">
    <meta name="description" content="plain words">
    <meta property="og:site_name" content="The Site"><meta property="og:image" content="/a.png">"""
    assert head(page) == Head("Graph", "plain words", "The Site", "/a.png")
    assert head("<title>Only &amp; this</title>").title == "Only & this"


def test_what_comes_after_the_head_says_nothing() -> None:
    assert head(
        "<head><title>A</title></head><body><meta property='og:title' content='B'>"
    ) == Head(title="A")
    assert head("<body><title>nope</title>").title == ""
    assert head("<script>'<title>x</title>'</script><title>y</title>").title == "y"


def test_texts_are_one_line_and_cut() -> None:
    assert head("<title>\n a \u202e\u0007b\t c</title>").title == "a b c"
    assert len(head(f"<title>{'word ' * 500}</title>").title) <= 200


@pytest.mark.parametrize("charset", ["latin-1", "utf-8", "utf-16", "shift_jis", "koi8-r"])
def test_a_page_is_read_in_its_own_script(charset: str) -> None:
    word = {"shift_jis": "日本", "koi8-r": "привет"}.get(charset, "ä")
    page = f"<title>{word}</title>".encode(charset)
    assert read_head(page, charset).title == word
    named = f'<meta charset="{charset}"><title>{word}</title>'
    if charset not in ("utf-16",):
        assert read_head(named.encode(charset), None).title == word


@pytest.mark.parametrize(
    "charset", ["zlib", "base64", "idna", "rot13", "no such", "\0", "undefined"]
)
def test_a_charset_that_is_none_is_passed_over(charset: str) -> None:
    assert read_head(b"<title>still here</title>", charset).title == "still here"


async def test_a_child_reads() -> None:
    page = "<title>Übung</title>".encode()
    assert (await Reader().head(page, "utf-8")).title == "Übung"


@pytest.mark.parametrize(
    "program", ["import time; time.sleep(60)", "import os; os.abort()", "print('no JSON')"]
)
async def test_a_child_that_dies_or_dawdles_is_no_harm(program: str) -> None:
    reader = Reader(program=(sys.executable, "-c", program), seconds=1.0)
    with pytest.raises(PageUnreadable):
        await reader.head(b"<title>x</title>", None)


@pytest.mark.parametrize("bomb", ["<" * 300_000, "<!--" * 75_000, "<a " * 100_000, "&" * 300_000])
async def test_pages_made_to_be_slow_end_in_time(bomb: str) -> None:
    with suppress(PageUnreadable):  # ended by its limit: that is an answer, too
        await Reader(seconds=20).head(bomb.encode(), "utf-8")
