"""How far ahead, and how often: pure."""

from datetime import datetime, timedelta

from tertulia.core.buckets import Bucket

PLANNING = Bucket("later.plan", 120, 60)
FARTHEST = timedelta(days=366)
# A moderate refusal passes by itself (slow mode): wait instead of failing.
PATIENCE = 3_600.0  # seconds


def is_ahead(when: datetime, now: datetime) -> bool:
    return now < when <= now + FARTHEST
