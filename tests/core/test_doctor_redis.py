"""What the doctor says of the Redis that joins the nodes."""

from pathlib import Path

import pytest
from tests.support.redis import RedisCluster, RedisServer, running_redis

from tertulia.core import config, doctor
from tertulia.core.clock import SystemClock
from tertulia.core.doctor import CHECKS, Finding, Patient


async def found(url: str | None, folder: Path) -> Finding:
    given = {} if url is None else {"TERTULIA_REDIS_URL": url}
    settings = config.load(given, flags={"data_dir": str(folder)})
    return await doctor.redis(Patient(settings, SystemClock()))


def test_the_doctor_looks_at_it() -> None:
    assert doctor.redis in CHECKS


async def test_without_one_all_is_well(tmp_path: Path) -> None:
    assert (await found(None, tmp_path)).level == "ok"


async def test_a_healthy_one_says_its_version(redis_server: RedisServer, tmp_path: Path) -> None:
    finding = await found(redis_server.url, tmp_path)
    assert finding.level == "ok"
    assert finding.text.startswith("version ")


async def test_a_cluster_is_asked_as_one(redis_cluster: RedisCluster, tmp_path: Path) -> None:
    assert (await found(redis_cluster.url, tmp_path)).level == "ok"


async def test_one_that_is_away_is_a_failure_with_its_cure(tmp_path: Path) -> None:
    finding = await found("redis://someone:hunter2@127.0.0.1:1", tmp_path)
    assert (finding.level, finding.text) == ("fail", "not reachable: ConnectionRefusedError")
    assert "TERTULIA_REDIS_URL" in finding.advice
    assert "hunter2" not in str(finding)


async def test_a_wrong_password_is_told_from_a_missing_permission(tmp_path: Path) -> None:
    with running_redis("--requirepass", "olive-branches") as redis:
        wrong = await found(redis.url.replace("unix://", "unix://:hunter2@"), tmp_path)
        assert (wrong.level, "WRONGPASS" in wrong.text) == ("fail", True)
    with running_redis() as redis:
        redis.ask("ACL", "SETUSER", "mute", "on", ">olives", "~*", "&*", "+ping", "+info")
        mute = await found(redis.url.replace("unix://", "unix://mute:olives@"), tmp_path)
        assert (mute.level, "NOPERM" in mute.text) == ("fail", True)


async def test_a_small_output_buffer_is_a_warning(tmp_path: Path) -> None:
    with running_redis("--client-output-buffer-limit", "pubsub 32kb 0 0") as redis:
        finding = await found(redis.url, tmp_path)
    assert finding.level == "warn"
    assert "32768 bytes behind" in finding.text


@pytest.mark.parametrize("info", [b"", b"redis_version:6.2.0\r\n", b"redis_version:\r\n"])
async def test_an_old_one_is_a_failure(info: bytes) -> None:
    where = doctor.redis_url.parse("redis://127.0.0.1:1")
    finding = await doctor._judge_redis(  # pyright: ignore[reportPrivateUsage]
        where, None, info
    )
    assert finding.level == "fail"
