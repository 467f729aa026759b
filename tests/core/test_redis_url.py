"""Where a Redis may be, and what is refused."""

import pytest

from tertulia.core.redis_url import RedisUrl, parse


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("redis://cache", RedisUrl((("cache", 6379),))),
        ("valkey://cache:7000/3", RedisUrl((("cache", 7000),), db=3)),
        ("redis://[::1]:6380", RedisUrl((("::1", 6380),))),
        ("redis://:p%40ss@cache", RedisUrl((("cache", 6379),), password="p@ss")),
        (
            "rediss://talk:secret@cache/1?ca=/etc/ca.pem",
            RedisUrl((("cache", 6379),), "", "talk", "secret", 1, True, "/etc/ca.pem"),
        ),
        (
            "redis+cluster://a:1,b",
            RedisUrl((("a", 1), ("b", 6379)), cluster=True),
        ),
        ("valkeys+cluster://a", RedisUrl((("a", 6379),), tls=True, cluster=True)),
        ("unix:///run/redis.sock?db=2", RedisUrl(path="/run/redis.sock", db=2)),
    ],
)
def test_a_url_says_where(url: str, where: RedisUrl) -> None:
    assert parse(url) == where


@pytest.mark.parametrize(
    "url",
    [
        "cache:6379",
        "http://cache",
        "redis://",
        "redis://cache:port",
        "redis://cache/zero",
        "redis://a,b",
        "redis+sentinel://a",
        "redis+cluster://a/1",
        "redis://cache?ca=/etc/ca.pem",
        "rediss://cache?verify=none",
        "redis://cache#0",
        "unix://relative/path",
        "unix:///run/redis.sock?timeout=9",
    ],
)
def test_what_is_no_redis_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(must|is not)"):
        parse(url)


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(ValueError, match="must") as refusal:
        parse("redis://talk:hunter2@a,b/x")
    assert "hunter2" not in str(refusal.value)
    assert "hunter2" not in repr(parse("redis://talk:hunter2@a"))
