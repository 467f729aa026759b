"""The command line as its users meet it: words, JSON, exit codes, and a clean end."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tertulia.cli import main
from tertulia.core.postgres import EmbeddedPostgres

PATIENCE_SECONDS = 60.0
Told = Callable[..., "Answer"]


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


@pytest.fixture
def tertulia(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Told:
    """Runs a command in this process, in an empty folder, with no settings of the caller's."""
    for name in [name for name in os.environ if name.startswith("TERTULIA_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **env: str) -> Answer:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["tertulia", *arguments])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


def test_version_names_what_is_inside(tertulia: Told) -> None:
    told = json.loads(tertulia("version", "--json").out)
    assert told["postgres"].startswith("18.")
    assert told["python"] == ".".join(map(str, sys.version_info[:3]))


def test_a_mistyped_command_is_a_usage_error(tertulia: Told) -> None:
    assert tertulia("sreve").code == 64
    assert tertulia("serve", "--prot", "1").code == 64
    assert tertulia("config", "explain", "prot").code == 64


def test_a_mistyped_setting_is_a_configuration_error(tertulia: Told) -> None:
    answer = tertulia("config", "check", TERTULIA_PROT="80", TERTULIA_WORKERS="two")
    assert answer.code == 78
    assert "did you mean TERTULIA_PORT" in answer.err
    assert "TERTULIA_WORKERS must be a number" in answer.err


def test_several_workers_without_redis_are_a_configuration_error(tertulia: Told) -> None:
    answer = tertulia("serve", "--workers", "2")
    assert answer.code == 78
    assert "TERTULIA_WORKERS above 1 needs TERTULIA_REDIS_URL" in answer.err


def test_config_shows_values_and_origins_but_no_secret(tertulia: Told) -> None:
    secret = "hunter2hunter2hunter2hunter2hunter2"
    answer = tertulia("config", "show", TERTULIA_PORT="9000", TERTULIA_SECRET_KEY=secret)
    assert answer.code == 0
    assert re.search(r"^port +9000 +TERTULIA_PORT +\(default 8000\)$", answer.out, re.MULTILINE)
    assert "hunter2" not in answer.out


def test_config_explains_by_name_or_variable(tertulia: Told) -> None:
    assert tertulia("config", "explain", "TERTULIA_PORT") == tertulia("config", "explain", "port")
    assert "TERTULIA_SECRET_KEY_FILE" in tertulia("config", "explain", "secret_key").out


def test_the_schema_is_json_schema(tertulia: Told) -> None:
    schema = json.loads(tertulia("config", "schema").out)
    assert schema["properties"]["port"]["default"] == "8000"


def test_a_flag_names_the_data_folder_for_every_command(tertulia: Told, tmp_path: Path) -> None:
    out = tertulia("--data-dir", str(tmp_path / "elsewhere"), "config", "show", "--json").out
    assert json.loads(out)["data_dir"] == {
        "value": str(tmp_path / "elsewhere"),
        "origin": "flag --data-dir",
    }


def test_migrations_by_command(tertulia: Told) -> None:
    assert "missing" in tertulia("migrate", "status").out
    assert "CREATE TABLE" in tertulia("migrate", "plan").out
    assert tertulia("migrate", "up").out.startswith("applied ")
    assert tertulia("migrate", "up").out == "Nothing to do.\n"
    assert tertulia("migrate", "plan").out == "Nothing to do.\n"
    assert all(
        entry["applied_at"] for entry in json.loads(tertulia("migrate", "status", "--json").out)
    )
    assert tertulia("migrate", "up", "--statement-timeout", "soon").code == 64


def test_a_database_that_is_away_is_unavailable(tertulia: Told) -> None:
    nowhere = "postgresql://tertulia@127.0.0.1:1/tertulia"
    assert tertulia("migrate", "status", TERTULIA_DATABASE_URL=nowhere).code == 69
    assert tertulia("doctor").code == 1
    assert tertulia("database", "run", "true").code == 64


def test_a_folder_of_another_major_is_unavailable_and_says_the_way_out(
    tertulia: Told, tmp_path: Path
) -> None:
    cluster = tmp_path / "data" / "postgres" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("16\n")
    answer = tertulia("migrate", "status")
    assert answer.code == 69
    assert "pg_dump" in answer.err


def test_the_bundled_tools_reach_the_database(tertulia: Told) -> None:
    tertulia("migrate", "up")
    query = "COPY (SELECT count(*) FROM schema_migrations) TO STDOUT"
    assert tertulia("database", "run", "--", "psql", "--output=count", "-c", query).code == 0
    assert int(Path("count").read_text()) > 0
    assert tertulia("database", "run", "--", "pg_dump", "--file=dump.sql").code == 0
    assert "PostgreSQL database dump complete" in Path("dump.sql").read_text()
    assert tertulia("database", "run", "--", "sh", "-c", "exit 3").code == 3


def test_the_doctor_is_content_with_a_new_installation(tertulia: Told) -> None:
    answer = tertulia("doctor", "--json")
    assert {finding["level"] for finding in json.loads(answer.out)} <= {"ok", "warn"}
    tertulia("migrate", "up")
    answer = tertulia("doctor", "--json", "--invariants")
    assert answer.code == 0, answer.out
    checks = [finding["check"] for finding in json.loads(answer.out)]
    assert {"database", "durability", "schema", "collation", "log"} <= set(checks)


def test_a_healthcheck_without_a_server_fails(tertulia: Told) -> None:
    assert tertulia("healthcheck", TERTULIA_PORT="1").code == 1


async def test_a_data_folder_in_use_is_a_case_for_trying_again(tmp_path: Path) -> None:
    async with EmbeddedPostgres(tmp_path / "data" / "postgres", fsync=False):
        process = await start(tmp_path)
        assert await process.wait() == 75
    assert f"in use by process {os.getpid()}" in (tmp_path / "stderr").read_text()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
async def test_a_stop_signal_ends_everything_and_postgres_last(
    sent: signal.Signals, tmp_path: Path
) -> None:
    async with serving(tmp_path) as (process, url):
        assert url.startswith("http://127.0.0.1:")
        database = server_of(tmp_path)
        process.send_signal(sent)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await process.wait() == 0
        assert not Path(f"/proc/{database}").exists()
    log = (tmp_path / "data" / "postgres" / "server.log").read_text()
    assert log.rstrip().endswith("database system is shut down")


async def test_after_kill_of_the_server_it_starts_again(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, _):
        process.kill()
        await process.wait()
    async with serving(tmp_path) as (process, url):
        health = await asyncio.create_subprocess_exec(
            *COMMAND, "healthcheck", env=environment(TERTULIA_PORT=url.rpartition(":")[2])
        )
        assert await health.wait() == 0


COMMAND = (sys.executable, "-c", "from tertulia.cli import main; main()")


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TERTULIA_")}
    return kept | more


async def start(folder: Path) -> asyncio.subprocess.Process:
    """`tertulia serve` in the folder; what it complains of goes into the file `stderr` there."""
    with (folder / "stderr").open("wb") as words:
        return await asyncio.create_subprocess_exec(
            *COMMAND,
            "serve",
            "--port=0",
            cwd=folder,
            env=environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=words,
        )


@asynccontextmanager
async def serving(folder: Path) -> AsyncGenerator[tuple[asyncio.subprocess.Process, str]]:
    """A server with its data in `folder`, killed at the end if it still lives; and its address."""
    process = await start(folder)
    try:
        yield process, await address_of(process)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def address_of(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for line in process.stdout:
            if line.startswith(b"Tertulia is at "):
                return line.decode().split()[-1]
    raise AssertionError("it ended before it served")


def server_of(folder: Path) -> int:
    lines = (folder / "data" / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()
    return int(lines[0])
