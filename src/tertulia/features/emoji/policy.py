"""How many, how large, and who takes one away: pure."""

from tertulia.core.buckets import Bucket
from tertulia.core.images.wanted import Wanted
from tertulia.features.accounts.schemas import ServerRole

LIMIT = 2_000  # custom emoji on a server
PICTURE = Wanted(side=128, frames=60)

ADDING = Bucket("emoji.add", 60, 3600)


def may_remove(*, own: bool, role: ServerRole) -> bool:
    return own or role in ("owner", "admin")
