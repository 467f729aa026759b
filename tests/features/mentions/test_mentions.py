"""Whom a text addresses."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.world import Person, World

from tertulia.features.accounts.policy import username_key
from tertulia.features.members import service as members
from tertulia.features.mentions.state import ROOM_WORDS, mentioned

NAMES = [
    ("@bob", {"bob"}),
    ("hi @bob", {"bob"}),
    ("(@bob)", {"bob"}),
    ("@Bob and @BOB", {"bob"}),
    ("thanks @bob.", {"bob"}),
    ("@bob, @carol; @dave!", {"bob", "carol", "dave"}),
    ("@bob.smith-jones_2", {"bob.smith-jones_2"}),
    ("@bob..", {"bob"}),
    ("@bob's turn", {"bob"}),
    ("**@bob**", {"bob"}),
    ("*@bob*", {"bob"}),
    ("> @bob", {"bob"}),
    ("@bob\n@carol", {"bob", "carol"}),
    ("@" + "x" * 32, {"x" * 32}),
    # nobody
    ("bob", set[str]()),
    ("@", set[str]()),
    ("@ bob", set[str]()),
    ("@@bob", set[str]()),
    ("mail bob@example.org", set[str]()),
    ("bob.@example.org", set[str]()),
    ("`@bob`", set[str]()),
    ("a `code @bob` span", set[str]()),
    ("```\n@bob\n```", set[str]()),
    ("```py\n@bob", set[str]()),
    ("@" + "x" * 33, set[str]()),
    ("@bobé", set[str]()),
    # beside code
    ("`@bob` @carol", {"carol"}),
    ("```\n@bob\n```\n@carol", {"carol"}),
    ("a ` and @bob", {"bob"}),
    ("a `\n@bob` b", {"bob"}),
]


@pytest.mark.parametrize(("text", "names"), NAMES)
def test_names(text: str, names: set[str]) -> None:
    assert mentioned(text).names == names
    assert not mentioned(text).room


@pytest.mark.parametrize("word", sorted(ROOM_WORDS))
def test_words_for_the_room(word: str) -> None:
    assert mentioned(f"look @{word}, @bob").room
    assert mentioned(f"look @{word}, @bob").names == {"bob"}
    assert not mentioned(f"`@{word}` {word} @{word}s").room


USERNAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{1,30}[A-Za-z0-9]", fullmatch=True).filter(
    lambda name: name.casefold() not in ROOM_WORDS
)


@given(USERNAMES, st.sampled_from(["", " ", ".", "...", ",", "!", "?", ")", "\n", " and so on"]))
def test_every_username_can_be_mentioned(name: str, after: str) -> None:
    assert mentioned(f"hey @{name}{after}").names == {username_key(name)}


@given(st.text(alphabet=st.sampled_from("@`.ab \n_-"), max_size=80))
def test_whatever_is_found_was_written(text: str) -> None:
    for name in mentioned(text).names:
        assert f"@{name}" in text


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    found = mentioned(text)
    assert all(set(name) <= set(string.ascii_lowercase + string.digits + "._-")
               for name in found.names)  # fmt: skip


@given(st.text(alphabet=st.characters(exclude_characters="`@"), max_size=40), USERNAMES)
def test_code_mentions_nobody(text: str, name: str) -> None:
    line = text.replace("\n", " ")
    assert not mentioned(f"`{line} @{name}`").names
    assert not mentioned(f"```\n{text} @{name}\n```").names


@pytest.mark.parametrize("piece", ["@", "`", "@a", "```", "a.", "@a.", "`@", "\n`"])
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    """Anything quadratic would hold the loop, and every socket with it."""
    began = time.process_time()
    found = mentioned("@" + piece * (8000 // len(piece)))
    assert len(found.names) <= 50
    assert time.process_time() - began < 0.5


# In a room


async def test_only_members_hear_their_name(
    world: World, alice: Person, bob: Person, mallory: Person
) -> None:
    room = await world.channel(alice, bob)
    message = await world.say(alice, room, "@bob @Mallory @nobody-at-all @alice")
    assert set(message.mentions) == {bob.id, alice.id}
    snapshot = await world.room_snapshot(bob, room)
    assert snapshot.me.mentions == [message.seq]


async def test_who_left_hears_nothing(world: World, alice: Person, bob: Person) -> None:
    room = await world.channel(alice, bob)
    await world.write(members.leave, bob, room)
    assert (await world.say(alice, room, "@bob")).mentions == []


async def test_the_room_is_called_by_those_who_may(
    world: World, alice: Person, bob: Person
) -> None:
    room = await world.channel(alice, bob)
    assert (await world.say(bob, room, "@room")).mentions_room
    await world.write(members.change_role, alice, room, bob.id, "guest")
    message = await world.say(bob, room, "@room @alice")
    assert not message.mentions_room
    assert message.mentions == [alice.id]
