from tests.support.rooms import edge, town

__all__ = ["edge", "town"]
