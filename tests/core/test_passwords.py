"""Passwords: the same work for everybody, a bounded queue, no common ones."""

import asyncio
import threading
import unicodedata
from collections.abc import Iterator

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.errors import Invalid, RateLimited
from tertulia.core.passwords import KEPT_FREE, MEMORY_KIB, WAITING, Passwords, weakness

GOOD = "olive branches at dusk"


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    cheap = Passwords(cores=2, memory_kib=64)
    yield cheap
    cheap.close()


async def test_a_password_is_argon2id_with_our_parameters() -> None:
    real = Passwords(cores=2)
    stored = await real.hash(GOOD)
    found = argon2.extract_parameters(stored)
    real.close()
    assert found.type is argon2.Type.ID
    assert (found.memory_cost, found.time_cost, found.parallelism) == (46 * 1024, 1, 1)
    assert (found.salt_len, found.hash_len) == (16, 32)
    assert MEMORY_KIB == 46 * 1024


async def test_only_the_right_password_verifies(passwords: Passwords) -> None:
    stored = await passwords.hash(GOOD)
    assert GOOD not in stored
    assert await passwords.verify(stored, GOOD)
    assert not await passwords.verify(stored, GOOD + " ")
    assert not await passwords.verify(stored, "")
    assert not await passwords.verify("not a hash", GOOD)
    assert await passwords.hash(GOOD) != stored, "salted"


async def test_nobody_has_no_password_and_costs_the_same_work(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await passwords.hash(GOOD)
    checked: list[str] = []
    verify = argon2.PasswordHasher.verify

    def spy(self: argon2.PasswordHasher, given_hash: str, password: str) -> bool:
        checked.append(given_hash)
        return verify(self, given_hash, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", spy)
    assert not await passwords.verify(None, GOOD)
    assert not await passwords.verify("", GOOD)
    assert not await passwords.verify(stored, "wrong")
    assert len(checked) == 3
    same = argon2.extract_parameters(checked[0])
    assert all(argon2.extract_parameters(each) == same for each in checked)


async def test_two_spellings_of_one_letter_are_one_password(passwords: Passwords) -> None:
    composed = unicodedata.normalize("NFC", "contraseña añeja")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert await passwords.verify(await passwords.hash(decomposed), composed)
    assert await passwords.verify(await passwords.hash(composed), decomposed)


async def test_old_parameters_are_noticed(passwords: Passwords) -> None:
    stronger = Passwords(cores=2, memory_kib=128)
    stored = await passwords.hash(GOOD)
    assert not passwords.is_outdated(stored)
    assert stronger.is_outdated(stored)
    assert await stronger.verify(stored, GOOD), "and still good for coming in"
    stronger.close()


class Gate:
    """Holds every hashing thread until it is opened."""

    def __init__(self, passwords: Passwords, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.running = 0
        self.most = 0
        self._lock = threading.Lock()
        monkeypatch.setattr(argon2.PasswordHasher, "verify", self._verify)

    def _verify(self, *_: object) -> bool:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.open.wait(10)
        with self._lock:
            self.running -= 1
        return True


async def test_the_queue_is_bounded_and_keeps_room_for_known_devices(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(passwords, monkeypatch)
    strangers = [
        asyncio.ensure_future(passwords.verify("x", "guess"))
        for _ in range(1 + WAITING - KEPT_FREE)
    ]
    await asyncio.sleep(0)
    with pytest.raises(RateLimited) as refused:
        await passwords.verify("x", "guess")
    assert refused.value.retry_after
    known = [
        asyncio.ensure_future(passwords.verify("x", "mine", known=True)) for _ in range(KEPT_FREE)
    ]
    await asyncio.sleep(0)
    with pytest.raises(RateLimited):
        await passwords.verify("x", "mine", known=True)
    gate.open.set()
    assert all(await asyncio.gather(*strangers, *known))
    assert gate.most == 1, "two cores, one hashes"
    assert await passwords.verify("x", "guess"), "all places are free again"


async def test_who_hangs_up_gives_back_the_place_of_waiting_work(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(passwords, monkeypatch)
    callers = [
        asyncio.ensure_future(passwords.verify("x", "guess"))
        for _ in range(1 + WAITING - KEPT_FREE)
    ]
    await asyncio.sleep(0)
    for caller in callers[1:]:
        caller.cancel()
    await asyncio.gather(*callers[1:], return_exceptions=True)
    again = asyncio.ensure_future(passwords.verify("x", "guess"))
    await asyncio.sleep(0)
    gate.open.set()
    assert await again
    assert await callers[0]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("password", "password_common"),
        ("Password123!", "password_common"),
        ("P@ssw0rd", "password_common"),
        ("12345678", "password_common"),
        ("football99", "password_common"),
        ("iloveyou!!", "password_common"),
        ("correcthorsebatterystaple", "password_common"),
        ("aaaaaaaaaa", "password_pattern"),
        ("abababab", "password_pattern"),
        ("xyzxyzxyzxyz", "password_pattern"),
        ("abcdefghij", "password_pattern"),
        ("9876543210", "password_pattern"),
        ("poiuytrewq", "password_pattern"),
        ("ana.lopez-rules", "password_has_name"),
        ("MyTertulia2026", "password_has_name"),
        ("é" * 129, "too_long"),
    ],
)
def test_what_is_tried_first_is_refused(passwords: Passwords, password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.require_good(password, ("ana.lopez", "tertulia"), field="new_password")
    (error,) = refused.value.errors
    assert (error.field, error.code) == ("new_password", code)
    assert password not in f"{error.message} {refused.value}"


@pytest.mark.parametrize(
    "password",
    [GOOD, "dragon battery lamp", "Xq7#vLp2", "ñandú-Río-44", "é" * 60 + "olives and salt"],
)
def test_what_nobody_tries_first_is_taken(passwords: Passwords, password: str) -> None:
    passwords.require_good(password, ("ana.lopez", "tertulia"), field="password")


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_gets_an_answer(password: str, name: str) -> None:
    found = weakness(password, (name,), frozenset({"dragon"}))
    assert found is None or all(found)


def test_nothing_of_it_shows(passwords: Passwords) -> None:
    assert "argon2id" not in repr(passwords)
    assert "argon2id" not in str(vars(passwords).get("_hasher"))
