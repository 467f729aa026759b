"""Asking for contact and answering, and what each side sees of it (N2)."""

import pytest
from tests.support.verify import verify
from tests.support.world import Person, World

from tertulia.core.errors import Invalid, NotFound
from tertulia.features.people import service as people


async def ties(world: World, who: Person) -> dict[str, str]:
    """My contacts, by what stands between us."""
    circle = (await world.snapshot(who)).circle
    return {str(one.account_id): one.state for one in circle.contacts}


async def befriend(world: World, one: Person, other: Person) -> None:
    await world.write(people.request_contact, one, other.id, "")
    await world.write(people.accept_contact, other, one.id)


async def test_asking_is_seen_by_both(world: World, alice: Person, bob: Person) -> None:
    async def ask() -> None:
        await world.write(people.request_contact, alice, bob.id, "from the  market")

    await verify(world, [alice, bob], ask)
    assert await ties(world, alice) == {str(bob.id): "requested"}
    [theirs] = (await world.snapshot(bob)).circle.contacts
    assert (theirs.state, theirs.note) == ("incoming", "from the market")


async def test_accepting_makes_contacts_of_both(world: World, alice: Person, bob: Person) -> None:
    await world.write(people.request_contact, alice, bob.id, "")
    await verify(world, [alice, bob], lambda: world.write(people.accept_contact, bob, alice.id))
    assert await ties(world, alice) == {str(bob.id): "contact"}
    assert await ties(world, bob) == {str(alice.id): "contact"}


async def test_two_who_ask_each_other_need_no_answer(
    world: World, alice: Person, bob: Person
) -> None:
    await world.write(people.request_contact, alice, bob.id, "")
    assert await world.write(people.request_contact, bob, alice.id, "") == "contact"
    assert await ties(world, alice) == {str(bob.id): "contact"}


@pytest.mark.parametrize("who", ["declined by bob", "withdrawn by alice", "ended by bob"])
async def test_whoever_lets_go_lets_both_go(
    world: World, alice: Person, bob: Person, who: str
) -> None:
    await world.write(people.request_contact, alice, bob.id, "")
    if who.startswith("ended"):
        await world.write(people.accept_contact, bob, alice.id)
    one, other = (alice, bob) if who.endswith("alice") else (bob, alice)
    await verify(world, [alice, bob], lambda: world.write(people.drop_contact, one, other.id))
    assert await ties(world, alice) == await ties(world, bob) == {}


async def test_asking_twice_says_nothing_twice(world: World, alice: Person, bob: Person) -> None:
    await world.write(people.request_contact, alice, bob.id, "")
    told = len(world.published(bob.stream))
    assert await world.write(people.request_contact, alice, bob.id, "again") == "requested"
    await befriend(world, alice, bob)
    assert await world.write(people.accept_contact, bob, alice.id) == "contact"
    assert len(world.published(bob.stream)) == told + 1


async def test_nobody_accepts_what_was_not_asked(world: World, alice: Person, bob: Person) -> None:
    with pytest.raises(NotFound):
        await world.write(people.accept_contact, bob, alice.id)
    await world.write(people.request_contact, alice, bob.id, "")
    with pytest.raises(NotFound):  # one's own request
        await world.write(people.accept_contact, alice, bob.id)


async def test_a_stranger_and_oneself_are_no_contacts(world: World, alice: Person) -> None:
    with pytest.raises(Invalid):
        await world.write(people.request_contact, alice, alice.id, "")
    with pytest.raises(NotFound):
        await world.write(people.request_contact, alice, world.ids.uuid7(), "")


async def test_requests_are_bounded(
    world: World, alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "REQUESTS", 1)
    await world.write(people.request_contact, alice, bob.id, "")
    carol = await world.person("carol")
    with pytest.raises(people.TooManyContacts):
        await world.write(people.request_contact, alice, carol.id, "")
    with pytest.raises(people.TooManyContacts):
        await world.write(people.request_contact, carol, bob.id, "")
    assert await ties(world, carol) == {}
