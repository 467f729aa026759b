"""Between nodes: who listens to a topic hears what is published to it, at most once.

The bus is a hint. It may lose, double or reorder notices at any moment; `core.fanout` puts them in
order and reads what is missing from the log. Contract (tests/core/test_bus.py, one suite for every
implementation): notices of one publisher to one topic arrive in order or not at all, only
subscribed topics are heard, `publish` never blocks and never raises.

`LocalBus` serves one process, `core.bus.remote.RedisBus` as many as share a Redis.
"""

from tertulia.core.bus.local import LocalBus, LocalHub
from tertulia.core.bus.notice import Bus, Listener, Lost, Notice

__all__ = ["Bus", "Listener", "LocalBus", "LocalHub", "Lost", "Notice"]
