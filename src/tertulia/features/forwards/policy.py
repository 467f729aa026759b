"""How often one account may forward."""

from tertulia.core.buckets import Bucket

FORWARDING = Bucket("message.forward", 60, 60)
