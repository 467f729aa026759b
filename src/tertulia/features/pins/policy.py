"""How often one may pin. Who may: `rooms.policy`."""

from tertulia.core.buckets import Bucket

PINNING = Bucket("pin.set", 120, 60)
