"""From a bare machine to a place where Tertulia runs: the standard library only.

    runtime   uv, .venv with what the server needs
    dev       the same with what checks and tests need
    web       Node where none is new enough, web packages, the built client
    tests     dev, web, a Chromium, and what tests run beside the server
    run       runtime and web, then `tertulia serve` with the arguments that follow
    lock      write the lock files anew
    exec      a command with .venv and Node on its PATH

Each step leaves a stamp of what it was made from, and is skipped while that is unchanged.
"""

import os
import sys

import browser
import lock
import node
import programs
import python
from place import ROOT, Trouble, tool_path


def prepare(step: str) -> None:
    if step in {"runtime", "run"}:
        python.ensure_environment(dev=False)
    if step in {"dev", "tests"}:
        python.ensure_environment(dev=True)
    if step in {"web", "run", "tests"}:
        node.ensure_build()
    if step == "tests":
        node.ensure_clients()
        browser.ensure_chromium()
        programs.ensure_programs()
    if step == "lock":
        lock.write()


def replace_by(command: list[str]) -> None:
    """Become the command: signals then reach it and nobody else."""
    os.chdir(ROOT)
    environment = os.environ | {"PATH": tool_path()}
    sys.stdout.flush()
    os.execvpe(command[0], command, environment)


def main() -> None:
    step, rest = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if step not in {"runtime", "dev", "web", "tests", "run", "lock", "exec"}:
        sys.exit(__doc__)
    try:
        prepare(step)
    except Trouble as trouble:
        sys.exit(f"\n{trouble}")
    if step == "run":
        replace_by(["tertulia", "serve", *rest])
    if step == "exec":
        replace_by(rest)


main()
