"""Tokens: only ours, only in time, only while their device is signed in."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.core.actor import Actor
from tertulia.core.errors import TokenExpired, Unauthenticated
from tertulia.core.sessions import AUDIENCE, Sessions, derive, parse_refresh

SECRET = "the first secret of this server, quite long"
OTHER = "another secret that nobody should accept"
ANA = Actor(UUID(int=1), UUID(int=2), is_admin=True)
SEED = b"s" * 32


class HandClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def sessions(*secrets: str, clock: HandClock | None = None) -> Sessions:
    return Sessions(secrets or (SECRET,), clock or HandClock())


def claims(**changed: Any) -> dict[str, Any]:
    now = int(HandClock().at.timestamp())
    mine = {
        "sub": ANA.account_id.hex,
        "dev": ANA.device_id.hex,
        "adm": False,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + 900,
    }
    return {name: value for name, value in (mine | changed).items() if value is not None}


def signed(payload: dict[str, Any], *, typ: str = "at+jwt", algorithm: str = "HS256") -> str:
    """A JWT made by hand, with our own key: what is wrong with it is only what the test says."""
    key = derive(hashlib.sha256(SECRET.encode()).digest(), "access token")
    parts = [json.dumps({"alg": algorithm, "typ": typ}), json.dumps(payload)]
    text = ".".join(_encoded(part.encode()) for part in parts)
    digest = {"HS256": "sha256", "HS512": "sha512"}[algorithm]
    return f"{text}.{_encoded(hmac.digest(key, text.encode(), digest))}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_a_token_says_who_acts() -> None:
    one = sessions()
    assert one.verify(one.issue(ANA)) == ANA
    nobody_special = Actor(UUID(int=3), UUID(int=4))
    assert one.verify(one.issue(nobody_special)) == nobody_special


def test_a_token_ends_after_fifteen_minutes() -> None:
    clock = HandClock()
    one = sessions(clock=clock)
    token = one.issue(ANA)
    clock.at += timedelta(minutes=14, seconds=59)
    assert one.verify(token) == ANA
    clock.at += timedelta(seconds=1)
    with pytest.raises(TokenExpired):
        one.verify(token)


def test_our_own_claims_are_the_control_of_the_forgeries_below() -> None:
    assert sessions().verify(signed(claims())).account_id == ANA.account_id


@pytest.mark.parametrize(
    "token",
    [
        signed(claims(), typ="JWT"),
        signed(claims(), algorithm="HS512"),
        signed(claims(aud="tertulia:media")),
        signed(claims(aud=None)),
        signed(claims(exp=None)),
        signed(claims(dev=None)),
        signed(claims(sub="ana")),
        signed(claims(sub=7)),
        signed(claims(exp="soon")),
        sessions(OTHER).issue(ANA),
    ],
    ids=["typ", "alg", "aud", "no aud", "no exp", "no device", "sub", "int sub", "exp", "key"],
)
def test_what_is_not_exactly_ours_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        sessions().verify(token)


def test_an_unsigned_token_is_refused() -> None:
    header = _encoded(json.dumps({"alg": "none", "typ": "at+jwt"}).encode())
    body = _encoded(json.dumps(claims()).encode())
    with pytest.raises(Unauthenticated):
        sessions().verify(f"{header}.{body}.")


def test_a_token_with_one_letter_changed_is_refused() -> None:
    one = sessions()
    token = one.issue(ANA)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        changed = token[:place] + other + token[place + 1 :]
        try:
            # The last letter of base64 carries bits that nobody reads.
            assert one.verify(changed) == ANA
            assert place == len(token) - 1
        except Unauthenticated:
            pass


@given(st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*")))
def test_any_text_is_refused_in_one_way(text: str) -> None:
    one = sessions()
    with pytest.raises(Unauthenticated):
        one.verify(text)
    with pytest.raises(Unauthenticated):
        parse_refresh(text)
    assert one.read_mark(text) is None


@given(st.recursive(st.none() | st.text(), st.lists, max_leaves=50))
def test_a_strange_header_is_refused(header: object) -> None:
    text = _encoded(json.dumps(header).encode())
    with pytest.raises(Unauthenticated):
        sessions().verify(f"{text}.e30.AAAA")


def test_a_header_nested_too_deep_is_refused() -> None:
    text = _encoded(b"[" * 740)
    with pytest.raises(Unauthenticated):
        sessions().verify(f"{text}.e30.AAAA")


def test_a_revoked_device_is_out_until_its_tokens_are() -> None:
    clock = HandClock()
    one = sessions(clock=clock)
    token = one.issue(ANA)
    one.revoke(ANA.device_id)
    with pytest.raises(Unauthenticated):
        one.verify(token)
    clock.at += timedelta(minutes=17)
    one.revoke(UUID(int=9))
    assert not one.is_revoked(ANA.device_id), "what no token can name any more is forgotten"
    with pytest.raises(TokenExpired):
        one.verify(token)


def test_devices_signed_out_before_the_start_stay_out() -> None:
    clock = HandClock()
    token = sessions(clock=clock).issue(ANA)
    restarted = sessions(clock=clock)
    restarted.load([(ANA.device_id, clock.at)])
    with pytest.raises(Unauthenticated):
        restarted.verify(token)


def test_the_old_key_is_believed_behind_the_new_one() -> None:
    old, both = sessions(SECRET), sessions(OTHER, SECRET)
    assert both.verify(old.issue(ANA)) == ANA
    refresh = parse_refresh(old.refresh_token(ANA.account_id, ANA.device_id, SEED, 3))
    assert both.is_genuine(refresh, SEED)
    assert both.read_mark(old.device_mark(ANA.account_id, ANA.device_id))
    with pytest.raises(Unauthenticated):
        old.verify(both.issue(ANA))


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_a_refresh_token_is_always_the_same_text(count: int) -> None:
    one = sessions()
    text = one.refresh_token(ANA.account_id, ANA.device_id, SEED, count)
    assert text == one.refresh_token(ANA.account_id, ANA.device_id, SEED, count)
    token = parse_refresh(text)
    assert (token.account_id, token.device_id, token.count) == (
        ANA.account_id,
        ANA.device_id,
        count,
    )
    assert one.is_genuine(token, SEED)
    assert not one.is_genuine(token, b"t" * 32)
    assert len(text) <= 256, "the schema's limit"


def test_a_refresh_token_with_another_count_is_no_longer_genuine() -> None:
    one = sessions()
    text = one.refresh_token(ANA.account_id, ANA.device_id, SEED, 1)
    account, device, _, mac = text.split(".")
    assert not one.is_genuine(parse_refresh(f"{account}.{device}.2.{mac}"), SEED)
    for spelling in ("01", "+1", "1 ", "١"):
        with pytest.raises(Unauthenticated):
            parse_refresh(f"{account}.{device}.{spelling}.{mac}")


def test_one_proof_is_not_another() -> None:
    one = sessions()
    refresh = one.refresh_token(ANA.account_id, ANA.device_id, SEED, 0)
    mark = one.device_mark(ANA.account_id, ANA.device_id)
    access = one.issue(ANA)
    assert one.read_mark(mark) == (ANA.account_id, ANA.device_id)
    assert one.read_mark(refresh) is None
    assert one.read_mark(access) is None
    for text in (refresh, mark):
        with pytest.raises(Unauthenticated):
            one.verify(text)
    with pytest.raises(Unauthenticated):
        parse_refresh(mark)


def test_keys_differ_by_purpose() -> None:
    assert derive(SEED, "a") != derive(SEED, "b")
    assert len(derive(SEED, "a")) == 32


def test_secrets_do_not_show() -> None:
    one = sessions()
    token = parse_refresh(one.refresh_token(ANA.account_id, ANA.device_id, SEED, 0))
    shown = f"{one!r} {token!r} {token}"
    assert SECRET not in shown
    assert repr(token.mac) not in shown


def test_no_key_no_sessions() -> None:
    with pytest.raises(ValueError, match="secret key"):
        Sessions([], HandClock())


def test_a_remembered_token_still_runs_out_and_still_ends_with_its_device() -> None:
    clock = HandClock()
    ours = sessions(clock=clock)
    token = ours.issue(ANA)
    assert ours.verify(token) == ours.verify(token) == ANA
    clock.at += timedelta(seconds=901)
    with pytest.raises(TokenExpired):
        ours.verify(token)
    ours.revoke(ANA.device_id)
    with pytest.raises(Unauthenticated):
        ours.verify(token)
