"""Files and voices are found, too."""

from uuid import UUID

import pytest
from tests.features.search.conftest import Finder
from tests.support.attachments import look_at, send_files, upload
from tests.support.voices import speak
from tests.support.world import Person, World

from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage


@pytest.fixture
async def table(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


async def test_files_are_found_by_name_caption_and_what_a_picture_shows(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    report = await upload(world, alice, table, "Quarterly_report-2026.pdf")
    cat = await upload(world, alice, table, "IMG_0042.jpg")
    await send_files(world, alice, table, report, text="as promised")
    await send_files(world, alice, table, cat, alt="a cat on the roof")
    await finder.index()
    for query in ("quarterly", "report pdf", "promised 2026"):
        assert await finder.find(bob, query) == ["as promised Quarterly_report-2026.pdf"]
    assert await finder.find(bob, "roof") == ["a cat on the roof IMG_0042.jpg"]
    [hit] = (await finder.page(bob, "roof")).hits
    assert [file.id for file in hit.files] == [cat.id]


async def test_what_a_file_is_can_be_asked_once_it_was_looked_at(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    cat = await upload(world, alice, table, "cat")
    film = await upload(world, alice, table, "film")
    await send_files(world, alice, table, cat)
    await send_files(world, alice, table, film)
    await finder.said(alice, table, "only words, of a cat")
    assert sorted(await finder.find(bob, "has:file")) == ["cat", "film"]
    assert await finder.find(bob, "has:image") == []
    await look_at(world, cat, "image/png")
    await look_at(world, film, "video/mp4")
    await finder.index()
    assert await finder.find(bob, "has:image") == ["cat"]
    assert await finder.find(bob, "has:video") == ["film"]
    assert await finder.find(bob, "cat -has:file") == ["only words, of a cat"]


async def test_another_caption_is_found_at_once_and_names_stay(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    plan = await upload(world, alice, table, "plan.pdf")
    said = await send_files(world, alice, table, plan, text="old")
    await look_at(world, plan, "application/pdf")
    await finder.index()
    await world.write(messages.edit, alice, table, said.id, EditMessage(text="new"))
    assert await finder.find(bob, "old") == []
    assert await finder.find(bob, "new plan has:file") == ["new plan.pdf"]
    await world.write(messages.delete, alice, table, said.id)
    assert await finder.find(bob, "has:file") == []


async def test_voices_are_found_though_nobody_knows_what_they_say(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    silent = await speak(world, alice, table)
    heard = await speak(world, alice, table, text="bring figs")
    await finder.index()
    found = await finder.found(bob, "has:voice", most=5)
    assert [id_ for id_, _ in found] == [heard.id, silent.id]
    assert await finder.find(bob, "figs") == ["bring figs"]
