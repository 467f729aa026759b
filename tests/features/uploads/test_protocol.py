"""tus 1.0.0 rule by rule, over real HTTP (protocol U)."""

import base64
import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio
from tests.features.uploads.conftest import PATH, House, Tus, in_pieces, metadata, open_house
from tests.support.clock import HandClock
from tests.support.database import Cluster, drop_database, fresh_database
from tests.support.world import Person, open_world

TEXT = b"an evening around a table"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stay(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[House, Person]]:
    """One node for all of this: nothing here is of what another test left."""
    dsn, clock = await fresh_database(cluster), HandClock()
    async with open_world(dsn, clock) as world:
        alice = await world.person("alice")
        async with open_house(dsn, clock, tmp_path_factory.mktemp("files"), alice) as house:
            yield house, alice
    await drop_database(cluster, dsn)


@pytest.fixture
def house(stay: tuple[House, Person]) -> House:
    return stay[0]


@pytest.fixture
def alice(stay: tuple[House, Person]) -> Person:
    return stay[1]


def summed(body: bytes, algorithm: str = "sha1") -> str:
    digest = hashlib.new(algorithm, body).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"


async def test_an_upload_becomes_a_file_of_its_room(house: House, tus: Tus, alice: Person) -> None:
    created = await tus.create(len(TEXT))
    assert created.status_code == 201
    assert created.headers["Tus-Resumable"] == "1.0.0"
    assert created.headers["Upload-Offset"] == "0"
    assert created.headers["Upload-Expires"] == "Mon, 02 Mar 2026 12:00:00 GMT"
    url = created.headers["Location"]
    first = await tus.patch(url, 0, TEXT[:10])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "10")
    assert "Tertulia-File" not in first.headers
    looked = await tus.head(url)
    assert looked.status_code == 200
    assert looked.headers["Upload-Offset"] == "10"
    assert looked.headers["Upload-Length"] == str(len(TEXT))
    assert metadata(filename="notes.txt") in looked.headers["Upload-Metadata"]
    assert looked.headers["Cache-Control"] == "no-store"
    assert tus.bytes_of(url) == TEXT[:10]
    last = await tus.patch(url, 10, TEXT[10:])
    assert last.headers["Upload-Offset"] == str(len(TEXT))
    file = await house.running.request(
        alice, "GET", f"/api/v1/rooms/{house.room}/files/{last.headers['Tertulia-File']}"
    )
    assert file.status_code == 200, file.text
    assert (file.json()["name"], file.json()["size"]) == ("notes.txt", len(TEXT))
    # Whoever lost that answer learns it again.
    again = await tus.head(url)
    assert again.headers["Tertulia-File"] == last.headers["Tertulia-File"]
    assert again.headers["Upload-Offset"] == again.headers["Upload-Length"]


async def test_bytes_come_along_with_the_creation(tus: Tus) -> None:
    whole = await tus.create(len(TEXT), TEXT)
    assert (whole.status_code, whole.headers["Upload-Offset"]) == (201, str(len(TEXT)))
    assert whole.headers["Tertulia-File"]
    part = await tus.create(len(TEXT), TEXT[:5])
    assert part.headers["Upload-Offset"] == "5"
    assert (await tus.patch(part.headers["Location"], 5, TEXT[5:])).headers["Tertulia-File"]


async def test_nothing_is_complete_at_once(tus: Tus) -> None:
    empty = await tus.create(0)
    assert empty.headers["Tertulia-File"]
    assert empty.headers["Upload-Offset"] == "0"


async def test_the_length_may_come_later(tus: Tus) -> None:
    url = await tus.begun(Upload_Defer_Length="1")
    assert (await tus.head(url)).headers["Upload-Defer-Length"] == "1"
    assert "Upload-Length" not in (await tus.head(url)).headers
    await tus.patch(url, 0, TEXT[:5])
    short = await tus.patch(url, 5, TEXT[5:9], Upload_Length="4")
    assert short.status_code == 400
    last = await tus.patch(url, 5, TEXT[5:], Upload_Length=str(len(TEXT)))
    assert last.headers["Tertulia-File"]
    other = await tus.patch(url, len(TEXT), b"", Upload_Length="1")
    assert other.status_code == 400


