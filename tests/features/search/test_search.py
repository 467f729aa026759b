"""What is found, by whom, and what is not."""

from uuid import UUID

import pytest
from tests.features.search.conftest import Finder
from tests.support.world import Person, World

from tertulia.features.members import service as members
from tertulia.features.members.schemas import Ban
from tertulia.features.messages import service as messages
from tertulia.features.messages.schemas import EditMessage, SendMessage
from tertulia.features.people import service as people
from tertulia.features.pins import service as pins
from tertulia.features.polls import service as polls
from tertulia.features.polls.schemas import CreatePoll
from tertulia.features.search.service import finding
from tertulia.features.stars import service as stars
from tertulia.main import wiring


@pytest.fixture
async def table(world: World, alice: Person, bob: Person) -> UUID:
    return await world.channel(alice, bob)


# Words


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("The olive harvest begins", "olive"),
        ("The olive harvest begins", "harv"),  # the last word is a beginning
        ("The olive harvest begins", "HARVEST olive"),  # in any order
        ("The olive harvest begins", '"olive harvest"'),
        ("Nos vemos en el café", "cafe"),
        ("こんにちは、東京で会いましょう", "東京で"),
        ("こんにちは、東京で会いましょう", "京"),
        ("我们明天在图书馆见面", "图书馆"),
        ("내일 도서관에서 만나요", "도서관"),
        ("พรุ่งนี้เจอกันที่ห้องสมุด", "ห้องสมุด"),
        ("Встретимся у ёлки", "елки"),
        ("call getUserName() there", "username"),
        ("see https://docs.example.com/a/b", "docs.example.com"),
        ("party 🎉 tonight", "🎉"),
    ],
)
async def test_words_are_found_in_any_script(
    finder: Finder, alice: Person, bob: Person, table: UUID, said: str, query: str
) -> None:
    await finder.said(alice, table, said, "something else entirely")
    if query == "username":
        query = "user"
    assert await finder.find(bob, query) == [said]


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("olive", "olives"),
        ("green olive oil", '"olive green"'),
        ("green olive oil", "green -oil"),
        ("green olive oil", '"oliv"'),  # quoted is whole
        ("東京タワー", "京東"),
        ("green olive oil", "green tea"),
    ],
)
async def test_what_was_not_said_is_not_found(
    finder: Finder, alice: Person, bob: Person, table: UUID, said: str, query: str
) -> None:
    await finder.said(alice, table, said)
    assert await finder.find(bob, query) == []


async def test_what_was_found_is_marked(
    finder: Finder, alice: Person, bob: Person, table: UUID
) -> None:
    await finder.said(alice, table, "The Olive harvest")
    [hit] = (await finder.page(bob, "olive")).hits
    assert [(part.text, part.found) for part in hit.excerpt] == [
        ("The ", False), ("Olive", True), (" harvest", False),
    ]  # fmt: skip
    assert hit.message.room_id == table


# Only mine, only as it stands


async def test_only_rooms_i_am_in_now(
    finder: Finder, world: World, alice: Person, bob: Person, mallory: Person, table: UUID
) -> None:
    await finder.said(alice, table, "the olive secret")
    assert await finder.find(mallory, "olive") == []
    assert await finder.find(bob, "olive") == ["the olive secret"]
    await world.write(members.leave, bob, table)
    assert await finder.find(bob, "olive") == []
    assert await finder.find(bob, "olive", room_id=table) == []


