"""Who may make an account, under which name, and what a device is called. Pure."""

import hashlib
import unicodedata
from typing import Literal
from uuid import UUID

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


def admit(
    registration: Registration,
    *,
    needs_owner: bool,
    setup_token_right: bool,
    invite_good: bool | None,
) -> Admission:
    """What becomes of someone who registers, or why not.

    The first account owns the server whatever the setting says; of a server that others can reach
    only with the token of the first-run link. `invite_good` is None where no invite came.
    """
    if needs_owner:
        return "owner" if setup_token_right else "setup_token_wrong"
    if registration == "open":
        return "member"
    if registration == "invite" and invite_good is not None:
        return "member" if invite_good else "invite_wrong"
    return "closed"


def username_key(username: str) -> str:
    """Two names with one key are one name (case and compatibility forms folded)."""
    return unicodedata.normalize("NFKC", username).casefold()


def is_reserved(username: str) -> bool:
    return username_key(username) in RESERVED


def tidy(text: str) -> str:
    """A name or a status as it is kept: one spelling (NFC), single spaces, none around."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def hue_of(account_id: UUID) -> int:
    """The colour an account begins with, in degrees; a UUIDv7's own bits would all be alike."""
    return int.from_bytes(hashlib.sha256(account_id.bytes).digest()[:4], "big") % 360


# The first that is found wins, so what others imitate comes last.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
             ("SamsungBrowser/", "Samsung Internet"), ("CriOS/", "Chrome"),
             ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip


def describe_device(user_agent: str) -> tuple[str, str]:
    """(name, platform): `("Firefox on Linux", "Linux")`; platform is empty where unknown."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    name = browser or "App"
    return (f"{name} on {system}", system) if system else (name, "")
