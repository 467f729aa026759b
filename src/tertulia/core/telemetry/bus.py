"""What the bus between nodes counts, as metrics, read when somebody scrapes."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from tertulia.core.bus.remote import RedisBus


class BusCollector(Collector):
    def __init__(self, bus: RedisBus) -> None:
        self._bus = bus

    def collect(self) -> Iterable[Metric]:
        counters = self._bus.counters
        yield GaugeMetricFamily(
            "tertulia_bus_connected",
            "1 while notices of other nodes arrive and ours leave.",
            float(self._bus.is_well),
        )
        yield CounterMetricFamily(
            "tertulia_bus_published", "Notices given to the bus.", counters.published
        )
        yield CounterMetricFamily(
            "tertulia_bus_received", "Notices of other nodes.", counters.received
        )
        yield CounterMetricFamily(
            "tertulia_bus_dropped",
            "Notices that may not have reached Redis; the log makes up for them.",
            counters.dropped,
        )
        yield CounterMetricFamily(
            "tertulia_bus_refused",
            "Notices in Redis that no node of this server sealed.",
            counters.refused,
        )
        yield CounterMetricFamily(
            "tertulia_bus_connects",
            "Connections made to Redis; at rest this stands still.",
            counters.connected,
        )
