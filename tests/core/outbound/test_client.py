"""The guarded client against servers that mean harm. Each of these reached something, or took
everything, when the guard it names was taken out."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Sequence

import pytest
from tests.support.strangers import Stranger, answer, stranger

from tertulia.core.outbound import Bounds, NotAllowed, Outbound, Places, TooMuch, Unreachable

BOUNDS = Bounds(seconds=10, size=10_000)


@pytest.fixture
async def there() -> AsyncIterator[Stranger]:
    async with stranger() as there:
        yield there


async def test_a_page_is_fetched_without_anything_of_ours(there: Stranger) -> None:
    there.pages["/a"] = answer(b"<h1>hello</h1>", set_cookie="id=1")
    client = there.client()
    found = await client.get(there.url("/a?x=1"), BOUNDS)
    assert (found.status, found.type, found.body) == (200, "text/html", b"<h1>hello</h1>")
    await client.get(there.url("/a"), BOUNDS)
    asked = there.asked[1]
    assert asked.headers["host"] == f"stranger.example:{there.port}"
    assert asked.headers["user-agent"] == "Tertulia/0"
    assert "cookie" not in asked.headers
    assert "authorization" not in asked.headers


async def test_a_name_that_points_inside_reaches_nothing(there: Stranger) -> None:
    for host in ("localhost", "metadata.example"):
        outside = Outbound(Places(), there.resolve, agent="x")
        with pytest.raises(NotAllowed):
            await outside.get(there.url("/", host), BOUNDS)
    assert there.asked == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254"]
)
async def test_an_address_that_is_inside_reaches_nothing(there: Stranger, host: str) -> None:
    outside = Outbound(Places(), there.resolve, agent="x")
    with pytest.raises(NotAllowed):
        await outside.get(f"http://{host}:{there.port}/", BOUNDS)
    assert there.asked == []


async def test_a_redirect_that_leads_inside_is_not_followed(there: Stranger) -> None:
    inside = "http://169.254.169.254/latest/meta-data/"
    there.pages["/"] = answer(status=302, location=inside)
    with pytest.raises(NotAllowed):
        await there.client().get(there.url(), BOUNDS)


async def test_a_redirect_may_not_change_to_another_scheme(there: Stranger) -> None:
    there.pages["/"] = answer(status=301, location="file:///etc/passwd")
    with pytest.raises(NotAllowed):
        await there.client().get(there.url(), BOUNDS)


async def test_a_name_that_changes_its_mind_is_judged_each_time(there: Stranger) -> None:
    """DNS rebinding: public when it is judged, ours when it is called."""
    said: list[Sequence[str]] = []

    async def rebinding(host: str) -> Sequence[str]:
        del host
        said.append(["198.51.100.7"] if said else ["127.0.0.1"])
        return said[-1]

    there.pages["/"] = answer(status=302, location="/again")
    client = Outbound(Places(there.client()._places.allow), rebinding, agent="x")  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(NotAllowed):
        await client.get(there.url(), BOUNDS)
    # One look for each connection, and the connection went where that look said.
    assert said == [["127.0.0.1"], ["198.51.100.7"]]


async def test_redirects_end(there: Stranger) -> None:
    there.pages["/"] = answer(status=302, location="/")
    with pytest.raises(Unreachable):
        await there.client().get(there.url(), BOUNDS)
    assert len(there.asked) == 4
    there.pages["/one"] = answer(status=308, location="/two")
    there.pages["/two"] = answer(b"here")
    found = await there.client().get(there.url("/one"), BOUNDS)
    assert (found.body, found.url) == (b"here", there.url("/two"))


async def test_what_is_posted_does_not_follow_redirects(there: Stranger) -> None:
    there.pages["/"] = answer(status=307, location="/other")
    found = await there.client().post(there.url(), b"secret", BOUNDS)
    assert (found.status, len(there.asked)) == (307, 1)
    assert there.asked[0].body == b"secret"


async def test_a_large_answer_is_cut_or_refused(there: Stranger) -> None:
    there.pages["/"] = answer(b"x" * 50_000)
    with pytest.raises(TooMuch):
        await there.client().get(there.url(), BOUNDS)
    found = await there.client().get(there.url(), Bounds(size=10_000, cut=True))
    assert (len(found.body), found.cut) == (10_000, True)


async def test_a_bomb_does_not_unfold(there: Stranger) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    there.pages["/"] = answer(bomb, content_encoding="gzip")
    found = await there.client().get(there.url(), Bounds(size=10_000, cut=True))
    assert len(found.body) == 10_000
    with pytest.raises(TooMuch):
        await there.client().get(there.url(), BOUNDS)


async def test_what_is_packed_well_is_unpacked(there: Stranger) -> None:
    for name, packed in (("gzip", gzip.compress(b"words")), ("deflate", zlib.compress(b"words"))):
        there.pages["/"] = answer(packed, content_encoding=name)
        assert (await there.client().get(there.url(), BOUNDS)).body == b"words"
    for name in ("br", "gzip, gzip"):
        there.pages["/"] = answer(b"x", content_encoding=name)
        with pytest.raises(Unreachable):
            await there.client().get(there.url(), BOUNDS)


async def test_a_kind_that_was_not_asked_for_is_not_read(there: Stranger) -> None:
    there.pages["/"] = answer(b"x" * 50_000, type_="video/mp4")
    with pytest.raises(NotAllowed):
        await there.client().get(there.url(), Bounds(types=("text/html",)))


async def test_who_does_not_answer_is_left(there: Stranger) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unreachable):
            await there.client().get(f"http://127.0.0.1:{port}/", Bounds(seconds=0.2))


async def test_an_answer_that_drips_is_left(there: Stranger) -> None:
    """Each byte comes in time; the whole does not."""

    async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not reader.at_eof():
            writer.write(b"x")
            try:
                await asyncio.wait_for(reader.read(1), 0.02)
            except TimeoutError:
                continue
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(dripping, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unreachable):
            await there.client().get(f"http://127.0.0.1:{port}/", Bounds(seconds=0.3))


@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"",
    ],
)
async def test_what_is_no_http_is_unreachable(there: Stranger, garbage: bytes) -> None:
    there.pages["/"] = garbage
    with pytest.raises(Unreachable):
        await there.client().get(there.url(), BOUNDS)


async def test_who_speaks_no_tls_is_left(there: Stranger) -> None:
    with pytest.raises(Unreachable):
        await there.client().get(there.url().replace("http:", "https:"), Bounds(seconds=0.5))


async def test_a_proxy_of_the_environment_is_not_used(
    there: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.pages["/"] = answer(b"straight")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await there.client().get(there.url(), BOUNDS)).body == b"straight"
