from tests.support.notebook import desk, open_desk

__all__ = ["desk", "open_desk"]
