"""Our signatures are botocore's, character by character."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import amazon

from tertulia.core.storage.sigv4 import LONGEST, Keys, form, presign

NOW = datetime(2026, 11, 21, 12, 34, 56, tzinfo=UTC)
KEYS = Keys("AKIAEXAMPLE", "a secret/with+signs", "eu-central-1")
THEIRS = amazon.Credentials(KEYS.access, KEYS.secret)
ORIGIN = "https://bucket.s3.eu-central-1.amazonaws.com"

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
# Names of headers and parameters, lower case: what is sent is compared so.
names = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1).map(lambda name: f"q{name}")
values = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


def theirs(
    method: str, path: str, query: dict[str, str], headers: dict[str, str], seconds: int
) -> dict[str, str]:
    url = f"{ORIGIN}{quote(path, safe='-_.~/')}"
    asked = f"{url}?{urlencode(query, quote_via=quote)}" if query else url
    request = amazon.Request(method, asked, headers=headers)
    with patch(amazon.NOW, return_value=NOW.replace(tzinfo=None)):
        amazon.QueryAuth(THEIRS, "s3", KEYS.region, expires=seconds).add_auth(request)
    return parameters(request.url)


def parameters(url: str) -> dict[str, str]:
    """Not decoded: the encoding is part of what must be the same."""
    return dict(part.split("=", 1) for part in url.split("?", 1)[1].split("&"))


@given(
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE"]),
    path=texts.map(lambda text: f"/{text}"),
    query=st.dictionaries(names, texts, max_size=3),
    headers=st.dictionaries(names, values, max_size=3),
    seconds=st.integers(1, LONGEST),
)
def test_urls(
    method: str, path: str, query: dict[str, str], headers: dict[str, str], seconds: int
) -> None:
    ours = presign(
        KEYS, method, ORIGIN, path, now=NOW, seconds=seconds, headers=headers, query=query
    )
    their = theirs(method, path, query, headers, seconds)
    assert parameters(ours)["X-Amz-Signature"] == their["X-Amz-Signature"]
    assert ours.split("?")[0] == f"{ORIGIN}{quote(path, safe='-_.~/')}"


@pytest.mark.parametrize("seconds", [0, -1, LONGEST + 1])
def test_no_url_for_ever(seconds: int) -> None:
    with pytest.raises(ValueError, match="may hold"):
        presign(KEYS, "GET", ORIGIN, "/x", now=NOW, seconds=seconds)


def test_forms() -> None:
    made = form(
        KEYS, {"key": "x", "Content-Type": "a/b"}, [["content-length-range", 3, 3]], NOW, 60
    )
    policy: Any = json.loads(base64.b64decode(made["policy"]))
    assert policy["expiration"] == "2026-11-21T12:35:56Z"
    request = amazon.Request("POST", ORIGIN)
    request.context["s3-presign-post-fields"] = {}
    request.context["s3-presign-post-policy"] = {}
    with patch(amazon.NOW, return_value=NOW.replace(tzinfo=None)):
        auth = amazon.PostAuth(THEIRS, "s3", KEYS.region)
        auth.add_auth(request)
        assert made["x-amz-signature"] == auth.signature(made["policy"], request)
    their = request.context["s3-presign-post-fields"]
    for name in ("x-amz-algorithm", "x-amz-credential", "x-amz-date"):
        assert made[name] == their[name]
    *exact, sized = policy["conditions"]
    assert {name for each in exact for name in each} == set(made) - {"policy", "x-amz-signature"}
    assert sized == ["content-length-range", 3, 3]


def test_the_secret_is_not_shown() -> None:
    assert KEYS.secret not in repr(KEYS)
