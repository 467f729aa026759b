"""What films are made with."""

from pathlib import Path

import imageio_ffmpeg

from tertulia.core.clock import Clock
from tertulia.core.config import Settings
from tertulia.core.film import Jail
from tertulia.core.storage import Storage
from tertulia.features.films.jobs import Works


def make_jail(settings: Settings) -> Jail:
    """Beside the files, so that a film need not be copied to be looked at."""
    return Jail(
        settings.data_dir / "cells", settings.ffmpeg or Path(imageio_ffmpeg.get_ffmpeg_exe())
    )


def make_works(settings: Settings, storage: Storage, clock: Clock) -> Works:
    return Works(
        storage=storage,
        jail=make_jail(settings),
        clock=clock,
        longest=int(settings.film_longest),
        at_once=settings.film_concurrency,
    )
