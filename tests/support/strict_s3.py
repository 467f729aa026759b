"""What Amazon would have refused: signatures of S3 checked for real, in front of moto, which checks
none. After the pages named in `core/storage/sigv4.py`, written apart from it: neither may believe
the other. Only the one pair of keys below is known.
"""

import base64
import hashlib
import hmac
import io
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from werkzeug.formparser import parse_form_data

ACCESS_KEY, SECRET_KEY, REGION = "AKIATERTULIATESTS", "a/secret+key/of/the/tests", "eu-central-1"
SKEW = timedelta(minutes=15)
HASHES: dict[str, Callable[[bytes], bytes]] = {
    "content-md5": lambda body: hashlib.md5(body).digest(),
    "x-amz-checksum-sha256": lambda body: hashlib.sha256(body).digest(),
    "x-amz-checksum-sha1": lambda body: hashlib.sha1(body).digest(),
    "x-amz-checksum-crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
}
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Refused(Exception):
    """The message is S3's code."""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes

    def parameter(self, name: str) -> str:
        found = [value for key, value in self.query if key == name]
        if len(found) != 1:
            raise Refused("AuthorizationQueryParametersError")
        return found[0]


class StrictS3:
    """`now`: at what time URLs and forms are used; None: now."""

    def __init__(self, behind: WSGI) -> None:
        self.now: datetime | None = None
        self._behind = behind

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        asked = _asked(environ, body)
        if asked.path == "/_clock":
            text = body.decode()
            self.now = datetime.fromisoformat(text) if text else None
            start("204 No Content", [])
            return []
        try:
            self._require_signed(asked)
            _require_intact(asked)
        except Refused as error:
            start("403 Forbidden", [("Content-Type", "application/xml")])
            return [f"<Error><Code>{error}</Code></Error>".encode()]
        environ["wsgi.input"] = io.BytesIO(body)
        return self._behind(environ, start)

    def _require_signed(self, asked: Asked) -> None:
        now = self.now or datetime.now(UTC)
        if asked.method == "OPTIONS":
            return
        if asked.headers.get("content-type", "").startswith("multipart/form-data"):
            require_form(asked, now)
        elif any(name == "X-Amz-Signature" for name, _ in asked.query):
            _require_url(asked, now)
        elif "authorization" in asked.headers:
            _require_header(asked, datetime.now(UTC))
        else:
            raise Refused("AccessDenied")


def _asked(environ: dict[str, Any], body: bytes) -> Asked:
    parts = urlsplit(str(environ["RAW_URI"]))
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value).strip()
        for name, value in environ.items()
        if name.startswith("HTTP_") or (name in {"CONTENT_TYPE", "CONTENT_LENGTH"} and value)
    }
    query = parse_qsl(parts.query, keep_blank_values=True)
    return Asked(environ["REQUEST_METHOD"], unquote(parts.path), query, headers, body)


def _require_header(asked: Asked, now: datetime) -> None:
    kind, _, rest = asked.headers["authorization"].partition(" ")
    if kind != "AWS4-HMAC-SHA256":
        raise Refused("InvalidRequest")
    said = dict(part.strip().split("=", 1) for part in rest.split(","))
    payload = asked.headers.get("x-amz-content-sha256", "")
    if payload not in {"UNSIGNED-PAYLOAD", hashlib.sha256(asked.body).hexdigest()}:
        raise Refused("XAmzContentSHA256Mismatch")
    date = asked.headers.get("x-amz-date", "")
    if abs(_time(date) - now) > SKEW:
        raise Refused("RequestTimeTooSkewed")
    _compare(asked, said["Credential"], date, said["SignedHeaders"], payload, said["Signature"])


