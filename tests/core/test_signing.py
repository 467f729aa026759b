"""Links that are good for a while."""

from tests.support.clock import HandClock

from tertulia.core.signing import Links

SECRETS = ["one secret of the tests", "another secret"]
HOUR = 3600


async def test_a_link_on_the_grid_is_the_same_for_a_while(clock: HandClock) -> None:
    links = Links(SECRETS, clock)
    await clock.advance(HOUR - clock.now().timestamp() % HOUR)
    first = links.sign_on_grid("media", "a", HOUR)
    assert first[0] == clock.now().timestamp() + 2 * HOUR
    await clock.advance(HOUR - 1)
    assert links.sign_on_grid("media", "a", HOUR) == first
    assert links.is_good("media", "a", *first)
    assert not links.is_good("export", "a", *first)
    assert not links.is_good("media", "b", *first)
    await clock.advance(1)
    assert links.sign_on_grid("media", "a", HOUR) != first
    assert links.is_good("media", "a", *first)
    await clock.advance(HOUR)
    assert not links.is_good("media", "a", *first)


async def test_a_key_that_was_replaced_opens_old_links(clock: HandClock) -> None:
    expires, signature = Links(SECRETS[1:], clock).sign("media", "a", HOUR)
    assert Links(SECRETS, clock).is_good("media", "a", expires, signature)
    assert not Links(SECRETS[:1], clock).is_good("media", "a", expires, signature)
