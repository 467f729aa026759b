"""A folder outside pytest's own: starting another pytest resets the mode of that one's parents,
and with it the way of a server that runs under another account."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def base() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tertulia-postgres-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
