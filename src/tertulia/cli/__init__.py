"""The command line. Exit codes: `core/exits.py`."""

from tertulia.cli.program import main

__all__ = ["main"]
