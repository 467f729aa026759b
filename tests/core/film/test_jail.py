"""What a child may not do. Each is a program that tries."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.films import draw

from tertulia.core.film import Bounds, ChildFailed, Jail, walls


async def run(jail: Jail, program: str, bounds: Bounds | None = None, *more: str) -> str:
    async with jail.cell() as cell:
        cell.input.write_bytes(b"a film")
        command = (sys.executable, "-I", "-S", "-c", program, *more)
        return (await cell.run(command, bounds or Bounds(seconds=20))).decode()


@pytest.mark.parametrize(
    ("program", "bounds", "why"),
    [
        ("while True: pass", Bounds(cpu=1), "cpu"),
        ("import time; time.sleep(60)", Bounds(seconds=0.3), "time"),
        (
            "import time; held = bytearray(300 << 20); held[::4096] = b'x' * len(held[::4096]);"
            "time.sleep(60)",
            Bounds(memory=100 << 20),
            "memory",
        ),
        ("while True: print('a' * 100_000)", Bounds(output=1 << 20), "output"),
        ("open('out/large', 'wb').write(b'x' * 100_000)", Bounds(file_size=1_000), "refused"),
        ("import os; os.kill(os.getpid(), 11)", Bounds(), "killed"),
    ],
)
async def test_who_takes_too_much_is_ended(
    jail: Jail, program: str, bounds: Bounds, why: str
) -> None:
    with pytest.raises(ChildFailed) as failed:
        await run(jail, program, bounds)
    assert failed.value.why == why


async def test_it_sees_one_file_and_nothing_of_ours(jail: Jail, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of somebody else")
    program = """
import os, sys
print(open('input').read(), sorted(os.listdir('.')), sorted(os.environ))
held = []
for number in range(3, 200):
    try:
        os.fstat(number)
        held.append(number)
    except OSError:
        pass
print(held)
for path, mode in ((sys.argv[1], 'r'), ('/etc/passwd', 'r'), ('input', 'w'), ('new', 'w')):
    try:
        open(path, mode)
        print('opened', path)
    except OSError as error:
        print(type(error).__name__)
open('out/mine', 'w')
"""
    said = await run(jail, program, Bounds(file_size=10), str(tmp_path / "secret"))
    seen, descriptors, *tried = said.splitlines()
    assert seen == "a film ['input', 'out'] ['LC_ALL', 'PATH']"
    assert descriptors == "[]"
    refused = ["PermissionError"] * 4 if (await walls()).files else None
    assert refused is None or tried == refused


async def test_it_reaches_nobody(jail: Jail) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    program = """
import socket, sys
try:
    socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)
    print('reached')
except OSError:
    print('alone')
"""
    async with server:
        said = await run(jail, program, None, str(port))
    assert said.strip() == ("alone" if (await walls()).network else "reached")


async def test_what_it_started_ends_with_it(jail: Jail) -> None:
    program = """
import os, time
if (child := os.fork()) == 0:
    time.sleep(60)
print(child, flush=True)
time.sleep(60)
"""
    started = 0
    async with jail.cell() as cell:
        command = (sys.executable, "-I", "-S", "-c", program)
        with pytest.raises(ChildFailed):
            async with cell.running(command, Bounds(seconds=0.5)) as child:
                started = int(await child.read())
    assert _is_over(started)


def _is_over(pid: int) -> bool:
    """Also where nobody has asked after it yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


async def test_nothing_is_left_of_a_cell(jail: Jail, tmp_path: Path) -> None:
    path = draw(tmp_path / "film.mp4", 1)
    async with jail.cell() as cell:
        await cell.take(path)
        assert cell.input.stat().st_ino == path.stat().st_ino  # nothing was copied
        folder = cell.folder
    assert not folder.exists()
    assert path.exists()


async def test_what_a_killed_process_left_is_swept(jail: Jail, tmp_path: Path) -> None:
    left = tmp_path / "cells" / "film-left"
    left.mkdir(parents=True)
    (left / "input").write_bytes(b"a film")
    async with jail.cell() as cell:
        await jail.sweep(datetime.fromtimestamp(left.stat().st_mtime - 60, UTC))
        assert left.exists()  # too young to be sure
        await jail.sweep(datetime.now(UTC) + timedelta(minutes=1))
        assert not left.exists()
        assert cell.folder.exists()
