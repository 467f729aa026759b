from tests.features.files.laboratory import settling, studio
from tests.features.sync.conftest import house

__all__ = ["house", "settling", "studio"]
