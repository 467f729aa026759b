"""A webhook that turns itself off tells those who can turn it on again."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from tests.support.verify import verify
from tests.support.world import Person, World

from tertulia.core.streams import account_stream
from tertulia.core.tx import Tx
from tertulia.features.integrations import service
from tertulia.features.integrations.schemas import MakeOutgoing, OutgoingWebhook
from tertulia.features.integrations.service import Outcome, ToDeliver, TurnedOff
from tertulia.features.integrations.store import outgoing as store
from tertulia.features.messages.schemas import SystemBody
from tertulia.features.moderation import service as moderation
from tertulia.features.timeline import service as timeline
from tertulia.features.timeline.service import Anchor

KEY = b"k" * 32
GONE = Outcome(410, 3, "", last=True)
WANTED = MakeOutgoing(url="https://hooks.example/t0ken", events=["message.sent"])


async def webhook(world: World, owner: Person, room: UUID | None) -> OutgoingWebhook:
    made = await world.write(service.make_outgoing, owner, room, WANTED, key=KEY)
    return made.webhook


def ends(world: World, hook: OutgoingWebhook, outcome: Outcome) -> Callable[[], Awaitable[object]]:
    """An attempt of some delivery."""
    wanted = ToDeliver(webhook_id=hook.id, delivery_id=world.ids.uuid7())
    return lambda: world.db.write(lambda tx: service.note_attempt(tx, wanted, outcome))


async def test_a_room_is_told_once_and_its_trail_keeps_it(world: World) -> None:
    alice, bob = await world.person("alice"), await world.person("bob")
    room = await world.channel(alice, bob)
    hook = await webhook(world, alice, room)
    await world.clock.advance(1)
    await verify(world, [alice, bob], ends(world, hook, GONE))
    await ends(world, hook, GONE)()
    page = await world.read(timeline.page, bob, room, Anchor(), 50)
    told = [one.body for one in page.messages if isinstance(one.body, SystemBody)]
    off = [body for body in told if body.event == "webhook.disabled"]
    assert [body.text for body in off] == ["gone"]
    trail = await world.read(moderation.audit, alice, room, None)
    assert [(one.action, one.detail, one.actor_id) for one in trail.records] == [
        ("webhook.disabled", "gone hooks.example", alice.id),
        ("webhook.made", "hooks.example", alice.id),
    ]


async def test_one_of_the_server_is_told_to_those_who_run_it(world: World) -> None:
    owner, bob = await world.person("alice"), await world.person("bob")
    hook = await webhook(world, owner, None)
    await verify(world, [owner, bob], ends(world, hook, GONE), quiet=True)

    async def heard(who: Person) -> list[str]:
        return [kind for _, kind in await world.logged(account_stream(who.id).id)]

    assert (await heard(owner)).count("webhook.disabled") == 1
    assert "webhook.disabled" not in await heard(bob)


async def test_a_failure_alone_turns_nothing_off(world: World) -> None:
    alice = await world.person("alice")
    room = await world.channel(alice)
    hook = await webhook(world, alice, room)
    before = await world.logged(room)
    await ends(world, hook, Outcome(500, 3, "", last=True))()
    assert await world.logged(room) == before
    [shown] = (await world.read(service.webhooks, alice, room)).outgoing
    assert (shown.disabled_at, shown.failing_since) == (None, world.clock.now())


async def test_what_waits_is_given_up_and_not_sent_again_before_it_is_on(world: World) -> None:
    alice = await world.person("alice")
    room = await world.channel(alice)
    hook = await webhook(world, alice, room)

    async def queued(tx: Tx) -> UUID | None:
        return await store.insert_delivery(tx, hook.id, room, 99, "message.sent", b"{}")

    delivery_id = await world.db.write(queued)
    assert delivery_id is not None
    await ends(world, hook, GONE)()
    [log] = (await world.read(service.deliveries, alice, room, hook.id, None)).deliveries
    assert (log.state, log.error) == ("failed", "the webhook was turned off")
    with pytest.raises(TurnedOff):
        await world.write(service.redeliver, alice, room, hook.id, delivery_id)
    await world.write(service.enable, alice, room, hook.id)
    await world.write(service.redeliver, alice, room, hook.id, delivery_id)
    [log] = (await world.read(service.deliveries, alice, room, hook.id, None)).deliveries
    assert log.state == "waiting"
