"""Links that open a file without a session: for a while, and no more than their person may."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
from tests.features.media.conftest import FILM, Shelf, open_shelf
from tests.support.clock import HandClock
from tests.support.world import SECRET, Person

from tertulia.core.signing import Links
from tertulia.features.hidden import service as hidden
from tertulia.features.media.policy import LINK_SECONDS, PURPOSE, make_ticket, read_ticket, signed
from tertulia.features.members import service as members
from tertulia.features.messages import service as messages


class Earlier(HandClock):
    """So many hours ago."""

    def __init__(self, clock: HandClock, hours: float) -> None:
        super().__init__()
        self._now = clock.now() - timedelta(hours=hours)

    def now(self) -> datetime:
        return self._now


async def test_a_link_opens_every_name_of_its_file_and_no_other(
    shelf: Shelf, ana: Person, ben: Person, room: UUID
) -> None:
    file, _ = await shelf.sent(ana, room)
    other, _ = await shelf.sent(ana, room, "other.mp4", b"other")
    link = await shelf.link(ben, file)
    answer = await shelf.get(None, link)
    assert (answer.status_code, answer.content) == (200, FILM)
    part = await shelf.get(None, link, Range="bytes=-3")
    assert (part.status_code, part.content) == (206, FILM[-3:])
    assert (await shelf.get(None, link, "HEAD")).headers["content-length"] == str(len(FILM))
    assert (await shelf.get(None, link, "POST")).status_code == 405
    # Its neighbour is asked for, which has never been made.
    assert (await shelf.get(None, link.replace("original", "thumb.webp"))).status_code == 404
    for forged in (
        link.replace(str(file.id), str(other.id)),
        link.replace(str(room), str(await shelf.running.world.group(ben))),
        link.replace(ben.id.hex, ana.id.hex),
    ):
        assert forged != link
        assert (await shelf.get(None, forged)).status_code == 404


async def test_a_changed_link_opens_nothing(
    shelf: Shelf, ana: Person, room: UUID, clock: HandClock
) -> None:
    file, _ = await shelf.sent(ana, room)
    link = await shelf.link(ana, file)
    opened_by = link.split("/")[2]
    read = read_ticket(opened_by)
    assert read is not None
    expires, account, signature = read
    tickets = [
        make_ticket(expires + 1, account, signature),
        make_ticket(expires + 10**6, account, signature),
        make_ticket(expires, account, signature[:-1]),
        make_ticket(expires, account, signature + "A"),
        make_ticket(expires, account, signature.swapcase()),
        make_ticket(expires, account, ""),
        f"0{opened_by}",
        f"{expires}.{account}.{signature}",
        "x",
        "..",
        "a" * 500,
        f"{expires}.{account.hex}.é",
    ]
    for changed in tickets:
        answer = await shelf.get(None, link.replace(opened_by, changed))
        assert answer.status_code == 404, changed
    assert clock.now().timestamp() < expires


async def test_a_leaked_link_ends_with_its_time(
    shelf: Shelf, ana: Person, room: UUID, clock: HandClock
) -> None:
    """Links of the past: the same ones that people got then."""
    file, _ = await shelf.sent(ana, room)
    thing = signed(ana.id, room, file.id)
    for hours, status in ((0, 200), (0.9, 200), (2, 404), (1000, 404)):
        links = Links([SECRET], Earlier(clock, hours))
        expires, signature = links.sign_on_grid(PURPOSE, thing, LINK_SECONDS)
        link = f"/media/{make_ticket(expires, ana.id, signature)}/{room}/{file.id}/original"
        assert (await shelf.get(None, link)).status_code == status, hours


async def test_a_link_ends_with_what_its_person_may(
    shelf: Shelf, ana: Person, ben: Person, room: UUID
) -> None:
    world = shelf.running.world
    file, message = await shelf.sent(ana, room)
    his, hers = await shelf.link(ben, file), await shelf.link(ana, file)
    await world.write(hidden.hide, ben, room, message.id)
    assert (await shelf.get(None, his)).status_code == 404
    await world.write(hidden.show, ben, room, message.id)
    assert (await shelf.get(None, his)).status_code == 200
    await world.write(members.leave, ben, room)
    assert (await shelf.get(None, his)).status_code == 404
    assert (await shelf.get(None, hers)).status_code == 200
    await world.write(messages.delete, ana, room, message.id)
    assert (await shelf.get(None, hers)).status_code == 404


async def test_a_cdn_may_keep_it_for_a_minute_and_our_pages_alone_may_read_it(
    dsn: str, clock: HandClock, tmp_path: Path
) -> None:
    cdn = "https://media.example.org"
    async with open_shelf(dsn, clock, tmp_path, media_url=cdn) as shelf:
        ana = await shelf.running.world.person("ana")
        room = await shelf.running.world.group(ana)
        file, _ = await shelf.sent(ana, room)
        path = f"/api/v1/rooms/{room}/files/{file.id}/link"
        told = (await shelf.running.request(ana, "POST", path, {})).json()
        assert told["url"].startswith(f"{cdn}/media/")
        answer = await shelf.get(None, await shelf.link(ana, file))
        assert answer.headers["cache-control"] == "public, max-age=31536000, s-maxage=60"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["access-control-allow-origin"] == "http://127.0.0.1:8000"
        async with httpx.AsyncClient(base_url=shelf.running.url) as client:
            policy = (await client.get("/healthz")).headers["content-security-policy"]
        assert f"media-src 'self' blob: {cdn};" in policy
        assert f"img-src 'self' data: blob: {cdn};" in policy
