"""Uploads over loopback beside a bare copy: a program that reads a socket, writes a file, syncs it.

One large file in one request, as a browser sends it; the server's memory meanwhile; and a thousand
small files, each with its creation, its bytes and its look inside.
"""

import asyncio
import base64
import multiprocessing
import os
import socket
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from bench.report import Line
from bench.server import Person, Server, people, rooms

BLOCK = 1 << 20
LARGE = 5 << 30  # bytes
COMPARED = 1 << 30
SMALL, SMALL_SIZE = 1_000, 10_000
AT_ONCE = 6  # as many as a browser opens
TUS = "Tus-Resumable: 1.0.0\r\n"
MiB = 1 << 20


async def measure(server: Server) -> list[Line]:
    members = await people(server, 1)
    [person] = members
    [room] = await rooms(server, 1, members)
    bare = COMPARED / await asyncio.to_thread(_copied, COMPARED)
    ours = COMPARED / await asyncio.to_thread(_uploaded, server, person, room, COMPARED)
    before = _memory(server.pid)
    peak, seconds = await _watched(server, lambda: _uploaded(server, person, room, LARGE))
    small = await asyncio.to_thread(_many, server, person, room)
    return [
        Line(
            "a bare copy over loopback, synced", f"{bare / MiB:,.0f} MiB/s", f"{COMPARED >> 30} GiB"
        ),
        Line("an upload by tus", f"{ours / bare:.0%} of that", f"{ours / MiB:,.0f} MiB/s"),
        Line(
            f"the server's memory during {LARGE >> 30} GiB",
            f"+{(peak - before) / MiB:,.0f} MiB at most",
            f"{before / MiB:,.0f} MiB before, {peak / MiB:,.0f} at most; {seconds:.0f} s",
        ),
        Line(
            f"{SMALL:,} files of {SMALL_SIZE:,} bytes",
            f"{SMALL / small:,.0f} files/s",
            f"{AT_ONCE} connections, {small:.1f} s",
        ),
    ]


def _uploaded(server: Server, person: Person, room: UUID, size: int) -> float:
    """Seconds from the first byte of the creation to the last answer."""
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        place = _create(sock, person, room, size)
        head = f"PATCH {place} HTTP/1.1\r\nHost: bench\r\n{TUS}Upload-Offset: 0\r\n"
        head += "Content-Type: application/offset+octet-stream\r\n"
        head += f"Authorization: Bearer {person.token}\r\nContent-Length: {size}\r\n\r\n"
        sock.sendall(head.encode())
        _pour(sock, size)
        _expect(_answer(sock), b"204")
    return time.perf_counter() - began


def _create(sock: socket.socket, person: Person, room: UUID, size: int) -> str:
    named = {"room_id": str(room), "filename": "film.bin"}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in named.items())
    head = f"POST /api/v1/uploads HTTP/1.1\r\nHost: bench\r\n{TUS}Upload-Length: {size}\r\n"
    head += f"Upload-Metadata: {metadata}\r\nAuthorization: Bearer {person.token}\r\n"
    sock.sendall(f"{head}Content-Length: 0\r\n\r\n".encode())
    answer = _answer(sock)
    _expect(answer, b"201")
    lines = answer.decode().split("\r\n")
    location = next(line for line in lines if line.lower().startswith("location:"))
    return "/api" + location.split("/api", 1)[1].strip()


def _pour(sock: socket.socket, size: int) -> None:
    block = os.urandom(BLOCK)
    for at in range(0, size, BLOCK):
        # No two blocks alike, or a file system that looks for such would have an easy time.
        sock.sendall((at.to_bytes(8, "big") + block[8:])[: size - at])


def _answer(sock: socket.socket) -> bytes:
    """Up to the end of the head: these answers have no body."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        more = sock.recv(65_536)
        if not more:
            raise SystemExit(f"the server hung up: {answer!r}")
        answer += more
    return answer


def _expect(answer: bytes, status: bytes) -> None:
    if answer.split(b" ", 2)[1] != status:
        raise SystemExit(f"an upload was refused: {answer!r}")


def _many(server: Server, person: Person, room: UUID) -> float:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        began = time.perf_counter()
        tasks = [pool.submit(_uploaded, server, person, room, SMALL_SIZE) for _ in range(SMALL)]
        for task in tasks:
            task.result()
        return time.perf_counter() - began


async def _watched(server: Server, upload: Callable[[], float]) -> tuple[int, float]:
    """The most memory the server held meanwhile, in bytes, and the seconds it took."""
    work = asyncio.ensure_future(asyncio.to_thread(upload))
    peak = 0
    while not work.done():
        peak = max(peak, _memory(server.pid))
        await asyncio.sleep(0.05)
    return peak, await work


def _memory(pid: int) -> int:
    """What is in RAM and its own, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("no such process")


def _copied(size: int) -> float:
    ours, theirs = multiprocessing.Pipe()
    taker = multiprocessing.get_context("fork").Process(target=_take, args=(theirs, size))
    taker.start()
    port = ours.recv()
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as sock:
        _pour(sock, size)
        sock.recv(1)
        seconds = time.perf_counter() - began
    taker.join()
    return seconds


def _take(told: Connection, size: int) -> None:
    """The least that a server could do: read, write, sync, answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.TemporaryFile() as file:
        told.send(listener.getsockname()[1])
        sock, _ = listener.accept()
        buffer = memoryview(bytearray(1 << 18))
        left = size
        while left:
            count = sock.recv_into(buffer)
            os.write(file.fileno(), buffer[:count])
            left -= count
        os.fsync(file.fileno())
        sock.sendall(b"!")
        sock.close()
