"""Making films: what is waited for first, the rest in the background, once for everybody."""

from datetime import timedelta
from typing import Any

from tertulia.core.jobs import Job, Retries, Run
from tertulia.features.files.schemas import FILM, PrepareFilm
from tertulia.features.films.jobs.drawing import draw
from tertulia.features.films.jobs.forgetting import Sweep, forget, sweep
from tertulia.features.films.jobs.making import Works
from tertulia.features.films.jobs.preparing import make_rungs, prepare
from tertulia.features.films.service import BOARD, FORGET, RUNG, DrawBoard, ForgetFilm, MakeRungs

__all__ = ["Works", "jobs"]

HOUR = 3600.0
# Many: a run that was killed goes on where it was, and each one counts.
RETRIES = Retries(attempts=20, first=2.0, longest=600.0)


def jobs(works: Works) -> list[Job[Any]]:
    async def prepare_(run: Run, wanted: PrepareFilm) -> None:
        await prepare(run, wanted, works)

    async def make_(run: Run, wanted: MakeRungs) -> None:
        await make_rungs(run, wanted, works)

    async def draw_(run: Run, wanted: DrawBoard) -> None:
        await draw(run, wanted, works)

    async def forget_(run: Run, wanted: ForgetFilm) -> None:
        await forget(run, wanted, works)

    async def sweep_(run: Run, wanted: Sweep) -> None:
        await sweep(run, wanted, works)

    return [
        Job(FILM, PrepareFilm, prepare_, concurrency=2, retries=RETRIES, timeout=6 * HOUR),
        Job(RUNG, MakeRungs, make_, works.at_once, RETRIES, 48 * HOUR),
        Job(BOARD, DrawBoard, draw_, concurrency=1, retries=Retries(attempts=3), timeout=HOUR),
        Job(FORGET, ForgetFilm, forget_, concurrency=2),
        Job("films.sweep", Sweep, sweep_, concurrency=1, every=timedelta(hours=1)),
    ]
