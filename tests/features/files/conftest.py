from tests.features.sync.conftest import house

__all__ = ["house"]
