"""How often one may try to come in."""

from uuid import UUID

from tertulia.core.http.address import network_of
from tertulia.core.http.info import RequestInfo
from tertulia.core.limits import Bucket, Limiter
from tertulia.features.accounts import policy

REGISTER = Bucket("auth.register", 60, 3600)  # of one network: a class that signs up together
LOGIN_NETWORK = Bucket("auth.login.network", 20, 300)
# Of strangers who try one name; ten quick tries, then a minute each, and a hundred a day.
LOGIN_ACCOUNT = Bucket("auth.login.account", 10, 600)
LOGIN_ACCOUNT_DAY = Bucket("auth.login.account.day", 100, 86_400)
# A device that signed in before has a bucket of its own: strangers cannot lock its owner out.
LOGIN_DEVICE = Bucket("auth.login.device", 10, 600)
REFRESH = Bucket("auth.refresh", 600, 60)


async def throttle_network(limiter: Limiter, bucket: Bucket, info: RequestInfo) -> None:
    # On this machine itself everybody shares one address, and whoever is here needs no guessing.
    if not info.local:
        await limiter.hit(bucket, _neighbourhood(info.address))


async def throttle_login(
    limiter: Limiter, info: RequestInfo, username: str, device: UUID | None
) -> None:
    if device is not None:
        await limiter.hit(LOGIN_DEVICE, str(device))
        return
    # The network first: an address that used up its own tries uses up nothing of the account's.
    await throttle_network(limiter, LOGIN_NETWORK, info)
    key = policy.username_key(username)
    await limiter.hit(LOGIN_ACCOUNT, key)
    await limiter.hit(LOGIN_ACCOUNT_DAY, key)


async def forget_login(limiter: Limiter, username: str, device: UUID | None) -> None:
    """A right password was no guess. The network's tries stay counted: its next may be guesses."""
    if device is not None:
        await limiter.forget(LOGIN_DEVICE, str(device))
        return
    key = policy.username_key(username)
    await limiter.forget(LOGIN_ACCOUNT_DAY, key)
    await limiter.forget(LOGIN_ACCOUNT, key)


def _neighbourhood(address: str) -> str:
    """/24 of IPv4, /64 of IPv6: what one attacker gets without effort."""
    network = network_of(address)
    return network if ":" in network else network.rpartition(".")[0]
