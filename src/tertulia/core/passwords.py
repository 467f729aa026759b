"""Passwords: hashed slowly, in threads, with a bounded queue; common ones refused.

argon2id m=46 MiB t=1 p=1 (OWASP Password Storage, ASVS 5.0 App. C): about 60 ms of one core, so
whoever may ask for hashes could ask for the whole machine. Unicode is NFC at set and at check.
"""

import asyncio
import re
import secrets
import threading
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import resources
from typing import ParamSpec, TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from tertulia.core.errors import FieldError, Invalid, RateLimited

P = ParamSpec("P")
T = TypeVar("T")

MEMORY_KIB = 46 * 1024
WAITING = 32  # hashes that may wait for a thread, about two seconds of one core; more is an answer
KEPT_FREE = 8  # of those, places that no stranger can take from devices we know
RETRY_SECONDS = 2.0
LONGEST_BYTES = 256  # of UTF-8; longer is refused, never cut
# From here on length protects by itself, even with a common word inside (NIST SP 800-63B-4).
LONG = 15
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
        "qwertzuiop", "azertyuiop", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p")  # fmt: skip
LEET = str.maketrans("013457@$!|", "oieastasil")


class Passwords:
    """Own threads, one fewer than the cores. `close` ends them."""

    def __init__(self, *, cores: int, memory_kib: int = MEMORY_KIB) -> None:
        threads = max(1, cores - 1)
        self._hasher = argon2.PasswordHasher(
            time_cost=1, memory_cost=memory_kib, parallelism=1, hash_len=32, salt_len=16
        )
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="password")
        self._strangers = threading.BoundedSemaphore(threads + WAITING - KEPT_FREE)
        self._known = threading.BoundedSemaphore(KEPT_FREE)
        # What unknown names are checked against: the work, and so the time, is the same.
        self._nobody = self._hasher.hash(secrets.token_urlsafe())
        self._common = frozenset(_read_common())

    async def hash(self, password: str, *, known: bool = False) -> str:
        """Raises RateLimited when too many wait. `known`: asked for by a device we know."""
        return await self._run(known, self._hasher.hash, normal(password))

    async def verify(self, stored: str | None, password: str, *, known: bool = False) -> bool:
        """Does the password belong to the hash? Without a hash: no, after the same work.

        Raises RateLimited when too many wait.
        """
        matches = await self._run(known, self._matches, stored or self._nobody, normal(password))
        return matches and bool(stored)

    def is_outdated(self, stored: str) -> bool:
        """Was it made with other parameters than today's? Then hash again at the next login."""
        return self._hasher.check_needs_rehash(stored)

    def require_good(self, password: str, names: Iterable[str], *, field: str) -> None:
        """Raises Invalid, naming `field`, for a password an attacker would try first.

        `names` are words that are no secret here: the user's name, the product's.
        """
        problem = weakness(password, names, self._common)
        if problem is not None:
            code, message = problem
            raise Invalid(errors=(FieldError(field, code, message),))

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, known: bool, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        places = self._take_place(known)
        try:
            future: Future[T] = self._executor.submit(work, *args, **kwargs)
        except BaseException:
            places.release()
            raise
        # When the thread is done, not when the caller is: a client that hangs up frees no core.
        future.add_done_callback(lambda _: places.release())
        return await asyncio.wrap_future(future)

    def _take_place(self, known: bool) -> threading.BoundedSemaphore:
        if self._strangers.acquire(blocking=False):
            return self._strangers
        if known and self._known.acquire(blocking=False):
            return self._known
        raise RateLimited(retry_after=RETRY_SECONDS)


def normal(password: str) -> str:
    """One spelling of what looks the same on every keyboard (Unicode NFC)."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, names: Iterable[str], common: frozenset[str]) -> tuple[str, str] | None:
    """(code, message) of what is wrong with it, or None. `common` are lower-case words."""
    password = normal(password)
    if len(password.encode()) > LONGEST_BYTES:
        return "too_long", f"At most {LONGEST_BYTES} bytes"
    plain = password.casefold()
    folded = plain.translate(LEET)
    if any(len(name) >= 3 and name.casefold() in plain for name in names):
        return "password_has_name", "It contains your name or ours"
    letters = re.sub(r"[^a-z]", "", folded)
    stripped = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    if plain in common or (len(plain) < LONG and not common.isdisjoint((letters, stripped))):
        return "password_common", "It is one of those tried first"
    if _is_pattern(plain):
        return "password_pattern", "It follows a pattern that is easy to guess"
    return None


def _is_pattern(plain: str) -> bool:
    """One or two characters, a short piece repeated, or a walk along the alphabet or keyboard."""
    if len(set(plain)) <= 2:
        return True
    half = len(plain) // 2
    if any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, min(half, 4) + 1)):
        return True
    return any(_covers(row, plain) or _covers(row[::-1], plain) for row in ROWS)


def _covers(row: str, plain: str) -> bool:
    """`plain` is a stretch of `row`, which goes round: 7890123."""
    return plain in row * (2 + len(plain) // len(row))


def _read_common() -> list[str]:
    text = resources.files("tertulia.core").joinpath("common_passwords.txt").read_text()
    return [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
