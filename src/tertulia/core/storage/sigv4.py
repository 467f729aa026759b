"""Signatures of S3 in URLs and forms (AWS Signature Version 4): pure.

After Amazon's «Authenticating Requests: Using Query Parameters» and «Browser-Based Uploads Using
POST» (docs.aws.amazon.com/AmazonS3/latest/API/: sigv4-query-string-auth.html and
sigv4-UsingHTTPPOST.html). What is signed is fixed for whoever holds the URL: method, path, every
parameter, every named header.
"""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"
LONGEST = 7 * 24 * 3600  # seconds that a URL may hold
Condition = dict[str, str] | list[str | int]


@dataclass(frozen=True)
class Keys:
    """Whose signature. `region` as the store calls it."""

    access: str
    secret: str = field(repr=False)
    region: str

    def scope(self, now: datetime) -> str:
        return f"{now:%Y%m%d}/{self.region}/s3/aws4_request"


def presign(
    keys: Keys,
    method: str,
    origin: str,
    path: str,
    *,
    now: datetime,
    seconds: int,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
) -> str:
    """The URL that does this one thing for `seconds` from `now` (UTC). `path` is not yet encoded;
    `headers`, besides `host`, must be sent exactly so."""
    if not 1 <= seconds <= LONGEST:
        raise ValueError(f"a URL may hold from 1 to {LONGEST} seconds")
    signed = {"host": origin.partition("://")[2]}
    signed.update({name.lower(): " ".join(text.split()) for name, text in (headers or {}).items()})
    names = ";".join(sorted(signed))
    parameters = {
        **(query or {}),
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{keys.access}/{keys.scope(now)}",
        "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": names,
    }
    place, asked = quote(path, safe="/-_.~"), encoded(parameters)
    lines = [f"{name}:{signed[name]}\n" for name in sorted(signed)]
    request = f"{method}\n{place}\n{asked}\n{''.join(lines)}\n{names}\nUNSIGNED-PAYLOAD"
    mac = signature(keys, now, _to_sign(keys, now, request))
    return f"{origin}{place}?{asked}&X-Amz-Signature={mac}"


def form(
    keys: Keys, fields: Mapping[str, str], more: Sequence[Condition], now: datetime, seconds: int
) -> dict[str, str]:
    """The fields of a POST form that are valid for `seconds`: `fields` exactly as they are, and
    `more` conditions."""
    whole = {
        **fields,
        "x-amz-algorithm": ALGORITHM,
        "x-amz-credential": f"{keys.access}/{keys.scope(now)}",
        "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}",
    }
    policy = {
        "expiration": f"{now + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}",
        "conditions": [*({name: text} for name, text in whole.items()), *more],
    }
    encoded_policy = base64.b64encode(json.dumps(policy).encode()).decode()
    mac = signature(keys, now, encoded_policy)
    return {**whole, "policy": encoded_policy, "x-amz-signature": mac}


def encoded(parameters: Mapping[str, str]) -> str:
    """A query in the order in which it is signed."""
    pairs = sorted((_quoted(name), _quoted(text)) for name, text in parameters.items())
    return "&".join(f"{name}={text}" for name, text in pairs)


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def signature(keys: Keys, now: datetime, text: str) -> str:
    key = b"AWS4" + keys.secret.encode()
    for part in keys.scope(now).split("/"):
        key = hmac.digest(key, part.encode(), sha256)
    return hmac.new(key, text.encode(), sha256).hexdigest()


def _to_sign(keys: Keys, now: datetime, request: str) -> str:
    digest = sha256(request.encode()).hexdigest()
    return f"{ALGORITHM}\n{now:%Y%m%dT%H%M%SZ}\n{keys.scope(now)}\n{digest}"
