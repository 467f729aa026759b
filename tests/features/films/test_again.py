"""A film that somebody brought before."""

from pathlib import Path
from uuid import UUID

from tests.support.attachments import send_files, upload
from tests.support.films import Cinema, draw
from tests.support.world import Person

from tertulia.core.tx import Tx
from tertulia.features.files.schemas import Settle
from tertulia.features.files.service import settling


async def test_a_film_that_is_known_stands_beside_its_message_at_once(
    cinema: Cinema, alice: Person, bob: Person, room: UUID, tmp_path: Path
) -> None:
    first = await cinema.send(alice, room, draw(tmp_path / "short.mp4", 1))
    await cinema.work()
    again = await upload(cinema.world, bob, room, "again.mp4", first.size)
    message = await send_files(cinema.world, bob, room, again)
    blob = await cinema.blob(first)

    async def settle(tx: Tx) -> None:
        row = await tx.conn.fetchrow("SELECT sha256 FROM blobs WHERE id = $1", blob)
        await settling.settle(tx, Settle(room, again.id), row["sha256"], None)

    before = len(cinema.world.published(f"room:{room}"))
    await cinema.world.db.write(settle)
    ready, changed = cinema.world.published(f"room:{room}")[before:]
    assert (ready["type"], ready["data"]["file"]["state"]) == ("file.changed", "ready")
    assert (changed["type"], changed["data"]["message_id"]) == ("film.changed", str(message.id))
    film = changed["data"]["film"]
    assert (film["file_id"], film["state"]) == (str(again.id), "complete")
