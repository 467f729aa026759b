"""How much one may react: pure."""

from tertulia.core.buckets import Bucket

PER_PERSON = 20  # different emoji of one person at one message
IN_ALL = 100  # different emoji at one message

REACTING = Bucket("reaction.set", 300, 60)
