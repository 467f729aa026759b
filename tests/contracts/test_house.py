"""Every house rule catches the violation it was written for, and lets pass what it should."""

# ruff: noqa: E501 — one planted snippet a line reads as a table

import subprocess
import sys
from pathlib import Path

import pytest
from tools.house_rules import RULES, findings

HOME = Path(__file__).parents[2]
SERVICE = "src/tertulia/features/messages/service.py"
VERBS = "src/tertulia/features/messages/service/sending.py"  # a service that grew into a package
STORE = "src/tertulia/features/messages/store.py"
HTTP = "src/tertulia/features/messages/http.py"
CORE = "src/tertulia/core/thing.py"

# (rule, file, what breaks it)
BROKEN = [
    ("imports-on-top", CORE, "def load():\n    import json\n"),
    ("imports-on-top", "tests/test_thing.py", "async def load():\n    from json import loads\n"),
    ("gateway-alone", "src/tertulia/core/gateway/a.py", "from tertulia.core.errors import Invalid\n"),
    ("gateway-alone", "src/tertulia/core/gateway/a.py", "from ..errors import Invalid\n"),
    ("verbs-take-tx", SERVICE, "async def send(actor, tx): ...\n"),
    ("verbs-take-tx", SERVICE, "async def send(): ...\n"),
    ("one-commit", SERVICE, "async def send(tx):\n    await tx.commit()\n"),
    ("one-commit", HTTP, "async def send(conn):\n    async with conn.transaction(): ...\n"),
    ("facts-by-emit", HTTP, "def tell(bus, topic):\n    bus.publish(Notice(topic, 7, 'a', b''))\n"),
    ("facts-by-emit", HTTP, "def tell(bus, topic, seq):\n    bus.publish(Notice(topic, seq, 'a', b''))\n"),
    ("sql-in-store", SERVICE, "async def send(tx):\n    await tx.conn.fetch('SELECT 1')\n"),
    ("sql-in-store", HTTP, "async def send(conn):\n    await conn.execute('SELECT 1')\n"),
    ("sql-in-store", VERBS, "async def send(tx):\n    await tx.conn.fetch('SELECT 1')\n"),
    ("verbs-take-tx", VERBS, "async def send(actor, tx): ...\n"),
    ("sql-is-constant", STORE, "async def _f(tx, name):\n    await tx.conn.fetch(f'SELECT {name}')\n"),
    ("sql-is-constant", STORE, "async def _f(tx, name):\n    await tx.conn.fetch('SELECT ' + name)\n"),
    ("sql-is-constant", STORE, "async def _f(tx, name):\n    await tx.conn.fetch('SELECT %s' % name)\n"),
    ("sql-is-constant", STORE, "async def _f(tx, name):\n    sql = 'SELECT {}'.format(name)\n    await tx.conn.fetch(sql)\n"),
    ("sql-is-constant", STORE, "async def _f(tx, sql):\n    await tx.conn.fetch(sql)\n"),
    ("sql-is-constant", STORE, "async def _f(tx, x):\n    sql = 'SELECT 1'\n    sql += x\n    await tx.conn.fetch(sql)\n"),
    ("sql-is-constant", CORE, "async def f(conn, name):\n    await conn.execute(f'SET {name.lower()}')\n"),
    ("access-to-read", STORE, "async def page(tx: Tx, room_id: UUID) -> list[Message]: ...\n"),
    ("clock-as-argument", CORE, "import time\ndef f():\n    return time.monotonic()\n"),
    ("clock-as-argument", CORE, "from time import monotonic\n"),
    ("clock-as-argument", CORE, "async def f():\n    await asyncio.sleep(1)\n"),
    ("clock-as-argument", CORE, "def f():\n    return datetime.now(UTC)\n"),
    ("clock-as-argument", CORE, "def f():\n    return random.random()\n"),
    ("clock-as-argument", SERVICE, "def f():\n    return uuid4()\n"),
    ("clock-as-argument", SERVICE, "def f():\n    return secrets.token_hex()\n"),
    ("environment-once", CORE, "def f():\n    return os.environ['HOME']\n"),
    ("environment-once", CORE, "def f():\n    return os.getenv('HOME')\n"),
    ("no-singletons", CORE, "cache = {}\n"),
    ("no-singletons", CORE, "CACHE: dict[str, int] = {}\n"),
    ("no-singletons", CORE, "WAITING = deque()\n"),
    ("no-singletons", CORE, "_locks = defaultdict(asyncio.Lock)\n"),
    ("no-singletons", CORE, "bus = LocalBus()\n"),
    ("no-singletons", CORE, "names = ['a']\n"),
    ("no-singletons", CORE, "COUNT = 0\ndef f():\n    global COUNT\n    COUNT = 1\n"),
    ("no-singletons", CORE, "TABLE = {'a': 1}\ndef f(key):\n    TABLE[key] = 1\n"),
    ("no-singletons", CORE, "NAMES = {'a'}\ndef f(name):\n    NAMES.add(name)\n"),
    ("folders-are-packages", "src/tertulia/features/polls/service.py", "\n"),
    ("one-subject", "tests/test_long.py", "\n" * 401),
    ("no-promises", "tools/thing.py", "# TO" "DO: later\n"),
    ("no-promises", "bench/thing.py", "# FIX" "ME\n"),
]  # fmt: skip

