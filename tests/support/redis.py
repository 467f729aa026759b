"""A real Redis for tests: one server, or a cluster of three masters, that can be hurt.

`redis_server` is shared by a session and emptied for each test; whoever stops or freezes it starts
it again. A machine without `redis-server` fails these tests, and says what to install.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tertulia.core.bus.remote import RedisBus
from tertulia.core.clock import SystemClock

SLOTS = 16384
MISSING = "redis-server is not installed: run `make test`, or `apt-get install redis-server`"
READY = "eady to accept connections"  # "Ready" or "The server is now ready"
SECONDS = 10.0


class RedisServer:
    """`url` stays the same over restarts, and nothing is kept over them."""

    def __init__(self, folder: Path, *config: str, port: int = 0) -> None:
        self.folder = folder
        self.port = port
        self.path = folder / "redis.sock"
        self.url = f"redis://127.0.0.1:{port}" if port else f"unix://{self.path}"
        self._config = config
        self._process: subprocess.Popen[str] | None = None
        self._drain: threading.Thread | None = None

    def start(self) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            pytest.fail(MISSING)
        place = ("--port", str(self.port))
        if not self.port:
            place = (*place, "--unixsocket", str(self.path))
        self._process = subprocess.Popen(
            [program, *place, "--save", "", "--dir", str(self.folder), *self._config],
            stdout=subprocess.PIPE,
            text=True,
        )
        self._await_ready(self._process)

    def _await_ready(self, process: subprocess.Popen[str]) -> None:
        output = process.stdout
        assert output is not None
        said: list[str] = []
        for line in output:
            said.append(line)
            if READY in line:
                # Somebody must go on reading, or it stops at a full pipe.
                self._drain = threading.Thread(target=output.read, daemon=True)
                self._drain.start()
                return
        pytest.fail("redis-server did not start:\n" + "".join(said))

    def kill(self) -> None:
        """As kill -9 does it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(SECONDS)
            if self._drain is not None and self._process.stdout is not None:
                self._drain.join(SECONDS)
                self._process.stdout.close()
            self._process = None
            self.path.unlink(missing_ok=True)

    def restart(self) -> None:
        """Empty."""
        self.kill()
        self.start()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    @contextmanager
    def frozen(self) -> Generator[None]:
        """Connected and silent."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def ask(self, *words: str) -> list[str]:
        """One command, past our own client; the answer's lines."""
        family = socket.AF_INET if self.port else socket.AF_UNIX
        place = ("127.0.0.1", self.port) if self.port else str(self.path)
        with closing(socket.socket(family)) as conn:
            conn.settimeout(SECONDS)
            conn.connect(place)
            parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in (*words, "QUIT")]
            command, end = "".join(parts[:-1]), parts[-1]
            conn.sendall(f"*{len(words)}\r\n{command}*1\r\n{end}".encode())
            answer = b"".join(iter(lambda: conn.recv(65536), b"")).decode()
        lines = answer.split("\r\n")[:-2]
        assert not lines[0].startswith("-"), lines[0]
        return lines


class RedisCluster:
    """Three masters, no replicas."""

    def __init__(self, servers: Sequence[RedisServer]) -> None:
        self.servers = servers
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in servers)
        self.url = f"redis+cluster://{hosts}"

    def join(self) -> None:
        share = SLOTS // len(self.servers) + 1
        for number, server in enumerate(self.servers):
            last = min((number + 1) * share, SLOTS) - 1
            server.ask("CLUSTER", "ADDSLOTSRANGE", str(number * share), str(last))
            server.ask("CLUSTER", "SET-CONFIG-EPOCH", str(number + 1))
            self.servers[0].ask("CLUSTER", "MEET", "127.0.0.1", str(server.port))
        self.await_ok()

    def await_ok(self) -> None:
        """All agree that all slots are served."""
        waiting = threading.Event()
        for _ in range(400):
            infos = [server.ask("CLUSTER", "INFO") for server in self.servers]
            known = f"cluster_known_nodes:{len(self.servers)}"
            if all("cluster_state:ok" in info and known in info for info in infos):
                return
            waiting.wait(0.05)
        pytest.fail("the cluster did not come together")

    def move_slot(self, slot: int, to: RedisServer) -> None:
        """As a resharding ends: everybody is told the new owner."""
        owner = to.ask("CLUSTER", "MYID")[-1]
        for server in sorted(self.servers, key=lambda server: server is not to):
            server.ask("CLUSTER", "SETSLOT", str(slot), "NODE", owner)


def free_port(below: int = 50_000) -> int:
    """Free now; a cluster's bus takes the one 10,000 above, so not too high."""
    while True:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port < below:
            return port


@contextmanager
def running_redis(*config: str, port: int = 0) -> Generator[RedisServer]:
    """A server of one's own."""
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = RedisServer(Path(folder), *config, port=port)
        server.start()
        try:
            yield server
        finally:
            server.kill()


@contextmanager
def running_cluster() -> Generator[RedisCluster]:
    """A cluster of one's own."""
    with ExitStack() as stack:
        config = ("--cluster-enabled", "yes", "--cluster-node-timeout", "1000")
        servers = [
            stack.enter_context(running_redis(*config, port=free_port(45_000))) for _ in range(3)
        ]
        cluster = RedisCluster(servers)
        cluster.join()
        yield cluster


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_server(shared_redis: RedisServer) -> RedisServer:
    shared_redis.ask("FLUSHALL")
    return shared_redis


@pytest.fixture(scope="session")
def redis_cluster() -> Iterator[RedisCluster]:
    with running_cluster() as cluster:
        yield cluster


def remote_bus(url: str, secret: str = "the nodes of one server share this") -> RedisBus:
    """Of a new node; by the real clock, as Redis is real."""
    return RedisBus(url, secret, secrets.token_urlsafe(6), SystemClock())
