"""How often one account may say that it listened."""

from tertulia.core.buckets import Bucket

LISTENING = Bucket("voice.listen", 300, 60)
