"""The web client's files: cached as long as they may be, and no other file, ever."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tests.core.http.conftest import Calling, MakeApp

from tertulia.core.http import keep_assets
from tertulia.core.http.compress import compress

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = b"console.log('hola')" * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    static = tmp_path / "static"
    files = {
        "index.html": b"<!doctype html><title>T</title>",
        "favicon.svg": b"<svg/>",
        "theme.js": b"1",
        "sw.js": b"self.addEventListener",
        "empty.txt": b"",
        "assets/main-4fZ9a.js": SCRIPT,
        "assets/main-4fZ9a.js.map": b"{}",
        "assets/main-4fZ9a.js.br": compress(SCRIPT, "br"),
        "assets/main-4fZ9a.js.gz": compress(SCRIPT, "gzip"),
        "assets/font-1.woff2": b"\0" * 600_000,
        ".vite/manifest.json": b"{}",
    }
    for name, content in files.items():
        path = static / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "secret.txt").write_text("secret")
    return static


@pytest.fixture
async def client(make_app: MakeApp, call: Calling, built: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with call(make_app(static_dir=built)) as client:
        yield client


async def test_hashed_files_are_kept_for_a_year(client: httpx.AsyncClient) -> None:
    answer = await client.get("/assets/main-4fZ9a.js", headers={"Accept-Encoding": "identity"})
    assert answer.content == SCRIPT
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-length"] == str(len(SCRIPT))
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("accepted", "given"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0,gzip", "gzip"), ("*", "br")],
)
async def test_the_smallest_prepared_form_is_sent(
    client: httpx.AsyncClient, accepted: str, given: str
) -> None:
    answer = await client.get("/assets/main-4fZ9a.js", headers={"Accept-Encoding": accepted})
    assert answer.headers["content-encoding"] == given
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.content == SCRIPT


async def test_a_large_file_arrives_whole(client: httpx.AsyncClient) -> None:
    answer = await client.get("/assets/font-1.woff2")
    assert answer.content == b"\0" * 600_000
    assert answer.headers["content-type"] == "font/woff2"
    assert "content-encoding" not in answer.headers


async def test_an_empty_file_is_a_file(client: httpx.AsyncClient) -> None:
    answer = await client.get("/empty.txt")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", ["/", "/index.html", "/rooms/42", "/invite/a.b-c", "/settings/"])
async def test_every_page_is_the_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers=PAGE)
    assert answer.status_code == 200
    assert answer.content == b"<!doctype html><title>T</title>"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_service_worker_is_asked_for_anew_and_is_a_script(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/sw.js", headers={"Accept": "*/*"})
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


async def test_a_page_known_already_is_not_sent_again(client: httpx.AsyncClient) -> None:
    etag = (await client.get("/", headers=PAGE)).headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = await client.get("/rooms/42", headers=PAGE | {"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
        assert answer.headers["cache-control"] == "no-cache"
        assert "content-length" not in answer.headers
    answer = await client.get("/", headers=PAGE | {"If-None-Match": '"other"'})
    assert answer.status_code == 200


async def test_forms_of_one_file_have_tags_of_their_own(client: httpx.AsyncClient) -> None:
    tags = [
        (await client.get("/assets/main-4fZ9a.js", headers={"Accept-Encoding": coding})).headers[
            "etag"
        ]
        for coding in ("br", "gzip", "identity")
    ]
    assert len(set(tags)) == 3


async def test_a_missing_file_is_not_a_page(client: httpx.AsyncClient) -> None:
    image = {"Accept": "image/avif,image/webp,*/*;q=0.8"}
    for path, headers in (("/none.png", image), ("/assets/old-1.js", PAGE)):
        answer = await client.get(path, headers=headers)
        assert answer.status_code == 404
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/assets/..%2f..%2fsecret.txt",
            "/..%5csecret.txt",
        ),
        *("/.vite/manifest.json", "/assets/main-4fZ9a.js.map", "/assets/main-4fZ9a.js.br"),
        *("//etc/passwd", "/assets//etc/passwd", "/assets/", "/assets"),
    ],
)
async def test_no_other_file_is_ever_sent(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"http://127.0.0.1:8000{path}", headers={"Accept": "x/y"})
    assert answer.status_code == 404


async def test_a_head_is_an_answer_without_its_body(client: httpx.AsyncClient) -> None:
    answer = await client.head("/", headers=PAGE)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "31"


async def test_files_are_only_read(client: httpx.AsyncClient) -> None:
    for method in ("POST", "PUT", "DELETE"):
        answer = await client.request(method, "/favicon.svg", json={})
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer.headers["allow"] == "GET, HEAD"


async def test_without_a_build_there_is_no_page(make_app: MakeApp, call: Calling) -> None:
    async with call(make_app()) as client:
        assert (await client.get("/", headers=PAGE)).status_code == 404


NOW = datetime(2026, 3, 1, tzinfo=UTC)


def rebuild(static: Path, name: str, content: bytes) -> None:
    for old in (static / "assets").iterdir():
        old.unlink()
    (static / "assets" / name).write_bytes(content)


async def test_yesterdays_page_still_finds_its_parts(
    make_app: MakeApp, call: Calling, built: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "data" / "assets"
    keep_assets(built, kept, NOW)
    rebuild(built, "main-2.js", b"new")
    keep_assets(built, kept, NOW + timedelta(days=13))
    async with call(make_app(static_dir=built, kept_assets=kept)) as client:
        old = await client.get("/assets/main-4fZ9a.js", headers={"Accept-Encoding": "br"})
        assert old.content == SCRIPT
        assert old.headers["content-encoding"] == "br"
        assert old.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert (await client.get("/assets/main-2.js")).content == b"new"


def test_what_no_build_had_for_two_weeks_is_forgotten(built: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    keep_assets(built, kept, NOW)
    keep_assets(built, kept, NOW + timedelta(days=20))
    assert (kept / "main-4fZ9a.js").exists()  # old, but of the present build
    rebuild(built, "main-2.js", b"new")
    keep_assets(built, kept, NOW + timedelta(days=35))
    assert [path.name for path in kept.iterdir()] == ["main-2.js"]


async def test_what_the_build_did_not_compress_is_compressed_once(
    make_app: MakeApp, call: Calling, built: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    rebuild(built, "main-2.js", SCRIPT)
    (built / "assets" / "photo-1.woff2").write_bytes(SCRIPT)
    keep_assets(built, kept, NOW)
    assert {path.name for path in kept.iterdir()} == {
        *("main-2.js", "main-2.js.br", "main-2.js.gz", "photo-1.woff2")
    }
    keep_assets(built, kept, NOW + timedelta(days=20))
    assert (kept / "main-2.js.br").exists()
    async with call(make_app(static_dir=built, kept_assets=kept)) as client:
        answer = await client.get("/assets/main-2.js", headers={"Accept-Encoding": "br"})
    assert answer.content == SCRIPT
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["content-length"] == str((kept / "main-2.js.br").stat().st_size)


async def test_a_file_compressed_on_the_way_has_a_weak_tag(
    make_app: MakeApp, call: Calling, built: Path
) -> None:
    (built / "theme.js").write_bytes(SCRIPT)
    async with call(make_app(static_dir=built)) as client:
        answer = await client.get("/theme.js", headers={"Accept-Encoding": "br"})
        assert answer.headers["content-encoding"] == "br"
        assert answer.headers["etag"].startswith('W/"')
        again = {"Accept-Encoding": "br", "If-None-Match": answer.headers["etag"]}
        assert (await client.get("/theme.js", headers=again)).status_code == 304


def test_a_copy_cut_short_is_not_served_as_whole(built: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    draft = kept / ".main-4fZ9a.js.1"
    draft.write_bytes(SCRIPT[:10])
    os.utime(draft, (0, 0))
    keep_assets(built, kept, NOW)
    assert (kept / "main-4fZ9a.js").read_bytes() == SCRIPT
    assert not draft.exists()
