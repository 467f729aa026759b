"""The eleven attacks on an upload that moto lets through, and our check does not.

Without these a green test of uploads would prove nothing: what signs them is tested against a
server that looks.
"""

import base64
import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from tests.support import amazon
from tests.support.buckets import Buckets, MadeBucket
from tests.support.strict_s3 import ACCESS_KEY, REGION, SECRET_KEY

BODY = b"twelve bytes"
Attack = Callable[["Client"], httpx.Response]


class Client:
    """What an honest program has in hand, for one of the two servers."""

    def __init__(self, endpoint: str, bucket: str) -> None:
        self.endpoint = endpoint
        self.bucket = bucket
        self.s3 = amazon.client(endpoint)

    def put_url(self, seconds: int = 60) -> str:
        wanted = {"Bucket": self.bucket, "Key": "mine", "ContentType": "text/plain"}
        return self.s3.generate_presigned_url("put_object", wanted, ExpiresIn=seconds)

    def put(self, url: str, media_type: str = "text/plain") -> httpx.Response:
        return httpx.put(url, content=BODY, headers={"Content-Type": media_type})

    def form(self, most: int = 100) -> dict[str, str]:
        conditions = [{"Content-Type": "text/plain"}, ["content-length-range", 1, most]]
        fields = {"Content-Type": "text/plain"}
        made = self.s3.generate_presigned_post(self.bucket, "mine", fields, conditions)
        return made["fields"]

    def post(self, fields: dict[str, str]) -> httpx.Response:
        return httpx.post(f"{self.endpoint}/{self.bucket}", data=fields, files={"file": BODY})

    def signed(self, headers: dict[str, str], secret: str = SECRET_KEY) -> httpx.Response:
        url = f"{self.endpoint}/{self.bucket}/mine"
        request = amazon.Request("PUT", url, data=BODY, headers=headers)
        amazon.HeaderAuth(amazon.Credentials(ACCESS_KEY, secret), "s3", REGION).add_auth(request)
        return httpx.put(url, content=BODY, headers=dict(request.headers.items()))


def flipped(client: Client) -> httpx.Response:
    url = client.put_url()
    return client.put(url[:-1] + ("0" if url[-1] != "0" else "1"))


def of_another_key(client: Client) -> httpx.Response:
    return client.put(client.put_url().replace("/mine?", "/yours?"))


def of_another_type(client: Client) -> httpx.Response:
    return client.put(client.put_url(), "text/html")


def to_read_with_what_writes(client: Client) -> httpx.Response:
    client.put(client.put_url()).raise_for_status()
    return httpx.get(client.put_url())


def with_a_wrong_secret(client: Client) -> httpx.Response:
    return client.signed({}, secret="guessed")


def larger_than_the_form_allows(client: Client) -> httpx.Response:
    return client.post(client.form(most=5))


def with_a_wrong_md5(client: Client) -> httpx.Response:
    other = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    return client.signed({"Content-MD5": other})


def with_a_wrong_checksum(client: Client) -> httpx.Response:
    other = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    return client.signed({"x-amz-checksum-sha256": other})


def too_late(client: Client) -> httpx.Response:
    then = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1)
    with patch(amazon.NOW, return_value=then):
        return client.put(client.put_url())


def with_a_form_signed_by_nobody(client: Client) -> httpx.Response:
    return client.post({**client.form(), "x-amz-signature": "0" * 64})


def with_a_form_for_another_type(client: Client) -> httpx.Response:
    return client.post({**client.form(), "Content-Type": "text/html"})


ATTACKS: list[tuple[Attack, str]] = [
    (flipped, "SignatureDoesNotMatch"),
    (of_another_key, "SignatureDoesNotMatch"),
    (of_another_type, "SignatureDoesNotMatch"),
    (to_read_with_what_writes, "SignatureDoesNotMatch"),
    (with_a_wrong_secret, "SignatureDoesNotMatch"),
    (larger_than_the_form_allows, "EntityTooLarge"),
    (with_a_wrong_md5, "BadDigest"),
    (with_a_wrong_checksum, "BadDigest"),
    (too_late, "AccessDenied"),
    (with_a_form_signed_by_nobody, "SignatureDoesNotMatch"),
    (with_a_form_for_another_type, "AccessDenied"),
]


@pytest.mark.parametrize(("attack", "why"), ATTACKS, ids=[attack.__name__ for attack, _ in ATTACKS])
def test_an_attack_passes_moto_and_is_refused_here(
    attack: Attack, why: str, buckets: Buckets, bucket: MadeBucket
) -> None:
    assert attack(Client(buckets.bare, bucket.name)).is_success
    refused = attack(Client(buckets.strict, bucket.name))
    assert refused.status_code == 403
    assert f"<Code>{why}</Code>" in refused.text


def test_nobody_in_particular_may_not_read(buckets: Buckets, bucket: MadeBucket) -> None:
    url = f"{buckets.strict}/{bucket.name}/mine"
    assert httpx.get(url).status_code == 403
    assert httpx.put(url, content=BODY).status_code == 403


def test_what_is_right_passes(buckets: Buckets, bucket: MadeBucket) -> None:
    client = Client(buckets.strict, bucket.name)
    assert client.put(client.put_url()).status_code == 200
    posted = client.post(client.form())
    assert posted.status_code == 204, posted.text
    right = base64.b64encode(hashlib.md5(BODY).digest()).decode()
    assert client.signed({"Content-MD5": right}).status_code == 200
    client.s3.put_object(Bucket=bucket.name, Key="a b/ü+&=", Body=BODY)
    found: Any = client.s3.get_object(Bucket=bucket.name, Key="a b/ü+&=")
    assert found["Body"].read() == BODY


def test_boto3_sends_its_checksums_and_parts(buckets: Buckets, bucket: MadeBucket) -> None:
    """As it does by default since 1.36: a CRC32 of everything."""
    client = Client(buckets.strict, bucket.name)
    body = bytes(range(256)) * (36 << 10)  # 9 MiB: in parts
    client.s3.upload_fileobj(io.BytesIO(body), bucket.name, "large")
    found: Any = client.s3.get_object(Bucket=bucket.name, Key="large", Range="bytes=9000000-")
    assert found["Body"].read() == body[9_000_000:]
    assert '-2"' in found["ETag"], "it came in two parts"
