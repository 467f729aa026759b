from tests.support.database import cluster
from tests.support.rooms import town

__all__ = ["cluster", "town"]
