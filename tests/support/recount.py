"""Anything done in any order by Hypothesis, and after every step what everybody is told: by the
server's snapshot, folded from events by who was there, and caught up by who was away."""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from copy import deepcopy
from itertools import count
from typing import Any, NamedTuple, TypeVar, cast

import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from tests.support.clock import HandClock
from tests.support.verify import Watcher
from tests.support.world import Person, World, open_world

T = TypeVar("T")
_names = count(1)
STEPS = 25
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


class Pictures(NamedTuple):
    """What somebody (by number) holds, in three ways that must be one."""

    of: int
    fresh: dict[str, Any]
    live: dict[str, Any]
    away: dict[str, Any]


class Life(RuleBasedStateMachine):
    """One world for all examples, with people of its own in each."""

    world: World
    loop: asyncio.AbstractEventLoop
    watchers: Sequence[Watcher] = ()

    def do(self, awaitable: Awaitable[T]) -> T:
        return self.loop.run_until_complete(cast("Any", awaitable))

    def newcomers(self, number: int) -> list[Person]:
        return [self.do(self.world.person(f"one{next(_names)}")) for _ in range(number)]

    def watch(self, people: Sequence[Person]) -> None:
        """From here on somebody looks through each one's eyes."""
        self.watchers = [self.do(Watcher.begin(self.world, one)) for one in people]
        self._told = len(self.world.bus.published)

    def pictures(self) -> Iterator[Pictures]:
        """After a step: everybody's, with all that happened since the last time."""
        published = self.world.bus.published[self._told :]
        self._told += len(published)
        events = [msgspec.json.decode(notice.body) for notice in published if notice.seq]
        for one, watcher in enumerate(self.watchers):
            live = self.do(watcher.by_events(deepcopy(events)))
            away = self.do(watcher.by_sync())
            yield Pictures(one, self.do(watcher.fresh()), live, away)


def live_through(life: type[Life], dsn: str, *, examples: int) -> None:
    """Run a state machine in a world on this database."""
    loop = asyncio.new_event_loop()
    house = open_world(dsn, HandClock())
    try:
        world = loop.run_until_complete(house.__aenter__())
        placed = cast("type[Life]", type("Placed", (life,), {"world": world, "loop": loop}))
        limits = settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=SLOW,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
        )
        run_state_machine_as_test(placed, settings=limits)
    finally:
        loop.run_until_complete(house.__aexit__(None, None, None))
        loop.close()
