"""A client for keys in Redis or Valkey: short of patience and without hidden second tries.

Whoever uses it catches `UNREACHABLE` and goes on without: a node serves people while Redis is away.
All keys begin with `KEYS`. The bus has connections of its own (core/bus).
"""

import ssl
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis, SSLConnection, UnixDomainSocketConnection
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import Connection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException, RedisError
from redis.maint_notifications import MaintNotificationsConfig

from tertulia.core.redis_url import RedisUrl, parse

KEYS = "tertulia:"
SECONDS = 0.25  # to connect, for an answer, for a connection of the pool: what a request can spare
CONNECTIONS = 32  # per server; more would only wait in Redis, which has one thread

RedisClient = Redis | RedisCluster
# RuntimeError: uvloop's word for a write to a connection that was reset a moment ago.
UNREACHABLE = (RedisError, RedisClusterException, OSError, TimeoutError, RuntimeError)


def open_redis(url: str) -> RedisClient:
    """Connects when first used; answers are bytes. Raises ValueError for what is no Redis URL.

    Commands raise one of `UNREACHABLE`. In a cluster a command's keys must share a `{hash tag}`.
    """
    where = parse(url)
    return _cluster(where) if where.cluster else _single(where)


def _single(where: RedisUrl) -> Redis:
    kind, place = _place(where)
    return Redis.from_pool(
        BlockingConnectionPool(
            connection_class=kind,
            max_connections=CONNECTIONS,
            timeout=SECONDS,
            db=where.db,
            **place,
            **_common(where),
        )
    )


def _place(where: RedisUrl) -> tuple[type[Any], dict[str, Any]]:
    if where.path:
        return UnixDomainSocketConnection, {"path": where.path}
    host, port = where.hosts[0]
    place: dict[str, Any] = {"host": host, "port": port, "socket_keepalive": True}
    if where.tls:
        return SSLConnection, {**place, **_tls(where)}
    return Connection, place


def _cluster(where: RedisUrl) -> RedisCluster:
    tls: dict[str, Any] = {"ssl": True, **_tls(where)} if where.tls else {}
    return RedisCluster(
        startup_nodes=[ClusterNode(host, port) for host, port in where.hosts],
        # A shard that is away must not take the others with it.
        require_full_coverage=False,
        max_connections=CONNECTIONS,
        **tls,
        **_common(where),
    )


def _common(where: RedisUrl) -> dict[str, Any]:
    return {
        "username": where.username,
        "password": where.password,
        "socket_timeout": SECONDS,
        "socket_connect_timeout": SECONDS,
        "retry": Retry(NoBackoff(), 0),
        # A handshake of one round trip, and none of it needs a permission.
        "driver_info": None,
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }


def _tls(where: RedisUrl) -> dict[str, Any]:
    return {"ssl_ca_certs": where.ca, "ssl_min_version": ssl.TLSVersion.TLSv1_2}
