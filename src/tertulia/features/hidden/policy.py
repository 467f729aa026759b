"""How often one account may hide and show."""

from tertulia.core.buckets import Bucket

HIDING = Bucket("message.hide", 600, 60)