async def test_a_length_is_told_once_and_rightly(tus: Tus) -> None:
    before = tus.left()
    for headers in (
        {},
        {"Upload_Length": "-1"},
        {"Upload_Length": "1e3"},
        {"Upload_Length": "99999999999999999999"},
        {"Upload_Length": "5", "Upload_Defer_Length": "1"},
        {"Upload_Defer_Length": "2"},
    ):
        answer = await tus.create(None, None, **headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), headers
    assert tus.left() == before


async def test_an_offset_must_be_where_the_upload_stands(tus: Tus) -> None:
    url = await tus.begun(len(TEXT))
    ahead = await tus.patch(url, 3, TEXT)
    assert (ahead.status_code, ahead.json()["code"]) == (409, "offset_mismatch")
    assert ahead.headers["Tus-Resumable"] == "1.0.0"
    await tus.patch(url, 0, TEXT[:3])
    assert (await tus.patch(url, 0, TEXT)).status_code == 409
    assert (await tus.patch(url, -1, TEXT)).status_code == 400
    assert tus.bytes_of(url) == TEXT[:3]


async def test_a_chunk_has_its_own_type(tus: Tus) -> None:
    url = await tus.begun(5)
    answer = await tus.patch(url, 0, b"hello", Content_Type="application/json")
    assert answer.status_code == 415
    assert (await tus.head(url)).headers["Upload-Offset"] == "0"


async def test_more_than_was_declared_is_refused(tus: Tus) -> None:
    url = await tus.begun(5)
    told = await tus.patch(url, 0, b"hello you")
    assert told.status_code == 413
    untold = await tus.patch(url, 0, in_pieces([b"hello", b" you"]))
    assert untold.status_code == 413
    assert (await tus.head(url)).headers["Upload-Offset"] == "0"
    assert (await tus.patch(url, 0, in_pieces([b"he", b"llo"]))).headers["Tertulia-File"]


async def test_another_version_is_refused(tus: Tus) -> None:
    url = await tus.begun(5)
    for method, path in (("POST", PATH), ("HEAD", url), ("PATCH", url), ("DELETE", url)):
        answer = await tus.ask(method, path, Tus_Resumable="0.2.2")
        assert answer.status_code == 412, method
        assert answer.headers["Tus-Version"] == "1.0.0"


async def test_options_tell_what_the_server_can(tus: Tus) -> None:
    url = await tus.begun(5)
    for path in (PATH, url):
        answer = await tus.client.options(path)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Max-Size"] == str(5 << 30)
        assert "sha1" in answer.headers["Tus-Checksum-Algorithm"].split(",")
        assert set(answer.headers["Tus-Extension"].split(",")) == {
            "creation", "creation-with-upload", "creation-defer-length", "termination",
            "checksum", "expiration", "concatenation",
        }  # fmt: skip
        assert "PATCH" in answer.headers["Allow"] or path == PATH
    assert "Tus-Version" not in (await tus.client.options("/api/v1/rooms")).headers


async def test_a_chunk_with_a_wrong_checksum_is_forgotten(tus: Tus) -> None:
    url = await tus.begun(len(TEXT))
    for algorithm in ("sha1", "sha256", "sha512"):
        wrong = await tus.patch(url, 0, TEXT[:9], Upload_Checksum=summed(b"other", algorithm))
        assert (wrong.status_code, wrong.json()["code"]) == (460, "checksum_mismatch")
        assert (await tus.head(url)).headers["Upload-Offset"] == "0"
        assert tus.bytes_of(url) == b""
    for bad in ("md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1 !", "sha1", "sha1 AAAA"):
        assert (await tus.patch(url, 0, TEXT, Upload_Checksum=bad)).status_code == 400
    right = await tus.patch(url, 0, TEXT[:9], Upload_Checksum=summed(TEXT[:9], "sha256"))
    assert right.headers["Upload-Offset"] == "9"
    assert (await tus.patch(url, 9, TEXT[9:], Upload_Checksum=summed(TEXT[9:]))).headers[
        "Tertulia-File"
    ]


async def test_a_wrong_checksum_at_the_creation_leaves_nothing(tus: Tus) -> None:
    before = tus.left()
    answer = await tus.create(len(TEXT), TEXT, Upload_Checksum=summed(b"other"))
    assert answer.status_code == 460
    assert tus.left() == before


