from tests.features.files.cellar import cellar, room
from tests.features.files.laboratory import settling, studio
from tests.features.sync.conftest import house

__all__ = ["cellar", "house", "room", "settling", "studio"]
