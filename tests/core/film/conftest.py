from pathlib import Path

import pytest
from tests.support.films import FFMPEG

from tertulia.core.film import Jail


@pytest.fixture
def jail(tmp_path: Path) -> Jail:
    return Jail(tmp_path / "cells", FFMPEG)
