"""The import contracts hold, and each catches the violation it was written for (DESIGN §3)."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
FLOORS = "Three floors"
ORDER = "Call down"
FILES = "Inside every feature"
DOORS = "Features meet only at their doors"
PURE = "Pure stays pure"
EDGES = "Verbs know no edges"

# (contract, file, line to plant, what the complaint must name)
PLANTED = [
    (FLOORS, "core/clock.py", "import tertulia.features.rooms.schemas", "tertulia.core.clock"),
    (FLOORS, "features/rooms/http.py", "import tertulia.cli", "tertulia.features.rooms.http"),
    (ORDER, "features/accounts/service/__init__.py", "import tertulia.features.rooms.service",
     "tertulia.features.accounts.service"),
    (ORDER, "features/messages/schemas.py", "import tertulia.features.sync.schemas",
     "tertulia.features.messages.schemas"),
    (ORDER, "features/unheard/__init__.py", "", "unheard"),
    (FILES, "features/rooms/store.py", "import tertulia.features.rooms.service",
     "tertulia.features.rooms.store"),
    (FILES, "features/messages/service.py", "import tertulia.features.messages.http",
     "tertulia.features.messages.service"),
    (FILES, "features/rooms/helpers.py", "", "helpers"),
    (DOORS, "features/sync/service.py", "import tertulia.features.messages.store",
     "tertulia.features.messages.store"),
    (DOORS, "features/messages/realtime.py", "import tertulia.features.rooms.policy",
     "tertulia.features.rooms.policy"),
    (PURE, "features/presence/state.py", "import asyncio", "tertulia.features.presence.state"),
    (PURE, "features/rooms/policy.py", "import tertulia.core.tx", "tertulia.features.rooms.policy"),
    (EDGES, "features/messages/service.py", "import tertulia.core.db",
     "tertulia.features.messages.service"),
    (EDGES, "features/accounts/service/__init__.py", "import litestar",
     "tertulia.features.accounts.service"),
]  # fmt: skip


def copy_package(to: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "static", "*.sql", "*.txt")
    shutil.copytree(HOME / "src/tertulia", to / "tertulia", ignore=ignored)
    shutil.copytree(HOME / "tools", to / "tools", ignore=ignored)
    shutil.copy(HOME / "pyproject.toml", to)


def run_contracts(root: Path) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()",
         "--no-cache", "--no-logo"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "1000"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    return run.returncode, run.stdout + run.stderr


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What each contract says, by the first words of its name, with everything planted at once."""
    root = tmp_path_factory.mktemp("planted")
    copy_package(root)
    for _, file, line, _ in PLANTED:
        path = root / "tertulia" / file
        path.parent.mkdir(exist_ok=True)
        before = path.read_text() if path.exists() else ""
        path.write_text(f"{line}\n{before}")
    _, output = run_contracts(root)
    _, _, broken = output.partition("Broken contracts")
    sections = re.split(r"\n([A-Z][^\n]+)\n-{4,}\n", broken)
    return dict(zip(sections[1::2], sections[2::2], strict=True))


def test_the_house_keeps_its_contracts(tmp_path: Path) -> None:
    copy_package(tmp_path)
    code, output = run_contracts(tmp_path)
    assert code == 0, output
    assert "0 broken" in output


@pytest.mark.parametrize(("contract", "file", "line", "named"), PLANTED)
def test_a_planted_violation_is_caught(
    contract: str, file: str, line: str, named: str, complaints: Mapping[str, str]
) -> None:
    said = [text for name, text in complaints.items() if name.startswith(contract)]
    assert said, f"{contract} says nothing of `{line}` in {file}; broken are {list(complaints)}"
    assert named in said[0]
