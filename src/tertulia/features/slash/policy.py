"""How often one account may give commands."""

from tertulia.core.buckets import Bucket

COMMANDING = Bucket("slash.run", 120, 60)
