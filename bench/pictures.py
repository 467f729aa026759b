"""Photographs made ready to be shown: all that is made of one, in children behind walls, beside the
same calls of libvips in processes that trust what they read."""

import asyncio
import multiprocessing
import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pyvips

from bench.clients import Stopwatch
from bench.report import Line
from tertulia.core.images import Studio
from tertulia.core.images.seeing import see

PHOTOGRAPHS = 60
WIDTH, HEIGHT = 4_000, 3_000  # as phones take them
AT_ONCE = 2


async def measure() -> list[Line]:
    folder = Path(tempfile.mkdtemp(prefix="tertulia-bench-"))
    try:
        photograph = folder / "photograph"
        ours = await _in_children(photograph, _take(photograph))
        bare = await asyncio.to_thread(_trusting, photograph)
    finally:
        shutil.rmtree(folder)
    size = f"{WIDTH * HEIGHT / 1e6:.0f} MP"
    return [
        Line("libvips alone", f"{bare:.1f} photographs/s", f"{size}, {AT_ONCE} processes"),
        Line("in children behind walls", f"{ours / bare:.0%} of that", f"{ours:.1f}/s"),
    ]


def _take(target: Path) -> int:
    """Light, shapes and noise: about as hard to compress as a photograph. Answers its size."""
    image: Any = pyvips.Image
    light = image.perlin(WIDTH, HEIGHT, cell_size=600).linear(60, 128)
    grain = image.gaussnoise(WIDTH, HEIGHT, sigma=6, mean=0)
    picture = (light + grain).cast("uchar").bandjoin([light.cast("uchar"), grain + 90])
    picture.cast("uchar").copy(interpretation="srgb").jpegsave(str(target), Q=88)
    return target.stat().st_size


async def _in_children(photograph: Path, size: int) -> float:
    studio = Studio()
    await studio.see(photograph, "jpeg", size)
    with Stopwatch() as watch:
        seen = (studio.see(photograph, "jpeg", size) for _ in range(PHOTOGRAPHS))
        await asyncio.gather(*seen)
    await studio.close()
    return PHOTOGRAPHS / watch.seconds


def _trusting(photograph: Path) -> float:
    # Started anew: a process that has used libvips must not be forked.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(AT_ONCE, context, initializer=_one_thread) as pool:
        for started in [pool.submit(see, str(photograph), "jpeg") for _ in range(AT_ONCE)]:
            started.result()
        with Stopwatch() as watch:
            tasks = [pool.submit(see, str(photograph), "jpeg") for _ in range(PHOTOGRAPHS)]
            for task in tasks:
                task.result()
    return PHOTOGRAPHS / watch.seconds


def _one_thread() -> None:
    os.environ["VIPS_CONCURRENCY"] = "1"
