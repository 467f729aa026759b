"""How often one account may star."""

from tertulia.core.buckets import Bucket

STARRING = Bucket("message.star", 600, 60)
