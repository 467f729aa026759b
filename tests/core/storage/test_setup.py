"""Naming a storage in the settings, and what the doctor says of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.buckets import MadeBucket

from tertulia.core import config, storage_url
from tertulia.core.clock import SystemClock
from tertulia.core.config import Secret, Settings
from tertulia.core.config.values import ConfigError
from tertulia.core.doctor import Patient, storage
from tertulia.core.storage import S3Storage, open_direct, open_storage
from tertulia.core.storage_url import Bucket, Folder, parse


def test_what_can_be_said() -> None:
    assert parse("local") == Folder(None)
    assert parse("file:///srv/files") == Folder(Path("/srv/files"))
    amazon = parse("s3://my-bucket?region=eu-central-1")
    endpoint = "https://s3.eu-central-1.amazonaws.com"
    assert amazon == Bucket(
        "my-bucket", "", "eu-central-1", endpoint, endpoint, "virtual", True, True
    )
    r2 = parse("s3://b-2/a/b?endpoint=https://x.r2.cloudflarestorage.com&region=auto")
    assert isinstance(r2, Bucket)
    assert (r2.prefix, r2.style, r2.post) == ("a/b", "path", False), "it takes no forms"
    dotted = parse("s3://my.bucket")
    assert isinstance(dotted, Bucket)
    assert dotted.style == "path", "no certificate covers it as a host"


@pytest.mark.parametrize(
    "raw",
    [
        *("", "files", "file://relative", "s3://", "s3://UPPER", "s3://b", "s3://key:word@bucket"),
        *("s3://bucket/../x", "s3://bucket?regoin=x", "s3://bucket?region=", "ftp://bucket"),
        *("s3://bucket?endpoint=minio:9000", "s3://bucket?endpoint=https://h/path"),
        *("s3://bucket?style=both", "s3://bucket?post=yes"),
    ],
)
def test_what_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r"must|is not a URL|knows"):
        storage_url.parse(raw)


def test_a_bucket_needs_its_keys(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s" * 40 + "\n")
    env = {"TERTULIA_STORAGE_URL": "s3://bucket", "TERTULIA_SECRET_KEY": "k" * 40}
    with pytest.raises(ConfigError, match="TERTULIA_STORAGE_SECRET_KEY"):
        config.load(env | {"TERTULIA_STORAGE_ACCESS_KEY": "a"})
    env |= {
        "TERTULIA_STORAGE_ACCESS_KEY": "a",
        "TERTULIA_STORAGE_SECRET_KEY_FILE": str(secret),
    }
    settings = config.load(env)
    assert isinstance(open_storage(settings)[0], S3Storage)
    assert open_direct(settings) is not None
    assert open_direct(config.load({"TERTULIA_SECRET_KEY": "k" * 40})) is None
    assert "s" * 40 not in repr(settings)


@pytest.fixture
def settings(tmp_path: Path, bucket: MadeBucket) -> Settings:
    given: Any = {f"TERTULIA_{name.upper()}": value for name, value in bucket.settings.items()}
    return config.load(given, flags={"data_dir": str(tmp_path)})


async def test_the_doctor_tries_a_bucket(settings: Settings, bucket: MadeBucket) -> None:
    found = await storage(Patient(settings, SystemClock()))
    assert found.level == "ok", found
    assert bucket.names() == []


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"storage_secret_key": Secret("x" * 40)}, "does not belong"),
        ({"storage_access_key": Secret("AKIAUNKNOWN")}, "does not know"),
        ({"storage_url": "region=eu-central-1|region=eu-west-9"}, "region"),
        ({"storage_url": "bucket-|nobodys-"}, "Make the bucket"),
        ({"storage_url": "127.0.0.1|127.0.0.2"}, "Is it up"),
    ],
)
async def test_the_doctor_says_what_to_do(
    settings: Settings, wrong: dict[str, Any], advice: str
) -> None:
    if isinstance(change := wrong.get("storage_url"), str):
        before, after = change.split("|")
        wrong = {"storage_url": Secret(settings.storage_url.value.replace(before, after))}
    found = await storage(Patient(replace(settings, **wrong), SystemClock()))
    assert found.level == "fail"
    assert advice in found.advice, found


async def test_another_programs_variables_lead_nowhere(
    bucket: MadeBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """obstore looks at them where it was told nothing."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "another's")
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    monkeypatch.setenv("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true")
    kept, _ = bucket.open()
    await kept.write("blobs/x", b"x")
    assert await kept.size("blobs/x") == 1
