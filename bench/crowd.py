"""The load (bench.load) as the bench sees it: another process, one job at a time."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from bench import cores


class Crowd:
    def __init__(self, process: asyncio.subprocess.Process, name: str) -> None:
        self._process = process
        self._name = name

    async def ask(self, do: str, **job: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, **job}).encode() + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"error": "the load died"}
        if "error" in answer:
            raise SystemExit(f"{self._name}, {do}: {answer['error']}")
        return answer


@asynccontextmanager
async def crowd(name: str, program: str = "bench.load") -> AsyncGenerator[Crowd]:
    """`name` says whose clients they are, where something goes wrong."""
    process = await asyncio.create_subprocess_exec(
        *cores.on(cores.LOAD, sys.executable, "-m", program),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield Crowd(process, name)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
