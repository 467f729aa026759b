from tests.support.database import cluster
from tests.support.rooms import edge, town

__all__ = ["cluster", "edge", "town"]
