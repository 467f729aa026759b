"""Concurrent commands share a transaction, and nobody pays for a neighbour."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import pytest
from tests.support.clock import turns

from tertulia.core import grouping
from tertulia.core.db import Database
from tertulia.core.errors import AppError, Forbidden, Unavailable
from tertulia.core.grouping import Grouping
from tertulia.core.tx import Tx


class Commits:
    """A database whose commits take as long as the test lets them; it keeps what was committed."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self._open = asyncio.Event()
        self._open.set()
        self.error: Exception | None = None

    def hold(self) -> None:
        self._open.clear()

    def let_go(self) -> None:
        self._open.set()

    async def write(self, verb: Callable[[Tx], Awaitable[Any]]) -> Any:
        if self.error is not None:
            raise self.error
        result = await verb(cast("Tx", self))
        await self._open.wait()
        return result


async def shout(tx: Tx, items: Sequence[str]) -> list[str | AppError]:
    """`no` is refused, `poison` kills its whole transaction."""
    if "poison" in items:
        raise RuntimeError("poison")
    cast("Commits", tx).groups.append(list(items))
    return [Forbidden(item) if item == "no" else item.upper() for item in items]


@pytest.fixture
def commits() -> Commits:
    return Commits()


@pytest.fixture
def group(commits: Commits) -> Grouping[str, str]:
    return Grouping(cast("Database", commits), shout, lanes=1)


async def submit_behind(
    commits: Commits, group: Grouping[str, str], items: Sequence[str]
) -> list[str | BaseException]:
    """Submit items while the commit of `first` is in flight."""
    commits.hold()
    first = asyncio.create_task(group.submit("room", "first"))
    await turns()
    rest = asyncio.gather(*(group.submit("room", item) for item in items), return_exceptions=True)
    await turns()
    commits.let_go()
    assert await first == "FIRST"
    return await rest


async def test_one_command_goes_alone_at_once(commits: Commits, group: Grouping[str, str]) -> None:
    assert await group.submit("room", "a") == "A"
    assert commits.groups == [["a"]]


async def test_what_comes_during_a_commit_goes_together_after_it(
    commits: Commits, group: Grouping[str, str]
) -> None:
    assert await submit_behind(commits, group, "abc") == ["A", "B", "C"]
    assert commits.groups == [["first"], ["a", "b", "c"]]


async def test_one_refusal_refuses_nobody_else(commits: Commits, group: Grouping[str, str]) -> None:
    a, no, c = await submit_behind(commits, group, ["a", "no", "c"])
    assert (a, c) == ("A", "C")
    assert isinstance(no, Forbidden)


async def test_a_poisoned_command_fails_alone(commits: Commits, group: Grouping[str, str]) -> None:
    a, poison, c = await submit_behind(commits, group, ["a", "poison", "c"])
    assert (a, c) == ("A", "C")
    assert isinstance(poison, RuntimeError)
    assert commits.groups == [["first"], ["a"], ["c"]]


async def test_a_database_that_is_away_fails_the_group(
    commits: Commits, group: Grouping[str, str]
) -> None:
    commits.error = Unavailable()
    with pytest.raises(Unavailable):
        await group.submit("room", "a")
    commits.error = None
    assert await group.submit("room", "a") == "A"


async def test_commands_of_one_key_keep_their_order(commits: Commits) -> None:
    group = Grouping[str, str](cast("Database", commits), shout, lanes=4)
    items = [f"{room}{n}" for n in range(40) for room in "xyz"]
    await asyncio.gather(*(group.submit(item[0], item) for item in items))
    done = [item for one in commits.groups for item in one]
    assert sorted(done) == sorted(items)
    for room in "xyz":
        mine = [item for item in done if item[0] == room]
        assert mine == [f"{room}{n}" for n in range(40)]


async def test_a_group_is_never_larger_than_its_size(
    commits: Commits, group: Grouping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "GROUP_SIZE", 3)
    await submit_behind(commits, group, "abcdefg")
    assert [len(one) for one in commits.groups] == [1, 3, 3, 1]


async def test_too_many_waiting_is_an_answer(
    commits: Commits, group: Grouping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A queue without bound would only answer later, and worse."""
    monkeypatch.setattr(grouping, "WAITING", 2)
    a, b, c = await submit_behind(commits, group, "abc")
    assert (a, b) == ("A", "B")
    assert isinstance(c, Unavailable)
    assert c.retry_after
    assert await group.submit("room", "later") == "LATER"


async def test_who_stops_waiting_harms_nobody(commits: Commits, group: Grouping[str, str]) -> None:
    commits.hold()
    gone = asyncio.create_task(group.submit("room", "gone"))
    await turns()
    waiting = [asyncio.create_task(group.submit("room", item)) for item in ("gone too", "b")]
    await turns()
    gone.cancel()
    waiting[0].cancel()
    commits.let_go()
    async with asyncio.timeout(5):
        assert await waiting[1] == "B"
        assert await group.submit("room", "c") == "C"
    assert gone.cancelled()


async def test_a_verb_that_forgets_somebody_leaves_nobody_waiting(commits: Commits) -> None:
    async def forgetful(tx: Tx, items: Sequence[str]) -> list[str | AppError]:
        return (await shout(tx, items))[1:]

    group = Grouping[str, str](cast("Database", commits), forgetful, lanes=1)
    async with asyncio.timeout(5):
        with pytest.raises(RuntimeError):
            await group.submit("room", "a")


async def test_closing_waits_for_what_is_in_flight(
    commits: Commits, group: Grouping[str, str]
) -> None:
    commits.hold()
    sending = asyncio.create_task(group.submit("room", "a"))
    await turns()
    closing = asyncio.create_task(group.close())
    await turns()
    assert not closing.done()
    commits.let_go()
    await closing
    assert await sending == "A"
