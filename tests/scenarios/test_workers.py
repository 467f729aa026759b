"""Several processes behind one port: what an operator sees of them."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import aiohttp
import pytest
import pytest_asyncio
from tests.scenarios.crew import Crew, crew, is_alive
from tests.support.database import Cluster, drop_database, fresh_database
from tests.support.redis import RedisServer


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def here(
    tmp_path_factory: pytest.TempPathFactory, shared_redis: RedisServer, cluster: Cluster
) -> AsyncIterator[Crew]:
    """For all that leave it serving: to start one takes seconds."""
    dsn = await fresh_database(cluster)
    folder = tmp_path_factory.mktemp("crew")
    async with crew(folder, shared_redis.url, dsn) as made:
        yield made
    await drop_database(cluster, dsn)


@pytest.fixture
async def own(tmp_path: Path, redis_server: RedisServer, dsn: str) -> AsyncIterator[Crew]:
    """To be ended."""
    async with crew(tmp_path, redis_server.url, dsn, drain_notice="1s") as made:
        yield made


class Knocking:
    """Somebody who asks again and again, each time by a new connection, and must always be
    answered."""

    def __init__(self, here: Crew) -> None:
        self.answers: list[str] = []
        self._here = here
        self._task = asyncio.create_task(self._knock())

    async def _knock(self) -> None:
        url = self._here.url
        connector = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(connector=connector) as http:
            while True:
                async with http.get(f"{url}/healthz") as answer:
                    self.answers.append(await answer.text())

    async def more(self, count: int) -> None:
        enough = len(self.answers) + count
        await self._here.until(lambda: len(self.answers) >= enough or self._task.done())

    async def stop(self) -> None:
        """Raises what went wrong."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if not self._task.cancelled():
            self._task.result()


def _requests(metrics: str) -> dict[str, float]:
    """Requests answered, by worker."""
    found: dict[str, float] = {}
    for worker, count in re.findall(
        r'^tertulia_http_requests_total\{.*worker="(\w+)"\} (\S+)', metrics, re.MULTILINE
    ):
        found[worker] = found.get(worker, 0) + float(count)
    return found


async def test_the_kernel_spreads_connections_and_any_worker_tells_the_metrics_of_all(
    here: Crew,
) -> None:
    for _ in range(60):
        await here.ask("/healthz")
    told = [_requests(await here.ask("/metrics")) for _ in range(4)]
    for requests in told:
        assert set(requests) == {"1", "2"}
        assert min(requests.values()) >= 10
        assert sum(requests.values()) >= 60
    metrics = await here.ask("/metrics")
    assert 'process_resident_memory_bytes{worker="supervisor"}' in metrics
    assert metrics.count("# TYPE tertulia_connections gauge") == 1


async def test_every_line_says_whose_it_is(here: Crew) -> None:
    for _ in range(20):
        await here.ask("/api/v1/nothing")
    entries = here.logged("http_request")
    assert {entry["worker"] for entry in entries} == {"1", "2"}
    assert all(len(entry["node_id"]) == 8 for entry in entries)
    assert len({entry["node_id"] for entry in entries}) >= 2


async def test_the_first_account_is_made_at_any_worker_with_the_printed_link(
    tmp_path: Path, redis_server: RedisServer, dsn: str
) -> None:
    public = {"public_url": "https://t.example", "registration": "closed"}
    async with crew(tmp_path, redis_server.url, dsn, **public) as here:
        token = re.search(r"/setup\?token=(\S+)", here.said)
        assert token is not None
        (serving,) = here.logged("serving")
        draft = {"username": "anna", "password": "correct horse battery staple"}
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as http:
            url = f"http://127.0.0.1:{serving['port']}/api/v1/auth/register"
            for _ in range(6):  # none of them has another token
                async with http.post(url, json={**draft, "setup_token": "x" * 43}) as answer:
                    assert answer.status == 403, await answer.text()
            async with http.post(url, json={**draft, "setup_token": token[1]}) as answer:
                assert answer.status == 201, await answer.text()


async def test_a_port_that_is_taken_is_said_and_costs_nothing(
    here: Crew, tmp_path: Path, redis_server: RedisServer, dsn: str
) -> None:
    """Also by a server that shares its port among its own workers."""
    (tmp_path / "other").mkdir()
    port = here.url.rpartition(":")[2]
    for workers in (1, 2):
        other = Crew(tmp_path / "other", redis_server.url, dsn)
        other.launch(workers=workers, port=port)
        assert await other.ended() == 69
        assert f"127.0.0.1:{port}" in other.said
        assert "Traceback" not in other.said
    assert await here.ask("/healthz") == "ok"


async def test_workers_that_cannot_start_end_it_with_their_exit_code(
    tmp_path: Path, redis_server: RedisServer, dsn: str
) -> None:
    other = Crew(tmp_path, redis_server.url, dsn)
    other.launch(node_host="203.0.113.1")  # of nobody (RFC 5737)
    assert await other.ended() == 69
    assert "203.0.113.1" in other.said


async def test_a_worker_that_dies_is_replaced_and_nobody_is_turned_away(here: Crew) -> None:
    guest = Knocking(here)
    await guest.more(20)
    first, second = here.workers
    os.kill(first, signal.SIGKILL)
    await here.until(lambda: here.workers[0] != first)
    await guest.more(20)
    (ended,) = here.logged("worker_ended")
    assert ended["level"] == "error"
    assert ended["exit_code"] == -signal.SIGKILL
    assert is_alive(second)
    await guest.stop()


async def test_sighup_replaces_all_workers_and_nobody_is_turned_away(here: Crew) -> None:
    guest = Knocking(here)
    await guest.more(20)
    before = here.workers
    here.process.send_signal(signal.SIGHUP)
    await here.until_logged("workers_replaced")
    await guest.more(20)
    await guest.stop()
    assert not any(is_alive(pid) for pid in before)
    assert not set(before) & set(here.workers)
    assert all(is_alive(pid) for pid in here.workers)
    assert {entry["of"] for entry in here.logged("worker_ready")[-2:]} == {"1", "2"}
    assert await here.ask("/healthz") == "ok"


async def test_a_replacement_that_does_not_start_leaves_the_old_ones_in_place(here: Crew) -> None:
    before = here.workers
    secret = here.folder / "data" / "secret_key"
    away = secret.rename(secret.with_suffix(".away"))
    secret.mkdir()  # cannot be read
    here.process.send_signal(signal.SIGHUP)
    await here.until_logged("workers_not_replaced")
    assert here.workers == before
    assert all(is_alive(pid) for pid in before)
    assert await here.ask("/healthz") == "ok"
    secret.rmdir()
    away.rename(secret)


async def test_sigterm_ends_all_in_time_and_is_noticed_first(own: Crew) -> None:
    pids = own.workers
    began = monotonic()
    own.process.send_signal(signal.SIGTERM)
    await own.until_logged("leaving", 2)
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        async with http.get(f"{own.url}/readyz") as answer:
            assert answer.status == 503
        async with http.get(f"{own.url}/healthz") as answer:
            assert answer.status == 200
    assert await own.ended() == 0
    assert monotonic() - began < 10
    assert not any(is_alive(pid) for pid in pids)
    assert {entry["worker"] for entry in own.logged("left")} == {"1", "2"}


async def test_a_supervisor_that_is_killed_leaves_nobody_behind(own: Crew) -> None:
    pids = own.workers
    own.process.kill()
    await own.until(lambda: not any(is_alive(pid) for pid in pids))
    assert len(own.logged("supervisor_gone")) == 2