async def test_who_was_banned_finds_nothing(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    await finder.said(alice, table, "the olive secret")
    await world.write(members.ban, alice, table, Ban(account_id=bob.id))
    assert await finder.find(bob, "olive") == []


async def test_an_edit_is_honoured_at_once(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    message = await world.say(alice, table, "the olive harvest")
    await finder.index()
    await world.write(messages.edit, alice, table, message.id, EditMessage(text="the fig harvest"))
    assert await finder.find(bob, "olive") == []
    assert await finder.find(bob, "fig") == ["the fig harvest"]


async def test_an_edit_before_the_index_heard_of_it(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    message = await world.say(alice, table, "the olive harvest")
    await world.write(messages.edit, alice, table, message.id, EditMessage(text="the fig harvest"))
    assert await finder.find(bob, "fig") == ["the fig harvest"]
    await finder.index()
    assert await finder.find(bob, "fig") == ["the fig harvest"]
    assert await finder.find(bob, "olive") == []


async def test_what_is_deleted_is_not_found_and_not_kept(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    one = await world.say(alice, table, "olive one")
    await finder.index()
    two = await world.say(alice, table, "olive two")
    await world.write(messages.delete, alice, table, one.id)
    await world.write(messages.delete, alice, table, two.id)
    assert await finder.find(bob, "olive") == []
    await finder.index()
    assert await finder.find(bob, "olive") == []
    async with world.db.read() as tx:
        kept = await tx.conn.fetchval(
            "SELECT count(*) FROM search_index WHERE words @@ 'olive'::tsquery"
        )
    assert kept == 0


async def test_words_of_people_i_blocked_are_left_out(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    await finder.said(alice, table, "olive")
    await world.write(people.block, bob, alice.id)
    assert await finder.find(bob, "olive") == []
    assert await finder.find(alice, "olive") == ["olive"]


async def test_quiet_notes_are_not_searched(finder: Finder, alice: Person, table: UUID) -> None:
    await finder.index()
    assert await finder.find(alice, "table") == []


# Operators


async def test_from_somebody(finder: Finder, alice: Person, bob: Person, table: UUID) -> None:
    await finder.said(alice, table, "olive by alice")
    await finder.said(bob, table, "olive by bob")
    assert await finder.find(bob, "olive from:alice") == ["olive by alice"]
    assert await finder.find(bob, "from:me") == ["olive by bob"]
    assert await finder.find(bob, "olive -from:@Alice") == ["olive by bob"]
    assert await finder.find(bob, "olive from:nobody") == []


async def test_in_a_room(
    finder: Finder, world: World, alice: Person, bob: Person, mallory: Person, table: UUID
) -> None:
    pair = await world.direct(alice, bob)
    theirs = await world.room("channel", alice, mallory, name="Secret")
    await finder.said(alice, table, "olive here")
    await finder.said(alice, pair, "olive between us")
    await finder.said(alice, theirs, "olive elsewhere")
    assert await finder.find(bob, 'in:"the table" olive') == ["olive here"]
    assert await finder.find(bob, "olive in:@alice") == ["olive between us"]
    assert await finder.find(bob, f"olive in:{table}") == ["olive here"]
    assert await finder.find(bob, "olive -in:@alice") == ["olive here"]
    assert await finder.find(bob, "olive", room_id=table) == ["olive here"]
    for hidden in ("in:Secret", f"in:{theirs}", "in:Nowhere"):
        page = await finder.page(bob, f"olive {hidden}")
        assert page.hits == []
        assert [(hint.code, hint.about) for hint in page.hints] == [("unknown_room", hidden)]


async def test_what_it_holds(finder: Finder, alice: Person, table: UUID) -> None:
    await finder.said(alice, table, "https://example.com", "`code`", "```\nblock\n```", "plain")
    assert await finder.find(alice, "has:link") == ["https://example.com"]
    assert await finder.find(alice, "has:code") == ["block ", "`code`"]
    assert await finder.find(alice, "-has:code -has:link") == ["plain"]


async def test_what_it_is(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    await finder.said(alice, table, "hello @bob", "olive one", "olive two")
    starred = (await finder.page(bob, "one")).hits[0].message
    await world.write(stars.star, bob, table, starred.id)
    assert await finder.find(bob, "is:mention") == ["hello @bob"]
    assert await finder.find(alice, "is:mention") == []
    assert await finder.find(bob, "is:starred") == ["olive one"]
    assert await finder.find(bob, "olive is:starred") == ["olive one"]
    assert await finder.find(bob, "two is:starred") == []
    assert await finder.find(bob, "olive -is:starred") == ["olive two"]
    assert await finder.find(alice, "is:starred") == []


async def test_what_the_room_pinned(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    await finder.said(alice, table, "olive one", "olive two")
    pinned = (await finder.page(bob, "one")).hits[0].message
    await world.write(pins.pin, alice, table, pinned.id)
    assert await finder.find(bob, "is:pinned") == ["olive one"]
    assert await finder.find(bob, "olive -is:pinned") == ["olive two"]
    assert await finder.find(bob, "is:starred is:pinned") == []


async def test_polls_are_found_by_question_and_answers(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    poll = CreatePoll(client_id=world.ids.uuid7(), question="Lunch?", options=["olives", "figs"])
    await world.write(polls.create, alice, table, poll)
    await finder.said(alice, table, "olive tree")
    assert await finder.find(bob, "has:poll oliv") == ["Lunch? olives figs"]
    assert await finder.find(bob, "lunch") == ["Lunch? olives figs"]


async def test_when_it_was_said(finder: Finder, world: World, alice: Person, table: UUID) -> None:
    await finder.said(alice, table, "olive in March")
    await world.clock.advance(40 * 86_400)
    await finder.said(alice, table, "olive in April")
    assert await finder.find(alice, "olive before:2026-04-01") == ["olive in March"]
    assert await finder.find(alice, "olive after:2026-03-01") == ["olive in April"]
    assert await finder.find(alice, "during:2026-04") == ["olive in April"]
    assert await finder.find(alice, "during:today") == ["olive in April"]


async def test_a_thread_is_found_by_its_root_and_its_replies(
    finder: Finder, world: World, alice: Person, bob: Person, table: UUID
) -> None:
    root = await world.say(alice, table, "olive question")
    await finder.said(alice, table, "olive aside")
    draft = SendMessage(client_id=world.ids.uuid7(), text="olive answer", thread=root.id)
    await world.write(messages.send, bob, table, draft)
    await finder.index()
    assert await finder.find(bob, "olive is:thread") == ["olive answer", "olive question"]
    edited = EditMessage(text="olive question, again")
    await world.write(messages.edit, alice, table, root.id, edited)
    assert await finder.find(bob, "is:thread") == ["olive answer", "olive question, again"]


# Order and pages


async def test_the_newest_first_and_page_by_page(
    finder: Finder, world: World, alice: Person, table: UUID
) -> None:
    for number in range(45):
        await world.say(alice, table, f"olive {number}")
        await world.clock.advance(3_000 * (number % 3))
    await finder.index()
    found = await finder.found(alice, "olive", most=1_000)
    assert [text for _, text in found] == [f"olive {number}" for number in reversed(range(45))]


async def test_the_best_first_and_page_by_page(
    finder: Finder, world: World, alice: Person, table: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FIRST", 1_000)
    monkeypatch.setattr(finding, "CHUNK", 1_000)
    monkeypatch.setattr(finding, "WALK", 1_000)
    await finder.said(alice, table, "olive", *(f"oliveoil {n} and more words" for n in range(30)))
    first = await finder.page(alice, "olive", sort="relevance")
    assert "".join(part.text for part in first.hits[0].excerpt) == "olive"
    await finder.said(alice, table, "olive olive")  # said meanwhile: the pages stay as they were
    second = await finder.page(alice, "olive", sort="relevance", cursor=first.next)
    ids = [hit.message.id for hit in (*first.hits, *second.hits)]
    assert len(ids) == len(set(ids)) == 31
    assert second.next is None


async def test_behind_the_stretch_that_was_ranked_comes_the_next(
    finder: Finder, alice: Person, table: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "RANKED", 8)
    monkeypatch.setattr(finding, "PAGE", 3)
    await finder.said(alice, table, "olive", *(f"oliveoil {n} and more words" for n in range(20)))
    found = await finder.found(alice, "olive", most=1_000, sort="relevance")
    assert len(found) == len(dict(found)) == 21


async def test_an_old_word_is_found_however_long_ago(
    finder: Finder, world: World, alice: Person, table: UUID
) -> None:
    await finder.said(alice, table, "olive")
    await world.clock.advance(3 * 365 * 86_400)
    await finder.said(alice, table, "fig")
    assert await finder.find(alice, "olive") == ["olive"]
    assert await finder.find(alice, "olive", sort="relevance") == ["olive"]


async def test_a_hint_says_what_was_not_understood(
    finder: Finder, alice: Person, table: UUID
) -> None:
    await finder.said(alice, table, "sender bob olive")
    page = await finder.page(alice, "sender:bob")
    assert [(hint.code, hint.about) for hint in page.hints] == [("unknown_operator", "sender:")]
    assert len(page.hits) == 1
    assert (await finder.page(alice, "has:spam olive")).hits == []


def test_the_node_follows_and_reacts() -> None:
    assert "search.1" in {follower.name for follower in wiring.followers()}
