"""Files come along, where that is wanted."""

import io
import zipfile
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from tests.support.attachments import look_at, send_files, upload
from tests.support.jobs import worker
from tests.support.voices import speak
from tests.support.world import Person, World

from tertulia.core.storage import LocalStorage
from tertulia.features.exporting import service
from tertulia.features.exporting.jobs import Folder, jobs, shelving
from tertulia.features.exporting.schemas import AskExport, Format, RoomExport
from tertulia.features.files.schemas import File


class Desk:
    """Where a room is taken along from."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.storage = LocalStorage(folder / "storage")
        self.folder = Folder(folder / "exports")

    async def send(self, who: Person, room: UUID, name: str, body: bytes, text: str = "") -> File:
        file = await upload(self.world, who, room, name, len(body))
        await send_files(self.world, who, room, file, text=text, alt="seen <from> above")
        await self.storage.write(f"blobs/{file.id}", body)
        await look_at(self.world, file, "image/png", key=f"blobs/{file.id}")
        return file

    async def export(
        self, who: Person, room: UUID | None, format_: Format, *, files: bool = True
    ) -> bytes:
        wanted = AskExport(room_id=room, format=format_, files=files)
        asked = await self.world.write(service.ask, who, wanted)
        await worker(self.world, *jobs(self.folder, self.storage)).run_due()
        made = await self.world.read(service.find, who, asked.id)
        assert made.state == "done", made.problem
        return self.folder.file(asked.id).read_bytes()


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(world, tmp_path)


@pytest.fixture
async def room(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


def opened(body: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(body))
    assert archive.testzip() is None
    return archive


async def test_a_room_with_its_files_is_an_archive(
    desk: Desk, alice: Person, bob: Person, room: UUID
) -> None:
    cat = await desk.send(alice, room, "../c:at.png", b"cat" * 1_000, text="**our** cat")
    same = await desk.send(bob, room, "../c:at.png", b"dog")
    archive = opened(await desk.export(alice, room, "json"))
    [about] = [name for name in archive.namelist() if not name.startswith("files/")]
    told = msgspec.json.decode(archive.read(about), type=RoomExport)
    kept = {id_: place for message in told.messages for id_, place in message.kept.items()}
    assert {id_: archive.read(place) for id_, place in kept.items()} == {
        cat.id: b"cat" * 1_000, same.id: b"dog",
    }  # fmt: skip
    assert not [name for name in archive.namelist() if ".." in Path(name).parts or ":" in name]


async def test_the_page_links_what_came_along(
    desk: Desk, world: World, alice: Person, room: UUID
) -> None:
    cat = await desk.send(alice, room, "a cat & more.png", b"cat", text="**our** cat")
    await speak(world, alice, room)
    archive = opened(await desk.export(alice, room, "html"))
    [name] = [name for name in archive.namelist() if name.endswith(".html")]
    page = archive.read(name).decode()
    assert f'<a href="files/{cat.id}/a%20cat%20%26%20more.png">a cat &amp; more.png</a>' in page
    assert "<strong>our</strong> cat" in page
    assert "seen &lt;from&gt; above" in page
    assert "Voice message, 12 s" in page


async def test_without_them_they_are_named(desk: Desk, alice: Person, room: UUID) -> None:
    await desk.send(alice, room, "cat.png", b"cat")
    page = (await desk.export(alice, room, "html", files=False)).decode()
    assert '<li>cat.png <span class="small">3 B' in page


async def test_an_account_brings_those_of_all_its_rooms(
    desk: Desk, world: World, alice: Person, bob: Person, room: UUID
) -> None:
    cat = await desk.send(bob, room, "cat.png", b"cat")
    dog = await desk.send(alice, await world.direct(alice, bob), "dog.png", b"dog")
    await desk.send(bob, await world.channel(bob), "secret.png", b"not hers")
    archive = opened(await desk.export(alice, None, "html"))
    files = {name: archive.read(name) for name in archive.namelist() if name.startswith("files/")}
    assert files == {f"files/{cat.id}/cat.png": b"cat", f"files/{dog.id}/dog.png": b"dog"}
    pages = "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith(".html"))
    assert f'href="../files/{cat.id}/cat.png"' in pages


async def test_what_is_too_much_stays_behind(
    desk: Desk, alice: Person, room: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelving, "MOST_BYTES", 5)
    for name in ("one", "two", "six"):
        await desk.send(alice, room, name, b"abc")
    archive = opened(await desk.export(alice, room, "json"))
    assert len([name for name in archive.namelist() if name.startswith("files/")]) == 1


async def test_bytes_that_are_gone_or_not_looked_at_stay_out(
    desk: Desk, world: World, alice: Person, room: UUID
) -> None:
    gone = await desk.send(alice, room, "gone.png", b"abc")
    await desk.storage.remove([f"blobs/{gone.id}"])
    unseen = await upload(world, alice, room, "unseen.png")
    await send_files(world, alice, room, unseen)
    archive = opened(await desk.export(alice, room, "json"))
    assert [name for name in archive.namelist() if name.startswith("files/")] == []
