"""Who may make an account, under which name, and what a device is called. Pure."""

import hashlib
import hmac
import unicodedata
from typing import Literal
from uuid import UUID

import msgspec

from tertulia.core.errors import FieldError, Invalid

Registration = Literal["open", "invite", "closed"]
Admission = Literal["owner", "member", "setup_token_wrong", "invite_wrong", "closed"]

PRODUCT = "tertulia"
# Names that would speak for the server, or that mean something in a message.
RESERVED = frozenset(
    """
    admin administrator root system server support help helpdesk security abuse postmaster
    webmaster hostmaster moderator mod mods staff official owner operator bot api www mail
    here room everyone everybody all channel group online you self anonymous nobody null none
    undefined deleted deactivated unknown guest guests invite invites login logout register
    settings tertulia
    """.split()  # noqa: SIM905 — a list this long is read as words
)


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator decided. `setup_token` is None where the first account needs none: on a
    server that only this machine can reach."""

    registration: Registration
    setup_token: str | None
    version: str
    max_text_length: int

    def __repr__(self) -> str:
        return f"Rules(registration={self.registration!r})"


def admit(
    rules: Rules, *, needs_owner: bool, setup_token: str | None, invite_good: bool | None
) -> Admission:
    """What becomes of someone who registers, or why not.

    The first account owns the server whatever the setting says; of a server that others can reach
    only with the token of the first-run link. `invite_good` is None where no invite came.
    """
    if needs_owner:
        return "owner" if _is_setup_token(rules, setup_token or "") else "setup_token_wrong"
    if rules.registration == "open":
        return "member"
    if rules.registration == "invite" and invite_good is not None:
        return "member" if invite_good else "invite_wrong"
    return "closed"


def _is_setup_token(rules: Rules, given: str) -> bool:
    """In constant time, so that it cannot be found letter by letter."""
    token = rules.setup_token
    return token is None or hmac.compare_digest(given.encode(), token.encode())


def username_key(username: str) -> str:
    """Two names with one key are one name (case and compatibility forms folded)."""
    return unicodedata.normalize("NFKC", username).casefold()


def tidy(text: str) -> str:
    """A name or a status as it is kept: one spelling (NFC), single spaces, none around."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def require_visible(text: str, *, field: str) -> str:
    """The tidy text. Raises Invalid where nothing is left of it."""
    if not (kept := tidy(text)):
        raise Invalid(errors=(FieldError(field, "too_short", "It needs something visible"),))
    return kept


def require_good_names(username: str, display_name: str | None) -> None:
    """Raises Invalid for a reserved name, and for one that nobody could see."""
    if username_key(username) in RESERVED:
        raise Invalid(errors=(FieldError("username", "reserved", "That name is reserved"),))
    if display_name is not None:
        require_visible(display_name, field="display_name")


def hue_of(account_id: UUID) -> int:
    """The colour an account begins with, in degrees; a UUIDv7's own bits would all be alike."""
    return int.from_bytes(hashlib.sha256(account_id.bytes).digest()[:4], "big") % 360


# The first that is found wins, so what others imitate comes last.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
             ("SamsungBrowser/", "Samsung Internet"), ("CriOS/", "Chrome"),
             ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip


class Client(msgspec.Struct, frozen=True):
    """How a device is listed. `platform` is empty where unknown."""

    name: str
    platform: str


def describe_device(user_agent: str, name: str | None = None) -> Client:
    """`Firefox on Linux`, unless it has a name of its own."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "App")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    found = f"{browser} on {system}" if system else browser
    return Client(name=tidy(name or "") or found, platform=system)