async def test_an_upload_is_given_up(tus: Tus) -> None:
    before = tus.left()
    url = await tus.begun(len(TEXT))
    await tus.patch(url, 0, TEXT[:5])
    assert (await tus.delete(url)).status_code == 204
    assert tus.left() == before
    gone = await tus.head(url)
    assert gone.status_code == 404
    assert "Upload-Offset" not in gone.headers
    assert (await tus.delete(url)).status_code == 404
    assert (await tus.patch(url, 5, TEXT[5:])).status_code == 404


async def test_what_became_a_file_goes_with_its_upload_until_it_is_sent(
    house: House, tus: Tus, alice: Person
) -> None:
    unsent, sent = [await tus.create(len(TEXT), TEXT) for _ in range(2)]
    answer = await house.running.request(
        alice,
        "POST",
        f"/api/v1/rooms/{house.room}/messages",
        {
            "client_id": str(UUID(int=1)),
            "text": "",
            "files": [{"file_id": sent.headers["Tertulia-File"]}],
        },
    )
    assert answer.status_code == 201, answer.text
    for created in (unsent, sent):
        assert (await tus.delete(created.headers["Location"])).status_code == 204
    assert tus.bytes_of(unsent.headers["Location"]) is None
    assert tus.bytes_of(sent.headers["Location"]) == TEXT
    files = f"/api/v1/rooms/{house.room}/files"
    for created, status in ((unsent, 404), (sent, 200)):
        found = await house.running.request(
            alice, "GET", f"{files}/{created.headers['Tertulia-File']}"
        )
        assert found.status_code == status


async def test_verbs_go_by_post_where_nothing_else_comes_through(tus: Tus) -> None:
    url = await tus.begun(len(TEXT))
    sent = await tus.ask(
        "POST", url, TEXT[:5], X_HTTP_Method_Override="PATCH", Upload_Offset="0",
        Content_Type="application/offset+octet-stream",
    )  # fmt: skip
    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, "5")
    looked = await tus.ask("POST", url, X_HTTP_Method_Override="HEAD")
    assert (looked.status_code, looked.headers["Upload-Offset"]) == (200, "5")
    assert (await tus.ask("POST", url, X_HTTP_Method_Override="GET")).status_code == 405
    assert (await tus.ask("POST", url)).status_code == 405
    assert (await tus.ask("POST", url, X_HTTP_Method_Override="DELETE")).status_code == 204


async def test_metadata_hides_nothing(house: House, tus: Tus, alice: Person) -> None:
    hidden = base64.b64encode(b"a\r\nSet-Cookie: x=1\x00.txt").decode()
    room = base64.b64encode(str(house.room).encode()).decode()
    said = f"room_id {room},filename {hidden},empty,relativePath {base64.b64encode(b'x').decode()}"
    created = await tus.create(1, b"x", Upload_Metadata=said)
    assert created.status_code == 201
    file = await house.running.request(
        alice, "GET", f"/api/v1/rooms/{house.room}/files/{created.headers['Tertulia-File']}"
    )
    assert file.json()["name"] == "aSet-Cookie: x=1.txt"
    looked = await tus.head(created.headers["Location"])
    assert looked.headers["Upload-Metadata"] == said
    assert "Set-Cookie" not in looked.headers
    for bad in (
        "room_id",
        f"room_id {room},room_id {room}",
        f"room_id {room},filename ***",
        "filename YQ==",
        f"room_id {base64.b64encode(b'no room').decode()}",
        f"room_id {room},x {'A' * 4096}",
    ):
        assert (await tus.create(1, Upload_Metadata=bad)).status_code == 400, bad


async def test_files_are_named_harmlessly(house: House, tus: Tus, alice: Person) -> None:
    for said, kept in (
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("  two  spaces .txt ", "two spaces .txt"),
        ("..", "file"),
        ("", "file"),
        (f"{'long' * 100}.jpeg", f"{'long' * 100}"[:195] + ".jpeg"),
        ("Fête à Málaga 🎉.png", "Fête à Málaga 🎉.png"),
    ):
        created = await tus.create(
            0, Upload_Metadata=metadata(room_id=str(house.room), filename=said)
        )
        file = await house.running.request(
            alice, "GET", f"/api/v1/rooms/{house.room}/files/{created.headers['Tertulia-File']}"
        )
        assert file.json()["name"] == kept
