"""How much may be taken along, and for how long it lies there."""

from datetime import timedelta

from tertulia.core.buckets import Bucket

ASKING = Bucket("export.ask", 10, 3_600)
KEPT = timedelta(days=7)
AT_ONCE = 3  # exports of one account that wait or run
LINK_SECONDS = 900
MOST_FILES = 10_000  # that one export brings along
MOST_BYTES = 2 * 1024**3  # of them together
LISTED = 50  # of one account; older ones are gone by age long before
