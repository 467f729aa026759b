"""Who may register, as a table; names; devices."""

from uuid import UUID

import pytest

from tertulia.core.errors import Invalid
from tertulia.features.accounts import policy
from tertulia.features.accounts.policy import Admission, Client, Registration, Rules


@pytest.mark.parametrize(
    ("registration", "needs_owner", "token_right", "invite_good", "expected"),
    [
        # The first account, whatever the setting; only the token of the first-run link counts.
        ("open", True, True, None, "owner"),
        ("invite", True, True, None, "owner"),
        ("closed", True, True, None, "owner"),
        ("open", True, False, None, "setup_token_wrong"),
        ("invite", True, False, True, "setup_token_wrong"),
        ("closed", True, False, None, "setup_token_wrong"),
        # Everybody after; the setup token opens nothing any more.
        ("open", False, False, None, "member"),
        ("open", False, True, False, "member"),
        ("invite", False, False, True, "member"),
        ("invite", False, True, False, "invite_wrong"),
        ("invite", False, True, None, "closed"),
        ("closed", False, True, True, "closed"),
        ("closed", False, True, None, "closed"),
    ],
)
def test_who_may_register(
    registration: Registration,
    needs_owner: bool,
    token_right: bool,
    invite_good: bool | None,
    expected: Admission,
) -> None:
    rules = Rules(registration=registration, setup_token="right", version="", max_text_length=1)
    for token in ("right",) if token_right else ("wrong", "", None):
        verdict = policy.admit(
            rules, needs_owner=needs_owner, setup_token=token, invite_good=invite_good
        )
        assert verdict == expected


def test_where_no_setup_token_is_asked_for_none_is_needed() -> None:
    rules = Rules(registration="closed", setup_token=None, version="", max_text_length=1)
    for token in (None, "anything"):
        verdict = policy.admit(rules, needs_owner=True, setup_token=token, invite_good=None)
        assert verdict == "owner"


def test_case_does_not_make_another_name() -> None:
    assert policy.username_key("Ana.Lopez") == policy.username_key("ana.lopez")
    with pytest.raises(Invalid):
        policy.require_good_names("Admin", None)
    policy.require_good_names("ana", None)


def test_colours_of_accounts_made_together_differ() -> None:
    hues = {policy.hue_of(UUID(int=(0x0190 << 112) + n)) for n in range(50)}
    assert len(hues) > 30
    assert all(0 <= hue < 360 for hue in hues)


LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name", "platform"),
    [
        (LINUX, "Firefox on Linux", "Linux"),
        (f"{WINDOWS} Chrome/140.0.0.0 Safari/537.36", "Chrome on Windows", "Windows"),
        (f"{WINDOWS} Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge on Windows", "Windows"),
        (f"{MAC} Version/18.0 Safari/605.1.15", "Safari on macOS", "macOS"),
        (f"{IPHONE} Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone", "iPhone"),
        (f"{ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android", "Android"),
        ("python-httpx/0.28", "App", ""),
        ("", "App", ""),
    ],
)
def test_a_device_is_called_what_its_owner_would_call_it(
    agent: str, name: str, platform: str
) -> None:
    assert policy.describe_device(agent) == Client(name, platform)
    own = policy.describe_device(agent, " My  own ")
    assert own == Client("My own", platform)


def test_names_are_kept_tidy() -> None:
    assert policy.tidy("  Ana   Mari\u0301a ") == "Ana Mar\u00eda"
    assert policy.tidy(" \u3000 ") == ""