def _require_url(asked: Asked, now: datetime) -> None:
    if asked.parameter("X-Amz-Algorithm") != "AWS4-HMAC-SHA256":
        raise Refused("AuthorizationQueryParametersError")
    date, seconds = asked.parameter("X-Amz-Date"), int(asked.parameter("X-Amz-Expires"))
    if not 0 < seconds <= 604_800 or _time(date) > now + SKEW:
        raise Refused("AuthorizationQueryParametersError")
    if now > _time(date) + timedelta(seconds=seconds):
        raise Refused("AccessDenied")
    _compare(
        asked,
        asked.parameter("X-Amz-Credential"),
        date,
        asked.parameter("X-Amz-SignedHeaders"),
        "UNSIGNED-PAYLOAD",
        asked.parameter("X-Amz-Signature"),
    )


def _compare(asked: Asked, credential: str, date: str, names: str, payload: str, said: str) -> None:
    signed = names.split(";")
    unsigned = {name for name in asked.headers if name.startswith("x-amz-")} - set(signed)
    if "host" not in signed or unsigned:
        raise Refused("AccessDenied")
    query = sorted((_q(k), _q(v)) for k, v in asked.query if k != "X-Amz-Signature")
    lines = [
        asked.method,
        quote(asked.path, safe="-_.~/"),
        "&".join(f"{k}={v}" for k, v in query),
        *(f"{name}:{' '.join(asked.headers.get(name, '').split())}" for name in signed),
        "",
        names,
        payload,
    ]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    scope = _scope(credential, date)
    _require_mac(scope, f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{digest}", said)


def _scope(credential: str, date: str) -> str:
    access, _, scope = credential.partition("/")
    if access != ACCESS_KEY:
        raise Refused("InvalidAccessKeyId")
    if scope != f"{date[:8]}/{REGION}/s3/aws4_request":
        raise Refused("AuthorizationHeaderMalformed")
    return scope


def _require_mac(scope: str, text: str, said: str) -> None:
    key = f"AWS4{SECRET_KEY}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), said):
        raise Refused("SignatureDoesNotMatch")


def require_form(asked: Asked, now: datetime) -> None:
    """A browser's POST: its policy is ours, has not run out, and says what was sent."""
    environ = {
        "wsgi.input": io.BytesIO(asked.body),
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": asked.headers["content-type"],
        "CONTENT_LENGTH": str(len(asked.body)),
    }
    _, form, files = parse_form_data(environ, silent=False)
    fields = {name.lower(): value for name, value in form.items()}
    if "policy" not in fields or "file" not in files:
        raise Refused("AccessDenied")
    scope = _scope(fields.get("x-amz-credential", ""), fields.get("x-amz-date", ""))
    _require_mac(scope, fields["policy"], fields.pop("x-amz-signature", ""))
    policy = json.loads(base64.b64decode(fields.pop("policy")))
    if datetime.fromisoformat(policy["expiration"]) < now:
        raise Refused("AccessDenied")
    fields["bucket"] = asked.path.split("/")[1]
    size = len(files["file"].read())
    covered = {_require(condition, fields, size) for condition in policy["conditions"]}
    if set(fields) - covered:
        raise Refused("AccessDenied")


def _require(condition: Any, fields: Mapping[str, str], size: int) -> str:
    """Which field it speaks of."""
    kind, name, wanted = _plain(condition)
    if kind == "content-length-range":
        if not int(name) <= size <= int(wanted):
            raise Refused("EntityTooLarge")
        return ""
    found = fields.get(name.lower(), "")
    if found != wanted if kind == "eq" else not found.startswith(wanted):
        raise Refused("AccessDenied")
    return name.lower()


def _plain(condition: Any) -> tuple[str, str, str]:
    """Its kind, and two values: `{name: wanted}` is short for `["eq", "$name", wanted]`."""
    if hasattr(condition, "items"):
        [(name, wanted)] = condition.items()
        return "eq", name, wanted
    kind, name, wanted = condition
    return kind, str(name).removeprefix("$"), str(wanted)


def _require_intact(asked: Asked) -> None:
    for name, digest in HASHES.items():
        said = asked.headers.get(name)
        if said is not None and base64.b64decode(said) != digest(asked.body):
            raise Refused("BadDigest")


def _time(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused("AccessDenied") from None


def _q(text: str) -> str:
    return quote(text, safe="-_.~")
