"""What followers count."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

LAG_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)


class FollowerMeter:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.handled = Counter(
            "tertulia_follower_events_total",
            "Events of the log that a follower handled.",
            ("follower",),
            registry=registry,
        )
        self.failed = Counter(
            "tertulia_follower_failures_total",
            "Times a follower failed at a stream; it is tried again.",
            ("follower",),
            registry=registry,
        )
        self.stepped_over = Counter(
            "tertulia_follower_stepped_over_total",
            "Events a follower gave up on: each is in the log as follower_stepped_over.",
            ("follower",),
            registry=registry,
        )
        self.lag = Histogram(
            "tertulia_follower_lag_seconds",
            "How long the oldest event of a step had waited in the log.",
            ("follower",),
            buckets=LAG_SECONDS,
            registry=registry,
        )
        self.waiting = Gauge(
            "tertulia_follower_streams_waiting",
            "Streams this node knows to have news for a follower.",
            ("follower",),
            registry=registry,
        )
