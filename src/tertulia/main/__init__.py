"""The composition root: knows every feature, builds everything, closes everything."""

from tertulia.main.invariants import INVARIANTS
from tertulia.main.program import serve

__all__ = ["INVARIANTS", "serve"]
