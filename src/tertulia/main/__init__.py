"""The composition root: knows every feature, builds everything, closes everything."""

from tertulia.main.invariants import INVARIANTS
from tertulia.main.place import WorkerFailed
from tertulia.main.program import serve
from tertulia.main.worker import work

__all__ = ["INVARIANTS", "WorkerFailed", "serve", "work"]