# (file, what looks like a violation and is none)
FINE = [
    (SERVICE, "async def send(tx, actor): ...\ndef refusal(access): ...\nasync def _say(item): ...\n"),
    (SERVICE, "async def page(tx):\n    return await eventlog.heads(tx.conn, [])\n"),
    (HTTP, "def tell(bus, topic):\n    bus.publish(Notice(topic, 0, 'typing', b''))\n"),
    (STORE, "_SELECT = 'SELECT 1'\nasync def _f(tx):\n    await tx.conn.fetch(_SELECT + ' WHERE $1', 1)\n"),
    (STORE, "_MINE = 'a'\nasync def _f(tx):\n    sql = f'SELECT {_MINE}'\n    await tx.conn.fetch(sql)\n"),
    (STORE, "async def page(tx: Tx, accesses: Sequence[RoomAccess]) -> list[Message]: ...\n"),
    (STORE, "async def replace(tx: Tx, message: Message) -> None: ...\n"),
    ("src/tertulia/core/clock.py", "import time\ndef f():\n    return time.monotonic()\n"),
    ("src/tertulia/cli/context.py", "HOME = os.environ['HOME']\n"),
    (CORE, "log = structlog.get_logger(__name__)\n_name = re.compile('a')\nT = TypeVar('T')\n"),
    (CORE, "TABLE = {'a': 1}\nNAMES = frozenset({'a'})\n_body: X = msgspec.json.Decoder(Body)\n"),
    (CORE, "NAMES = ['a']\ndef f():\n    NAMES = []\n    NAMES.append('b')\n"),
    ("tests/test_thing.py", "cache = {}\ndef f():\n    return time.monotonic()\n"),
]  # fmt: skip


def plant(root: Path, file: str, text: str, *, packaged: bool = True) -> None:
    path = root / file
    path.parent.mkdir(parents=True)
    path.write_text(text)
    if packaged:
        (path.parent / "__init__.py").write_text("")


@pytest.mark.parametrize(("rule", "file", "text"), BROKEN)
def test_a_planted_violation_is_caught(rule: str, file: str, text: str, tmp_path: Path) -> None:
    plant(tmp_path, file, text, packaged=rule != "folders-are-packages")
    found = list(findings(tmp_path))
    assert [(finding.path, finding.rule) for finding in found] == [(file, rule)]
    assert found[0].message


@pytest.mark.parametrize(("file", "text"), FINE)
def test_what_only_looks_like_a_violation_passes(file: str, text: str, tmp_path: Path) -> None:
    plant(tmp_path, file, text)
    assert list(findings(tmp_path)) == []


def test_every_rule_has_been_seen_to_catch_something() -> None:
    assert {rule.name for rule in RULES} == {rule for rule, _, _ in BROKEN}


def test_the_command_names_place_rule_and_remedy(tmp_path: Path) -> None:
    plant(tmp_path, CORE, "\ncache = {}\n")
    run = subprocess.run(
        [sys.executable, HOME / "tools/house.py", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stdout.startswith(f"{CORE}:2 no-singletons `cache` can change: give this state")


def test_this_house_keeps_its_rules() -> None:
    assert [str(finding) for finding in findings(HOME)] == []
