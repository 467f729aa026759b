"""The bytes of files: by session, for those who may, as what they are."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from tests.features.media.conftest import FILM, Shelf, content
from tests.support.attachments import send_files, upload
from tests.support.world import Person

from tertulia.core.streams import room_stream
from tertulia.core.tx import Tx
from tertulia.features.files.schemas import File
from tertulia.features.hidden import service as hidden
from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.messages import service as messages
from tertulia.features.rooms import service as rooms
from tertulia.features.rooms.schemas import ChangeRoom


async def test_members_have_it(shelf: Shelf, ana: Person, ben: Person, room: UUID) -> None:
    file, _ = await shelf.sent(ana, room)
    for who in (ana, ben):
        answer = await shelf.get(who, content(file))
        assert (answer.status_code, answer.content) == (200, FILM)
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "video/mp4"
    part = await shelf.get(ben, content(file), Range="bytes=1000-1009")
    assert (part.status_code, part.content) == (206, FILM[1000:1010])
    same = await shelf.get(ben, content(file), If_None_Match=part.headers["etag"])
    assert (same.status_code, same.content) == (304, b"")
    head = await shelf.get(ben, content(file), "HEAD")
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(FILM)))


async def refused(shelf: Shelf, who: Person | None, file: File) -> bool:
    """Neither the bytes, nor that they are there, nor a link, nor what they are."""
    base = f"/api/v1/rooms/{file.room_id}/files/{file.id}"
    answers: list[httpx.Response] = []
    for path, method in (
        (content(file), "GET"),
        (content(file), "HEAD"),
        (content(file, "thumb.webp"), "GET"),
        (base, "GET"),
    ):
        answers.append(await shelf.get(who, path, method))
    answers.append(await shelf.running.request(who, "POST", f"{base}/link", {}))
    wanted = 401 if who is None else 404
    assert FILM[:16] not in b"".join(answer.content for answer in answers)
    return all(answer.status_code == wanted for answer in answers)


async def test_nobody_else_has_it(
    shelf: Shelf, ana: Person, ben: Person, eve: Person, room: UUID
) -> None:
    file, _ = await shelf.sent(ana, room)
    assert await refused(shelf, None, file)
    assert await refused(shelf, eve, file)
    # Nor by a room of her own, nor where it is not.
    world = shelf.running.world
    hers = await world.group(eve)
    path = f"/api/v1/rooms/{hers}/files/{file.id}/content/original"
    assert (await shelf.get(eve, path)).status_code == 404
    await world.write(members.leave, ben, room)
    assert await refused(shelf, ben, file)


async def test_whoever_is_banned_has_it_no_more(shelf: Shelf, ana: Person, ben: Person) -> None:
    room = await shelf.running.world.channel(ana, ben)
    file, _ = await shelf.sent(ana, room)
    await shelf.running.world.write(members.ban, ana, room, Ban(account_id=ben.id))
    assert await refused(shelf, ben, file)


async def test_what_is_not_sent_is_its_uploaders_alone(
    shelf: Shelf, ana: Person, ben: Person, room: UUID
) -> None:
    file = await shelf.there(ana, room, "secret.mp4", FILM, "video/mp4")
    assert (await shelf.get(ana, content(file))).content == FILM
    assert await refused(shelf, ben, file)
    await send_files(shelf.running.world, ana, room, file)
    assert (await shelf.get(ben, content(file))).content == FILM


async def test_a_deleted_message_takes_its_files_away(
    shelf: Shelf, ana: Person, ben: Person, room: UUID
) -> None:
    file, message = await shelf.sent(ana, room)
    await shelf.running.world.write(messages.delete, ana, room, message.id)
    for who in (ana, ben):
        assert await refused(shelf, who, file)


async def test_an_expired_one_too_swept_or_not(
    shelf: Shelf, ana: Person, ben: Person, room: UUID
) -> None:
    await shelf.running.world.write(rooms.change, ana, room, ChangeRoom(message_ttl=3600))
    file, _ = await shelf.sent(ana, room)
    await shelf.running.world.clock.advance(3599)
    assert (await shelf.get(ben, content(file))).status_code == 200
    await shelf.running.world.clock.advance(1)
    for who in (ana, ben):
        assert await refused(shelf, who, file)


async def test_what_i_hid_is_gone_for_me_alone(
    shelf: Shelf, ana: Person, ben: Person, room: UUID
) -> None:
    file, message = await shelf.sent(ana, room)
    await shelf.running.world.write(hidden.hide, ben, room, message.id)
    assert await refused(shelf, ben, file)
    assert (await shelf.get(ana, content(file))).content == FILM


async def test_nothing_is_served_before_it_was_looked_at(
    shelf: Shelf, ana: Person, ben: Person, room: UUID
) -> None:
    world = shelf.running.world
    file = await upload(world, ana, room, "new.mp4")
    await send_files(world, ana, room, file)
    answer = await shelf.get(ben, content(file))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    statement = "UPDATE files SET state = $2, incoming = NULL WHERE id = $1"
    for state in ("infected", "failed"):
        await world.db.write(partial(_execute, statement=statement, values=(file.id, state)))
        assert (await shelf.get(ben, content(file))).status_code == 404


async def _execute(tx: Tx, *, statement: str, values: Sequence[Any]) -> None:
    await tx.conn.execute(statement, *values)


DANGEROUS = [
    ("page.html", b"<script>alert(document.cookie)</script>", "text/html"),
    (
        "drawing.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "image/svg+xml",
    ),
    ("feed.xml", b"<?xml-stylesheet href='x.xsl'?><a/>", "application/xml"),
    ("paper.pdf", b"%PDF-1.7", "application/pdf"),
    ("worker.js", b"self.onfetch=0", "text/javascript"),
    ("what.bin", b"\0", "application/octet-stream"),
]


async def test_what_can_run_is_a_download_and_in_a_cage(
    shelf: Shelf, ana: Person, room: UUID
) -> None:
    for name, body, media_type in DANGEROUS:
        file, _ = await shelf.sent(ana, room, name, body, media_type)
        link = await shelf.link(ana, file)
        for answer in (await shelf.get(ana, content(file)), await shelf.get(None, link)):
            said = answer.headers
            assert answer.content == body
            assert said["content-disposition"] == f'attachment; filename="{name}"'
            assert said["content-security-policy"].startswith("sandbox; default-src 'none'")
            assert said["x-content-type-options"] == "nosniff"
            assert said["cross-origin-resource-policy"] == "same-origin"


async def test_a_page_called_a_picture_is_told_by_its_bytes(
    shelf: Shelf, ana: Person, room: UUID
) -> None:
    file, _ = await shelf.sent(ana, room, "cat.png", b"<script>1</script>", "text/html")
    said = (await shelf.get(ana, content(file))).headers
    assert said["content-type"] == "text/html; charset=utf-8"
    assert said["content-disposition"].startswith("attachment")


NAMES = ('a"\r\nSet-Cookie: sid=1.mp4', "b\nX-Evil: 1", "c\x1b.mp4", "d\u202egpj.exe", "é;=.mp4")


async def test_no_name_makes_a_header(shelf: Shelf, ana: Person, room: UUID) -> None:
    for name in NAMES:
        file = await shelf.there(ana, room, name, FILM, "video/mp4")
        answer = await shelf.get(ana, content(file))
        assert answer.content == FILM
        assert not {"set-cookie", "x-evil"} & set(answer.headers)
        assert answer.headers["content-disposition"].isascii()
        assert answer.headers["content-disposition"].isprintable()


TRICKS = [
    "..%2f..%2fsecret_key", "../original", "..", ".", "%2e%2e/%2e%2e/secret_key", "original/..",
    "/etc/passwd", "original%00.png", "original\\..\\x", "hls/../../original",
    "blobs", "thumb.webp", "", "%", "original%0d%0aX-Evil:1", "a" * 300, "%ff%fe",
]  # fmt: skip


async def test_no_name_leads_elsewhere(
    shelf: Shelf, ana: Person, room: UUID, tmp_path: Path
) -> None:
    (tmp_path / "secret_key").write_text("the server's key")
    file, _ = await shelf.sent(ana, room)
    link = (await shelf.link(ana, file)).removesuffix("original")
    for start in (content(file, ""), link):
        for name in TRICKS:
            answer = await raw(shelf, ana, start + name)
            assert answer in (b"404", b"400", b"405"), (start, name)


async def raw(shelf: Shelf, who: Person, path: str) -> bytes:
    """The status of a request whose path no client has made pretty."""
    url = httpx.URL(shelf.running.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: Bearer {shelf.running.token(who)}\r\n\r\n".encode("latin-1")
    )
    answer = await reader.read()
    writer.close()
    assert b"the server's key" not in answer
    assert FILM[:16] not in answer
    return answer.split(b" ", 2)[1]


async def test_what_was_made_of_a_file(shelf: Shelf, ana: Person, ben: Person, room: UUID) -> None:
    file, _ = await shelf.sent(ana, room)
    await shelf.storage.write("renditions/ab/poster", b"RIFF")

    async def make(tx: Tx) -> None:
        await tx.lock(room_stream(room))
        statement = """
        INSERT INTO renditions (blob_id, name, key, size, media_type)
        SELECT blob_id, 'poster.webp', 'renditions/ab/poster', 4, 'image/webp' FROM files
        WHERE id = $1
        """
        await tx.conn.execute(statement, file.id)

    await shelf.running.world.db.write(make)
    for path in (content(file, "poster.webp"), await shelf.link(ben, file, "poster.webp")):
        answer = await shelf.get(ben, path)
        assert (answer.content, answer.headers["content-type"]) == (b"RIFF", "image/webp")
        assert answer.headers["content-disposition"] == 'inline; filename="holiday poster.webp"'


async def test_bytes_that_are_lost_are_not_found(shelf: Shelf, ana: Person, room: UUID) -> None:
    file, _ = await shelf.sent(ana, room)
    await shelf.storage.remove([f"blobs/{file.id.hex}"])
    assert (await shelf.get(ana, content(file))).status_code == 404
