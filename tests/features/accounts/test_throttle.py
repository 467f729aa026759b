"""Guessing is slow for strangers, and never costs the owner their own door."""

from tests.features.accounts.conftest import PASSWORD, STRANGE_ADDRESS, Client, World

from tertulia.features.accounts.http.throttle import LOGIN_ACCOUNT, LOGIN_DEVICE, LOGIN_NETWORK


def addresses(amount: int) -> list[str]:
    """Each in a /24 of its own."""
    return [f"203.{n // 250}.{n % 250}.9" for n in range(amount)]


async def owner_with_a_known_browser(world: World) -> Client:
    owner = world.browser("192.0.2.4")
    await owner.register("ana")
    await owner.call("POST", "auth/logout")
    return owner


async def test_a_thousand_addresses_cannot_lock_the_owner_out(world: World) -> None:
    owner = await owner_with_a_known_browser(world)
    answers = [
        await world.program(address).login("ana", f"guess {n}")
        for n, address in enumerate(addresses(1000))
    ]
    tried = [answer.status_code for answer in answers]
    assert tried.count(401) == LOGIN_ACCOUNT.amount, "the guesses that were looked at"
    assert tried.count(429) == 1000 - LOGIN_ACCOUNT.amount
    assert (await world.program("192.0.2.99").login("ana")).status_code == 429, (
        "the control: even the right password has to wait on a device nobody knows"
    )
    assert (await owner.login("ana")).status_code == 200, "at the first try"


async def test_neighbours_cannot_lock_the_owner_out(world: World) -> None:
    owner = await owner_with_a_known_browser(world)
    for _ in range(LOGIN_NETWORK.amount):
        await world.program("192.0.2.77").login("somebody", "guess")
    refused = await world.program("192.0.2.78").login("bruno", "guess")
    assert refused.json()["code"] == "rate_limited"
    assert int(refused.headers["retry-after"]) > 0
    assert (await owner.login("ana")).status_code == 200


async def test_refused_guesses_cost_no_hash(world: World) -> None:
    await world.person("ana")
    world.passwords.verified.clear()
    for address in addresses(40):
        await world.program(address).login("ana", "guess")
    assert len(world.passwords.verified) == LOGIN_ACCOUNT.amount


async def test_a_name_that_does_not_exist_is_throttled_alike(world: World) -> None:
    await world.person("ana")
    codes: dict[str, list[int]] = {}
    for name in ("ana", "nobody-here"):
        answers = [await world.program(a).login(name, "guess") for a in addresses(15)]
        codes[name] = [answer.status_code for answer in answers]
    assert codes["ana"] == codes["nobody-here"]


async def test_a_known_device_has_its_own_limit(world: World) -> None:
    owner = await owner_with_a_known_browser(world)
    answers = [await owner.login("ana", "guess") for _ in range(LOGIN_DEVICE.amount + 1)]
    assert [a.status_code for a in answers] == [401] * LOGIN_DEVICE.amount + [429]
    world.clock.pass_(seconds=LOGIN_DEVICE.interval)
    assert (await owner.login("ana")).status_code == 200
    await owner.call("POST", "auth/logout")
    assert (await owner.login("ana", "guess")).status_code == 401, "the right one cleared it"


async def test_the_mark_of_one_account_is_worth_nothing_at_another(world: World) -> None:
    mallory = world.browser("192.0.2.66")
    await mallory.register("mallory")
    await world.person("ana")
    mallory.http.cookies.set("unrelated", "1")
    answers = [await mallory.login("ana", "guess") for _ in range(LOGIN_ACCOUNT.amount + 1)]
    assert answers[-1].status_code == 429
    assert (await world.program(STRANGE_ADDRESS).login("ana")).status_code == 429


async def test_a_forged_mark_is_no_mark(world: World) -> None:
    owner = await owner_with_a_known_browser(world)
    mark = owner.http.cookies["__Secure-tertulia_device"]
    for address in addresses(LOGIN_ACCOUNT.amount):
        await world.program(address).login("ana", "guess")
    forger = world.browser(STRANGE_ADDRESS)
    forger.http.cookies.set("__Secure-tertulia_device", mark[:-4] + "AAAA")
    assert (await forger.login("ana")).status_code == 429


async def test_a_right_password_gives_the_tries_back(world: World) -> None:
    await world.person("ana")
    for _ in range(3):
        for address in addresses(LOGIN_ACCOUNT.amount - 1):
            assert (await world.program(address).login("ana", "guess")).status_code == 401
        assert (await world.program(STRANGE_ADDRESS).login("ana")).status_code == 200


async def test_one_network_makes_only_so_many_accounts(world: World) -> None:
    await world.person()
    answers = [
        await world.program(f"198.51.100.{n % 200}").register("x", password=PASSWORD)
        for n in range(61)
    ]
    assert [answer.status_code for answer in answers].count(429) == 0, "invalid ones are not asked"
    answers = [await world.program(STRANGE_ADDRESS).register("admin") for _ in range(61)]
    assert [answer.status_code for answer in answers] == [400] * 60 + [429]


async def test_ipv6_is_counted_by_its_64(world: World) -> None:
    for n in range(LOGIN_NETWORK.amount):
        await world.program(f"2001:db8:1:1::{n:x}").login(f"user{n}", "guess")
    assert (await world.program("2001:db8:1:1:ffff::1").login("zoe", "guess")).status_code == 429
    assert (await world.program("2001:db8:1:2::1").login("zoe", "guess")).status_code == 401


async def test_on_this_machine_nobody_is_counted_by_address(world: World) -> None:
    for n in range(LOGIN_NETWORK.amount + 1):
        assert (await world.program("127.0.0.1").login(f"user{n}", "guess")).status_code == 401
    behind = {"x-forwarded-for": "203.0.113.1"}
    answers = [
        await world.program("127.0.0.1", **behind).login(f"other{n}", "guess")
        for n in range(LOGIN_NETWORK.amount + 1)
    ]
    assert answers[-1].status_code == 429, "a proxy on this machine speaks for strangers"
