"""The composition root: knows every feature, builds everything, closes everything."""

from tertulia.features.importing.service.rooms import NobodyHere
from tertulia.features.importing.state.report import PersonMatch
from tertulia.main.background import UnknownKinds
from tertulia.main.backups import Taken, open_backing
from tertulia.main.importing import claim, open_slack_import
from tertulia.main.invariants import INVARIANTS
from tertulia.main.labour import labour
from tertulia.main.place import WorkerFailed
from tertulia.main.program import serve
from tertulia.main.restoring import Occupied, Restored, renew, require_free, restore
from tertulia.main.restoring import require_readable as require_readable_backup
from tertulia.main.worker import work

__all__ = [
    "INVARIANTS",
    "NobodyHere",
    "Occupied",
    "PersonMatch",
    "Restored",
    "Taken",
    "UnknownKinds",
    "WorkerFailed",
    "claim",
    "labour",
    "open_backing",
    "open_slack_import",
    "renew",
    "require_free",
    "require_readable_backup",
    "restore",
    "serve",
    "work",
]
