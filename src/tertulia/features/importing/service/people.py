"""Who of Slack is whom here."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from tertulia.core.tx import Tx
from tertulia.features.accounts import service as accounts
from tertulia.features.accounts.service import arrivals
from tertulia.features.accounts.service.arrivals import Newcomer
from tertulia.features.importing import store
from tertulia.features.importing.state import naming, slack
from tertulia.features.importing.state.report import How

CHUNK = 500  # people of one transaction


class Person(NamedTuple):
    """Somebody of Slack, as whom they come in. `newcomer` where an account is to be made."""

    key: str
    name: str
    account_id: UUID
    username: str
    how: How
    newcomer: Newcomer | None = None


async def recall(tx: Tx, source: str, users: Mapping[str, slack.User]) -> dict[str, Person]:
    """Those whom an earlier run decided about, by their key there."""
    known = await store.known(tx, source, "account")
    found = await accounts.get_accounts(tx, {one.id for one in known.values()})
    return {
        key: Person(key, users[key].shown if key in users else key, one.id,
                    found[one.id].username, "earlier")
        for key, one in known.items()
    }  # fmt: skip


async def plan(
    tx: Tx, users: Sequence[slack.User], promised: set[str], *, match: bool
) -> list[Person]:
    """Decide about people no run has seen. Somebody who is here is found by e-mail address, else by
    username, where `match`; all others get accounts of their own. `promised` are usernames that
    this run gave away already, in lower case: it grows."""
    sought = [user for user in users if match and not user.is_bot]
    emails = [user.profile.email for user in sought if user.profile.email]
    names = [user.name for user in sought if user.name]
    by_email, by_name = await arrivals.find_known(tx, emails, names)
    ids = {*by_email.values(), *by_name.values()}
    here = await accounts.get_accounts(tx, ids)
    unsafe = promised | {name.lower() for name in await arrivals.taken(tx, _candidates(users))}
    decided: list[Person] = []
    for user in users:
        email = (user.profile.email or "").lower()
        found: tuple[UUID | None, How] = (by_email.get(email), "e-mail")
        if found[0] is None:
            found = (by_name.get(user.name or ""), "username")
        if found[0] is not None and not user.is_bot:
            account = here[found[0]]
            decided.append(Person(user.id, user.shown, account.id, account.username, found[1]))
            continue
        newcomer = _newcomer(tx, user, unsafe)
        promised.add(newcomer.username.lower())
        decided.append(Person(user.id, user.shown, newcomer.id, newcomer.username, "new", newcomer))
    return decided


def _newcomer(tx: Tx, user: slack.User, unsafe: set[str]) -> Newcomer:
    username = naming.username(_wanted(user), lambda name: name.lower() in unsafe)
    unsafe.add(username.lower())
    email = user.profile.email
    return Newcomer(
        id=tx.ids.uuid7(),
        username=username,
        display_name=naming.one_line(user.shown, 64) or username,
        email=email if email and len(email) <= 254 and "\0" not in email else None,
        is_bot=user.is_bot,
    )


def _wanted(user: slack.User) -> str:
    return user.name or user.shown


def _candidates(users: Sequence[slack.User]) -> set[str]:
    """Every name that somebody here might get, so that one question answers for all."""
    found: set[str] = set()
    for user in users:
        tried: list[str] = []

        def taken(name: str, tried: list[str] = tried) -> bool:
            tried.append(name)
            return len(tried) < 8

        naming.username(_wanted(user), taken)
        found.update(tried)
    return found


async def settle(tx: Tx, source: str, people: Sequence[Person]) -> None:
    """Make the accounts that are missing, and remember who became whom."""
    newcomers = [person.newcomer for person in people if person.newcomer]
    if newcomers:
        await arrivals.bring_in(tx, newcomers)
    await store.remember(
        tx,
        source,
        "account",
        {
            person.key: store.Known(person.account_id, person.newcomer is not None)
            for person in people
        },
    )
