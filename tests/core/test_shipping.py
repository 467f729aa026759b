"""What is shipped with Tertulia: pinned by hash, from no particular address, and named."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tools.write_notices import PAGE, notices

ROOT = Path(__file__).parents[2]
LOCKS = [
    ROOT / "requirements.lock",
    ROOT / "requirements-dev.lock",
    *sorted((ROOT / "tools" / "locks").glob("*.lock")),
]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_python_package_is_pinned_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text()
    packages = re.findall(r"^[a-z].*?(?=^[a-z]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert packages
    assert all("==" in package and "--hash=sha256:" in package for package in packages)
    assert "://" not in text
    assert "index-url" not in text


def pinned(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[.*?\])?==(\S+)", lock.read_text(), re.MULTILINE))


def test_the_runtime_is_part_of_the_development_environment() -> None:
    runtime, dev = (pinned(path) for path in LOCKS[:2])
    assert runtime.items() <= dev.items()


def test_the_locks_fit_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        LOCKS[0]: project["project"]["dependencies"],
        LOCKS[1]: project["dependency-groups"]["dev"],
    }
    for lock, lines in asked.items():
        have = pinned(lock)
        for requirement in map(Requirement, lines):
            name = canonicalize_name(requirement.name)
            fits = name in have and have[name] in requirement.specifier
            assert fits, f"{requirement} is not in {lock.name}: run make lock"


def test_web_packages_name_no_address() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    assert not [path for path, package in packages.items() if "resolved" in package]


def test_the_notices_are_current() -> None:
    assert PAGE.read_text() == notices(), "run: python tools/write_notices.py"
