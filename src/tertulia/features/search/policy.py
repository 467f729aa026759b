"""How much one account may search."""

from tertulia.core.buckets import Bucket

# People see results while they type; the client asks at most five times a second.
SEARCHING = Bucket("search", 240, 60)
MAX_QUERY = 500  # characters
